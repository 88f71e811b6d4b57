"""Duty Conflicts: who could do both duties of a rule, through which roles, and who did both, on what, in a period."""

from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, getdate
from markupsafe import Markup

from client_ledger.core.marked import marked
from client_ledger.duties import report_rows
from client_ledger.duties.people import with_other_accounts
from client_ledger.reporting import columns
from client_ledger.reporting import filters as checked
from client_ledger.site.arguments import report_filters
from client_ledger.site.messages import filled

COULD, DID = marked("Who Could Do Both"), marked("Who Did Both")


@report_filters()
def execute(filters: dict | None = None) -> tuple:
	"""Return (columns, rows, message, chart, summary)."""
	asked = frappe._dict(filters or {})
	view = checked.a_choice(asked, "view", _("Show"), (COULD, DID))
	if view == COULD:
		rows = _wanted(report_rows.could(), asked)
		return could_columns(), rows, None, None, get_summary(rows)
	since = getdate(asked.get("from_date") or add_days(getdate(), -90))
	until = getdate(asked.get("to_date") or getdate())
	if until < since:
		checked.reject(_("To Date"), _("it cannot be before the from date"))
	found, closed = report_rows.did(since, until)
	rows = _wanted(found, asked)
	messages = []
	if closed:
		messages.append(filled(_("{0} more are about customers or companies that you may not see."), closed))
	if played := report_rows.impersonated({row["user"] for row in rows}, since, until):
		messages.append(filled(_("An administrator acted as them in this period: {0}."), ", ".join(played)))
	return did_columns(), rows, Markup("<br>").join(messages) or None, None, get_summary(rows)


def _wanted(rows: Sequence[dict], asked: Mapping[str, Any]) -> list[dict]:
	# What was done is told of the first of a person's accounts.
	users = set(with_other_accounts([asked.user])) if asked.get("user") else set()
	return [
		row
		for row in rows
		if (not users or row["user"] in users)
		and asked.get("duty_rule") in (None, "", row["duty_rule"])
		and not (asked.get("not_mitigated") and row["mitigated_until"])
	]


def could_columns() -> list[dict]:
	"""Return the columns of who could."""
	return [
		*_who(),
		columns.data("first", _("First Duty"), 160),
		columns.data("first_through", _("Through"), 200),
		columns.data("second", _("Second Duty"), 160),
		columns.data("second_through", _("Through"), 200),
		_check("refused_on_same_document", _("Refused on the Same Document")),
		columns.day("mitigated_until", _("Mitigated Until")),
		columns.data("risk", _("Risk"), 320),
	]


def did_columns() -> list[dict]:
	"""Return the columns of who did."""
	return [
		*_who(),
		columns.data("subject_type", _("About", context="Client Ledger"), 120),
		_document("subject", _("Customer or Document"), "subject_type"),
		_check("same_document", _("Same Document")),
		columns.data("first", _("First Duty"), 150),
		columns.data("first_type", _("Document Type"), 120),
		_document("first_name", _("Document", context="Client Ledger"), "first_type"),
		_moment("first_on", _("Done On")),
		columns.number("first_times", _("Times")),
		columns.data("second", _("Second Duty"), 150),
		columns.data("second_type", _("Document Type"), 120),
		_document("second_name", _("Document", context="Client Ledger"), "second_type"),
		_moment("second_on", _("Done On")),
		columns.number("second_times", _("Times")),
		columns.day("mitigated_until", _("Mitigated Until")),
	]


def _who() -> list[dict]:
	return [
		columns.link("user", _("User"), "User", 180),
		columns.data("user_full_name", _("Full Name"), 130),
		columns.data("duty_rule", _("Rule"), 200),
	]


def _document(fieldname: str, label: str, doctype_field: str) -> dict:
	return {
		"fieldname": fieldname,
		"label": label,
		"fieldtype": "Dynamic Link",
		"options": doctype_field,
		"width": 150,
	}


def _check(fieldname: str, label: str) -> dict:
	return {"fieldname": fieldname, "label": label, "fieldtype": "Check", "width": 90}


def _moment(fieldname: str, label: str) -> dict:
	return {"fieldname": fieldname, "label": label, "fieldtype": "Datetime", "width": 140}


def get_summary(rows: Sequence[Mapping[str, Any]]) -> list[dict]:
	"""Return how many users and rules, and how many conflicts nobody has accepted."""
	if not rows:
		return []
	bare = [row for row in rows if not row["mitigated_until"]]
	return [
		{"label": _("Users"), "value": len({row["user"] for row in rows}), "datatype": "Int"},
		{"label": _("Rules"), "value": len({row["duty_rule"] for row in rows}), "datatype": "Int"},
		{
			"label": _("Not Mitigated"),
			"value": len(bare),
			"datatype": "Int",
			"indicator": "Red" if bare else "Green",
		},
	]
