"""Fee and interest of a formal step, by the company's Dunning Type: only what ERPNext's Dunning charges.

lines of the notice -> those that a Dunning can hold -> fee and interest; without any there is no Dunning and no charge
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt

from client_ledger.core.dunning.plan import Notice, NoticeLine
from client_ledger.core.entries import SALES_INVOICE
from client_ledger.core.money import ZERO, as_money, rounded
from client_ledger.core.outbox.message import Channel
from client_ledger.dunning.letters.template_values import Charges

DAYS_OF_A_YEAR = 365


class DunningRow(NamedTuple):
	"""A line of a notice, with the row of its invoice's payment schedule."""

	line: NoticeLine
	schedule: frappe._dict


def charges_of(
	notice: Notice, step: Document, today: date, waived: bool = False, posted: str | None = None
) -> Charges:
	"""Return what a step charges besides what is due: nothing unless it is formal, was not waived, and a Dunning is made.

	posted: the Dunning that was made for the notice already; its charges stand.
	"""
	if not cint(step.formal):
		return Charges()
	if posted and (found := _posted(posted)):
		return found
	if why := without_dunning(notice, step, today):
		return Charges(no_dunning=why)
	rows = dunning_rows(notice, today)
	name = dunning_type_of(step, notice.party.company)
	if not name or waived:
		return Charges(dunning_type=name)
	kind = frappe.get_cached_doc("Dunning Type", name)
	rate = as_money(kind.rate_of_interest)
	amount = sum((line_interest(row.line, rate, today) for row in rows), ZERO)
	return Charges(as_money(kind.dunning_fee), _rounded(amount), name, rate)


def _posted(name: str) -> Charges | None:
	dunning = frappe.db.get_value(
		"Dunning",
		name,
		["docstatus", "dunning_fee", "total_interest", "dunning_type", "rate_of_interest"],
		as_dict=True,
	)
	if not dunning or dunning.docstatus != 1:
		return None
	return Charges(
		as_money(flt(dunning.dunning_fee)),
		_rounded(as_money(flt(dunning.total_interest))),
		dunning.dunning_type,
		as_money(flt(dunning.rate_of_interest)),
	)


def _rounded(amount: Decimal) -> Decimal:
	return rounded(amount, cint(frappe.db.get_default("currency_precision")) or 2)


def without_dunning(notice: Notice, step: Document, today: date) -> str | None:
	"""Return why no Dunning can be made for a formal notice, None where one can."""
	if step.channel == Channel.SMS.value:
		return _("A text message cannot carry a Dunning. No fee or interest was charged.")
	if dunning_rows(notice, today):
		return None
	currencies = sorted(set(_invoice_currencies(invoice_lines(notice)).values()) - {notice.party.currency})
	if currencies:
		return _(
			"The receivable account is in {0}, the invoices in {1}: a Dunning cannot be created across currencies. No fee or interest was charged."
		).format(notice.party.currency, ", ".join(currencies))
	return _("No overdue invoice with a payment schedule. No fee or interest was charged.")


def dunning_rows(notice: Notice, today: date) -> list[DunningRow]:
	"""Return the lines that ERPNext's Dunning can hold: overdue, of an invoice in the notice's currency, with a schedule."""
	lines = [line for line in invoice_lines(notice) if line.key.due_date < today]
	names = sorted({line.key.voucher.name for line in lines})
	if not names:
		return []
	currencies = _invoice_currencies(lines)
	schedule = frappe.get_all(
		"Payment Schedule",
		{"parent": ("in", names), "parenttype": SALES_INVOICE},
		["name", "parent", "due_date", "payment_term", "payment_amount", "invoice_portion", "paid_amount"],
		order_by="idx",
	)
	by_place: dict[tuple, frappe._dict] = {}
	for row in schedule:
		by_place.setdefault((row.parent, row.due_date), row)
	return [
		DunningRow(line, row)
		for line in lines
		if (row := by_place.get((line.key.voucher.name, line.key.due_date)))
		and currencies.get(line.key.voucher.name) == notice.party.currency
	]


def _invoice_currencies(lines: Sequence[NoticeLine]) -> dict[str, str]:
	names = sorted({line.key.voucher.name for line in lines})
	rows = frappe.get_all(SALES_INVOICE, {"name": ("in", names)}, ["name", "currency"], order_by="name")
	return {row.name: row.currency for row in rows}


def line_interest(line: NoticeLine, rate: Decimal, today: date) -> Decimal:
	"""Return the interest on what is left of an item up to *today*, as ERPNext's Dunning calculates it.

	rate: percent per year.
	"""
	return line.to_pay * rate / 100 / DAYS_OF_A_YEAR * max((today - line.key.due_date).days, 0)


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


def invoice_lines(notice: Notice) -> list[NoticeLine]:
	"""Return the lines of a notice that are Sales Invoices."""
	return [line for line in notice.lines if line.key.voucher.doctype == SALES_INVOICE]
