"""What is ordered or delivered and was not billed on a day, and how long orders and deliveries take to be billed."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

import frappe
from frappe.query_builder.functions import Min, Sum
from frappe.utils import flt, getdate

from client_ledger.core.forecast.items import CashSource, UnbilledItem

# Orders and deliveries of so many days tell how long billing takes.
LAGS_SINCE = 730
# Days from an invoice to its due date where a customer has had none.
USUAL_TERMS = 30
# Less of an order than this share of it is not billed any more.
_NOTHING = 0.0005

# Customer, day of the order or delivery, day of its first invoice (None: not billed).
Billed = tuple[str, date, date | None]
# Of each customer's latest invoice: its day, the days to its due date, the currency of its account.
Terms = Mapping[str, tuple[date, int, str]]


class ToBill(NamedTuple):
	"""What is to be billed, by currency of the account that it will be owed in. left_out: documents in a third currency, which no
	rate of theirs leads from."""

	items: list[tuple[str, UnbilledItem]]
	left_out: list[str]


class _Document(NamedTuple):
	name: str
	customer: str
	day: date
	currency: str
	total: float
	base_total: float


def to_bill(company: str, day: date, terms: Terms) -> ToBill:
	"""Return the orders, and the deliveries without one, that were not billed at the end of *day*.

	Of a day that is past: of those that there are by now, without those closed or cancelled since.
	"""
	own = frappe.get_cached_value("Company", company, "default_currency")
	found = ToBill([], [])
	for source, documents in (
		(CashSource.ORDER, _orders(company, day)),
		(CashSource.DELIVERY, _deliveries(company, day)),
	):
		for document in documents:
			_latest, days, currency = terms.get(document.customer, (None, USUAL_TERMS, own))
			amount = amount_in(currency, own, document.currency, document.total, document.base_total)
			if amount is None:
				found.left_out.append(document.name)
			elif amount > 0:
				item = UnbilledItem(document.customer, document.name, amount, document.day, days, source)
				found.items.append((currency, item))
	return found


def amount_in(currency: str, own: str, of_document: str, total: float, base_total: float) -> float | None:
	"""Return an amount in the currency of the account it will be owed in; None where the document has no rate for it."""
	if of_document == currency:
		return total
	return base_total if currency == own and base_total else None


def _orders(company: str, day: date) -> Iterable[_Document]:
	order = frappe.qb.DocType("Sales Order")
	rows = (
		frappe.qb.from_(order)
		.select(
			*(order.name, order.customer, order.transaction_date, order.currency, order.grand_total),
			*(order.base_grand_total, order.net_total, order.per_billed),
		)
		.where((order.company == company) & (order.docstatus == 1) & (order.transaction_date <= day))
		.where(order.status != "Closed")
		.orderby(order.name)
	)
	later = _billed_after(company, day)
	unbilled = rows.where(order.per_billed < 100).run(as_dict=True)
	known = {row.name for row in unbilled}
	missing = sorted(set(later) - known)
	if missing:
		unbilled += rows.where(order.name.isin(missing)).run(as_dict=True)
	for row in unbilled:
		share = 1 - flt(row.per_billed) / 100
		if flt(row.net_total):
			share += later.get(row.name, 0.0) / flt(row.net_total)
		share = min(share, 1.0)
		if share > _NOTHING:
			yield _Document(
				row.name,
				row.customer,
				getdate(row.transaction_date),
				row.currency,
				flt(row.grand_total) * share,
				flt(row.base_grand_total) * share,
			)


def _billed_after(company: str, day: date) -> dict[str, float]:
	"""Return what was billed of orders after *day*, net, in their currency."""
	invoice, item = frappe.qb.DocType("Sales Invoice"), frappe.qb.DocType("Sales Invoice Item")
	rows = (
		frappe.qb.from_(invoice)
		.join(item)
		.on(item.parent == invoice.name)
		.select(item.sales_order, Sum(item.net_amount))
		.where((invoice.company == company) & (invoice.docstatus == 1) & (invoice.posting_date > day))
		.where(item.sales_order.isnotnull() & (item.sales_order != ""))
		.groupby(item.sales_order)
		.run()
	)
	return {name: flt(amount) for name, amount in rows}


def _deliveries(company: str, day: date) -> Iterable[_Document]:
	"""Yield what was delivered without an order or an invoice: a line's share of the note's total, less what was billed by then."""
	note, line = frappe.qb.DocType("Delivery Note"), frappe.qb.DocType("Delivery Note Item")
	rows = (
		frappe.qb.from_(note)
		.join(line)
		.on(line.parent == note.name)
		.select(
			*(note.name, note.customer, note.posting_date, note.currency, note.grand_total),
			*(note.base_grand_total, note.net_total),
			line.name.as_("line"),
			line.net_amount,
		)
		.where((note.company == company) & (note.docstatus == 1) & (note.posting_date <= day))
		.where((note.is_return == 0) & (note.status.notin(["Closed", "Stopped"])))
		.where(line.against_sales_order.isnull() | (line.against_sales_order == ""))
		.where(line.against_sales_invoice.isnull() | (line.against_sales_invoice == ""))
	)
	later = _lines_billed_after(company, day)
	found = rows.where(note.per_billed < 100).orderby(note.name).run(as_dict=True)
	seen = {row.line for row in found}
	missing = sorted(set(later) - seen)
	if missing:
		found += rows.where(line.name.isin(missing)).orderby(note.name).run(as_dict=True)
	billed = _lines_billed(company, [row.line for row in found], day)
	open_net: dict[str, float] = {}
	notes: dict[str, frappe._dict] = {}
	for row in found:
		left = flt(row.net_amount) - billed.get(row.line, 0.0)
		if left > 0 and flt(row.net_total):
			notes[row.name] = row
			open_net[row.name] = open_net.get(row.name, 0.0) + left
	for name, net in open_net.items():
		row = notes[name]
		share = min(net / flt(row.net_total), 1.0)
		if share > _NOTHING:
			totals = (flt(row.grand_total) * share, flt(row.base_grand_total) * share)
			yield _Document(name, row.customer, getdate(row.posting_date), row.currency, *totals)


def _lines_billed_after(company: str, day: date) -> set[str]:
	invoice, item = frappe.qb.DocType("Sales Invoice"), frappe.qb.DocType("Sales Invoice Item")
	rows = (
		frappe.qb.from_(invoice)
		.join(item)
		.on(item.parent == invoice.name)
		.select(item.dn_detail)
		.distinct()
		.where((invoice.company == company) & (invoice.docstatus == 1) & (invoice.posting_date > day))
		.where(item.dn_detail.isnotnull() & (item.dn_detail != ""))
		.run()
	)
	return {row[0] for row in rows}


def _lines_billed(company: str, lines: list[str], day: date) -> dict[str, float]:
	if not lines:
		return {}
	invoice, item = frappe.qb.DocType("Sales Invoice"), frappe.qb.DocType("Sales Invoice Item")
	rows = (
		frappe.qb.from_(item)
		.join(invoice)
		.on(item.parent == invoice.name)
		.select(item.dn_detail, Sum(item.net_amount))
		.where((invoice.docstatus == 1) & (invoice.posting_date <= day) & item.dn_detail.isin(lines))
		.groupby(item.dn_detail)
		.run()
	)
	return {name: flt(amount) for name, amount in rows}


def order_lags(company: str, day: date) -> list[Billed]:
	"""Return how long the orders of the last two years took to their first invoice, as known at the end of *day*."""
	return _lags("Sales Order", "transaction_date", "sales_order", company, day)


def delivery_lags(company: str, day: date) -> list[Billed]:
	"""Return the same of deliveries."""
	return _lags("Delivery Note", "posting_date", "delivery_note", company, day)


def _lags(doctype: str, dated: str, link: str, company: str, day: date) -> list[Billed]:
	document, item = frappe.qb.DocType(doctype), frappe.qb.DocType("Sales Invoice Item")
	invoice = frappe.qb.DocType("Sales Invoice")
	since = day - timedelta(days=LAGS_SINCE)
	documents = (
		frappe.qb.from_(document)
		.select(document.name, document.customer, document[dated])
		.where((document.company == company) & (document.docstatus == 1))
		.where((document[dated] > since) & (document[dated] <= day))
		.where(document.status != "Closed")
		.orderby(document.name)
	)
	if doctype == "Delivery Note":
		documents = documents.where(document.is_return == 0)
	billed = (
		frappe.qb.from_(item)
		.join(invoice)
		.on(item.parent == invoice.name)
		.select(item[link], Min(invoice.posting_date))
		.where((invoice.company == company) & (invoice.docstatus == 1) & (invoice.is_return == 0))
		.where((invoice.posting_date > since) & (invoice.posting_date <= day))
		.where(item[link].isnotnull() & (item[link] != ""))
		.groupby(item[link])
	)
	first = {name: getdate(found) for name, found in billed.run()}
	return [
		(customer, getdate(made), max(first[name], getdate(made)) if name in first else None)
		for name, customer, made in documents.run()
	]
