"""Warning Outcomes: what was raised, what was done about it and what became of it, by signal, action, severity or person."""

from collections.abc import Mapping
from statistics import median
from typing import Any

from frappe import _
from frappe.utils import get_fullname

from client_ledger.reporting import collections, columns
from client_ledger.site.arguments import bad_argument, report_filters
from client_ledger.site.doctypes import EARLY_WARNING

BY = {"Signal": "signal_name", "Action": "action", "Severity": "severity", "Responsible": "responsible"}
TURNED_BAD, RECOVERED, NOTHING_DUE, BAD_ALREADY = (
	"Turned Bad",
	"Did Not Turn Bad",
	"Nothing Fell Due",
	"Bad Already",
)
FIELDS = (
	*("signal_name", "action", "severity", "responsible", "status", "outcome", "raised_on", "turned_bad_on"),
	*("closed_because", "amount"),
)


@report_filters()
def execute(filters: dict | None = None) -> tuple:
	"""Return (columns, rows, message, chart, summary): a row per signal, or whatever is asked for."""
	asked = collections.asked(filters)
	by = filters.get("group_by") or "Signal"
	if by not in BY:
		bad_argument("group_by", _("Choose one of: {0}.").format(", ".join(_(one) for one in BY)))
	rows = read(asked, by)
	raised = {row["group"]: row["raised"] for row in rows}
	return get_columns(by), rows, None, collections.chart(raised, _("Raised"), translated=True), summary(rows)


def read(asked: collections.Asked, by: str) -> list[dict]:
	"""Return the warnings raised in the period that the user may see, counted."""
	found: dict[str, dict[str, Any]] = {}
	leads: dict[str, list[int]] = {}
	for row in asked.documents(EARLY_WARNING, "raised_on", FIELDS):
		key = row[BY[by]] or ""
		counted = found.setdefault(key, _empty(by, key))
		_count(counted, row)
		if row.outcome == TURNED_BAD and row.turned_bad_on:
			leads.setdefault(key, []).append((row.turned_bad_on - row.raised_on).days)
	for key, row in found.items():
		judged = row["bad"] + row["recovered"]
		row["bad_share"] = 100 * row["bad"] / judged if judged else None
		row["lead_days"] = median(leads[key]) if leads.get(key) else None
	return sorted(found.values(), key=lambda row: (-row["raised"], row["group"]))


def _empty(by: str, key: str) -> dict[str, Any]:
	if by == "Responsible":
		group = get_fullname(key) if key else _("Not Assigned")
	else:
		group = _(key) if key else _("None")
	counts = (
		"raised",
		"open",
		"acted",
		"false_alarm",
		"bad",
		"recovered",
		"nothing_due",
		"bad_already",
		"waiting",
	)
	return {"group": group, **dict.fromkeys(counts, 0)}


def _count(counted: dict[str, Any], row: Mapping[str, Any]) -> None:
	counted["raised"] += 1
	counted["open"] += row["status"] in ("Open", "Snoozed")
	counted["acted"] += bool(row["action"])
	counted["false_alarm"] += row["closed_because"] == "False Alarm"
	counted["bad"] += row["outcome"] == TURNED_BAD
	counted["recovered"] += row["outcome"] == RECOVERED
	counted["nothing_due"] += row["outcome"] == NOTHING_DUE
	counted["bad_already"] += row["outcome"] == BAD_ALREADY
	counted["waiting"] += not row["outcome"]


def get_columns(by: str) -> list[dict]:
	"""Return the columns."""
	return [
		columns.data("group", _(by), 240),
		columns.number("raised", _("Raised")),
		columns.number("open", _("Open or Snoozed"), 130),
		columns.number("acted", _("Acted On"), 100),
		columns.number("false_alarm", _("False Alarm"), 110),
		columns.number("bad", _("Turned Bad"), 110),
		columns.number("recovered", _("Did Not Turn Bad"), 110),
		{
			"fieldname": "bad_share",
			"label": _("Share Turned Bad"),
			"fieldtype": "Percent",
			"width": 140,
		},
		{
			"fieldname": "lead_days",
			"label": _("Lead Time (Days)"),
			"fieldtype": "Float",
			"precision": 0,
			"width": 130,
		},
		columns.number("nothing_due", _("Nothing Fell Due"), 140),
		columns.number("bad_already", _("Bad Already"), 110),
		columns.number("waiting", _("Not Over Yet"), 120),
	]


def summary(rows: list[dict]) -> list[dict]:
	"""Return how many there were, and how many of those that are over turned bad."""
	if not rows:
		return []
	bad, recovered = (sum(row[name] for row in rows) for name in ("bad", "recovered"))
	found = [
		{"label": _("Raised"), "value": sum(row["raised"] for row in rows), "datatype": "Int"},
		{"label": _("Turned Bad"), "value": bad, "datatype": "Int"},
		{"label": _("Did Not Turn Bad"), "value": recovered, "datatype": "Int"},
	]
	if bad + recovered:
		found.append(
			{
				"label": _("Share Turned Bad"),
				"value": 100 * bad / (bad + recovered),
				"datatype": "Percent",
			}
		)
	return found
