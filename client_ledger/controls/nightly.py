"""Every night each control looks at what has changed, for each company; what it finds, and that it looked, is stored per control.

settings, last looks -> what runs again -> passes of facts -> findings -> rows (store.py) and the control's run (runs.py), committed together
Killed in the middle and run again, the controls that had not finished look from where they last did.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial

import frappe
from frappe.utils import getdate, now_datetime

from client_ledger.controls import late, runs, tell
from client_ledger.controls.changes import changed_since
from client_ledger.controls.passes import passes
from client_ledger.controls.runs import LastLook, RunResult, RunStatus
from client_ledger.controls.settings import ControlInForce, in_force
from client_ledger.controls.store import ControlBook, StoreCounts, store
from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.compare import looked_at
from client_ledger.core.controls.control import ControlFinding, ControlScope
from client_ledger.core.controls.run import FactChanges, Rerun, rerun_findings, reruns
from client_ledger.ledger.site import companies
from client_ledger.site.access import currencies_of
from client_ledger.site.doctypes import LEDGER_CONTROL
from client_ledger.site.jobs import TITLE_LENGTH, again_after_a_lock, safely

# What was written by transactions that ended after the last look began bears an earlier moment.
OVERLAP = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Night:
	"""One company's night. moment: when it began; what changes from then on is for the next one."""

	company: str
	today: date
	moment: datetime


Planned = tuple[ControlInForce, Rerun]


@dataclass
class Look:
	"""What one control finds in the passes of a night. seconds: without the reading."""

	setting: ControlInForce
	rerun: Rerun
	found: dict[str, ControlFinding] = field(default_factory=dict)
	silent: list[str] = field(default_factory=list)
	currency: str = ""
	seconds: float = 0.0
	error: Exception | None = None

	def why_silent(self) -> str:
		"""Return why the control could say nothing of anything it was shown, "" where it could."""
		return self.silent[0] if self.silent and all(self.silent) else ""


def look(names: Sequence[str] | None = None, codes: Sequence[str] | None = None) -> None:
	"""Have the controls look at all companies, or at *names*; codes: only these controls. Commits; what fails is logged and stops
	nothing else.
	"""
	today = getdate()
	for company in names or companies():
		title = f"Controls of {company} not run"[:TITLE_LENGTH]
		safely(title, partial(look_at, company, today, codes))
	safely("Control findings: nobody notified", tell.tell_new)
	safely("Control findings: nobody reminded of late ones", late.remind)


def look_at(company: str, today: date, codes: Sequence[str] | None = None) -> None:
	"""Have the controls of one company look at what has changed since each last did. Commits per control."""
	night = Night(company, today, now_datetime())
	settings = [one for one in in_force(company) if codes is None or one.control.code in codes]
	planned = plan(night, settings)
	idle = {one.control.code for one in settings} - {one.control.code for one, _rerun in planned}
	for setting in settings:
		if setting.control.code in idle:
			runs.write(company, setting, today, night.moment, RunResult(RunStatus.NOTHING_CHANGED))
	frappe.db.commit()  # nosemgrep: one control does not undo another
	for scope in ControlScope:
		_run(night, [one for one in planned if one[1].control.scope is scope])


def plan(night: Night, settings: Sequence[ControlInForce]) -> list[Planned]:
	"""Return which controls look at what: everything where one never looked or has other parameters since."""
	last = runs.last_looks(night.company)
	planned: dict[str, Rerun] = {}
	since: dict[LastLook, list[ControlInForce]] = {}
	for one in settings:
		before = last.get(one.control.code)
		if not before or before.parameters != one.fingerprint:
			planned[one.control.code] = Rerun(one.control, None)
		else:
			since.setdefault(replace(before, parameters=""), []).append(one)
	changes: dict[datetime, FactChanges] = {}
	for before, group in since.items():
		if before.looked_at not in changes:
			changes[before.looked_at] = changed_since(night.company, before.looked_at - OVERLAP)
		changed = replace(changes[before.looked_at], day_passed=before.day < night.today)
		for rerun in reruns([one.control for one in group], changed):
			planned[rerun.control.code] = rerun
	return [(one, planned[one.control.code]) for one in settings if one.control.code in planned]


def _run(night: Night, planned: Sequence[Planned]) -> None:
	"""Look, and store control by control when all that it looks at has been read."""
	looks = {rerun.control.code: Look(setting, rerun) for setting, rerun in planned}
	try:
		for one in passes(night.company, night.today, [rerun for _setting, rerun in planned]):
			for rerun in one.reruns:
				_look(looks[rerun.control.code], rerun, one.facts)
	except Exception as error:
		for look_ in looks.values():
			_failed(night, look_.setting, error)
		return
	for look_ in looks.values():
		if look_.error:
			_failed(night, look_.setting, look_.error)
			continue
		try:
			again_after_a_lock(partial(_store, night, look_))
		except Exception as error:
			_failed(night, look_.setting, error)


def _look(look_: Look, rerun: Rerun, facts: ControlFacts) -> None:
	"""Add what a control finds in one pass. One that raises is left out of the passes that follow."""
	if look_.error:
		return
	started = time.monotonic()
	control, values = look_.setting.control, look_.setting.values
	try:
		look_.found |= {one.key: one for one in rerun_findings(rerun, facts, values)}
		look_.silent.append(control.silent(facts, values) if control.silent else "")
	except Exception as error:
		look_.error = error
	look_.currency = facts.currency
	look_.seconds += time.monotonic() - started


def _store(night: Night, look_: Look) -> None:
	"""Store what a control found, and that it looked, in one transaction. One worker at a time; who comes later with older facts leaves
	what is stored.
	"""
	frappe.db.commit()  # nosemgrep: what is read below is read after the lock
	setting, rerun = look_.setting, look_.rerun
	code = setting.control.code
	if not frappe.db.get_value(LEDGER_CONTROL, code, "name", for_update=True):
		return
	if runs.looked_since(night.company, code, night.moment):
		frappe.db.commit()  # nosemgrep: releases the row
		return
	counts, silent = StoreCounts(), look_.why_silent()
	if not silent:
		# Of silence nothing is gone: the control could not look.
		looked = looked_at(rerun, setting.fingerprint, night.today)
		currency = look_.currency or currencies_of([night.company])[night.company]
		book = ControlBook(setting, night.company, currency, now_datetime())
		counts = store(book, list(look_.found.values()), looked)
	everywhere = rerun.customers is None or rerun.open_too
	result = RunResult(RunStatus.DONE, counts, round(look_.seconds, 3), everywhere, silent)
	runs.write(night.company, setting, night.today, night.moment, result)
	frappe.db.commit()  # nosemgrep: findings and run together


def _failed(night: Night, setting: ControlInForce, error: Exception) -> None:
	"""Log that a control failed, and write it into its run: the next night looks at the same again."""
	frappe.db.rollback()
	code = setting.control.code
	frappe.log_error(
		title=f"Control {code} of {night.company} failed"[:TITLE_LENGTH],
		reference_doctype=LEDGER_CONTROL,
		reference_name=code,
	)
	result = RunResult(RunStatus.FAILED, error=f"{type(error).__name__}: {error}")
	runs.write(night.company, setting, night.today, night.moment, result)
	frappe.db.commit()  # nosemgrep: the log outlives what failed
