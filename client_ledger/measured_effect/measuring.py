"""The effect of trials on days until payment, measured from the ledger: every night, and when somebody asks."""

import json
from collections.abc import Iterable
from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate

from client_ledger.core.dunning.past import past_items
from client_ledger.core.dunning.trial_cases import trial_cases
from client_ledger.core.entries import SALES_INVOICE
from client_ledger.core.measured_effect.assignment import TrialTerms
from client_ledger.core.measured_effect.effect import (
	EffectVerdict,
	MeasuredEffect,
	TrialCase,
	measured_effect,
)
from client_ledger.core.money import as_money
from client_ledger.core.reconciliation.matches import Because
from client_ledger.ledger.database import chunks
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.measured_effect import actions
from client_ledger.measured_effect.assignments import of_trial
from client_ledger.measured_effect.trial_status import TrialStatus
from client_ledger.site.doctypes import STEP_TRIAL
from client_ledger.site.jobs import each_or_log
from client_ledger.site.notify import notify

# Their ledgers are read at once.
CUSTOMERS_AT_ONCE = 500


def nightly(today: date) -> None:
	"""End trials whose last day is over; measure what runs, and what has ended while cases of it still wait."""
	actions.end_over(today)
	names = frappe.get_all(
		STEP_TRIAL,
		filters={"status": ("!=", TrialStatus.OFF.value)},
		or_filters={
			"status": TrialStatus.RUNNING.value,
			"waiting": (">", 0),
			"measured_on": ("is", "not set"),
		},
		pluck="name",
		order_by="name",
	)
	each_or_log(
		names,
		lambda batch: [_measure_and_tell(name, today) for name in batch],
		title="Trial not measured",
		doctype=STEP_TRIAL,
		size=1,
	)


def _measure_and_tell(name: str, today: date) -> None:
	"""Measure a trial; tell who started it when it has a result for the first time."""
	fields = ["verdict", "status", "started_by"]
	before = frappe.db.get_value(STEP_TRIAL, name, fields, as_dict=True)
	effect = measure(name, today)
	had_none = before.verdict in (None, "", EffectVerdict.NOT_ENOUGH.value)
	if (
		had_none
		and effect.verdict is not EffectVerdict.NOT_ENOUGH
		and before.status == TrialStatus.RUNNING.value
	):
		notify([before.started_by], STEP_TRIAL, name, lambda: _("{0} has a result and still runs."))


def measure(name: str, today: date) -> MeasuredEffect:
	"""Measure a trial as of the end of a day and keep it on the trial. Does not commit."""
	trial = frappe.get_doc(STEP_TRIAL, name)
	effect = measured_effect(cases_of(trial, today), today)
	frappe.db.set_value(STEP_TRIAL, name, _fields(effect, today), update_modified=False)
	return effect


def cases_of(trial: Document, today: date) -> Iterable[TrialCase]:
	"""Yield the cases of a trial, reading the ledgers of so many customers at a time."""
	assigned = of_trial(trial.name)
	core = _trial(trial)
	for customers in chunks(sorted(assigned), CUSTOMERS_AT_ONCE):
		ledger = site_ledger()
		entries = ledger.unmoved_entries(Scope((trial.company,), tuple(customers)), today)
		names = {entry.against.name for entry in entries if entry.against.doctype == SALES_INVOICE}
		items = past_items(entries, ledger.invoices(names), ledger.accounts, ledger.terms_by_day(names))
		yield from trial_cases(core, cint(trial.usual_days), assigned, items, today)


def _trial(trial: Document | frappe._dict) -> TrialTerms:
	"""Return a trial as it began, whatever became of its step."""
	return TrialTerms(
		trial.name,
		f"{trial.policy}, {trial.step}. {trial.step_name}",
		as_money(trial.share) / 100,
		getdate(trial.since),
		getdate(trial.until) if trial.until else None,
		cint(trial.days),
		trial.channel or "",
		trial.usual_channel or "",
	)


def _fields(effect: MeasuredEffect, today: date) -> dict:
	return {
		"verdict": effect.verdict.value,
		"measured_on": today,
		"gained": effect.gained or 0,
		"low": effect.low or 0,
		"high": effect.high or 0,
		"customers_usual": effect.customers[0],
		"customers_varied": effect.customers[1],
		"cases_usual": effect.cases[0],
		"cases_varied": effect.cases[1],
		"waiting": effect.waiting,
		"needed": effect.needed or 0,
		"because": json.dumps([effect.because.message, *effect.because.values], default=str),
	}


def stored(trial: Document | frappe._dict) -> tuple[TrialTerms, MeasuredEffect] | None:
	"""Return a trial and its effect as last measured, None where it never was."""
	if not trial.because:
		return None
	message, *values = json.loads(trial.because)
	has_figures = trial.needed or trial.verdict != EffectVerdict.NOT_ENOUGH.value
	gained, low, high = (trial.gained, trial.low, trial.high) if has_figures else (None, None, None)
	effect = MeasuredEffect(
		EffectVerdict(trial.verdict),
		Because(message, tuple(values)),
		gained,
		low,
		high,
		customers=(cint(trial.customers_usual), cint(trial.customers_varied)),
		cases=(cint(trial.cases_usual), cint(trial.cases_varied)),
		waiting=cint(trial.waiting),
		needed=trial.needed or None,
	)
	return _trial(trial), effect
