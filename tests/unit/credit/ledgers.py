"""Invented histories with a known truth: customers whose habits are drawn once and never change."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from client_ledger.core.credit.lateness import BUSINESS_DAYS, TradeLine

FIRST = date(2023, 1, 2)


@dataclass(frozen=True)
class Habit:
	"""How a customer pays: days late, normally distributed on whole days; never, where `pays` is False."""

	mean: float
	spread: float
	pays: bool = True


@dataclass(frozen=True)
class Invented:
	"""A history up to `until`, and the habit behind each customer."""

	lines: list[TradeLine]
	habits: Mapping[str, Habit]
	until: date


def invent(
	seed: int,
	customers: int = 120,
	days: int = 800,
	between: float = 8.0,
	centre: float = 3.0,
	never: int = 6,
	on_the_day: float = 0.3,
	terms: int = 30,
) -> Invented:
	"""Return a history of the kind real ledgers have: heavy-tailed sizes, payments on business days only.

	between: standard deviation of customers' mean lateness. never: customers who never pay. on_the_day: share
	of customers who mostly pay exactly when due.
	"""
	rng = random.Random(seed)
	until = FIRST + timedelta(days=days)
	habits, lines = {}, []
	for i in range(customers):
		name = f"C{i:03d}"
		punctual = rng.random() < on_the_day
		mean = rng.uniform(-1, 1) if punctual else rng.gauss(centre, between)
		habit = habits[name] = Habit(mean, rng.choice((2.0, 3.0, 5.0, 7.0)), i >= never)
		for n in range(min(int(6 * rng.paretovariate(1.1)), 300)):
			issued = FIRST + timedelta(days=rng.randrange(days))
			due = BUSINESS_DAYS.effective(issued + timedelta(days=terms))
			settled_on = None
			if habit.pays:
				paid = due + timedelta(days=round(rng.gauss(habit.mean, habit.spread)))
				settled_on = BUSINESS_DAYS.effective(max(paid, issued))
			amount = round(rng.lognormvariate(7, 1), 2)
			if settled_on and settled_on > until:
				settled_on = None
			lines.append(TradeLine(name, f"{name}-{n}", issued, due, amount, settled_on))
	lines.sort(key=lambda line: (line.issued, line.reference))
	return Invented(lines, habits, until)


def line(
	customer: str = "Ada",
	due: int = 0,
	late: int | None = None,
	amount: float = 100.0,
	terms: int = 30,
	number: int = 0,
	**more,
) -> TradeLine:
	"""Return one line due `due` days after FIRST, settled `late` days after that, open for None."""
	due_on = FIRST + timedelta(days=due)
	settled_on = None if late is None else due_on + timedelta(days=late)
	return TradeLine(
		customer,
		f"{customer}-{due}-{number}",
		due_on - timedelta(days=terms),
		due_on,
		amount,
		settled_on,
		**more,
	)
