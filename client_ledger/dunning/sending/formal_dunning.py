"""Formal reminders: fee and interest by the company's Dunning Type, and ERPNext's own Dunning, submitted."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import frappe
from erpnext.accounts.doctype.dunning.dunning import get_dunning_letter_text
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt

from client_ledger.core.dunning.plan import Line, Notice
from client_ledger.core.entries import SALES_INVOICE
from client_ledger.core.money import ZERO, as_money, rounded
from client_ledger.dunning.letters.template_values import Charges

if TYPE_CHECKING:
	from client_ledger.dunning.sending.decide import Job

DAYS_OF_A_YEAR = 365


def charges_of(notice: Notice, step: Document, today: date, waived: bool) -> Charges:
	"""Return what a step charges besides what is due: nothing unless it is formal, or where it was waived."""
	if not cint(step.formal):
		return Charges()
	name = dunning_type_of(step, notice.party.company)
	if not name or waived:
		return Charges(dunning_type=name)
	kind = frappe.get_cached_doc("Dunning Type", name)
	rate = as_money(kind.rate_of_interest)
	precision = cint(frappe.db.get_default("currency_precision")) or 2
	amount = sum((line_interest(line, rate, today) for line in _invoices(notice)), ZERO)
	return Charges(as_money(kind.dunning_fee), rounded(amount, precision), name, rate)


def line_interest(line: Line, rate: Decimal, today: date) -> Decimal:
	"""Return the interest on an item up to *today*, as ERPNext's Dunning reckons it."""
	return line.amount * rate / 100 / DAYS_OF_A_YEAR * max((today - line.key.due_date).days, 0)


def dunning_type_of(step: Document, company: str) -> str | None:
	"""Return the step's Dunning Type in *company*: the one named, the one of its title there, or the default."""
	if step.dunning_type:
		kind = frappe.get_cached_doc("Dunning Type", step.dunning_type)
		if kind.company == company:
			return kind.name
		if found := frappe.db.get_value(
			"Dunning Type", {"dunning_type": kind.dunning_type, "company": company}
		):
			return found
	return frappe.db.get_value("Dunning Type", {"company": company, "is_default": 1})


def make_dunning(job: "Job") -> str | None:
	"""Make and submit ERPNext's Dunning for a formal notice; return its name, None where it has no invoice for it.

	ERPNext's Dunning holds invoices in one currency, which an account's currency need not be.
	"""
	rows = _overdue_payments(job)
	if not rows:
		return None
	dunning = frappe.new_doc("Dunning")
	dunning.update(
		{
			"customer": job.row.customer,
			"customer_name": job.customer.customer_name,
			"company": job.row.company,
			"posting_date": job.day,
			"currency": job.row.currency,
			"conversion_rate": _rate(job.notice),
			# Of a type, ERPNext would fetch the fee again where there is none.
			"dunning_type": None if job.row.waive_charges else job.charges.dunning_type,
			"dunning_fee": flt(job.charges.fee),
			"rate_of_interest": 0 if job.row.waive_charges else flt(job.charges.rate),
			"language": job.letter.language if job.letter else None,
			"status": "Unresolved",
		}
	)
	for row in rows:
		dunning.append("overdue_payments", row)
	if job.charges.dunning_type:
		kind = frappe.get_cached_doc("Dunning Type", job.charges.dunning_type)
		dunning.income_account, dunning.cost_center = kind.income_account, kind.cost_center
		text = get_dunning_letter_text(kind.name, dunning.as_dict(), dunning.language)
		dunning.update({key: text[key] for key in ("body_text", "closing_text") if text.get(key)})
	dunning.flags.ignore_permissions = True
	dunning.insert()
	dunning.submit()
	if job.row.waive_charges:
		text = _("Fee and interest were waived: {0}").format(job.row.waive_reason)
		dunning.add_comment("Info", text)
	return dunning.name


def _invoices(notice: Notice) -> list[Line]:
	return [line for line in notice.lines if line.key.voucher.doctype == SALES_INVOICE]


def _overdue_payments(job: "Job") -> list[dict]:
	"""Return the rows of a Dunning: one per item that is overdue and has a row in its invoice's payment schedule."""
	lines = [line for line in _invoices(job.notice) if line.key.due_date < job.day]
	names = {line.key.voucher.name for line in lines}
	currencies = dict(
		frappe.get_all(
			"Sales Invoice",
			{"name": ("in", list(names))},
			["name", "currency"],
			as_list=True,
			order_by="name",
		)
	)
	schedule = frappe.get_all(
		"Payment Schedule",
		{"parent": ("in", list(names)), "parenttype": "Sales Invoice"},
		["name", "parent", "due_date", "payment_term", "payment_amount", "invoice_portion", "paid_amount"],
		order_by="idx",
	)
	found = []
	for line in lines:
		name = line.key.voucher.name
		row = next((r for r in schedule if r.parent == name and r.due_date == line.key.due_date), None)
		if row and currencies.get(name) == job.row.currency:
			found.append(
				{
					"sales_invoice": name,
					"payment_schedule": row.name,
					"payment_term": row.payment_term,
					"due_date": row.due_date,
					"invoice_portion": row.invoice_portion,
					"payment_amount": row.payment_amount,
					"paid_amount": row.paid_amount,
					"outstanding": flt(line.amount),
				}
			)
	return found


def _rate(notice: Notice) -> float:
	"""Return company currency per unit of the notice's, by its own amounts."""
	return float(notice.base_total / notice.total) if notice.total else 1.0
