"""What was to be done and when: backups, reconciliations, procedures to be read and to be kept to.

Only what is not done is told, but for what has a document of its own that says when it was done.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import frappe
from frappe import _
from frappe.translate import print_language

from client_ledger.backups.check import CHECK
from client_ledger.controls.facts.deadlines import read_deadlines
from client_ledger.controls.facts.window import FactWindow, is_first
from client_ledger.core.controls.facts import DueFact, DueKind
from client_ledger.core.entries import Voucher
from client_ledger.core.procedures.reading import ReadingStatus, ToRead
from client_ledger.procedures.readers import all_readings
from client_ledger.site.doctypes import BACKUP_CHECK, BALANCE_CONFIRMATION, CHECK_LIST, RECONCILIATION_LINE
from client_ledger.site.language import site_language

_DAY_END = time(23, 59, 59)
# A check of the backups that did not come for so long did not run.
_CHECKED = timedelta(days=2)
_BAD = "Bad"
_WAITING = ("Awaiting Reply", "Under Review", "Differences")


def read_dues(window: FactWindow) -> list[DueFact]:
	"""Return what was due of a company. What is the whole site's is told with the site's first company only."""
	with print_language(site_language()):
		found = [*_check_lists(window), *_confirmations(window), *read_deadlines(window)]
		if is_first(window.company):
			found += [*_backups(), *_readings(window)]
	return found


def _end_of(day: date) -> datetime:
	return datetime.combine(day, _DAY_END)


def _check_lists(window: FactWindow) -> Iterator[DueFact]:
	rows = frappe.get_all(
		CHECK_LIST,
		{"company": window.company, "to_date": (">=", window.since)},
		["name", "title", "due_date", "status", "approved_on", "prepared_by"],
		order_by="name",
	)
	for row in rows:
		if row.due_date:
			yield DueFact(
				kind=DueKind.RECONCILIATION,
				name=row.name,
				title=row.title or row.name,
				due=_end_of(row.due_date),
				done=row.approved_on if row.status == "Approved" else None,
				responsible=row.prepared_by or "",
				document=Voucher(CHECK_LIST, row.name),
			)


def _confirmations(window: FactWindow) -> Iterator[DueFact]:
	"""Yield balances that nobody has confirmed in time, and differences that were to be looked at again."""
	looked = _to_look_at(window.company)
	rows = frappe.get_all(
		BALANCE_CONFIRMATION,
		{"company": window.company, "status": ("in", _WAITING)},
		["name", "customer", "customer_name", "status", "reply_by", "responsible"],
		order_by="name",
	)
	for row in rows:
		due = row.reply_by if row.status == "Awaiting Reply" else looked.get(row.name)
		if due:
			yield DueFact(
				kind=DueKind.RECONCILIATION,
				name=row.name,
				title=_("{0} of {1}").format(_(BALANCE_CONFIRMATION), row.customer_name or row.customer),
				due=_end_of(due),
				responsible=row.responsible or "",
				customer=row.customer,
				document=Voucher(BALANCE_CONFIRMATION, row.name),
			)


def _to_look_at(company: str) -> dict[str, date]:
	rows = frappe.get_all(
		RECONCILIATION_LINE,
		{"company": company, "done": 0, "look_again_on": ("is", "set")},
		["confirmation", "look_again_on"],
		order_by="look_again_on desc, name",
	)
	return {row.confirmation: row.look_again_on for row in rows}


def _backups() -> Iterator[DueFact]:
	"""Yield that there is no good backup since a check found so, and that nobody looks at backups any more."""
	last = frappe.get_all(
		BACKUP_CHECK, {"kind": CHECK}, ["name", "verdict", "checked_on"], order_by="checked_on desc", limit=1
	)
	if not last:
		return
	document = Voucher(BACKUP_CHECK, last[0].name)
	if last[0].verdict == _BAD:
		yield DueFact(DueKind.BACKUP, "Backup", _("Backup"), _bad_since(), document=document)
	due = last[0].checked_on + _CHECKED
	yield DueFact(DueKind.BACKUP, "Backup Check", _(BACKUP_CHECK), due, document=document)


def _bad_since() -> datetime:
	good = frappe.get_all(
		BACKUP_CHECK,
		{"kind": CHECK, "verdict": ("!=", _BAD)},
		pluck="checked_on",
		order_by="checked_on desc",
		limit=1,
	)
	filters: dict = {"kind": CHECK, "verdict": _BAD}
	if good:
		filters["checked_on"] = (">", good[0])
	return frappe.get_all(BACKUP_CHECK, filters, pluck="checked_on", order_by="checked_on", limit=1)[0]


def _readings(window: FactWindow) -> Iterator[DueFact]:
	"""Yield the procedures that somebody has not read in time, each once."""
	late: dict[str, list[ToRead]] = {}
	for one in all_readings():
		if one.status is ReadingStatus.LATE:
			late.setdefault(one.procedure, []).append(one)
	for procedure, readers in late.items():
		people = ", ".join(one.user for one in readers[:5])
		yield DueFact(
			kind=DueKind.PROCEDURE,
			name=procedure,
			title=_("{0}, to be read by {1}").format(procedure, people),
			due=_end_of(readers[0].due),
			responsible=frappe.db.get_value("Procedure", procedure, "responsible") or "",
		)
