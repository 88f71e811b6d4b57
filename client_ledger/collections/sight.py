"""Which customers of a company a user sees: all of them, or some, by User Permissions, as their owner, by shares, or as their collector.

A role that reads no customers, such as Auditor, is narrowed by User Permissions alone.
"""

import frappe
from frappe.permissions import get_allowed_docs_for_doctype, get_role_permissions, get_user_permissions

from client_ledger.collections.access import covers_for, sees_own_only
from client_ledger.site.doctypes import CLIENT_ACCOUNT
from client_ledger.site.visible import conditions_of

# What a User Permission may name of a customer, and the field that holds it; Frappe's lists go by these for who reads customers.
_FIELDS = {"Customer": "name", "Customer Group": "customer_group", "Territory": "territory"}
_SALES_PERSON = "Sales Person"


def sees_some_only(user: str) -> bool:
	"""Return whether a user sees some customers only."""
	if user == "Administrator":
		return False
	if sees_own_only(user) or _allowed(user, _SALES_PERSON):
		return True
	if _reads_customers(user):
		return bool(conditions_of("Customer", user))
	return any(_allowed(user, doctype) for doctype in _FIELDS)


def visible_customers(company: str) -> frozenset[str] | None:
	"""Return the customers that the user sees of a company; None for who sees all of them."""
	user = frappe.session.user
	if not sees_some_only(user):
		return None
	if _reads_customers(user) or frappe.has_permission("Customer", "read"):
		found = set(frappe.get_list("Customer", pluck="name", order_by="name", limit_page_length=0))
	else:
		found = set(frappe.get_all("Customer", _filters(user), pluck="name", order_by="name"))
	if people := _allowed(user, _SALES_PERSON):
		found -= _of_others(people)
	if sees_own_only(user):
		found &= _own(company, user)
	return frozenset(found)


def _reads_customers(user: str) -> bool:
	return bool(get_role_permissions(frappe.get_meta("Customer"), user).get("read"))


def _allowed(user: str, doctype: str) -> list[str]:
	"""Return what User Permissions allow of a DocType where it is about customers; nothing where none is."""
	return get_allowed_docs_for_doctype(get_user_permissions(user).get(doctype, []), "Customer")


def _filters(user: str) -> dict[str, tuple[str, list[str]]]:
	return {
		field: ("in", allowed) for doctype, field in _FIELDS.items() if (allowed := _allowed(user, doctype))
	}


def _of_others(people: list[str]) -> set[str]:
	"""Return the customers whose sales team names somebody else than *people*: Frappe opens none of those, though it lists them."""
	filters = {"parenttype": "Customer", "sales_person": ("not in", people)}
	return set(frappe.get_all("Sales Team", filters, pluck="parent", distinct=True, order_by="parent"))


def _own(company: str, user: str) -> set[str]:
	"""Return the customers whose account in the company names the user, or somebody it stands in for, as collector or owner."""
	users = covers_for(user)
	found: set[str] = set()
	for field in ("collector", "account_manager"):
		found |= set(
			frappe.get_all(
				CLIENT_ACCOUNT,
				{"company": company, field: ("in", users)},
				pluck="customer",
				order_by="customer",
			)
		)
	return found
