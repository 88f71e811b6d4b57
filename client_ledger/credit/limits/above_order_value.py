"""Deliveries that are worth more than the order they are made from: what is beyond it, until that is billed.

The exposure counts an order and not its deliveries, as ERPNext's does: a line that is dearer than the order's would be
delivered unseen.
"""

from decimal import Decimal

import frappe
from frappe.query_builder.functions import Sum

from client_ledger.core.credit.exposure import SAME_RATE, beyond_order
from client_ledger.core.money import ZERO, as_money, rounded
from client_ledger.ledger.reader import Scope, UnbilledDelivery


def deliveries_beyond_orders(scope: Scope, precision: int) -> list[UnbilledDelivery]:
	"""Return the deliveries of *scope* that are worth more than their orders, by what they are worth more, oldest first."""
	lines = _lines(scope)
	billed = _billed([line.name for line in lines])
	found: dict[str, UnbilledDelivery] = {}
	for line in lines:
		amount = as_money(line.amount)
		beyond = beyond_order(amount, as_money(line.net_rate), as_money(line.ordered_rate))
		# What is billed of the line is billed of the order's share first.
		rest = min(beyond, amount - billed.get(line.name, ZERO))
		if rest > 0 and line.total:
			share = rounded(as_money(line.base_grand_total) * rest / as_money(line.total), precision)
			before = found.get(line.parent)
			found[line.parent] = UnbilledDelivery(
				line.parent,
				line.customer,
				line.company,
				line.posting_date,
				share + (before.base_unbilled if before else ZERO),
			)
	return list(found.values())


def ordered_rates(names: list[str]) -> dict[str, Decimal]:
	"""Return the net rate of each submitted order line of *names*."""
	rows = frappe.get_all(
		"Sales Order Item", {"name": ("in", names), "docstatus": 1}, ["name", "net_rate"], order_by="name"
	)
	return {row.name: as_money(row.net_rate) for row in rows}


def _lines(scope: Scope) -> list[frappe._dict]:
	note, line = frappe.qb.DocType("Delivery Note"), frappe.qb.DocType("Delivery Note Item")
	ordered = frappe.qb.DocType("Sales Order Item")
	query = (
		frappe.qb.from_(note)
		.join(line)
		.on(line.parent == note.name)
		.join(ordered)
		.on((ordered.name == line.so_detail) & (ordered.parent == line.against_sales_order))
		.select(line.name, line.parent, line.amount, line.net_rate, ordered.net_rate.as_("ordered_rate"))
		.select(note.customer, note.company, note.posting_date, note.base_grand_total, note.total)
		.where((note.docstatus == 1) & note.status.notin(("Closed", "Stopped")) & (note.per_billed < 100))
		.where(note.company.isin(scope.companies) & (line.net_rate > ordered.net_rate * float(SAME_RATE)))
		.orderby(note.posting_date)
		.orderby(line.parent)
		.orderby(line.idx)
	)
	if scope.customers is not None:
		query = query.where(note.customer.isin(scope.customers or ("",)))
	return query.run(as_dict=True)


def _billed(lines: list[str]) -> dict[str, Decimal]:
	if not lines:
		return {}
	item = frappe.qb.DocType("Sales Invoice Item")
	query = (
		frappe.qb.from_(item)
		.select(item.dn_detail, Sum(item.amount))
		.where((item.docstatus == 1) & item.dn_detail.isin(lines))
		.groupby(item.dn_detail)
	)
	return {name: as_money(amount) for name, amount in query.run()}
