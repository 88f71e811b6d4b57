"""Dispute Analysis: why customers do not pay, by reason, because that is what to mend."""

import frappe
from frappe import _
from frappe.utils import date_diff, flt, getdate

from client_ledger.collections.disputes import RUNNING_STATUSES
from client_ledger.reporting import collections, columns
from client_ledger.site.arguments import report_filters
from client_ledger.site.doctypes import DISPUTE_REASON, LEDGER_DISPUTE

LOST = ("Credited", "Accepted", "Short Payment Accepted")


@report_filters()
def execute(filters: dict | None = None) -> tuple:
	"""Return (columns, rows, message, chart, summary), a row per reason, in company currency."""
	rows = read(collections.asked(filters))
	by_category: dict[str, float] = {}
	for row in rows:
		by_category[row["category"]] = by_category.get(row["category"], 0) + row["amount"]
	return get_columns(), rows, None, collections.chart(by_category, _("Disputed")), get_summary(rows)


def read(asked: collections.Asked) -> list[dict]:
	"""Return the disputes opened in the period, by reason; only what the user may see."""
	categories = dict(
		frappe.get_all(DISPUTE_REASON, fields=["name", "category"], order_by="name", as_list=True)
	)
	fields = ["reason", "status", "base_amount", "opened_on", "resolved_on"]
	found: dict[str, dict] = {}
	days: dict[str, list[int]] = {}
	for dispute in asked.documents(LEDGER_DISPUTE, "opened_on", fields):
		row = found.setdefault(
			dispute.reason,
			{"reason": _(dispute.reason), "category": categories.get(dispute.reason, "Other"),
			 "currency": asked.currency, "disputes": 0, "open": 0, "lost": 0, "amount": 0.0, "lost_amount": 0.0},
		)  # fmt: skip
		row["disputes"] += 1
		row["amount"] += flt(dispute.base_amount)
		row["open"] += dispute.status in RUNNING_STATUSES
		if dispute.status in LOST:
			row["lost"] += 1
			row["lost_amount"] += flt(dispute.base_amount)
		end = dispute.resolved_on or getdate()
		days.setdefault(dispute.reason, []).append(date_diff(end, dispute.opened_on))
	for reason, row in found.items():
		row["days"] = sum(days[reason]) / len(days[reason])
		row["category_label"] = _(row["category"])
	return sorted(found.values(), key=lambda row: (-row["amount"], row["reason"]))


def get_columns() -> list[dict]:
	"""Return the columns."""
	return [
		columns.data("reason", _("Reason"), 260),
		columns.data("category_label", _("Category"), 140),
		columns.number("disputes", _("Disputes")),
		columns.number("open", _("Open")),
		columns.currency(),
		columns.amount("amount", _("Disputed")),
		columns.number("lost", _("Conceded"), 100),
		columns.amount("lost_amount", _("Amount Conceded"), 140),
		{
			"fieldname": "days",
			"label": _("Average Days to Resolve"),
			"fieldtype": "Float",
			"precision": 1,
			"width": 110,
		},
	]


def get_summary(rows: list[dict]) -> list[dict]:
	"""Return how much is in dispute, and how much of it was rightly so."""
	if not rows:
		return []
	amount = sum(row["amount"] for row in rows)
	lost = sum(row["lost_amount"] for row in rows)
	currency = rows[0]["currency"]
	return [
		{"label": _("Disputes"), "value": sum(row["disputes"] for row in rows), "datatype": "Int"},
		{"label": _("Disputed"), "value": amount, "datatype": "Currency", "currency": currency},
		{"label": _("Amount Conceded"), "value": lost, "datatype": "Currency", "currency": currency},
	]
