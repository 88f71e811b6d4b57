"""Findings of controls that wait for a person, for the home page."""

from collections.abc import Sequence
from datetime import date

import frappe
from frappe import _
from frappe.query_builder import Case, Order
from frappe.utils import getdate

from client_ledger.controls.access import WORKING
from client_ledger.controls.rows import reason_of
from client_ledger.core.controls.lifecycle import OPEN_STATUSES
from client_ledger.site.access import currencies_of
from client_ledger.site.doctypes import CONTROL_FINDING
from client_ledger.site.roles import has_one_of
from client_ledger.site.rows import plain_row
from client_ledger.site.visible import may_list, only_visible, summed, sums

OPEN = [status.value for status in OPEN_STATUSES]
FIELDS = (
	*("name", "control", "control_title", "company", "customer", "customer_name", "severity", "status"),
	*("amount", "currency", "reason", "reason_message", "reason_values", "due_date", "responsible"),
)


def open_findings(companies: Sequence[str], today: date, most: int) -> dict | None:
	"""Return {"total", "amounts", "rows"}: open findings, late ones and severe ones first; None where there are none, or for who may
	not see them. Those whose work findings are get all that they see; others those they are responsible for.
	"""
	if not may_list(CONTROL_FINDING):
		return None
	mine = None if has_one_of(WORKING) else frappe.session.user

	def where(table):
		found = table.status.isin(OPEN)
		return found if mine is None else found & (table.responsible == mine)

	counted = summed(sums(CONTROL_FINDING, companies, "amount", where))
	if not counted["total"]:
		return None
	return {**counted, "amounts": [], "rows": _rows(companies, where, today, most)}


def _rows(companies: Sequence[str], where, today: date, most: int) -> list[dict]:
	table = frappe.qb.DocType(CONTROL_FINDING)
	rank = Case()
	for place, severity in enumerate(("High", "Medium", "Low")):
		rank = rank.when(table.severity == severity, place)
	late = Case().when(table.due_date < today, 0).else_(1)
	query = (
		frappe.qb.from_(table)
		.select(*(table[field] for field in FIELDS))
		.where(table.company.isin(list(companies)) & where(table))
		.orderby(late)
		.orderby(rank.else_(3))
		.orderby(table.due_date)
		.orderby(table.amount, order=Order.desc)
		.orderby(table.name)
		.limit(most)
	)
	currencies = currencies_of(companies)
	return [
		{
			**plain_row(row),
			"control_title": _(row.control_title),
			"reason": reason_of(row),
			"currency": row.currency or currencies[row.company],
			"late": bool(row.due_date and getdate(row.due_date) < today),
		}
		for row in only_visible(query, CONTROL_FINDING).run(as_dict=True)
	]
