"""Who may see a document of ours that belongs to a customer: whoever may read the customer. Other permissions apply besides.

Such a DocType follows its customer in lists, reports and forms, whatever its roles allow. Documents of collections follow
their collector too, where Collection Settings narrow Credit Controllers to the customers assigned to them. A document about all
customers of a company, with their sums, is closed to who sees some of them only.
"""

import frappe
from frappe.model.document import Document
from frappe.permissions import get_user_permissions

from client_ledger.collections.access import is_own, own_condition, sees_own_only
from client_ledger.collections.sight import sees_some_only
from client_ledger.controls.access import is_narrow_sight, narrow_condition, oversees, sees_all_findings
from client_ledger.site.doctypes import EARLY_WARNING, LEDGER_ARCHIVE, OF_CUSTOMER
from client_ledger.site.roles import has_one_of
from client_ledger.site.visible import conditions_of, without_percent

NOBODY = "1=0"
# What a collector sees of its own customers only, where Collection Settings say so.
OF_COLLECTOR = (*OF_CUSTOMER, EARLY_WARNING)
# Who sees and sets up what is somebody else's own.
_MANAGERS = ("System Manager", "Accounts Manager", "Credit Manager")


def conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""Return the condition on lists and reports of *doctype*; empty means no restriction."""
	user = user or frappe.session.user
	parts = [_customer_condition(user, doctype)]
	if doctype in OF_COLLECTOR:
		parts.append(own_condition(doctype, user))
	return without_percent(" and ".join(f"({part})" for part in parts if part))


def finding_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""Return the condition on findings of controls. Who sees some customers only gets findings of those; who does not oversee
	controls, such as sales, sees those of customers that are work to be done.
	"""
	user = user or frappe.session.user
	parts = (
		[] if sees_all_findings(user) and not sees_some_only(user) else [_customer_condition(user, doctype)]
	)
	if not oversees(user):
		parts.append(narrow_condition(user))
	return without_percent(" and ".join(f"({part})" for part in parts if part))


def row_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""Return SQL for the rows of the child table *doctype* that *user* may list: those of documents that may be listed.

	Frappe asks for the right to read the document's DocType alone, and lists the rows of every document of it.
	"""
	user = user or frappe.session.user
	if user == "Administrator":
		return ""
	parts = [
		f"(`tab{doctype}`.`parenttype` = {frappe.db.escape(parent)} and {_listed(parent, doctype, user)})"
		for parent in parents_of(doctype)
		if frappe.has_permission(parent, "read", user=user)
	]
	return without_percent(f"({' or '.join(parts)})") if parts else NOBODY


def parents_of(table: str) -> list[str]:
	"""Return the DocTypes with rows of the child table *table*."""
	fields = {"fieldtype": ("in", ("Table", "Table MultiSelect")), "options": table}
	return frappe.get_all("DocField", fields, pluck="parent", distinct=True, order_by="parent")


def _listed(parent: str, table: str, user: str) -> str:
	"""Return SQL that says whether a row's document of the DocType *parent* is one that *user* lists."""
	conditions = [f"`tab{parent}`.`name` = `tab{table}`.`parent`", conditions_of(parent, user)]
	return f"exists (select 1 from `tab{parent}` where {' and '.join(filter(None, conditions))})"


def _customer_condition(user: str, doctype: str | None) -> str:
	"""Return the customers' own condition: roles, user permissions, owner constraints, shares, what other apps add."""
	if user == "Administrator":
		return ""
	if not frappe.has_permission("Customer", "read", user=user):
		return NOBODY
	conditions = conditions_of("Customer", user)
	if not conditions:
		return ""
	return (
		f"exists (select 1 from `tabCustomer` where `tabCustomer`.`name` = `tab{doctype}`.`customer`"
		f" and {conditions})"
	)


def has_permission(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool:
	"""Return whether *user* may see the document: its customer, and as its collector where that is asked for."""
	user = user or frappe.session.user
	if not _has_customer_permission(doc, user):
		return False
	if doc.doctype not in OF_COLLECTOR or not doc.get("customer") or not doc.get("company"):
		return True
	return not sees_own_only(user) or is_own(doc.customer, doc.company, user)


def has_finding_permission(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool:
	"""Return whether *user* may see a finding of a control, as `finding_conditions` says of lists."""
	user = user or frappe.session.user
	if sees_all_findings(user) and not sees_some_only(user):
		return True
	if oversees(user):
		return _has_customer_permission(doc, user)
	if not doc.get("name") or doc.is_new():
		return bool(frappe.has_permission("Customer", "read", user=user))
	return is_narrow_sight(doc, user) and _has_customer_permission(doc, user)


def _has_customer_permission(doc: Document, user: str) -> bool:
	"""Return whether *user* may read the customer of the document, the stored one and the one it is to have."""
	if user == "Administrator":
		return True
	stored = None if doc.is_new() else frappe.db.get_value(doc.doctype, doc.name, "customer")
	customers = {customer for customer in (stored, doc.get("customer")) if customer}
	if doc.doctype == LEDGER_ARCHIVE:
		# It outlives its customer.
		customers = {customer for customer in customers if frappe.db.exists("Customer", customer)}
	if not customers:
		# The list's own question, or a document that is only being filled in; saving asks again.
		may_read = bool(frappe.has_permission("Customer", "read", user=user))
		if doc.get("name") and not doc.is_new():
			# A stored one of no customer, as in lists: for who sees all customers.
			return may_read and not conditions_of("Customer", user)
		return may_read
	return all(
		frappe.db.exists("Customer", customer)
		and frappe.has_permission("Customer", "read", doc=customer, user=user)
		for customer in customers
	)


def conditions_of_all(user: str | None = None, doctype: str | None = None) -> str:
	"""Return the condition on lists of documents about all customers of a company; empty means no restriction."""
	return NOBODY if sees_some_only(user or frappe.session.user) else ""


def has_permission_of_all(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool:
	"""Return whether *user* may see a document about all customers of a company."""
	return not sees_some_only(user or frappe.session.user)


def conditions_of_site(user: str | None = None, doctype: str | None = None) -> str:
	"""Return the condition on lists of what tells of all customers of all companies; empty means no restriction."""
	return "" if _sees_everything(user or frappe.session.user) else NOBODY


def has_permission_of_site(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool:
	"""Return whether *user* may see what tells of all customers of all companies."""
	return _sees_everything(user or frappe.session.user)


def _sees_everything(user: str) -> bool:
	return user == "Administrator" or not (sees_some_only(user) or get_user_permissions(user).get("Company"))


def conditions_of_person(user: str | None = None, doctype: str | None = None) -> str:
	"""Return the condition on lists of what is a person's own: everybody lists their own, managers who see everything those of all."""
	user = user or frappe.session.user
	if has_one_of(_MANAGERS, user) and _sees_everything(user):
		return ""
	return without_percent(f"`tab{doctype}`.`user` = {frappe.db.escape(user)}")


def has_permission_of_person(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool:
	"""Return whether *user* may see what is a person's own: that person, and managers who see everything."""
	user = user or frappe.session.user
	if not doc.get("user") and not doc.get("robot"):
		# The list's own question, or a document that is only being filled in.
		return True
	return doc.get("user") == user or (has_one_of(_MANAGERS, user) and _sees_everything(user))
