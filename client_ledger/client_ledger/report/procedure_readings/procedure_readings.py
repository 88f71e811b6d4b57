"""Procedure Readings: who has read and understood the version in force of each procedure, who has not, and who is late."""

from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe import _

from client_ledger.core.procedures.reading import ReadingStatus
from client_ledger.procedures.faults import left_alone
from client_ledger.procedures.readers import all_readings
from client_ledger.reporting import columns
from client_ledger.site.arguments import report_filters
from client_ledger.site.messages import filled


@report_filters()
def execute(filters: dict | None = None) -> tuple:
	"""Return (columns, rows, message, chart, summary)."""
	asked = frappe._dict(filters or {})
	names = dict(frappe.get_all("User", fields=["name", "full_name"], order_by="name", as_list=True))
	rows = [
		{
			"procedure": one.procedure,
			"version": one.version,
			"user": one.user,
			"user_full_name": names.get(one.user),
			"status": one.status.value,
			"due": one.due,
			"read_on": one.read_on,
		}
		for one in all_readings()
		if asked.get("procedure") in (None, "", one.procedure)
		and asked.get("user") in (None, "", one.user)
		and asked.get("status") in (None, "", one.status.value)
	]
	return get_columns(), rows, get_message(asked.get("procedure")), None, get_summary(rows)


def get_message(procedure: str | None) -> str | None:
	"""Return which procedures nobody can follow any more, None where there are none."""
	names = [name for name, _faults in left_alone() if procedure in (None, "", name)]
	if not names:
		return None
	return filled(
		_("Nobody is left for a step, or answers for it: {0}"), ", ".join(_(name) for name in names)
	)


def get_columns() -> list[dict]:
	"""Return the columns."""
	return [
		columns.link("procedure", _("Procedure"), "Procedure", 220),
		columns.number("version", _("Version"), 80),
		columns.link("user", _("User"), "User", 200),
		columns.data("user_full_name", _("Full Name"), 150),
		columns.data("status", _("Status"), 110),
		columns.day("due", _("To Be Read By")),
		{
			"fieldname": "read_on",
			"label": _("Read and Understood On"),
			"fieldtype": "Datetime",
			"width": 170,
		},
	]


def get_summary(rows: Sequence[Mapping[str, Any]]) -> list[dict]:
	"""Return how many have read, have still to read, and are late."""
	colours = {ReadingStatus.READ: "Green", ReadingStatus.TO_READ: "Orange", ReadingStatus.LATE: "Red"}
	return [
		{
			"label": _(status.value),
			"value": sum(row["status"] == status.value for row in rows),
			"datatype": "Int",
			"indicator": colours[status],
		}
		for status in ReadingStatus
		if rows
	]
