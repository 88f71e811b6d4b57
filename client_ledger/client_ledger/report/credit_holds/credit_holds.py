"""Credit Holds: what was held, why, who decided and how long it took."""

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, get_datetime, getdate, now_datetime, time_diff_in_hours

from client_ledger.credit.check.holds import ON_HOLD
from client_ledger.reporting import columns
from client_ledger.reporting import filters as checked
from client_ledger.reporting.charts import RED, bar_chart
from client_ledger.site.access import check_company
from client_ledger.site.arguments import report_filters
from client_ledger.site.doctypes import CREDIT_HOLD


@report_filters()
def execute(filters: dict | None = None) -> tuple:
	"""Return (columns, rows, message, chart, summary)."""
	asked = frappe._dict(filters or {})
	company = checked.one_company(asked)
	check_company(company)
	rows = read(asked, company)
	return get_columns(), rows, None, get_chart(rows), get_summary(rows, company)


def read(asked: Mapping[str, Any], company: str) -> list[dict]:
	"""Return the holds of the period, or those that wait whenever they began; only what the user may see."""
	since = getdate(asked.get("from_date") or add_days(getdate(), -90))
	until = getdate(asked.get("to_date") or getdate())
	if until < since:
		checked.reject(_("To Date"), _("it cannot be before the from date"))
	conditions: dict[str, Any] = {"company": company}
	if asked.get("status"):
		conditions["status"] = asked["status"]
	if asked.get("customer"):
		conditions["customer"] = asked["customer"]
	found = frappe.get_list(
		CREDIT_HOLD,
		filters=conditions,
		fields=[
			*("name", "customer", "customer_name", "reference_doctype", "reference_name", "status", "amount"),
			*("currency", "exposure", "credit_limit", "grade", "held_on", "held_by"),
			*("decided_by", "decided_on", "decision_reason", "released_until"),
		],
		order_by="held_on desc",
		limit_page_length=0,
	)
	rows = [row for row in found if row.status == ON_HOLD or since <= getdate(row.held_on) <= until]
	rules = _rules([row.name for row in rows])
	wanted = asked.get("rule")
	shown = []
	for row in rows:
		row["rules"] = rules.get(row.name, [])
		if wanted and wanted not in row["rules"]:
			continue
		row["rule"] = ", ".join(_(rule) for rule in row["rules"])
		if row["decided_on"] and not row["decision_reason"]:
			row["decision_reason"] = _("All credit rules now pass")
		row["hours"] = round(hours(row), 1)
		shown.append(row)
	return shown


def hours(row: Mapping[str, Any]) -> float:
	"""Return how long a hold lasted, or has lasted by now, in hours."""
	end = (
		now_datetime()
		if row["status"] == ON_HOLD or not row["decided_on"]
		else get_datetime(row["decided_on"])
	)
	return max(time_diff_in_hours(end, row["held_on"]), 0.0)


def _rules(names: Sequence[str]) -> dict[str, list[str]]:
	"""Return the rules that held each document."""
	found: dict[str, list[str]] = {}
	rows = frappe.get_all(
		"Credit Hold Reason",
		{"parent": ("in", list(names)), "action": "Hold"},
		["parent", "rule"],
		order_by="parent, idx",
	)
	for row in rows:
		found.setdefault(row.parent, []).append(row.rule)
	return found


def get_columns() -> list[dict]:
	"""Return the columns."""
	return [
		columns.link("name", _("Hold"), CREDIT_HOLD, 140),
		columns.data("status", _("Status"), 100),
		columns.link("customer", _("Customer"), "Customer", 170),
		columns.data("customer_name", _("Customer Name"), 150),
		columns.data("reference_doctype", _("Document Type"), 120),
		{
			"fieldname": "reference_name",
			"label": _("Document", context="Client Ledger"),
			"fieldtype": "Dynamic Link",
			"options": "reference_doctype",
			"width": 150,
		},
		columns.currency(),
		columns.amount("amount", _("Amount"), 120),
		columns.amount("exposure", _("Exposure"), 120),
		columns.amount("credit_limit", _("Credit Limit"), 120),
		columns.data("grade", _("Credit Grade"), 70),
		columns.data("rule", _("Rule"), 170),
		{"fieldname": "held_on", "label": _("Put on Hold On"), "fieldtype": "Datetime", "width": 150},
		columns.link("held_by", _("Entered By"), "User", 150),
		{"fieldname": "hours", "label": _("Hours"), "fieldtype": "Float", "precision": 1, "width": 80},
		columns.link("decided_by", _("Decided By"), "User", 150),
		columns.data("decision_reason", _("Reason"), 200),
		{"fieldname": "released_until", "label": _("Released Until"), "fieldtype": "Date", "width": 110},
	]


def get_chart(rows: Sequence[Mapping[str, Any]]) -> dict | None:
	"""Return how many documents each rule held."""
	counts = Counter(rule for row in rows for rule in row["rules"])
	rules = [rule for rule, _number in counts.most_common()]
	return bar_chart([_(rule) for rule in rules], {_("Documents"): [counts[rule] for rule in rules]}, (RED,))


def get_summary(rows: Sequence[Mapping[str, Any]], company: str) -> list[dict]:
	"""Return what waits, and how long decisions took."""
	if not rows:
		return []
	waiting = [row for row in rows if row["status"] == ON_HOLD]
	decided = [row["hours"] for row in rows if row["status"] != ON_HOLD and row["decided_on"]]
	currency = frappe.get_cached_value("Company", company, "default_currency")
	summary = [
		{
			"label": _("On Hold"),
			"value": len(waiting),
			"datatype": "Int",
			"indicator": "Red" if waiting else "Green",
		},
		{
			"label": _("Amount on Hold"),
			"value": sum(row["amount"] for row in waiting),
			"datatype": "Currency",
			"currency": currency,
		},
		{"label": _("Decisions"), "value": len(decided), "datatype": "Int"},
	]
	if decided:
		summary.append(
			{"label": _("Median Hours to Decision"), "value": median(decided), "datatype": "Float"}
		)
	return summary
