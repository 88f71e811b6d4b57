"""What a sales document is to the credit check: whether it is checked, what it adds, what it is made from."""

from decimal import Decimal

import frappe
from frappe.model.document import Document

from client_ledger.core.credit.rules import Kind
from client_ledger.core.money import ZERO, as_money

ORDER, DELIVERY, INVOICE = (kind.value for kind in Kind)
CHECKED = (ORDER, DELIVERY, INVOICE)


def is_checked(doc: Document) -> bool:
	"""Return whether rules look at *doc*: never at returns, openings, and what a group sells to itself."""
	if doc.get("is_return") or doc.get("is_opening") == "Yes" or doc.get("is_internal_customer"):
		return False
	return bool(doc.customer and doc.company)


def amount_of(doc: Document) -> Decimal:
	"""Return the document's total in company currency."""
	return as_money(doc.base_grand_total)


def addition_of(doc: Document) -> Decimal:
	"""Return what *doc* adds to the exposure when it is submitted, company currency.

	An order adds its total; a delivery what is not from an order or invoice; an invoice what exceeds the orders
	and deliveries it bills, less what is paid with it.
	"""
	if doc.doctype == ORDER:
		return amount_of(doc)
	if doc.doctype == DELIVERY:
		return _share(doc, [r for r in doc.items if not (r.against_sales_order or r.against_sales_invoice)])
	new = _share(doc, [row for row in doc.items if not (row.sales_order or row.delivery_note)])
	paid = as_money(doc.get("base_paid_amount")) - as_money(doc.get("base_change_amount"))
	return new + _beyond_orders(doc) - (paid if doc.get("is_pos") else ZERO)


def _share(doc: Document, rows: list) -> Decimal:
	"""Return the part of the grand total that falls on *rows*, taxes included."""
	if len(rows) == len(doc.items):
		return amount_of(doc)
	net = as_money(doc.base_net_total)
	part = sum((as_money(row.base_net_amount) for row in rows), ZERO)
	return amount_of(doc) * part / net if net else ZERO


def _beyond_orders(doc: Document) -> Decimal:
	"""Return by how much an invoice bills more than its orders still have to be billed."""
	by_order: dict[str, list] = {}
	for row in doc.items:
		if row.sales_order:
			by_order.setdefault(row.sales_order, []).append(row)
	if not by_order:
		return ZERO
	orders = frappe.get_all(
		ORDER,
		{"name": ("in", list(by_order)), "docstatus": 1},
		["name", "base_grand_total", "per_billed", "status"],
		order_by="name",
	)
	unbilled = {
		row.name: ZERO
		if row.status == "Closed"
		else as_money(row.base_grand_total) * (100 - as_money(row.per_billed)) / 100
		for row in orders
	}
	return sum(
		(max(_share(doc, rows) - unbilled.get(name, ZERO), ZERO) for name, rows in by_order.items()), ZERO
	)


def origins_of(doc: Document) -> list[tuple[str, str]]:
	"""Return the documents each line of *doc* was made from; empty where any line was made from nothing."""
	found = []
	for row in doc.items:
		order = row.get("sales_order") or row.get("against_sales_order")
		invoice = row.get("against_sales_invoice")
		delivery = row.get("delivery_note")
		if order:
			found.append((ORDER, order))
		elif invoice:
			found.append((INVOICE, invoice))
		elif delivery and doc.doctype == INVOICE:
			found.append((DELIVERY, delivery))
		else:
			return []
	return found


def is_paid_with(doc: Document) -> bool:
	"""Return whether an invoice is paid in full as it is made, at a point of sale."""
	if doc.doctype != INVOICE or not doc.get("is_pos"):
		return False
	return as_money(doc.base_paid_amount) + as_money(doc.get("base_write_off_amount")) >= amount_of(doc) > 0


def orders_paid_in_advance(doc: Document) -> bool:
	"""Return whether *doc* only delivers or bills orders that are paid in full already."""
	origins = set(origins_of(doc)) if doc.doctype != ORDER else set()
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
