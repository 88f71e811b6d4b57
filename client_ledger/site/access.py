"""Who may see which part of a customer's ledger.

Whoever may read client accounts and a customer may see what it owes, in the companies that are that user's to see: User Permissions
narrow them, as they narrow ERPNext's reports. The documents behind the figures keep their own permissions: one that
may not be read is shown as text, without a link.
"""

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.permissions import get_allowed_docs_for_doctype, get_user_permissions

from client_ledger.core.entries import Voucher
from client_ledger.site.doctypes import CLIENT_ACCOUNT
from client_ledger.site.messages import filled

# A User Permission on Company may be narrowed to one of these; the ledger and its figures are made of them.
LEDGER_DOCTYPES = ("Customer", "Sales Invoice", "Payment Ledger Entry", CLIENT_ACCOUNT)


def check_customer(customer: str) -> None:
	"""Raise frappe.PermissionError unless the user may read client accounts, and *customer*; DoesNotExistError if there is none.

	ERPNext lets people read customers who only deliver to them: their roles read no Client Account.
	"""
	frappe.has_permission(CLIENT_ACCOUNT, "read", throw=True)
	frappe.get_doc("Customer", customer).check_permission("read")


def permitted_companies() -> list[str]:
	"""Return the companies whose figures the user may see. Raises frappe.PermissionError if there are none."""
	companies = visible_companies()
	if not companies:
		frappe.throw(_("You do not have permission to view data of any company."), frappe.PermissionError)
	return companies


def visible_companies() -> list[str]:
	"""Return the companies whose figures the user may see, by name; there may be none.

	A role without read permission on Company, such as Sales Manager, is narrowed by User Permissions alone.
	"""
	may_read = frappe.has_permission("Company", "read")
	get_names = frappe.get_list if may_read else frappe.get_all
	companies = get_names("Company", pluck="name", order_by="name")
	restrictions = get_user_permissions(frappe.session.user).get("Company", [])
	for doctype in LEDGER_DOCTYPES:
		allowed = get_allowed_docs_for_doctype(restrictions, doctype)
		if allowed:
			companies = [company for company in companies if company in allowed]
	return companies


def check_company(company: str) -> None:
	"""Raise frappe.PermissionError unless the user may see the figures of *company*."""
	if company not in permitted_companies():
		frappe.throw(
			filled(_("You do not have permission to view data of {0}."), company), frappe.PermissionError
		)


def default_company() -> str | None:
	"""Return the user's default company, else the first one whose figures the user may see.

	Raises frappe.PermissionError if there are none.
	"""
	company, companies = frappe.defaults.get_user_default("Company"), permitted_companies()
	return company if company in companies else companies[0]


def currencies_of(companies: Iterable[str]) -> dict[str, str]:
	"""Return the currency of each company."""
	return {name: frappe.get_cached_value("Company", name, "default_currency") for name in companies}


def link(voucher: Voucher, visible: set[Voucher]) -> dict:
	"""Return a document's DocType and name, and whether the user may open it: whether it is among *visible*."""
	return {"doctype": voucher.doctype, "name": voucher.name, "readable": voucher in visible}


def readable(vouchers: Iterable[Voucher]) -> set[Voucher]:
	"""Return those of *vouchers* that the user may open."""
	by_doctype: dict[str, set[str]] = {}
	for voucher in vouchers:
		by_doctype.setdefault(voucher.doctype, set()).add(voucher.name)
	return {
		Voucher(doctype, name) for doctype, names in by_doctype.items() for name in _readable(doctype, names)
	}


def _readable(doctype: str, names: set[str]) -> list[str]:
	if not frappe.has_permission(doctype, "read"):
		return []
	return frappe.get_list(doctype, filters={"name": ("in", sorted(names))}, pluck="name", order_by="name")
