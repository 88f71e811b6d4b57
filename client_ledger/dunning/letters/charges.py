"""Fee and interest of a formal step, by the company's Dunning Type."""

from datetime import date
from decimal import Decimal

import frappe
from frappe.model.document import Document
from frappe.utils import cint

from client_ledger.core.dunning.plan import Notice, NoticeLine
from client_ledger.core.entries import SALES_INVOICE
from client_ledger.core.money import ZERO, as_money, rounded
from client_ledger.dunning.letters.template_values import Charges

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
	amount = sum((line_interest(line, rate, today) for line in invoice_lines(notice)), ZERO)
	return Charges(as_money(kind.dunning_fee), rounded(amount, precision), name, rate)


def line_interest(line: NoticeLine, rate: Decimal, today: date) -> Decimal:
	"""Return the interest on an item up to *today*, as ERPNext's Dunning calculates it. rate: percent per year."""
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


def invoice_lines(notice: Notice) -> list[NoticeLine]:
	"""Return the lines of a notice that are Sales Invoices."""
	return [line for line in notice.lines if line.key.voucher.doctype == SALES_INVOICE]
