"""Procedures that the user still has to read, for the home page."""

import frappe

from client_ledger.core.procedures.reading import ReadingStatus
from client_ledger.procedures.faults import left_alone
from client_ledger.procedures.readers import readings_of
from client_ledger.site.doctypes import PROCEDURE
from client_ledger.site.visible import may_list


def to_read(most: int) -> dict | None:
	"""Return {"total", "amounts", "rows"}: procedures to be read, the most urgent first; None where there are none.

	Who may change procedures sees before them those that nobody can follow any more (left_alone).
	"""
	if not may_list(PROCEDURE):
		return None
	alone = [name for name, _faults in left_alone()] if frappe.has_permission(PROCEDURE, "write") else []
	found = [one for one in readings_of(frappe.session.user) if one.status is not ReadingStatus.READ]
	if not found and not alone:
		return None
	found.sort(key=lambda one: (one.due, one.procedure))
	rows = [{"name": name, "left_alone": True} for name in alone]
	rows += [
		{
			"name": one.procedure,
			"version": one.version,
			"due": str(one.due),
			"late": one.status is ReadingStatus.LATE,
		}
		for one in found
	]
	return {"total": len(rows), "amounts": [], "rows": rows[:most]}
