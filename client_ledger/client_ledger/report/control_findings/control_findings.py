"""Control Findings: what controls found in a period, closed ones with the reason, and what it comes to by control, customer, person."""

from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, getdate

from client_ledger.controls import report_rows
from client_ledger.core.marked import marked
from client_ledger.reporting import columns
from client_ledger.reporting import filters as checked
from client_ledger.site.arguments import report_filters

EACH, BY_CONTROL = marked("Each Finding"), marked("By Control")
BY_CUSTOMER, BY_PERSON = marked("By Customer"), marked("By Person")
VIEWS = (EACH, BY_CONTROL, BY_CUSTOMER, BY_PERSON)


@report_filters()
def execute(filters: dict | None = None) -> tuple:
	"""Return (columns, rows, message, chart, summary)."""
	asked = frappe._dict(filters or {})
	view = checked.a_choice(asked, "view", _("Show"), VIEWS)
	companies = checked.companies(asked)
	asked.setdefault("from_date", add_days(getdate(), -366))
	asked.setdefault("to_date", getdate())
	since, until = checked.period(asked)
	found = report_rows.findings(asked, companies, since, until)
	summary = get_summary(found)
	if view == BY_CONTROL:
		return control_columns(), report_rows.by_control(found, companies), None, None, summary
	if view == BY_CUSTOMER:
		return customer_columns(), report_rows.by_customer(found), None, None, summary
	if view == BY_PERSON:
		return person_columns(), report_rows.by_person(found), None, None, summary
	return finding_columns(companies), found, None, None, summary


def finding_columns(companies: Sequence[str]) -> list[dict]:
	"""Return the columns of single findings."""
	return [
		columns.link("name", _("Finding"), "Control Finding", 110),
		columns.data("title", _("Control"), 190),
		columns.data("severity", _("Severity"), 80),
		columns.data("status", _("Status"), 95),
		columns.day("on_date", _("Happened On")),
		*columns.company(companies),
		columns.link("customer", _("Customer"), "Customer"),
		columns.data("person", _("About"), 150),
		columns.data("reason", _("Reason"), 380),
		columns.amount("amount", _("Amount")),
		columns.currency(),
		columns.data("responsible", _("Responsible"), 150),
		columns.day("due_date", _("Due Date")),
		columns.number("days", _("Days Open")),
		_moment("first_found", _("First Found On")),
		_moment("last_found", _("Last Found On")),
		columns.number("found_again", _("Found Again (Times)")),
		columns.data("resolution", _("Reason for Closing"), 260),
		columns.data("closed_by", _("Closed By"), 150),
		_moment("closed_on", _("Closed On")),
	]


def control_columns() -> list[dict]:
	"""Return the columns by control."""
	return [
		columns.data("title", _("Control"), 260),
		{"fieldname": "enabled", "label": _("On"), "fieldtype": "Check", "width": 60},
		columns.day("last_run", _("Last Run")),
		columns.data("silent", _("Why It Could Say Nothing"), 240),
		*_counts(),
	]


def customer_columns() -> list[dict]:
	"""Return the columns by customer."""
	return [
		columns.link("customer", _("Customer"), "Customer", 200),
		columns.data("customer_name", _("Customer Name"), 200),
		*_counts(),
	]


def person_columns() -> list[dict]:
	"""Return the columns by person."""
	return [columns.data("person", _("About"), 240), *_counts()]


def _counts() -> list[dict]:
	return [
		columns.number("total", _("Findings")),
		columns.number("open", _("Open")),
		columns.number("late", _("Overdue")),
		columns.number("accepted", _("Accepted")),
		columns.number("resolved", _("Resolved")),
		columns.number("gone", _("Gone")),
		columns.number("days", _("Days to Close")),
		columns.amount("amount", _("Open Amount")),
		columns.currency(),
	]


def _moment(fieldname: str, label: str) -> dict:
	return {"fieldname": fieldname, "label": label, "fieldtype": "Datetime", "width": 140}


def get_summary(rows: Sequence[Mapping[str, Any]]) -> list[dict]:
	"""Return how many were found, are open, and should have been closed."""
	if not rows:
		return []
	open_ones = [row for row in rows if row["status"] in report_rows.OPEN]
	late = sum(row["late"] for row in rows)
	return [
		{"label": _("Findings"), "value": len(rows), "datatype": "Int"},
		{"label": _("Open"), "value": len(open_ones), "datatype": "Int"},
		{
			"label": _("Overdue"),
			"value": late,
			"datatype": "Int",
			"indicator": "Red" if late else "Green",
		},
	]
