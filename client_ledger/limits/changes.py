"""Changes of limits: what is filled in when one is requested, and what approving it does."""

from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, now_datetime

from client_ledger.accounts.stale import mark_stale
from client_ledger.core.credit.limits import LimitRow, overlapping, recommended
from client_ledger.core.money import as_money
from client_ledger.limits.exposure import exposure
from client_ledger.limits.host_row import set_host_limit
from client_ledger.limits.limits import LIMIT, effective_limit
from client_ledger.limits.sharing import holder_of, sharing

ACCOUNT = "Client Account"
PERMANENT, TEMPORARY, NO_CREDIT = "Permanent", "Temporary", "No Credit"


def fill_in(doc: Document) -> None:
	"""Fill in what the approver should see: limit and exposure now, grade, and what the grade recommends."""
	doc.currency = doc.currency or frappe.get_cached_value("Company", doc.company, "default_currency")
	doc.previous_limit = effective_limit(doc.customer, doc.company, getdate()).amount or 0
	doc.exposure = exposure(doc.customer, doc.company).total
	account = frappe.db.get_value(
		ACCOUNT,
		{"customer": doc.customer, "company": doc.company},
		["credit_grade", "sales_12_months"],
		as_dict=True,
	)
	if account and account.credit_grade:
		doc.grade = account.credit_grade
		months = frappe.get_cached_value("Credit Grade", account.credit_grade, "limit_months")
		doc.recommended_limit = recommended(as_money(account.sales_12_months), months or 0)


def check_holder(customer: str) -> None:
	"""Refuse a limit for a customer that shares another one's. Raises frappe.ValidationError."""
	holder = holder_of(customer)
	if holder != customer:
		frappe.throw(
			_("{0} shares the credit limit of {1}; change the limit there.").format(
				frappe.bold(customer), frappe.bold(holder)
			)
		)


def overlapping_limits(doc: Document) -> list[str]:
	"""Return the other approved limits of the same type that hold on a day this one does."""
	rows = frappe.get_all(
		LIMIT,
		{
			"customer": doc.customer,
			"company": doc.company,
			"limit_type": doc.limit_type,
			"docstatus": 1,
			"name": ("!=", doc.name),
		},
		["name", "amount", "valid_from", "valid_to"],
		order_by="name",
	)
	others = [LimitRow(row.name, as_money(row.amount), row.valid_from, row.valid_to) for row in rows]
	new = LimitRow(
		doc.name or "",
		as_money(doc.amount),
		getdate(doc.valid_from),
		getdate(doc.valid_to) if doc.valid_to else None,
	)
	return [row.name for row in overlapping(new, others)]


def apply_change(doc: Document) -> None:
	"""Bring an approved change into force: a permanent limit becomes the customer's own."""
	if doc.limit_type == PERMANENT and not doc.applied_on and getdate(doc.valid_from) <= getdate():
		set_host_limit(doc.customer, doc.company, as_money(doc.amount), doc.name)
		doc.db_set("applied_on", now_datetime(), update_modified=False)
	mark_stale(sharing(doc.customer))


def apply_due(today: date) -> list[str]:
	"""Bring approved permanent limits into force whose day has come; return their names, the oldest first."""
	names = frappe.get_all(
		LIMIT,
		{
			"docstatus": 1,
			"limit_type": PERMANENT,
			"valid_from": ("<=", today),
			"applied_on": ("is", "not set"),
		},
		pluck="name",
		order_by="valid_from, approved_on, name",
	)
	for name in names:
		apply_change(frappe.get_doc(LIMIT, name))
	return names
