"""The nightly check: what there is of backups, judged, kept as a Backup Check, and told to people where it has to be."""

from dataclasses import replace
from datetime import datetime

import frappe
from frappe import _
from frappe.translate import print_language
from frappe.utils import cint, get_datetime, now_datetime
from frappe.utils.user import get_users_with_role

from client_ledger.backups.folder import MEGABYTE, look
from client_ledger.backups.messages import dumped, summary
from client_ledger.backups.places import places
from client_ledger.core.backups import (
	HOUR,
	BackupFinding,
	BackupVerdict,
	Facts,
	Judgement,
	Told,
	alert,
	judge,
)
from client_ledger.core.marked import marked
from client_ledger.site.doctypes import BACKUP_CHECK, LEDGER_SETTINGS
from client_ledger.site.language import site_language
from client_ledger.site.notify import notify
from client_ledger.site.rows import bulk_insert

CHECK, DRILL = "Check", "Drill"
AUDITORS_TOO = "System Managers and Auditors"

TEXTS = {
	Told.ALERT: marked("There is no good backup that is new enough: {0}"),
	Told.REMINDER: marked("There is still no good backup that is new enough: {0}"),
	Told.RECOVERY: marked("There is a good backup again: {0}"),
}


def check() -> str:
	"""Check the site's backups, keep the result, tell people where it is bad or good again. Returns the Backup Check's name."""
	facts = replace(look(), places=places())
	now = now_datetime()
	judged = judge(facts, now, most_days())
	told = _to_tell(judged, now)
	name = _store(facts, judged, now, told)
	if told != Told.NOTHING:
		_tell(name, told)
	return name


def most_days() -> int:
	"""Return how many days old the newest good backup may be."""
	return cint(frappe.db.get_single_value(LEDGER_SETTINGS, "backup_max_age")) or 1


def _to_tell(judged: Judgement, now: datetime) -> Told:
	last = frappe.get_all(
		BACKUP_CHECK,
		{"kind": CHECK, "told": ("is", "set")},
		["told", "checked_on"],
		order_by="checked_on desc",
		limit=1,
	)
	if not last:
		return alert(judged.verdict, Told.NOTHING, None, now)
	return alert(judged.verdict, Told(last[0].told), get_datetime(last[0].checked_on), now)


def _store(facts: Facts, judged: Judgement, now: datetime, told: Told) -> str:
	shown = judged.good or judged.newest
	copies = [place.last for place in facts.places if place.last]
	return store(
		CHECK,
		judged.verdict,
		judged.findings,
		checked_on=now,
		backup=shown.name if shown else None,
		taken_on=shown.taken_on if shown else None,
		age_hours=round((now - shown.taken_on) / HOUR, 1) if shown else 0,
		size_mb=shown.size / MEGABYTE if shown else 0,
		encrypted=int(bool(shown and shown.encrypted)),
		with_files=int(bool(shown and shown.files)),
		copied_on=max(copies, default=None),
		told=told.value,
	)


def store(kind: str, verdict: BackupVerdict, findings: tuple[BackupFinding, ...], **values: object) -> str:
	"""Write a Backup Check; return its name. Nothing but this writes one."""
	with print_language(site_language()):
		said = summary(kind, verdict)
	row = {"kind": kind, "verdict": verdict.value, "summary": said, "findings": dumped(findings), **values}
	(name,) = bulk_insert(BACKUP_CHECK, [row])
	return name


def _tell(name: str, told: Told) -> None:
	settings = frappe.get_cached_doc(LEDGER_SETTINGS)
	users = {*get_users_with_role("System Manager"), settings.get("backup_alert_user")}
	if settings.get("backup_alerts_to") == AUDITORS_TOO:
		users.update(get_users_with_role("Auditor"))
	notify(users, BACKUP_CHECK, name, lambda: _(TEXTS[told]))
