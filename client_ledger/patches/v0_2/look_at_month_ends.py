"""Let the control of credit notes after a period's end look at months, as new sites do, where nobody has set its period."""

import json

import frappe

from client_ledger.site.doctypes import CONTROL_PARAMETER, LEDGER_CONTROL

CONTROL, PARAMETER = "credit_note_after_end", "months"
# What was shipped before, and is now.
QUARTER, MONTH = 3, 1


def execute() -> None:
	"""Whoever has changed the control's parameters has chosen the period, too."""
	history = json.loads(frappe.db.get_value(LEDGER_CONTROL, CONTROL, "history") or "[]")
	if any(entry.get("what") == "Parameters Changed" for entry in history):
		return
	row = {"parent": CONTROL, "parenttype": LEDGER_CONTROL, "parameter": PARAMETER, "value": QUARTER}
	if name := frappe.db.get_value(CONTROL_PARAMETER, row):
		frappe.db.set_value(CONTROL_PARAMETER, name, "value", MONTH, update_modified=False)
