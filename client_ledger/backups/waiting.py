"""How the site's backups are, for the home page and the setup page: the last check, and whether one is missing."""

import frappe
from frappe.utils import get_datetime, now_datetime

from client_ledger.backups.check import CHECK, DRILL
from client_ledger.backups.messages import loaded, sentence, summary
from client_ledger.core.backups import DAY, BackupVerdict
from client_ledger.site.doctypes import BACKUP_CHECK
from client_ledger.site.visible import may_list

# A check is made every night; without one for so long something is wrong with the background jobs.
CHECKED_EVERY = 2 * DAY
SHOWN = 3


def last_check() -> dict | None:
	"""Return {name, verdict, checked_on, taken_on, summary, findings, unchecked, drilled_on}, None for who may not see checks.

	Without a check the verdict is empty. unchecked: there has been none for too long. findings: the worst of them, as HTML.
	"""
	if not may_list(BACKUP_CHECK):
		return None
	rows = frappe.get_list(
		BACKUP_CHECK,
		{"kind": CHECK},
		["name", "verdict", "checked_on", "taken_on", "findings"],
		order_by="checked_on desc",
		limit_page_length=1,
	)
	if not rows:
		return {"verdict": "", "unchecked": True, "findings": [], "drilled_on": None}
	row = rows[0]
	found = [one for one in loaded(row.findings) if one.verdict != BackupVerdict.GOOD]
	worst_first = sorted(found, key=lambda one: one.verdict != BackupVerdict.BAD)
	return {
		"name": row.name,
		"verdict": row.verdict,
		"checked_on": str(row.checked_on),
		"taken_on": str(row.taken_on) if row.taken_on else None,
		"summary": summary(CHECK, BackupVerdict(row.verdict)),
		"findings": [str(sentence(one)) for one in worst_first[:SHOWN]],
		"unchecked": now_datetime() - get_datetime(row.checked_on) > CHECKED_EVERY,
		"drilled_on": _drilled_on(),
	}


def _drilled_on() -> str | None:
	"""Return when a restore was tried last that did not fail."""
	rows = frappe.get_list(
		BACKUP_CHECK,
		{"kind": DRILL, "verdict": ("!=", BackupVerdict.BAD.value)},
		pluck="checked_on",
		order_by="checked_on desc",
		limit_page_length=1,
	)
	return str(rows[0]) if rows else None
