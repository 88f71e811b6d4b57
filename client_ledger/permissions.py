"""Who may see what hangs on a customer: whoever may read the customer. Other permissions apply besides.

The DocTypes of CUSTOMER_DOCTYPES follow their customer in lists, reports and forms, whatever their roles allow.
"""

import frappe
from frappe.model.db_query import DatabaseQuery
from frappe.model.document import Document

NOBODY = "1=0"


def customer_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""Return the condition on lists and reports of *doctype*; empty means no restriction.

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
		f"exists (select 1 from `tabCustomer` where `tabCustomer`.`name` = `tab{doctype}`.`customer`"
		f" and {conditions})"
	)


def has_customer_permission(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool:
	"""Return whether *user* may read the customer of the document, the stored one and the one it is to have."""
	user = user or frappe.session.user
	if user == "Administrator":
		return True
	stored = None if doc.is_new() else frappe.db.get_value(doc.doctype, doc.name, "customer")
	customers = {customer for customer in (stored, doc.get("customer")) if customer}
	if not customers:
		# The list's own question, or a document that is only being filled in; saving asks again.
		return bool(frappe.has_permission("Customer", "read", user=user))
	return all(
		frappe.db.exists("Customer", customer)
		and frappe.has_permission("Customer", "read", doc=customer, user=user)
		for customer in customers
	)
