"""What a Remittance Advice says, checked against the ledger and filled in: amount, day, invoices."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, flt, fmt_money, formatdate, getdate

from client_ledger.collections import announced
from client_ledger.collections import items as open_items
from client_ledger.core.entries import SALES_INVOICE
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.open_items import OpenItem
from client_ledger.core.receipts.announced import DAYS_AHEAD, DAYS_BACK, cover, exceeds
from client_ledger.core.receipts.announced import pause_end as end_of_pause
from client_ledger.site.doctypes import REMITTANCE_ADVICE, REMITTANCE_ADVICE_INVOICE
from client_ledger.site.messages import bold, filled

# More than these at once are not what a customer announces.
MOST_RUNNING, MOST_INVOICES = 50, 500
# What did not come within so many days pauses nothing when it is announced again.
REMEMBERED_DAYS = 90


def add_lines(rows: Sequence[frappe._dict]) -> None:
	"""Give each stored advice of *rows* its invoices, as `lines`."""
	fields = ("sales_invoice", "due_date", "outstanding", "amount", "is_assumed")
	open_items.add_children(rows, REMITTANCE_ADVICE, REMITTANCE_ADVICE_INVOICE, "lines", fields)


def said(doc: Document) -> tuple:
	"""Return what a customer has announced, to tell whether that was changed."""
	rows = [(row.sales_invoice, flt(row.amount, 6)) for row in doc.invoices]
	return (
		doc.customer,
		doc.company,
		doc.currency,
		flt(doc.amount, 6),
		getdate(doc.payment_date),
		(doc.reference or "").strip(),
		rows,
	)


def check_payment(doc: Document, today: date) -> None:
	"""Refuse an amount or a day that cannot be, and a payment that is announced already. Raises frappe.ValidationError."""
	if as_money(flt(doc.amount)) <= 0:
		frappe.throw(filled(_("Enter an amount greater than 0 as {0}."), _("Amount")))
	paid = getdate(doc.payment_date)
	first, last = today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)
	if not first <= paid <= last:
		frappe.throw(
			filled(
				_("{0} must be between {1} and {2}."), _("Payment Date"), formatdate(first), formatdate(last)
			)
		)
	running = [
		row
		for row in announced.stored([doc.customer], (announced.ANNOUNCED, announced.RECEIVED))
		if row.company == doc.company
	]
	if len(running) >= MOST_RUNNING:
		frappe.throw(_("Too many payments are announced already. Withdraw those that will not come."))
	for row in running:
		if (
			row.currency,
			flt(row.amount, 6),
			getdate(row.payment_date),
			(row.reference or "").strip(),
		) == (doc.currency, flt(doc.amount, 6), paid, (doc.reference or "").strip()):
			frappe.throw(
				filled(
					_(
						"This payment has been announced already: {0}. If it is another one, enter its reference."
					),
					bold(row.name),
				)
			)


def fill_in(doc: Document) -> None:
	"""Fill in the invoices from the ledger; take those due first where none are named. Raises frappe.ValidationError."""
	if len(doc.invoices) > MOST_INVOICES:
		frappe.throw(filled(_("Enter at most {0} invoices."), MOST_INVOICES))
	found = [
		item
		for item in open_items.open_items(doc.customer, doc.company)
		if item.voucher.doctype == SALES_INVOICE
	]
	waited_for = announced.announced_amounts(
		row for row in announced.waited_for([doc.customer], getdate()) if row.company == doc.company
	)
	free: dict[str, Decimal] = {}
	for item in found:
		free[item.voucher.name] = free.get(item.voucher.name, ZERO) + item.outstanding
	for key, amount in waited_for.items():
		if key.voucher.name in free:
			free[key.voucher.name] -= amount
	if doc.invoices:
		_check_named(doc, found, free)
	else:
		_take_first_due(doc, found, free)


def _check_named(doc: Document, found: Sequence[OpenItem], free: dict[str, Decimal]) -> None:
	seen = set()
	total = ZERO
	for row in doc.invoices:
		items = [item for item in found if item.voucher.name == row.sales_invoice]
		_check_invoice(doc, row, items, row.sales_invoice in seen)
		seen.add(row.sales_invoice)
		outstanding = sum((item.outstanding for item in items), ZERO)
		amount = as_money(flt(row.amount)) or outstanding
		if amount < 0:
			open_items.throw_row(row.idx, filled(_("{0} cannot be negative."), _("Amount")))
		left = max(free[row.sales_invoice], ZERO)
		if amount > left:
			open_items.throw_row(
				row.idx,
				filled(
					_(
						"Only {0} of {1} is open and not announced yet. Enter no more than that, or leave it out."
					),
					fmt_money(left, currency=doc.currency),
					bold(row.sales_invoice),
				),
			)
		_fill(row, items, outstanding, amount)
		total += amount
	amount = as_money(flt(doc.amount))
	if exceeds(total, amount):
		frappe.throw(
			filled(
				_("The invoices come to {0}, but only {1} is paid. Enter what is paid of each invoice."),
				fmt_money(total, currency=doc.currency),
				fmt_money(amount, currency=doc.currency),
			)
		)


def _check_invoice(doc: Document, row: Document, items: Sequence[OpenItem], is_twice: bool) -> None:
	if is_twice:
		open_items.throw_row(row.idx, filled(_("{0} is listed more than once."), bold(row.sales_invoice)))
	if not items:
		open_items.throw_row(
			row.idx,
			filled(
				_("{0} is not an open item of {1} in {2}."),
				bold(row.sales_invoice),
				doc.customer,
				doc.company,
			),
		)
	if items[0].currency != doc.currency:
		open_items.throw_row(
			row.idx,
			filled(
				_("{0} is in {1}. Announce a payment in {1} for it."),
				bold(row.sales_invoice),
				items[0].currency,
			),
		)


def _take_first_due(doc: Document, found: Sequence[OpenItem], free: dict[str, Decimal]) -> None:
	"""Add the invoices due first that the amount covers, marked as not named by the customer."""
	by_invoice: dict[str, list[OpenItem]] = {}
	for item in sorted(found, key=lambda one: (one.due_date, one.voucher.name)):
		if item.currency == doc.currency:
			by_invoice.setdefault(item.voucher.name, []).append(item)
	for name, amount in cover(as_money(flt(doc.amount)), [(name, free[name]) for name in by_invoice]):
		items = by_invoice[name]
		row = doc.append("invoices", {"sales_invoice": name, "is_assumed": 1})
		_fill(row, items, sum((item.outstanding for item in items), ZERO), amount)


def _fill(row: Document, items: Sequence[OpenItem], outstanding: Decimal, amount: Decimal) -> None:
	row.update(
		{
			"due_date": min(item.due_date for item in items),
			"outstanding": float(outstanding),
			"amount": float(amount),
			"currency": items[0].currency,
		}
	)


def pause_end(doc: Document, today: date, days: int) -> date:
	"""Return the last day on which reminders wait for a new announced payment."""
	names = {row.sales_invoice for row in doc.invoices}
	failed = announced.stored([doc.customer], ("Not Received",))
	since = getdate(add_days(today, -REMEMBERED_DAYS))
	is_again = any(
		getdate(row.announced_on) >= since
		and row.company == doc.company
		and names & {line.sales_invoice for line in row.lines}
		for row in failed
	)
	return end_of_pause(getdate(doc.payment_date), today, days, is_again)
