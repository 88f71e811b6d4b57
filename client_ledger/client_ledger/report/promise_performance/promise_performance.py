"""Promise Performance: what was promised, what of it came in time, and whose promises can be relied on."""

from collections import defaultdict

import frappe
from frappe import _
from frappe.utils import cint, flt

from client_ledger.core.collections.promises import PromiseStatus
from client_ledger.reporting import collections, columns
from client_ledger.site.arguments import report_filters
from client_ledger.site.doctypes import CLIENT_ACCOUNT, PROMISE_TO_PAY

KEPT, PARTLY, BROKEN = (
	PromiseStatus.KEPT.value,
	PromiseStatus.PARTLY_KEPT.value,
	PromiseStatus.BROKEN.value,
)


@report_filters()
def execute(filters: dict | None = None) -> tuple:
	"""Return (columns, rows, message, chart, summary), a row per customer, in company currency."""
	asked = collections.asked(filters)
	rows = read(asked)
	return get_columns(), rows, None, collections.chart(_states(asked), _("Promises")), get_summary(rows)


def read(asked: collections.Asked) -> list[dict]:
	"""Return the promises made in the period, by customer; only what the user may see."""
	by_customer: dict[str, dict] = {}
	for promise in _promises(asked):
		row = by_customer.setdefault(
			promise.customer,
			{"customer": promise.customer, "customer_name": promise.customer_name, "currency": asked.currency,
			 "promises": 0, "kept": 0, "partly_kept": 0, "broken": 0, "running": 0, "promised": 0.0, "received": 0.0},
		)  # fmt: skip
		row["promises"] += 1
		field = {KEPT: "kept", PARTLY: "partly_kept", BROKEN: "broken", "Open": "running"}.get(promise.status)
		if field:
			row[field] += 1
		rate = flt(promise.base_amount) / flt(promise.amount) if flt(promise.amount) else 1
		row["promised"] += flt(promise.base_amount)
		row["received"] += flt(promise.received) * rate
	relied = {
		row.customer: row
		for row in frappe.get_all(
			CLIENT_ACCOUNT,
			{"company": asked.company, "promises_over": (">", 0)},
			["customer", "promise_reliability", "promises_over"],
			order_by="customer",
		)
	}
	for name, row in by_customer.items():
		decided = row["kept"] + row["partly_kept"] + row["broken"]
		row["kept_rate"] = 100 * row["kept"] / decided if decided else None
		known = relied.get(name)
		row["reliability"] = flt(known.promise_reliability) if known else None
		row["number"] = cint(known.promises_over) if known else 0
	return sorted(by_customer.values(), key=lambda row: (-row["promised"], row["customer"]))


def _promises(asked: collections.Asked) -> list[frappe._dict]:
	return asked.documents(
		PROMISE_TO_PAY,
		"made_on",
		["customer", "customer_name", "status", "amount", "base_amount", "received"],
	)


def _states(asked: collections.Asked) -> dict[str, float]:
	counts: dict[str, float] = defaultdict(float)
	for promise in _promises(asked):
		counts[promise.status] += 1
	return counts


def get_columns() -> list[dict]:
	"""Return the columns."""
	return [
		columns.link("customer", _("Customer"), "Customer", 170),
		columns.data("customer_name", _("Customer Name"), 160),
		columns.number("promises", _("Promises")),
		columns.number("kept", _("Kept")),
		columns.number("partly_kept", _("Partly Kept"), 110),
		columns.number("broken", _("Broken")),
		columns.number("running", _("Open")),
		columns.currency(),
		columns.amount("promised", _("Promised")),
		columns.amount("received", _("Amount Received")),
		{"fieldname": "kept_rate", "label": _("Kept (%)"), "fieldtype": "Percent", "width": 90},
		{
			"fieldname": "reliability",
			"label": _("Promise Reliability"),
			"fieldtype": "Percent",
			"width": 130,
		},
		columns.number("number", _("Promises Decided"), 130),
	]


def get_summary(rows: list[dict]) -> list[dict]:
	"""Return how many promises were kept, and their share of those decided."""
	if not rows:
		return []
	kept = sum(row["kept"] for row in rows)
	decided = kept + sum(row["partly_kept"] + row["broken"] for row in rows)
	summary = [
		{"label": _("Promises"), "value": sum(row["promises"] for row in rows), "datatype": "Int"},
		{"label": _("Kept"), "value": kept, "datatype": "Int", "indicator": "Green"},
	]
	if decided:
		summary.append({"label": _("Kept (%)"), "value": 100 * kept / decided, "datatype": "Percent"})
	return summary
