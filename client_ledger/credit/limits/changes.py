"""Changes of limits: what is filled in when one is requested, and what approving it does."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.workflow import apply_workflow, get_workflow_name
from frappe.utils import getdate, now_datetime

from client_ledger.core.account import AccountKey
from client_ledger.core.credit.limits import Limit, LimitRow, overlapping, recommended
from client_ledger.core.credit.limits import effective_limit as limit_of_sources
from client_ledger.core.money import ZERO, as_money
from client_ledger.credit.limits.credit_groups import members_of, parent_of
from client_ledger.credit.limits.effective import effective_limit, read_sources
from client_ledger.credit.limits.erpnext_limit import set_erpnext_limit
from client_ledger.credit.limits.exposure import exposure
from client_ledger.site.approvals import check_approver
from client_ledger.site.doctypes import CLIENT_ACCOUNT, CREDIT_LIMIT
from client_ledger.site.jobs import each_or_log
from client_ledger.site.messages import bold, filled
from client_ledger.site.refresh_queue import mark_stale

# The state that waits in the workflow that client_ledger.setup makes, and the action that ends it.
PENDING, APPROVE = "Pending Approval", "Approve"
PERMANENT, TEMPORARY, NO_CREDIT = "Permanent", "Temporary", "No Credit"


def fill_in(doc: Document) -> None:
	"""Fill in what the approver should see: limit and exposure now, grade, and what the grade recommends.

	The grade is the customer's own, the sales are those of all who share its limit, as the exposure is.
	"""
	doc.currency = doc.currency or frappe.get_cached_value("Company", doc.company, "default_currency")
	before = effective_limit(doc.customer, doc.company, getdate())
	doc.previous_state, doc.previous_limit = before.state.value, float(before.amount or 0)
	doc.exposure = float(exposure(doc.customer, doc.company).total)
	doc.grade, recommendation = recommendation_of(doc.customer, doc.company)
	doc.recommended_limit = float(recommendation)


def recommendation_of(customer: str, company: str) -> tuple[str | None, Decimal]:
	"""Return the customer's grade, and the limit that it recommends by the sales of all who share the limit."""
	accounts = frappe.get_all(
		CLIENT_ACCOUNT,
		{"customer": ("in", members_of(customer)), "company": company},
		["customer", "credit_grade", "sales_12_months"],
		order_by="customer",
	)
	grade = next((row.credit_grade for row in accounts if row.customer == customer), None)
	months = frappe.get_cached_value("Credit Grade", grade, "limit_months") if grade else 0
	return grade, recommended(sum((as_money(row.sales_12_months) for row in accounts), ZERO), months or 0)


def limit_after(customer: str, company: str, limit_type: str, amount: Decimal, today: date) -> Limit:
	"""Return the limit in force today if one of *limit_type* over *amount* were: with bars and references as they stand."""
	parent = parent_of(customer)
	sources = read_sources((company,), (parent,), today)[AccountKey(parent, company)]
	row = LimitRow("", None if limit_type == NO_CREDIT else amount, today, None)
	requested = {
		PERMANENT: {"customer": amount},
		TEMPORARY: {"temporary": (row,)},
		NO_CREDIT: {"no_credit": (row,)},
	}[limit_type]
	return limit_of_sources(replace(sources, **requested), today)


def require_parent(customer: str) -> None:
	"""Refuse a limit for a customer that shares another one's. Raises frappe.ValidationError."""
	parent = parent_of(customer)
	if parent != customer:
		frappe.throw(
			filled(
				_("{0} shares the credit limit of {1}. Change the limit of {1} instead."),
				bold(customer),
				bold(parent),
			)
		)


def overlapping_limits(doc: Document) -> list[str]:
	"""Return the other approved limits of the same type that hold on a day this one does.

	Approving locks the customer and reads what others approved a moment ago: of two at once only one passes.
	"""
	limit = frappe.qb.DocType(CREDIT_LIMIT)
	query = (
		frappe.qb.from_(limit)
		.select(limit.name, limit.amount, limit.valid_from, limit.valid_to)
		.where((limit.customer == doc.customer) & (limit.company == doc.company))
		.where((limit.limit_type == doc.limit_type) & (limit.docstatus == 1))
		.where(limit.name != (doc.name or ""))
		.orderby(limit.name)
	)
	if doc.docstatus == 1:
		frappe.db.get_value("Customer", doc.customer, "name", for_update=True)
		query = query.for_update()
	others = [LimitRow(name, as_money(amount), start, end) for name, amount, start, end in query.run()]
	new = LimitRow(
		doc.name or "",
		as_money(doc.amount),
		getdate(doc.valid_from),
		getdate(doc.valid_to) if doc.valid_to else None,
	)
	return [row.name for row in overlapping(new, others)]


def approve(name: str) -> Document:
	"""Approve a requested limit the way its form does: by the site's Workflow, or by submitting it where there is none.

	Raises frappe.PermissionError for whoever requested it, frappe.ValidationError where it does not wait for approval.
	"""
	doc = frappe.get_doc(CREDIT_LIMIT, name, for_update=True)
	doc.check_permission("submit")
	by_workflow = bool(get_workflow_name(CREDIT_LIMIT))
	if doc.docstatus or (by_workflow and doc.get("workflow_state") != PENDING):
		frappe.throw(filled(_("{0} is not waiting for approval."), bold(doc.name)))
	check_approver(doc)
	if by_workflow:
		return apply_workflow(doc, APPROVE)
	doc.submit()
	return doc


def apply_change(doc: Document, today: date) -> None:
	"""Bring an approved change into force once its day has come: a permanent limit becomes the customer's own."""
	if doc.limit_type == PERMANENT and not doc.applied_on and getdate(doc.valid_from) <= today:
		set_erpnext_limit(doc.customer, doc.company, as_money(doc.amount), doc.name)
		doc.db_set("applied_on", now_datetime(), update_modified=False)
	mark_stale(members_of(doc.customer))


def apply_due(today: date) -> list[str]:
	"""Bring approved permanent limits into force whose day has come; return their names, the oldest first.

	Each in a transaction of its own; one that fails is logged and stops none of the others.
	"""
	names = frappe.get_all(
		CREDIT_LIMIT,
		{
			"docstatus": 1,
			"limit_type": PERMANENT,
			"valid_from": ("<=", today),
			"applied_on": ("is", "not set"),
		},
		pluck="name",
		order_by="valid_from, approved_on, name",
	)

	def apply(batch: list[str]) -> str:
		apply_change(frappe.get_doc(CREDIT_LIMIT, batch[0]), today)
		return batch[0]

	applied, _failed = each_or_log(
		names, apply, title="Credit Limit not applied", doctype=CREDIT_LIMIT, size=1
	)
	return applied
