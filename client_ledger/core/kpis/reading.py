"""Rows of KPIs out of what a ledger reads: which entry moved an item by which cause, what was sold, received, written off."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from client_ledger.core.entries import JOURNAL_ENTRY, PAYMENT_ENTRY, SALES_INVOICE, Entry
from client_ledger.core.flows import MONEY, Flow
from client_ledger.core.kpis.rows import Cause, MoneyRow, MoveRow, OpenRow, SaleRow
from client_ledger.core.money import ZERO
from client_ledger.core.open_items import Invoice, OpenItem

_OWN = (SALES_INVOICE, PAYMENT_ENTRY, JOURNAL_ENTRY)


def open_rows(
	items: Iterable[OpenItem], disputed: Mapping[tuple[str, str | None], Decimal] | None = None
) -> list[OpenRow]:
	"""Return open items as rows. disputed: amount per voucher and term, company currency; None for a term stands for the whole."""
	disputed = disputed or {}
	found = []
	for item in items:
		name = item.voucher.name
		contested = disputed.get((name, item.term), disputed.get((name, None), ZERO))
		found.append(
			OpenRow(
				name,
				item.customer,
				item.posting_date,
				item.due_date,
				item.base_outstanding,
				item.term or "",
				min(contested, max(item.base_outstanding, ZERO)),
			)
		)
	return found


def sale_rows(invoices: Iterable[Invoice]) -> list[SaleRow]:
	"""Return invoices as sales; credit notes have amounts below 0."""
	return [
		SaleRow(invoice.name, invoice.customer, invoice.posting_date, invoice.base_amount)
		for invoice in invoices
		if invoice.base_amount
	]


def move_rows(entries: Iterable[Entry], invoices: Mapping[str, Invoice]) -> list[MoveRow]:
	"""Return what entries did to the vouchers they are against. invoices: those that entries are of or against.

	An advance on an order counts for its payment, a credit note that pays its invoice for that one: as open items are made.
	"""
	found = []
	for entry in entries:
		target = entry.against.name if entry.against.doctype in _OWN else entry.voucher.name
		note = invoices.get(target) if entry.against.doctype == SALES_INVOICE else None
		if note and note.pays_original and note.return_against:
			target = note.return_against
		cause = _cause(entry, invoices)
		found.append(MoveRow(target, entry.customer, entry.posting_date, cause, entry.base_amount))
	return found


def _cause(entry: Entry, invoices: Mapping[str, Invoice]) -> Cause:
	if entry.voucher.doctype == PAYMENT_ENTRY:
		return Cause.PAYMENTS
	if entry.voucher.doctype != SALES_INVOICE:
		return Cause.OTHER
	invoice = invoices.get(entry.voucher.name)
	if entry.voucher != entry.against or (invoice and invoice.return_against):
		return Cause.CREDIT_NOTES
	# What an invoice takes off itself was paid at the till.
	return Cause.BILLING if entry.base_amount > 0 else Cause.PAYMENTS


def money_rows(
	moved: Iterable[tuple[str | None, date, Flow, Decimal]],
) -> tuple[list[MoneyRow], list[MoneyRow]]:
	"""Return (received, written off) per customer and day; refunds and change given are taken off what was received."""
	received: dict[tuple[str, date], Decimal] = {}
	written_off: dict[tuple[str, date], Decimal] = {}
	for customer, day, flow, amount in moved:
		for sums, wanted in ((received, MONEY), (written_off, (Flow.WRITTEN_OFF,))):
			if flow in wanted:
				key = (customer or "", day)
				sums[key] = sums.get(key, ZERO) - amount
	return _money(received), _money(written_off)


def _money(sums: Mapping[tuple[str, date], Decimal]) -> list[MoneyRow]:
	return [
		MoneyRow(f"{customer} {day.isoformat()}", customer, day, amount)
		for (customer, day), amount in sorted(sums.items())
		if amount
	]
