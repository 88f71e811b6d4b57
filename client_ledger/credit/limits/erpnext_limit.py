"""ERPNext's own limit of a customer with a company: where a permanent limit lives."""

from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, fmt_money, get_link_to_form, now_datetime

from client_ledger.core.money import ZERO, as_money
from client_ledger.site.doctypes import CREDIT_LIMIT, CUSTOMER_CREDIT_LIMIT, LEDGER_SETTINGS
from client_ledger.site.messages import bold, filled
from client_ledger.site.rows import bulk_insert, child_rows
from client_ledger.site.settings import CheckMode, credit_checks


def own_erpnext_limit(customer: str, company: str) -> Decimal:
	"""Return the customer's own limit, 0 where it has none."""
	return as_money(frappe.db.get_value(CUSTOMER_CREDIT_LIMIT, _row(customer, company), "credit_limit"))


def typed_limits(customer: Document) -> dict[str, tuple[Decimal, int]]:
	"""Return amount and bypass of the limits in the customer's own table, by company."""
	return {
		row.company: (as_money(row.credit_limit), cint(row.bypass_credit_limit_check))
		for row in customer.get("credit_limits") or ()
	}


def check_typed_limits(customer: Document) -> None:
	"""Where the site wants every limit approved, refuse those typed in, and what is as good as another limit.

	That is a group with other limits, and a customer who becomes an internal one, whom no rule looks at: such changes take
	the right to approve limits. Raises frappe.PermissionError.
	"""
	before = customer.get_doc_before_save()
	typed = typed_limits(customer) != (typed_limits(before) if before else {})
	other = _other_limit(customer, before)
	if not (typed or other) or not by_approval():
		return
	if other:
		_require_approver(customer, other)
	if typed:
		frappe.throw(
			filled(
				_("Credit limits of {0} can only be changed through an approved {1}."),
				bold(customer.name or customer.customer_name),
				bold(_(CREDIT_LIMIT)),
			),
			frappe.PermissionError,
		)


def by_approval() -> bool:
	"""Return whether limits only change by approval: where the site says so, and holds what is over them."""
	chosen = cint(frappe.get_cached_doc(LEDGER_SETTINGS).get("limits_by_approval"))
	return bool(chosen) and credit_checks() == CheckMode.HOLD


def check_group_limits(group: Document) -> None:
	"""Refuse other limits of a Customer Group from whoever may not approve limits. Raises frappe.PermissionError."""
	before = group.get_doc_before_save()
	if typed_limits(group) != (typed_limits(before) if before else {}) and by_approval():
		_require_approver(group, "credit_limits")


def check_company_limit(company: Document) -> None:
	"""Refuse another limit for all of a Company's customers from whoever may not approve limits. Raises frappe.PermissionError."""
	before = company.get_doc_before_save()
	stored = as_money(before.get("credit_limit")) if before else ZERO
	if as_money(company.get("credit_limit")) != stored and by_approval():
		_require_approver(company, "credit_limit")


def check_limit_row(row: Document) -> None:
	"""Refuse that a row of limits is saved or deleted by itself, past its customer or group. Raises frappe.PermissionError."""
	if by_approval():
		frappe.throw(
			filled(_("Rows of {0} can only be changed through their document."), _(row.doctype)),
			frappe.PermissionError,
		)


def _require_approver(doc: Document, field: str) -> None:
	if doc.flags.ignore_permissions or frappe.has_permission(CREDIT_LIMIT, "submit"):
		return
	frappe.throw(
		filled(
			_("{0} of {1} affects the credit limit. Only users who can approve credit limits can change it."),
			bold(_(doc.meta.get_label(field))),
			bold(doc.name or doc.get_title()),
		),
		frappe.PermissionError,
	)


def _other_limit(customer: Document, before: Document | None) -> str | None:
	"""Return the changed field that gives the customer another limit without typing one in."""
	if cint(customer.is_internal_customer) > cint(before.is_internal_customer if before else 0):
		return "is_internal_customer"
	if before and before.customer_group != customer.customer_group:
		old, new = (_group_limits(group) for group in (before.customer_group, customer.customer_group))
		return "customer_group" if old != new else None
	return None


def _group_limits(group: str | None) -> dict[str, tuple[Decimal, int]]:
	return typed_limits(frappe.get_cached_doc("Customer Group", group)) if group else {}


def set_erpnext_limit(customer: str, company: str, amount: Decimal, because_of: str) -> None:
	"""Make *amount* the customer's own limit, noted on the customer's timeline with the document behind it.

	Not by saving the customer: ERPNext refuses a limit below what is owed, which is when one is lowered. The
	customer counts as changed all the same, so that nobody saves a form over it that was opened before.
	"""
	before, old = own_erpnext_limit(customer, company), frappe.get_doc("Customer", customer, for_update=True)
	name = frappe.db.get_value(CUSTOMER_CREDIT_LIMIT, _row(customer, company))
	if name:
		frappe.db.set_value(CUSTOMER_CREDIT_LIMIT, name, "credit_limit", float(amount))
	else:
		_insert(customer, company, amount)
	frappe.db.set_value("Customer", customer, {"modified": now_datetime()}, update_modified=False)
	frappe.clear_document_cache("Customer", customer)
	changed = frappe.get_doc("Customer", customer)
	_note_version(old, changed, because_of)
	changed.notify_update()
	currency = frappe.get_cached_value("Company", company, "default_currency")
	text = _("Credit limit with {0} changed from {1} to {2} by {3}").format(
		company,
		fmt_money(before, currency=currency),
		fmt_money(amount, currency=currency),
		get_link_to_form("Credit Limit", because_of),
	)
	changed.add_comment("Info", text)


def _note_version(old: Document, changed: Document, because_of: str) -> None:
	changed.flags.updater_reference = {
		"doctype": CREDIT_LIMIT,
		"docname": because_of,
		"label": _("Through Credit Limit"),
	}
	version = frappe.new_doc("Version")
	if version.update_version_info(old, changed):
		version.insert(ignore_permissions=True)


def _row(customer: str, company: str) -> dict[str, str]:
	return {"parent": customer, "parenttype": "Customer", "company": company}


def _insert(customer: str, company: str, amount: Decimal) -> None:
	place = frappe.db.count(CUSTOMER_CREDIT_LIMIT, {"parent": customer, "parenttype": "Customer"}) + 1
	row = {"company": company, "credit_limit": float(amount), "idx": place}
	bulk_insert(CUSTOMER_CREDIT_LIMIT, child_rows("Customer", customer, "credit_limits", [row]))
