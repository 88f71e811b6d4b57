"""Invoices and credit notes as facts: submitted ones and cancelled ones, what they bill, and numbers that drafts hold."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from sys import intern

import frappe
from frappe.query_builder import DocType, Field
from frappe.query_builder.functions import Coalesce, NullIf
from pypika.queries import QueryBuilder
from pypika.terms import ValueWrapper

from client_ledger.controls.facts.imports import carried_over_until, imported
from client_ledger.controls.facts.versions import Signed, cancelled, signed
from client_ledger.controls.facts.window import FactWindow, by_name, cancelled_at, money, pages
from client_ledger.core.controls.facts import InvoiceFact
from client_ledger.core.entries import SALES_INVOICE

Bills = dict[str, tuple[tuple[str, Decimal], ...]]
# Fields in which the legal number of an invoice is kept, by their names and labels.
_LEGAL_NUMBER = re.compile(
	r"fapiao|发票号|legal.?(invoice.?)?n(o|umber)\b|tax.?invoice.?n(o|umber)\b|fiscal.?(invoice.?)?number",
	re.I,
)
_WHOLE = Decimal("0.99")
_COUNTED_TOO = (
	"POS Invoice",
	"Purchase Invoice",
	"Delivery Note",
	"Sales Order",
	"Quotation",
	"Payment Entry",
)


def read_invoices(window: FactWindow, names: Sequence[str] | None = None) -> list[InvoiceFact]:
	"""Return the invoices and credit notes of a window; with *names* those, whatever their day."""
	invoice = DocType(SALES_INVOICE)
	query = _query(window)
	if names is not None:
		rows = list(by_name(query.where(invoice.docstatus == 1), invoice.name, names))
		return _without_part_credits(list(_facts(rows, window)))
	found: list[InvoiceFact] = []
	for rows in pages(window, _of_window(query, window), invoice.name):
		found += _facts(rows, window)
	found += _facts(_older_notes(query, found, window), window)
	return _without_part_credits(found) if window.parts else found


def with_bills(window: FactWindow, found: list[InvoiceFact]) -> list[InvoiceFact]:
	"""Return invoices that were read without what they bill, with it."""
	bills = read_bills(window, [one.name for one in found])
	return _without_part_credits(
		[replace(one, bills=bills[one.name]) if one.name in bills else one for one in found]
	)


def _without_part_credits(found: list[InvoiceFact]) -> list[InvoiceFact]:
	"""Let only notes that take back a whole invoice take back what it billed: a lower price leaves nothing to be billed again."""
	amounts = {one.name: one.amount for one in found}

	def is_part(one: InvoiceFact) -> bool:
		whole = amounts.get(one.return_against)
		return whole is None or -one.amount < whole * _WHOLE

	return [replace(one, bills=()) if one.is_return and one.bills and is_part(one) else one for one in found]


def _query(window: FactWindow) -> QueryBuilder:
	invoice = DocType(SALES_INVOICE)
	number = legal_number_field()
	return (
		frappe.qb.from_(invoice)
		.select(
			invoice.name,
			invoice.customer,
			invoice.posting_date,
			invoice.due_date,
			Coalesce(NullIf(invoice.rounded_total, 0), invoice.grand_total),
			Coalesce(NullIf(invoice.base_rounded_total, 0), invoice.base_grand_total),
			invoice.party_account_currency,
			invoice.creation,
			invoice.owner,
			invoice.is_return,
			invoice.return_against,
			invoice[number] if number else ValueWrapper(""),
			invoice.po_no,
			invoice.docstatus,
			cancelled_at(invoice),
			invoice.modified_by,
			invoice.amended_from,
			invoice.is_opening,
		)
		.where((invoice.company == window.company) & (invoice.docstatus > 0))
	)


def _of_window(query: QueryBuilder, window: FactWindow) -> QueryBuilder:
	invoice = DocType(SALES_INVOICE)
	query = query.where(window.moved(invoice, "posting_date", invoice.outstanding_amount != 0))
	return query.where(window.of_customers(invoice.customer)) if window.customers is not None else query


def _older_notes(query: QueryBuilder, found: Sequence[InvoiceFact], window: FactWindow) -> list[tuple]:
	"""Return credit notes from before the window against invoices from before it: without them those seem to be open."""
	invoice = DocType(SALES_INVOICE)
	old = [one.name for one in found if one.date < window.since]
	if not old:
		return []
	known = {one.name for one in found}
	notes = query.where((invoice.is_return == 1) & (invoice.docstatus == 1))
	return [row for row in by_name(notes, invoice.return_against, old) if row[0] not in known]


def _facts(rows: Sequence[tuple], window: FactWindow) -> Iterator[InvoiceFact]:
	bills = read_bills(window, [row[0] for row in rows]) if window.parts else {}
	gone = [(row[0], row[15], row[14]) for row in rows if row[13] == 2]
	taken_back = cancelled(SALES_INVOICE, gone, window.parts)
	notes = [row[0] for row in rows if row[9] and row[13] == 1] if window.parts else ()
	by_whom = signed(SALES_INVOICE, notes, 1)
	until = carried_over_until(window) if any(row[17] == "Yes" for row in rows) else None
	brought = imported(window, SALES_INVOICE)
	for row in rows:
		is_opening = row[0] in brought or (row[17] == "Yes" and (until is None or row[7] <= until))
		yield _fact(row, window, bills, taken_back.get(row[0]), by_whom.get(row[0]), is_opening)


def _fact(
	row: tuple, window: FactWindow, bills: Bills, end: Signed | None, by_whom: Signed | None, is_opening: bool
) -> InvoiceFact:
	base = money(row[5])
	currency = row[6] or window.currency
	owner = intern(row[8] or "")
	return InvoiceFact(
		name=row[0],
		customer=intern(row[1]),
		date=row[2],
		amount=base if currency == window.currency else money(row[4]),
		base_amount=base,
		currency=intern(currency),
		due_date=row[3],
		# Debts from before the books began were not entered late, nor by who made them.
		created=None if is_opening else row[7],
		owner="" if is_opening else owner,
		is_return=bool(row[9]),
		return_against=row[10] or "",
		number=(row[11] or "").strip(),
		reference=(row[12] or "").strip(),
		bills=bills.get(row[0], ()),
		submitted_by=by_whom.person if by_whom and by_whom.person != owner else "",
		cancelled_on=end.at if end else None,
		cancelled_by=end.person if end else "",
		amended_from=row[16] or "",
	)


def read_bills(window: FactWindow, names: Sequence[str]) -> Bills:
	"""Return what invoices bill of orders and deliveries; of deliveries also those that were made from an invoice.

	Where everybody's facts are read in turn, of all invoices of the window, whatever *names*.
	"""
	found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
	item, sent = DocType("Sales Invoice Item"), DocType("Delivery Note Item")
	billed = (
		frappe.qb.from_(item)
		.select(item.parent, item.delivery_note, item.sales_order, item.base_net_amount)
		.where((item.delivery_note != "") | (item.sales_order != ""))
	)
	for parent, delivery, order, amount in _of_invoices(window, billed, item.parent, names):
		for name in filter(None, (delivery, order)):
			found[parent][name] += amount or 0
	delivered = (
		frappe.qb.from_(sent)
		.select(sent.against_sales_invoice, sent.parent, sent.base_net_amount)
		.where((sent.docstatus == 1) & (sent.against_sales_invoice != ""))
	)
	for parent, delivery, amount in _of_invoices(window, delivered, sent.against_sales_invoice, names):
		found[parent][delivery] += amount or 0
	return {
		parent: tuple((intern(name), money(amount)) for name, amount in sorted(parts.items()))
		for parent, parts in found.items()
	}


def _of_invoices(
	window: FactWindow, query: QueryBuilder, field: Field, names: Sequence[str]
) -> Iterable[tuple]:
	if not window.in_turn:
		return by_name(query, field, names)
	invoice = DocType(SALES_INVOICE)
	query = query.join(invoice).on(invoice.name == field).where(invoice.company == window.company)
	query = query.where(window.moved(invoice, "posting_date", invoice.outstanding_amount != 0))
	return (
		query.where(window.of_customers(invoice.customer)).run()
		if window.customers is not None
		else query.run()
	)


def billing_names(documents: Iterable[str]) -> set[str]:
	"""Return the invoices that bill any of these orders and deliveries."""
	item, sent = DocType("Sales Invoice Item"), DocType("Delivery Note Item")
	names, found = list(documents), set()
	for field in (item.delivery_note, item.sales_order):
		query = frappe.qb.from_(item).select(item.parent).where(item.docstatus == 1)
		found.update(row[0] for row in by_name(query, field, names))
	query = frappe.qb.from_(sent).select(sent.against_sales_invoice).where(sent.against_sales_invoice != "")
	found.update(row[0] for row in by_name(query, sent.parent, names))
	return found


def legal_number_field() -> str | None:
	"""Return the field of a Sales Invoice that holds its legal number, such as that of a fapiao; None where there is none."""
	for field in frappe.get_meta(SALES_INVOICE).fields:
		if field.fieldtype == "Data" and not getattr(field, "is_virtual", 0):
			if _LEGAL_NUMBER.search(field.fieldname) or _LEGAL_NUMBER.search(field.label or ""):
				return field.fieldname
	return None


def given_numbers(window: FactWindow, invoices: Iterable[InvoiceFact]) -> frozenset[str]:
	"""Return numbers that are given, though no invoice here has them: drafts', other companies', those of settled invoices from before
	the window, of which only the open ones are read, and those of other documents that are counted in the same series.
	"""
	invoice = DocType(SALES_INVOICE)
	query = frappe.qb.from_(invoice).select(invoice.name)
	# Where numbers are kept in a field of their own, names are no numbers.
	number = legal_number_field()
	drafts = query.where((invoice.company == window.company) & (invoice.docstatus == 0))
	others = query.where((invoice.company != window.company) & (invoice.creation >= window.since_moment))
	found = {row[0] for row in (*drafts.run(), *others.run())}
	if number:
		numbers = frappe.qb.from_(invoice).select(invoice[number]).where(invoice[number] != "")
		numbers = numbers.where((invoice.company != window.company) | (invoice.docstatus == 0))
		found.update(row[0] for row in numbers.where(invoice.creation >= window.since_moment).run())
	older = [one.date for one in invoices if one.date < window.since]
	if older:
		before = query.where((invoice.company == window.company) & (invoice.docstatus > 0))
		before = before.where((invoice.posting_date >= min(older)) & (invoice.posting_date < window.since))
		found.update(row[0] for row in before.run())
	return frozenset(found.union(_in_the_same_series(window)))


def _in_the_same_series(window: FactWindow) -> Iterator[str]:
	"""Yield the names of other documents for which the site offers a series of invoices: Frappe counts on by series, whatever it names."""
	own = _series_of(SALES_INVOICE)
	for doctype in _COUNTED_TOO:
		if shared := own & _series_of(doctype):
			filters = {"naming_series": ("in", sorted(shared)), "creation": (">=", window.since_moment)}
			yield from frappe.get_all(doctype, filters, pluck="name", order_by="name")


def _series_of(doctype: str) -> set[str]:
	field = frappe.get_meta(doctype).get_field("naming_series")
	return set(filter(None, (field.options or "").split("\n"))) if field else set()
