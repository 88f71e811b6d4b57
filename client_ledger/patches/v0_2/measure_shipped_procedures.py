"""Say of the shipped procedures by what their steps are measured: sites that were made before could not."""

import frappe
from frappe.utils import cint

from client_ledger.procedures.shipped import MEASURED, PROCEDURES
from client_ledger.site.doctypes import PROCEDURE, PROCEDURE_STEP
from client_ledger.site.language import in_site_language


def execute() -> None:
	"""Only steps that still say what was shipped, with its deadline, and of which nobody has said by what they are measured."""
	for title, (_summary, _doctypes, steps) in PROCEDURES.items():
		shipped = {
			said: (deadline, unit, MEASURED[text].value)
			for text, _role, deadline, unit in steps
			if text in MEASURED
			for said in (text, in_site_language(text))
		}
		for row in frappe.get_all(
			PROCEDURE_STEP,
			{"parenttype": PROCEDURE, "parent": ("in", [title, in_site_language(title)])},
			["name", "instruction", "deadline", "deadline_unit", "measured_by"],
			order_by="parent, idx",
		):
			known = shipped.get((row.instruction or "").strip())
			if known and not row.measured_by and (cint(row.deadline), row.deadline_unit) == known[:2]:
				frappe.db.set_value(PROCEDURE_STEP, row.name, "measured_by", known[2], update_modified=False)
