"""Receipts as facts: payment entries, and journal entries that bring money; refunds are negative."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from sys import intern

import frappe
from frappe.query_builder import DocType
from pypika.queries import QueryBuilder, Table

from client_ledger.controls.facts.imports import imported
from client_ledger.controls.facts.payers import read_payers
from client_ledger.controls.facts.settling import Settled, SettledBy, allocated, read_settled_by
from client_ledger.controls.facts.versions import Signed, cancelled
from client_ledger.controls.facts.window import FactWindow, by_name, cancelled_at, money, pages, rows_of
from client_ledger.core.controls.facts import ORDER, AllocationFact, ReceiptFact
from client_ledger.core.entries import PAYMENT_ENTRY, SALES_INVOICE


def read_payments(window: FactWindow, settled: Settled) -> list[ReceiptFact]:
	"""Return the payment entries of a window, of customers in its accounts, and those that settle its invoices."""
	payment = DocType(PAYMENT_ENTRY)
	query = _query(window)
	recent = query.where(window.moved(payment, "posting_date", payment.unallocated_amount != 0))
	if window.customers is not None:
		recent = recent.where(window.of_customers(payment.party))
	found: list[ReceiptFact] = []
	for rows in pages(window, recent, payment.name):
		found += _facts(rows, window, settled)
	known = {one.name for one in found}
	others = sorted({key.name for key in settled if key.doctype == PAYMENT_ENTRY} - known)
	rows = list(by_name(query.where(payment.docstatus == 1), payment.name, others))
	return [*found, *_facts(rows, window, settled)]


def read_on_account(window: FactWindow) -> list[ReceiptFact]:
	"""Return the payment entries of everybody of which a part is not allocated, with what the rest of them pays."""
	payment = DocType(PAYMENT_ENTRY)
	query = _query(window).where((payment.docstatus == 1) & (payment.unallocated_amount != 0))
	rows = list(rows_of(window, query, payment.name))
	return list(_facts(rows, window, read_settled_by(PAYMENT_ENTRY, [row[0] for row in rows], window)))


def _query(window: FactWindow) -> QueryBuilder:
	payment = DocType(PAYMENT_ENTRY)
	return (
		frappe.qb.from_(payment)
		.select(
			payment.name,
			payment.party,
			payment.posting_date,
			payment.payment_type,
			payment.paid_amount,
			payment.base_paid_amount,
			payment.received_amount,
			payment.base_received_amount,
			payment.paid_from_account_currency,
			payment.paid_to_account_currency,
			payment.creation,
			payment.owner,
			payment.reference_no,
			payment.docstatus,
			cancelled_at(payment),
			payment.modified_by,
		)
		.where((payment.company == window.company) & (payment.party_type == "Customer"))
		.where((payment.docstatus > 0) & payment.payment_type.isin(("Receive", "Pay")))
	)


def _facts(rows: Sequence[tuple], window: FactWindow, settled: Settled) -> Iterator[ReceiptFact]:
	gone = [(row[0], row[15], row[14]) for row in rows if row[13] == 2]
	taken_back = cancelled(PAYMENT_ENTRY, gone, window.parts)
	names = [row[0] for row in rows]
	payers = read_payers(window, PAYMENT_ENTRY, names) if window.parts else {}
	ordered = advances(window, PAYMENT_ENTRY, names) if window.parts else set()
	brought = imported(window, PAYMENT_ENTRY)
	for row in rows:
		parts = settled.get(SettledBy(PAYMENT_ENTRY, row[0], row[1]), ())
		end = taken_back.get(row[0])
		one = _fact(row, parts, payers.get(row[0], ""), row[0] in ordered, end)
		yield replace(one, created=None, owner="") if one.name in brought else one


def _fact(row: tuple, parts: tuple, payer: str, for_order: bool, end: Signed | None) -> ReceiptFact:
	sign, amount, base, currency = (1, *row[4:6], row[8]) if row[3] == "Receive" else (-1, *row[6:8], row[9])
	return ReceiptFact(
		name=row[0],
		customer=intern(row[1]),
		date=row[2],
		amount=sign * money(amount),
		base_amount=sign * money(base),
		currency=intern(currency or ""),
		created=row[10],
		owner=intern(row[11] or ""),
		reference=(row[12] or "").strip(),
		payer=payer,
		allocations=allocated(parts, row[2], row[10].date()) if parts else (),
		for_order=for_order,
		cancelled_on=end.at if end else None,
		cancelled_by=end.person if end else "",
	)


def advances(window: FactWindow, doctype: str, names: Sequence[str]) -> set[str]:
	"""Return the payments that name an order which is open; where everybody's are read in turn, all there are."""
	if window.in_turn:
		return window.once(f"advances of {doctype}", lambda: set(_advances(doctype).run(pluck=True)))
	query = _advances(doctype)
	return {row[0] for row in by_name(query, _advance_row(doctype).parent, names)}


def _advance_row(doctype: str) -> Table:
	return DocType("Payment Entry Reference" if doctype == PAYMENT_ENTRY else "Journal Entry Account")


def _advances(doctype: str) -> QueryBuilder:
	row, order = _advance_row(doctype), DocType(ORDER)
	kind = "reference_doctype" if doctype == PAYMENT_ENTRY else "reference_type"
	return (
		frappe.qb.from_(row)
		.join(order)
		.on(order.name == row.reference_name)
		.select(row.parent)
		.where((row[kind] == ORDER) & (order.docstatus == 1))
		.where(order.status.notin(("Closed", "Completed")))
	)


def read_paid_at_once(window: FactWindow) -> list[ReceiptFact]:
	"""Return what invoices were paid with themselves: at the till, by points, or not at all because it was written off there."""
	if not window.parts or (
		window.in_turn and not window.once("any paid at once", lambda: _any_at_once(window))
	):
		return []
	invoice = DocType(SALES_INVOICE)
	query = (
		frappe.qb.from_(invoice)
		.select(
			invoice.name,
			invoice.customer,
			invoice.posting_date,
			invoice.party_account_currency,
			invoice.paid_amount - invoice.change_amount,
			invoice.base_paid_amount - invoice.base_change_amount,
			invoice.write_off_amount,
			invoice.base_write_off_amount,
			invoice.loyalty_amount,
			invoice.conversion_rate,
		)
		.where((invoice.company == window.company) & (invoice.docstatus == 1))
		.where((invoice.is_pos == 1) | (invoice.base_write_off_amount != 0) | (invoice.loyalty_amount != 0))
		.where(window.moved(invoice, "posting_date", invoice.outstanding_amount != 0))
	)
	if window.customers is not None:
		query = query.where(window.of_customers(invoice.customer))
	return list(filter(None, (_paid(row, window) for row in rows_of(window, query, invoice.name))))


def _any_at_once(window: FactWindow) -> bool:
	found = ({"is_pos": 1}, {"base_write_off_amount": ("!=", 0)}, {"loyalty_amount": ("!=", 0)})
	own = {"company": window.company, "docstatus": 1}
	return any(frappe.db.exists(SALES_INVOICE, {**own, **one}) for one in found)


def _paid(row: tuple, window: FactWindow) -> ReceiptFact | None:
	name, customer, day, currency, paid, base_paid, waived, base_waived, points, rate = row
	currency = currency or window.currency
	points = points or 0
	if currency == window.currency:
		paid, waived = base_paid, base_waived
	else:
		points = points / (rate or 1)
	taken = (paid or 0) + (waived or 0) + points
	if not round(taken, 6):
		return None
	return ReceiptFact(
		name=name,
		customer=intern(customer),
		date=day,
		amount=money(paid),
		base_amount=money(base_paid),
		currency=intern(currency),
		allocations=(AllocationFact(name, intern(customer), money(taken), day),),
		# It is no entry of its own: nobody is named for it.
		doctype=SALES_INVOICE,
	)
