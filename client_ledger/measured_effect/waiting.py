"""What waits for a person about trials, for the home page: those that have a result and still run."""

from collections.abc import Sequence

import frappe

from client_ledger.core.measured_effect.effect import EffectVerdict
from client_ledger.measured_effect.trial_status import TrialStatus
from client_ledger.site.doctypes import STEP_TRIAL

RESULTS = tuple(verdict.value for verdict in EffectVerdict if verdict is not EffectVerdict.NOT_ENOUGH)


def with_result(companies: Sequence[str], most: int) -> dict | None:
	"""Return {"total", "amounts", "rows": [{name, title, company, verdict, measured_on}]} of trials to be ended; None without any.

	Only for who may end one: to others they are no work.
	"""
	if not frappe.has_permission(STEP_TRIAL, "write"):
		return None
	rows = frappe.get_list(
		STEP_TRIAL,
		{
			"company": ("in", list(companies)),
			"status": TrialStatus.RUNNING.value,
			"verdict": ("in", RESULTS),
		},
		["name", "title", "company", "verdict", "measured_on"],
		order_by="measured_on, name",
		limit_page_length=0,
	)
	if not rows:
		return None
	shown = [{**row, "measured_on": str(row.measured_on)} for row in rows[:most]]
	return {"total": len(rows), "amounts": [], "rows": shown}
