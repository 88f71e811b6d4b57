"""Who may see accounts: whoever may read their customer. User permissions on the account's links apply besides."""

import frappe
from frappe.model.db_query import DatabaseQuery
from frappe.model.document import Document

NOBODY = "1=0"


def client_account_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""Return the condition on lists and reports of Client Account; empty means no restriction.

	It is the customers' own: roles, user permissions, owner constraints, shares and what other apps add.
	"""
	user = user or frappe.session.user
	if user == "Administrator":
		return ""
	if not frappe.has_permission("Customer", "read", user=user):
		return NOBODY
	customers = DatabaseQuery("Customer", user=user)
	matching = customers.build_match_conditions()
	# Who reads a customer only because it was shared gets that condition beside the others.
	conditions = " and ".join(
		f"({condition})" for condition in [matching, *customers.conditions] if condition
	)
	if not conditions:
		return ""
	return (
		"exists (select 1 from `tabCustomer` where `tabCustomer`.`name` = `tabClient Account`.`customer`"
		f" and {conditions})"
	)


def has_client_account_permission(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool:
	"""Return whether *user* may read the customer of the account."""
	user = user or frappe.session.user
	if user == "Administrator":
		return True
	customer = frappe.db.get_value("Client Account", doc.name, "customer") or doc.get("customer")
	if not customer or not frappe.db.exists("Customer", customer):
		return False
	return bool(frappe.has_permission("Customer", "read", doc=customer, user=user))
