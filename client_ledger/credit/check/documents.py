"""What a sales document is to the credit check: whether it is checked, what it adds, what it is made from."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document

from client_ledger.core.credit.exposure import beyond_order
from client_ledger.core.credit.rules import Kind, adds_nothing
from client_ledger.core.money import ZERO, as_money
from client_ledger.credit.limits.above_order_value import ordered_rates
from client_ledger.credit.limits.exposure import unbilled_deliveries
from client_ledger.ledger.reader import Scope
from client_ledger.site.messages import bold, filled
from client_ledger.site.requirements import Given, Requirement

ORDER, DELIVERY, INVOICE = (kind.value for kind in Kind)
CHECKED = (ORDER, DELIVERY, INVOICE)
# Which field of a line names the line it is made from.
LINE_OF = {ORDER: "so_detail", DELIVERY: "dn_detail", INVOICE: "si_detail"}
# DocType and name.
Origin = tuple[str, str]


@dataclass(frozen=True, slots=True)
class CheckedDocument(Requirement):
	"""The right to read the document that the arguments "doctype" and "name" name, of those that are checked."""

	def check(self, given: Given) -> None:
		if given["doctype"] not in CHECKED:
			frappe.throw(filled(_("{0} cannot be put on credit hold."), _(given["doctype"])))
		frappe.has_permission(given["doctype"], "read", doc=given["name"], throw=True)


def is_checked(doc: Document) -> bool:
	"""Return whether rules look at *doc*: never at returns, openings, and what a group sells to itself.

	Asks for what the document is, not for what it says: a request may carry fields that its DocType does not have.
	"""
	if not (doc.customer and doc.company):
		return False
	if _own(doc, "is_return") and amount_of(doc) <= 0:
		return False
	if _own(doc, "is_opening") == "Yes" and not _own(doc, "update_stock"):
		return False
	return not frappe.db.get_value("Customer", doc.customer, "is_internal_customer")


def _own(doc: Document, field: str) -> object:
	"""Return a field's value, None where the DocType has no such field."""
	return doc.get(field) if doc.meta.has_field(field) else None


def amount_of(doc: Document) -> Decimal:
	"""Return the document's total in company currency."""
	return as_money(doc.base_grand_total)


def addition_of(doc: Document) -> Decimal:
	"""Return what *doc* adds to the exposure when it is submitted, company currency.

	An order adds its total; a delivery what is not from an order or invoice, or dearer than the order; an invoice what
	exceeds the orders and deliveries it bills, less what is paid with it.
	"""
	if doc.doctype == ORDER:
		return amount_of(doc)
	by_origin = _by_origin(doc)
	new = _share(doc, by_origin.pop(None, []))
	if doc.doctype == DELIVERY:
		return new + _dearer_than_orders(doc, by_origin)
	unbilled = _unbilled_by_origin(doc, by_origin)
	beyond = (_beyond(_share(doc, rows), unbilled.get(origin, ZERO)) for origin, rows in by_origin.items())
	paid = as_money(doc.get("base_paid_amount")) - as_money(doc.get("base_change_amount"))
	return new + sum(beyond, ZERO) - (paid if doc.get("is_pos") else ZERO)


def _dearer_than_orders(doc: Document, by_origin: dict[Origin | None, list]) -> Decimal:
	"""Return by how much the lines of a delivery are dearer than those of the orders they are made from."""
	lines = [row for (doctype, _name), rows in by_origin.items() if doctype == ORDER for row in rows]
	total = as_money(doc.total)
	if not (lines and total):
		return ZERO
	rates = ordered_rates([row.so_detail for row in lines])
	dearer = (
		beyond_order(as_money(row.amount), as_money(row.net_rate), rates[row.so_detail]) for row in lines
	)
	return amount_of(doc) * sum(dearer, ZERO) / total


def _unbilled_by_origin(doc: Document, by_origin: dict[Origin | None, list]) -> dict[Origin, Decimal]:
	"""Return what is still to be billed of each order and delivery that an invoice bills.

	A delivery may be worth more than the order it is made from: an invoice that names both bills that as well.
	"""
	notes = {
		origin: {(DELIVERY, row.delivery_note) for row in rows if row.delivery_note} - set(by_origin)
		for origin, rows in by_origin.items()
		if origin[0] == ORDER
	}
	unbilled = unbilled_of(doc, {*by_origin, *(note for found in notes.values() for note in found)})
	return {
		origin: sum((unbilled.get(one, ZERO) for one in (origin, *notes.get(origin, ()))), ZERO)
		for origin in by_origin
	}


def _beyond(share: Decimal, unbilled: Decimal) -> Decimal:
	"""Return by how much *share* exceeds what is still to be billed, but for rounding."""
	rest = share - unbilled
	return ZERO if adds_nothing(rest, share) else rest


def _share(doc: Document, rows: list) -> Decimal:
	"""Return the part of the grand total that falls on *rows*, taxes included."""
	if len(rows) == len(doc.items):
		return amount_of(doc)
	net = as_money(doc.base_net_total)
	part = sum((as_money(row.base_net_amount) for row in rows), ZERO)
	return amount_of(doc) * part / net if net else ZERO


def _by_origin(doc: Document) -> dict[Origin | None, list]:
	"""Return the lines of a delivery or invoice by the document they are made from; None: from nothing.

	A line is made from the document whose line it names. The name of a document alone says nothing: ERPNext would
	not count the line there.
	"""
	found: dict[Origin | None, list] = {}
	lines = {
		doctype: _parents(f"{doctype} Item", {row.get(LINE_OF[doctype]) for row in doc.items})
		for doctype in LINE_OF
	}
	for row in doc.items:
		found.setdefault(_origin(doc, row, lines), []).append(row)
	return found


def _origin(doc: Document, row: Document, lines: dict[str, dict[str, str]]) -> Origin | None:
	order = row.get("sales_order") if doc.doctype == INVOICE else row.get("against_sales_order")
	others = {DELIVERY: row.get("delivery_note")} if doc.doctype == INVOICE else {}
	others |= {INVOICE: row.get("against_sales_invoice")} if doc.doctype == DELIVERY else {}
	for doctype, name in ({ORDER: order} | others).items():
		if name and lines[doctype].get(row.get(LINE_OF[doctype])) == name:
			return (doctype, name)
	return None


def _parents(doctype: str, names: set[str | None]) -> dict[str, str]:
	"""Return the document of each submitted line of *names*."""
	names = sorted(name for name in names if name)
	if not names:
		return {}
	rows = frappe.get_all(
		doctype, {"name": ("in", names), "docstatus": 1}, ["name", "parent"], order_by="name"
	)
	return {row.name: row.parent for row in rows}


def require_own_lines(doc: Document) -> None:
	"""Refuse a delivery that names an order or invoice but another one's line: what it delivers would count nowhere.

	Raises frappe.ValidationError naming the row.
	"""
	if doc.doctype != DELIVERY or None not in (by_origin := _by_origin(doc)):
		return
	for row in by_origin[None]:
		named = {ORDER: row.get("against_sales_order"), INVOICE: row.get("against_sales_invoice")}
		for doctype, name in named.items():
			if name:
				frappe.throw(
					filled(
						_(
							"Row {0}: {1} {2} has no such row. Create the delivery from the document again or clear the "
							"reference."
						),
						row.idx,
						_(doctype),
						bold(name),
					)
				)


def unbilled_of(doc: Document, origins: Iterable[Origin]) -> dict[Origin, Decimal]:
	"""Return what is still to be billed of each of *origins*, as the exposure counts it."""
	by_doctype: dict[str, list[str]] = {}
	for doctype, name in origins:
		by_doctype.setdefault(doctype, []).append(name)
	found = {}
	if names := by_doctype.get(ORDER):
		orders = frappe.get_all(
			ORDER,
			{"name": ("in", names), "docstatus": 1, "status": ("!=", "Closed")},
			["name", "base_grand_total", "per_billed"],
			order_by="name",
		)
		for row in orders:
			open_share = max(100 - as_money(row.per_billed), ZERO) / 100
			found[(ORDER, row.name)] = as_money(row.base_grand_total) * open_share
	if DELIVERY in by_doctype:
		scope = Scope((doc.company,), (doc.customer,))
		for note in unbilled_deliveries(scope):
			found[(DELIVERY, note.name)] = note.base_unbilled
	return found


def origins_of(doc: Document) -> list[Origin]:
	"""Return the documents the lines of *doc* are made from; empty where any line is made from nothing."""
	if doc.doctype == ORDER:
		return []
	found = _by_origin(doc)
	return [] if None in found else list(found)


def is_paid_with(doc: Document) -> bool:
	"""Return whether an invoice is paid in full as it is made, at a point of sale."""
	if doc.doctype != INVOICE or not doc.get("is_pos"):
		return False
	return as_money(doc.base_paid_amount) + as_money(doc.get("base_write_off_amount")) >= amount_of(doc) > 0


def orders_paid_in_advance(doc: Document) -> bool:
	"""Return whether *doc* only delivers or bills orders that are paid in full already."""
	origins = origins_of(doc)
	if not origins or any(doctype != ORDER for doctype, _name in origins):
		return False
	orders = frappe.get_all(
		ORDER,
		{"name": ("in", [name for _doctype, name in origins])},
		[
			"currency",
			"party_account_currency",
			"grand_total",
			"base_grand_total",
			"rounded_total",
			"base_rounded_total",
			"advance_paid",
		],
		order_by="name",
	)
	return len(orders) == len(origins) and all(_is_paid(order) for order in orders)


def _is_paid(order: dict) -> bool:
	"""An order's advance is kept in the currency of the customer's account."""
	in_order_currency = order.party_account_currency == order.currency
	total = (
		order.rounded_total or order.grand_total
		if in_order_currency
		else order.base_rounded_total or order.base_grand_total
	)
	return as_money(order.advance_paid) >= as_money(total) > 0
