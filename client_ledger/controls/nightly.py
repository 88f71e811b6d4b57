"""Every night each control looks at what has changed, for each company; what it finds, and that it looked, is stored per control.

settings, last looks -> what runs again -> facts -> findings -> rows (store.py) and the control's run (runs.py), committed together
Killed in the middle and run again, the controls that had not finished look from where they last did.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

import frappe
from frappe.utils import getdate, now_datetime

from client_ledger.controls import runs, tell
from client_ledger.controls.changes import changed_since
from client_ledger.controls.reading import read_facts
from client_ledger.controls.runs import LastLook, RunResult, RunStatus
from client_ledger.controls.settings import ControlInForce, in_force
from client_ledger.controls.store import ControlBook, StoreCounts, store
from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.compare import looked_at
from client_ledger.core.controls.control import ControlFinding
from client_ledger.core.controls.run import FactChanges, Rerun, rerun_findings, reruns
from client_ledger.ledger.site import companies
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


def look(names: Sequence[str] | None = None, codes: Sequence[str] | None = None) -> None:
	"""Have the controls look at all companies, or at *names*; codes: only these controls. Commits; what fails is logged and stops
	nothing else.
	"""
	today = getdate()
	for company in names or companies():
		title = f"Controls of {company} not run"[:TITLE_LENGTH]
		safely(title, partial(look_at, company, today, codes))
	safely("Control findings: nobody notified", tell.tell_new)


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
	for group in _groups(planned):
		_run_group(night, group)


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


def _groups(planned: Iterable[Planned]) -> list[list[Planned]]:
	"""Return what is run on the same facts: those of the whole company, and those of some customers with what is open, or without."""
	whole = [one for one in planned if one[1].customers is None]
	ripening = [one for one in planned if one[1].customers is not None and one[1].open_too]
	others = [one for one in planned if one[1].customers is not None and not one[1].open_too]
	return [group for group in (whole, ripening, others) if group]


def _run_group(night: Night, group: Sequence[Planned]) -> None:
	try:
		facts = _read(night, group)
	except Exception as error:
		for setting, _rerun in group:
			_failed(night, setting, error)
		return
	for setting, rerun in group:
		started = time.monotonic()
		try:
			found = rerun_findings(rerun, facts, setting.values)
			silent = setting.control.silent(facts, setting.values) if setting.control.silent else ""
			done = partial(
				_store,
				night,
				setting,
				rerun,
				found,
				silent,
				facts.currency,
				lambda at=started: time.monotonic() - at,
			)
			again_after_a_lock(done)
		except Exception as error:
			_failed(night, setting, error)


def _read(night: Night, group: Sequence[Planned]) -> ControlFacts:
	kinds = {kind for setting, _rerun in group for kind in setting.control.needs}
	customers: set[str] | None = set()
	for _setting, rerun in group:
		customers = None if customers is None or rerun.customers is None else customers | rerun.customers
	return read_facts(
		night.company,
		night.today,
		kinds=kinds,
		customers=customers,
		open_too=any(rerun.open_too for _setting, rerun in group),
	)


def _store(
	night: Night,
	setting: ControlInForce,
	rerun: Rerun,
	found: Sequence[ControlFinding],
	silent: str,
	currency: str,
	seconds: Callable[[], float],
) -> None:
	"""Store what a control found, and that it looked, in one transaction. One worker at a time; who comes later with older facts leaves
	what is stored.
	"""
	frappe.db.commit()  # nosemgrep: what is read below is read after the lock
	code = setting.control.code
	if not frappe.db.get_value(LEDGER_CONTROL, code, "name", for_update=True):
		return
	if runs.looked_since(night.company, code, night.moment):
		frappe.db.commit()  # nosemgrep: releases the row
		return
	counts = StoreCounts()
	if not silent:
		# Of silence nothing is gone: the control could not look.
		looked = looked_at(rerun, setting.fingerprint, night.today)
		counts = store(ControlBook(setting, night.company, currency, now_datetime()), found, looked)
	everywhere = rerun.customers is None or rerun.open_too
	result = RunResult(RunStatus.DONE, counts, round(seconds(), 3), everywhere, silent)
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
