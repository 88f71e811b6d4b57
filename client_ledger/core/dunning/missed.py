"""What days without a plan have cost for good: steps that would have gone out, and never go out for themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from client_ledger.core.dunning.plan import (
	DueItemKey,
	DunningHistory,
	Reached,
	day_of_courtesy,
	due_since,
	next_step,
)
from client_ledger.core.dunning.policy import Policy, Step
from client_ledger.core.open_items import OpenItem
from client_ledger.core.outbox.message import Party


@dataclass(frozen=True, slots=True)
class Missed:
	"""A step that would have gone out on a day nothing was planned, and never goes out for itself."""

	as_of: date
	step: Step


def missed_steps(
	items: Iterable[OpenItem],
	policies: Mapping[tuple[str, str], Policy],
	history: DunningHistory,
	today: date,
) -> dict[Party, list[Missed]]:
	"""Return what days without a plan have cost for good, per party: nothing unless a day was left out.

	That is courtesies whose due date is over or that a later one replaced, and levels that would have gone out if
	the one before, which comes now, had gone out in time.
	"""
	since = history.planned_through
	if since is None or since >= today - timedelta(days=1):
		return {}
	found: dict[Party, set[tuple[date, int]]] = {}
	steps: dict[tuple[Party, int], Step] = {}
	for item in items:
		party = Party(item.customer, item.company, item.currency)
		policy = policies.get((party.customer, party.company))
		if not policy or item.is_credit:
			continue
		before = history.reached.get(DueItemKey(item.voucher, item.due_date), Reached())
		for day, step in _lost(policy, item, before, today):
			if since < day < today:
				found.setdefault(party, set()).add((day, step.number))
				steps[party, step.number] = step
	return {
		party: [Missed(day, steps[party, number]) for day, number in sorted(days)]
		for party, days in found.items()
	}


def _lost(policy: Policy, item: OpenItem, before: Reached, today: date) -> Iterable[tuple[date, Step]]:
	"""Yield the steps of an item that can not go out for themselves any more, with their days."""
	if not before.level:
		coming = next_step(policy, item.due_date, before, today)
		for step in policy.courtesies:
			day = day_of_courtesy(step, item.due_date)
			reminded = before.reminded_on and before.reminded_on >= day
			if (
				day < today
				and day >= item.posting_date
				and not reminded
				and not (coming and coming[0] is step)
			):
				yield day, step
	first = policy.step_to(before.level + 1)
	if not first:
		return
	last = Reached(before.level + 1, max(due_since(first, item.due_date, before), item.posting_date))
	for level in range(before.level + 2, len(policy.levels) + 1):
		step = policy.step_to(level)
		day = due_since(step, item.due_date, last)
		yield day, step
		last = Reached(level, day)
