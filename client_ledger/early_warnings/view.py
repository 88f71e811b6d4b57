"""What is shown of warnings: those of a customer on its tab, and a signal's record beside a warning."""

from typing import Any

import frappe
from frappe.utils import cint, get_fullname

from client_ledger.early_warnings.access import can
from client_ledger.early_warnings.statuses import CLOSED
from client_ledger.site.doctypes import EARLY_WARNING, WARNING_SIGNAL, WARNING_SIGNAL_RECORD
from client_ledger.site.rows import plain_row

SHOWN = 20
FIELDS = (
	*("name", "signal", "signal_name", "severity", "status", "reason", "reason_message", "reason_values"),
	*("proposed_action", "score", "responsible", "raised_on", "snoozed_until", "outcome", "ended_on"),
	*("action", "action_doctype", "action_name"),
)
RECORD = (
	*(
		"verdict",
		"raised",
		"judged",
		"bad",
		"base_rate",
		"lift",
		"lead_days",
		"already_bad",
		"since",
		"until",
		"is_on",
	),
)
_PLACE = {"High": 0, "Medium": 1, "Low": 2}


def of_customer(customer: str, company: str) -> list[dict]:
	"""Return the warnings of a customer that the user may see: those that run first, the gravest first."""
	rows = frappe.get_list(
		EARLY_WARNING,
		{"customer": customer, "company": company},
		list(FIELDS),
		order_by="raised_on desc, name desc",
		limit_page_length=SHOWN,
	)
	rows.sort(key=lambda row: (row.status == CLOSED, _PLACE.get(row.severity, 3)))
	may = can("work")
	return [
		{
			**plain_row(row),
			"responsible": get_fullname(row.responsible) if row.responsible else None,
			"may": may,
		}
		for row in rows
	]


def record_of(name: str) -> dict[str, Any]:
	"""Return {record, use, may}: the record of the warning's signal with its company, None where there is none yet; what people chose for it."""
	signal, company = frappe.db.get_value(EARLY_WARNING, name, ["signal", "company"])
	record = frappe.db.get_value(
		WARNING_SIGNAL_RECORD,
		{"parent": signal, "company": company, "parenttype": "Warning Signal"},
		list(RECORD),
		as_dict=True,
	)
	return {
		"use": frappe.db.get_value(WARNING_SIGNAL, signal, "enabled"),
		"record": {**plain_row(record), "is_on": cint(record.is_on)} if record else None,
		"may": {"work": can("work"), "manage": can("manage")},
	}
