"""What became of the items of a trial's customers: from the past of a ledger to the cases that its effect is measured by.

An item is a case from the first day on which either arm could get the step for it, if it was still open then, whether or not anything was sent
about it and whoever it was dunned by: only so do the two arms differ by nothing but chance and the step.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from client_ledger.core.dunning.replay import PastItem
from client_ledger.core.dunning.variation import lead_days
from client_ledger.core.measured_effect.assignment import AssignedArm, TrialTerms
from client_ledger.core.measured_effect.effect import HORIZON_DAYS, TrialCase


def trial_cases(
	trial: TrialTerms,
	step_days: int,
	assigned: Mapping[str, AssignedArm],
	items: Iterable[PastItem],
	today: date,
	horizon: int = HORIZON_DAYS,
) -> list[TrialCase]:
	"""Return the cases of a trial by the end of *today*. step_days: usual days of the step from the due date. assigned: by customer.

	horizon: days that a case is watched for, here for what was expected of a customer: the mean of its items before the trial.
	"""
	offset = step_days - lead_days(trial.days)
	by_customer: dict[str, list[PastItem]] = {}
	for item in items:
		if item.party.customer in assigned:
			by_customer.setdefault(item.party.customer, []).append(item)
	found = []
	for customer, rows in by_customer.items():
		row = assigned[customer]
		expected = expected_days(rows, offset, trial.since, horizon)
		for item in rows:
			day = item.key.due_date + timedelta(days=offset)
			is_of_trial = row.assigned_on <= day <= today and trial.runs_on(day)
			if is_of_trial and _is_open(item, day):
				found.append(TrialCase(customer, row.arm, day, item.settled_on, expected))
	return found


def expected_days(items: Sequence[PastItem], offset: int, before: date, horizon: int) -> float | None:
	"""Return the days until payment of a customer's items that were watched to the end before a day; None without any."""
	days = []
	for item in items:
		start = item.key.due_date + timedelta(days=offset)
		if start + timedelta(days=horizon) <= before and _is_open(item, start):
			paid = item.settled_on
			days.append(min((paid - start).days, horizon) if paid and paid <= before else horizon)
	return sum(days) / len(days) if days else None


def _is_open(item: PastItem, day: date) -> bool:
	return item.posted <= day and item.open_on(day)[0] > 0
