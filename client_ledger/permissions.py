"""Who may see accounts, notices and blocks: whoever may read their customer. User permissions on links apply besides."""

import frappe
from frappe.model.db_query import DatabaseQuery
from frappe.model.document import Document

NOBODY = "1=0"


def client_account_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""Return the condition on lists and reports of Client Account; empty means no restriction."""
	return customer_conditions("Client Account", user)


def ledger_notice_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""Return the condition on lists and reports of Ledger Notice."""
	return customer_conditions("Ledger Notice", user)


def dunning_block_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""Return the condition on lists and reports of Dunning Block."""
	return customer_conditions("Dunning Block", user)


def customer_conditions(table: str, user: str | None = None) -> str:
	"""Return the condition on *table*, a DocType of ours with a customer: that the user may read the customer.

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
		f"exists (select 1 from `tabCustomer` where `tabCustomer`.`name` = `tab{table}`.`customer`"
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


def has_customer_permission(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool:
	"""Return whether *user* may read the customer of a notice or block; a new block has no stored one yet."""
	user = user or frappe.session.user
	if user == "Administrator":
		return True
	stored = frappe.db.get_value(doc.doctype, doc.name, "customer") if doc.name else None
	customers = {name for name in (stored, doc.get("customer")) if name}
	if not customers:
		# The list's own question, before there is a record.
		return bool(frappe.has_permission("Customer", "read", user=user))
	return all(
		frappe.db.exists("Customer", name) and frappe.has_permission("Customer", "read", doc=name, user=user)
		for name in customers
	)
