"""The slow and obvious reading of a policy, to compare the plan with: every day of every customer, item by item.

It shares nothing with the core but the data it is given. A policy here is a list of (days, wait, minimum).
"""

from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass
class Bill:
	"""An invoice: what is open of it from which day on. level and the days it was last written about."""

	name: str
	posted: date
	due: date
	open_from: list[tuple[date, int]]
	level: int = 0
	level_on: date | None = None
	reminded_on: date | None = None

	def open(self, day: date) -> int:
		amount = 0
		for since, open_amount in self.open_from:
			if since <= day:
				amount = open_amount
		return amount


@dataclass
class Rules:
	"""steps: (days, wait, minimum). budget: contacts in days, or None."""

	steps: list[tuple[int, int, int]]
	gap: int = 1
	budget: tuple[int, int] | None = None
	closed: set[date] = field(default_factory=set)


def wanted(bill: Bill, rules: Rules, day: date) -> int | None:
	"""Return the place of the step that a bill needs on a day, None where it needs none."""
	levels = [i for i, step in enumerate(rules.steps) if step[0] >= 0]
	courtesies = [i for i, step in enumerate(rules.steps) if step[0] < 0]

	def waited(place: int) -> bool:
		last = bill.level_on or bill.reminded_on
		return last is None or (day - last).days >= rules.steps[place][1]

	if bill.level < len(levels):
		place = levels[bill.level]
		if (day - bill.due).days >= rules.steps[place][0] and waited(place):
			return place
	if bill.level == 0 and day <= bill.due:
		arrived = [i for i in courtesies if (day - bill.due).days >= rules.steps[i][0]]
		if arrived:
			place = arrived[-1]
			on = bill.due + timedelta(days=rules.steps[place][0])
			if not (bill.reminded_on and bill.reminded_on >= on) and waited(place):
				return place
	return None


def run(bills: list[Bill], rules: Rules, days: list[date]) -> list[tuple[date, int, tuple[str, ...]]]:
	"""Return (day, step number, names of the bills) of every message, planning on *days* only."""
	messages, contacts = [], []
	for day in days:
		needs = {}
		for bill in bills:
			if bill.posted <= day and bill.open(day) > 0:
				place = wanted(bill, rules, day)
				if place is not None:
					needs[bill.name] = place
		if not needs:
			continue
		place = max(needs.values())
		is_level = rules.steps[place][0] >= 0
		total = sum(
			bill.open(day)
			for bill in bills
			if bill.name in needs or (is_level and bill.posted <= day and bill.due < day)
		)
		if total < rules.steps[place][2] or day in rules.closed:
			continue
		if contacts and (day - contacts[-1]).days < max(rules.gap, 1):
			continue
		if rules.budget:
			number, window = rules.budget
			if sum((day - contact).days < window for contact in contacts) >= number:
				continue
		contacts.append(day)
		for bill in bills:
			if bill.name in needs:
				if rules.steps[needs[bill.name]][0] < 0:
					bill.reminded_on = day
				else:
					bill.level, bill.level_on = bill.level + 1, day
		messages.append((day, place + 1, tuple(sorted(needs))))
	return messages
