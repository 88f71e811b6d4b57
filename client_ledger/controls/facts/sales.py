"""Orders and deliveries as facts: what of them is to be billed, and what is not."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from sys import intern

import frappe
from frappe.query_builder import DocType

from client_ledger.controls.facts.window import FactWindow, by_name, money, rows_of
from client_ledger.core.controls.facts import DELIVERY, ORDER, DeliveryFact, OrderFact

# ERPNext rounds the share that is billed.
_ALL = 99.99
_CLOSED = ("Closed", "Completed")
_ROUNDING = 0.001


def read_orders(window: FactWindow, only_open: bool = False) -> list[OrderFact]:
	"""Return submitted orders; only_open: those of everybody that are not billed, whatever their age."""
	order = DocType(ORDER)
	is_open = order.status.notin(_CLOSED) & (order.per_billed < _ALL)
	query = (
		frappe.qb.from_(order)
		.select(
			order.name,
			order.customer,
			order.transaction_date,
			order.base_net_total,
			order.creation,
			order.owner,
			order.delivery_date,
			order.status,
			order.is_internal_customer,
			order.per_billed,
		)
		.where((order.company == window.company) & (order.docstatus == 1))
	)
	query = query.where(is_open if only_open else window.moved(order, "transaction_date", is_open))
	if window.customers is not None and not only_open:
		query = query.where(window.of_customers(order.customer))
	rows = list(rows_of(window, query, order.name))
	whole = _whole_quantities(ORDER, [row[0] for row in rows if 0 < (row[9] or 0) < _ALL])
	return [
		OrderFact(
			name=intern(name),
			customer=intern(customer),
			date=day,
			base_amount=money(amount),
			created=entered,
			owner=intern(owner or ""),
			delivery_date=due,
			closed=status == "Closed" or bool(internal),
			billed=name in whole,
		)
		for name, customer, day, amount, entered, owner, due, status, internal, _billed in rows
	]


def read_deliveries(window: FactWindow, only_open: bool = False) -> list[DeliveryFact]:
	"""Return submitted deliveries and returns; only_open: those of everybody that are not billed, and what came back of them."""
	note = DocType(DELIVERY)
	is_open = (note.status != "Closed") & (note.per_billed < _ALL)
	query = (
		frappe.qb.from_(note)
		.select(
			note.name,
			note.customer,
			note.posting_date,
			note.posting_time,
			note.base_net_total,
			note.owner,
			note.return_against,
			note.status,
			note.is_internal_customer,
			note.per_billed,
		)
		.where((note.company == window.company) & (note.docstatus == 1))
	)
	chosen = query.where(is_open if only_open else window.moved(note, "posting_date", is_open))
	if window.customers is not None and not only_open:
		chosen = chosen.where(window.of_customers(note.customer))
	rows = list(rows_of(window, chosen, note.name))
	known = {row[0] for row in rows}
	came_back = by_name(query, note.return_against, sorted(known))
	rows += {row[0]: row for row in came_back if row[0] not in known}.values()
	orders = _orders_of([row[0] for row in rows]) if window.parts else {}
	elsewhere = _billed_elsewhere([row[0] for row in rows if (row[9] or 0) >= _ALL])
	whole = _whole_quantities(DELIVERY, [row[0] for row in rows if 0 < (row[9] or 0) < _ALL])
	return [_delivery(row, orders.get(row[0], ()), row[0] in elsewhere, row[0] in whole) for row in rows]


def _delivery(row: tuple, orders: tuple[str, ...], elsewhere: bool, whole: bool) -> DeliveryFact:
	name, customer, day, at, amount, owner, against, status, internal, _billed = row
	return DeliveryFact(
		name=intern(name),
		customer=intern(customer),
		moment=datetime.combine(day, time.min) + (at or timedelta(0)),
		base_amount=money(amount),
		owner=intern(owner or ""),
		orders=orders,
		return_against=against or "",
		closed=status == "Closed" or bool(internal) or elsewhere,
		billed=whole,
	)


def _orders_of(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
	item = DocType("Delivery Note Item")
	query = frappe.qb.from_(item).select(item.parent, item.against_sales_order).distinct()
	found = defaultdict(set)
	for delivery, order in by_name(query.where(item.against_sales_order != ""), item.parent, names):
		found[delivery].add(intern(order))
	return {delivery: tuple(sorted(orders)) for delivery, orders in found.items()}


def _billed_elsewhere(names: Sequence[str]) -> set[str]:
	"""Return deliveries that ERPNext counts as billed, though no invoice names them: their orders were."""
	if not names:
		return set()
	item, sent = DocType("Sales Invoice Item"), DocType("Delivery Note Item")
	billed = frappe.qb.from_(item).select(item.delivery_note).distinct().where(item.docstatus == 1)
	before = frappe.qb.from_(sent).select(sent.parent).distinct().where(sent.against_sales_invoice != "")
	named = {row[0] for row in by_name(billed, item.delivery_note, names)}
	named |= {row[0] for row in by_name(before, sent.parent, names)}
	return set(names) - named


def _whole_quantities(doctype: str, names: Sequence[str]) -> set[str]:
	"""Return those of orders or deliveries that were billed in part by amount, but in full by quantity: at a lower price.

	What was credited since is not among them.
	"""
	if not names:
		return set()
	link, detail = ("sales_order", "so_detail") if doctype == ORDER else ("delivery_note", "dn_detail")
	item, line = DocType("Sales Invoice Item"), DocType(f"{doctype} Item")
	billed: dict[str, float] = defaultdict(float)
	credited = set()
	query = frappe.qb.from_(item).select(item[link], item[detail], item.stock_qty).where(item.docstatus == 1)
	for name, row, quantity in by_name(query, item[link], names):
		billed[row] += quantity or 0
		if (quantity or 0) < 0:
			credited.add(name)
	returned = line.returned_qty * line.conversion_factor
	lines = frappe.qb.from_(line).select(line.parent, line.name, line.stock_qty - returned)
	short = {
		name for name, row, quantity in by_name(lines, line.parent, names) if billed[row] < (quantity or 0) - _ROUNDING
	}  # fmt: skip
	return set(names) - short - credited
