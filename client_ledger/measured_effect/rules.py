"""Whether a trial may be saved and started. Every refusal says what is wrong and what to do."""

from collections.abc import Sequence

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, formatdate, getdate, now_datetime

from client_ledger.core.dunning.variation import on_usual_days
from client_ledger.core.measured_effect.assignment import ALREADY_VARIED, trial_problems
from client_ledger.core.reconciliation.matches import Because
from client_ledger.measured_effect.steps import WRITTEN, core_trial, label_of, policy_of, row_of
from client_ledger.measured_effect.trial_status import TrialStatus
from client_ledger.outbox.hours import zone_of
from client_ledger.outbox.moments import aware
from client_ledger.site.doctypes import STEP_TRIAL
from client_ledger.site.messages import bold, filled

TITLE = "Step Trial"


def check(trial: Document) -> None:
	"""Raise frappe.ValidationError for a trial that cannot be made, with what to do; fill in what it says of its step."""
	policy = policy_of(trial)
	row = row_of(trial, policy)
	if not row or cint(row.idx) != cint(trial.step):
		row = next((one for one in policy.steps if cint(one.idx) == cint(trial.step)), None)
	if not row:
		_refuse(
			filled(
				_("{0} has no step {1}. Choose one from 1 to {2}."),
				bold(policy.title),
				trial.step,
				len(policy.steps),
			)
		)
	if policy.for_company and policy.for_company != trial.company:
		_refuse(
			filled(
				_("{0} is a policy of {1}. Choose that company, or another policy."),
				bold(policy.title),
				policy.for_company,
			)
		)
	if not (trial.reason or "").strip():
		_refuse(_("Enter a reason: what is expected of the trial."))
	trial.step_row, trial.step_name = row.name, row.step_name
	trial.usual_days, trial.usual_channel = cint(row.days), row.channel
	# The core's rules first: a legal step is refused whatever else is wrong with the trial.
	_check_bounds(trial, row)
	_check_place(trial, row, policy.steps)
	_check_channel(trial, row, policy)


def _check_bounds(trial: Document, row: Document) -> None:
	wanted = core_trial(trial, row)
	problems = trial_problems(wanted)
	others = [on_usual_days(core_trial(other, row)) for other in _others(trial)]
	problems += [
		one for one in trial_problems(on_usual_days(wanted), tuple(others)) if one.message == ALREADY_VARIED
	]
	if problems:
		_refuse(" ".join(told(one) for one in problems))


def _others(trial: Document) -> list[frappe._dict]:
	"""Return the trials of the same step and company that run or have run."""
	return frappe.get_all(
		STEP_TRIAL,
		{
			"step_row": trial.step_row,
			"company": trial.company,
			"name": ("!=", trial.name or ""),
			"status": ("!=", TrialStatus.OFF.value),
		},
		["name", "share", "days", "channel", "since", "until"],
		order_by="since, name",
	)


def _check_place(trial: Document, row: Document, steps: Sequence[Document]) -> None:
	"""A moved step stays between its neighbours, and on its side of the due date."""
	moved = cint(row.days) + cint(trial.days)
	if cint(row.days) < 0 <= moved:
		_refuse(
			filled(
				_(
					"{0} is a reminder before the due date: moved by {1} days it would never be sent. Move it less."
				),
				bold(label_of(row)),
				trial.days,
			)
		)
	if cint(row.days) >= 0 and moved < min(cint(row.days), 1):
		_refuse(
			filled(
				_(
					"{0} is about overdue invoices: moved by {1} days it would come before they are. Move it less."
				),
				bold(label_of(row)),
				trial.days,
			)
		)
	before = [cint(one.days) for one in steps if one.idx < row.idx]
	after = [cint(one.days) for one in steps if one.idx > row.idx]
	if (before and moved <= before[-1]) or (after and moved >= after[0]):
		_refuse(
			filled(
				_("Moved by {0} days, {1} would pass the step next to it. Move it less."),
				trial.days,
				bold(label_of(row)),
			)
		)


def _check_channel(trial: Document, row: Document, policy: Document) -> None:
	has_text = row.email_template or any(cint(text.step) == cint(row.idx) for text in policy.texts)
	if trial.channel in WRITTEN and not has_text:
		_refuse(
			filled(
				_("{0} has no text that could be sent by {1}. Give the step an email template first."),
				bold(label_of(row)),
				_(trial.channel),
			)
		)


def check_start(trial: Document) -> None:
	"""Raise frappe.ValidationError where a trial cannot begin: what is planned already is not to be taken back."""
	policy = policy_of(trial)
	today = aware(now_datetime()).astimezone(zone_of(policy)).date()
	first = max(today, getdate())
	if getdate(trial.since) <= first:
		_refuse(
			filled(
				_("{0} must be after {1}: today's notices are planned already."),
				_("From Date"),
				formatdate(first),
			)
		)


def told(because: Because) -> str:
	"""Return a reason of the core in the user's language."""
	values = [
		formatdate(value) if hasattr(value, "year") else _(value) if isinstance(value, str) else value
		for value in because.values
	]
	return filled(_(because.message), *values)


def _refuse(text: str) -> None:
	frappe.throw(text, title=_(TITLE))
