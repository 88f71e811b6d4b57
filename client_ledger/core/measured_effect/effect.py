"""Days of payment gained by a varied step, with an interval that holds however often one looks, and "not enough yet" until it is.

Everybody counts in the arm that chance put them in, whether the step was sent or not (intention to treat): who pays before it is due is no loss of it. A case is
an item that reached the step's usual day; what counts is the days from then until it was paid, at most the horizon, so that what is never paid
counts too. Cases younger than the horizon wait, whether paid or not: leaving only the unpaid ones out would flatter the arm.

Chance decided by customers, so customers are the unit of all errors (jackknife). What was expected of a customer before, from its own history,
is taken off by regression (Deng and others, 2013), which narrows the interval and moves the effect nowhere on average. The interval is an asymptotic
confidence sequence (Waudby-Smith and others, 2021): looked at every night, it misses the truth at any time in one of twenty trials at most, where
the usual interval would miss it in far more.
"""

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from statistics import NormalDist
from typing import NamedTuple

from client_ledger.core.credit.statistics import effective_size
from client_ledger.core.marked import marked
from client_ledger.core.measured_effect.assignment import TrialArm
from client_ledger.core.reconciliation.matches import Because

# Days that a case is watched for; the chance that an interval ever misses; customers in each arm without which nothing is said.
HORIZON_DAYS, MISSES, LEAST_CUSTOMERS = 45, 0.05, 30
# What somebody who makes a trial wants to see; the interval is narrowest where the standard error is a third of it.
WORTH_DAYS = 2.0
_PLANNED_ERROR = WORTH_DAYS / 3

NOT_ENOUGH = marked("Not enough yet: {0} and {1} customers; at least {2} in each group are needed.")
NOT_SURE = marked(
	"Not enough yet: between {0} and {1} days; to see a gain of {2} days about {3} customers in the smaller group are needed, {4} are there."
)
GAINED = marked("Payment came {0} days sooner ({1} to {2}), {3} and {4} customers.")
LOST = marked("Payment came {0} days later ({1} to {2}), {3} and {4} customers.")
NO_MATTER = marked("It makes no difference that matters: between {0} and {1} days, {2} and {3} customers.")


class EffectVerdict(str, Enum):
	"""What a trial says. The value is the English label."""

	NOT_ENOUGH = "Not Enough Yet"
	GAINS = "Payment Comes Sooner"
	LOSES = "Payment Comes Later"
	NO_MATTER = "No Difference That Matters"


class TrialCase(NamedTuple):
	"""An item that reached the step's usual day. reached_on: that day, the same for both arms. expected: days from then that were expected
	before the trial, None where nothing was known."""

	customer: Hashable
	arm: TrialArm
	reached_on: date
	paid_on: date | None
	expected: float | None = None


@dataclass(frozen=True, slots=True)
class MeasuredEffect:
	"""gained: days that payment came sooner in the varied arm, low to high: its interval; None where there is none yet. customers, cases:
	(as ever, varied). waiting: cases that are younger than the horizon. needed: customers in the smaller arm to see a gain of two days.
	"""

	verdict: EffectVerdict
	because: Because
	gained: float | None = None
	low: float | None = None
	high: float | None = None
	error: float | None = None
	customers: tuple[int, int] = (0, 0)
	cases: tuple[int, int] = (0, 0)
	waiting: int = 0
	needed: int | None = None


class _Arm(NamedTuple):
	"""Customers of one arm: (cases, sum of days, sum of what was expected)."""

	rows: list[tuple[int, float, float]]

	@property
	def cases(self) -> int:
		return sum(row[0] for row in self.rows)

	@property
	def effective(self) -> float:
		"""Return as how many customers with equally many cases they count (Kish)."""
		return effective_size(self.cases, sum(row[0] ** 2 for row in self.rows))

	def mean(self, place: int) -> float:
		return sum(row[place] for row in self.rows) / self.cases


def measured_effect(
	cases: Iterable[TrialCase], today: date, horizon: int = HORIZON_DAYS, misses: float = MISSES
) -> MeasuredEffect:
	"""Return what a trial says by the end of *today*."""
	arms, waiting = _arms(cases, today, horizon)
	as_ever, varied = arms[TrialArm.AS_EVER], arms[TrialArm.VARIED]
	customers = (len(as_ever.rows), len(varied.rows))
	counts = (as_ever.cases, varied.cases)
	if min(customers) < LEAST_CUSTOMERS:
		because = Because(NOT_ENOUGH, (*customers, LEAST_CUSTOMERS))
		return MeasuredEffect(
			EffectVerdict.NOT_ENOUGH, because, customers=customers, cases=counts, waiting=waiting
		)
	slope = _slope(arms.values())
	gained, error = _difference(as_ever, varied, slope)
	half = error * _factor(error, misses) * _small(min(arm.effective for arm in arms.values()), misses)
	needed = math.ceil(min(customers) * (half / WORTH_DAYS) ** 2)
	verdict, because = _verdict(gained, half, customers, needed)
	return MeasuredEffect(
		verdict, because, gained, gained - half, gained + half, error, customers, counts, waiting, needed
	)


def _arms(cases: Iterable[TrialCase], today: date, horizon: int) -> tuple[dict[TrialArm, _Arm], int]:
	"""Return the arms, and how many cases wait."""
	sums: dict[TrialArm, dict[Hashable, list[float]]] = {arm: {} for arm in TrialArm}
	known: list[TrialCase] = []
	waiting = 0
	for case in cases:
		if (today - case.reached_on).days < horizon:
			waiting += 1
		else:
			known.append(case)
	expected = [case.expected for case in known if case.expected is not None]
	usual = sum(expected) / len(expected) if expected else 0.0
	for case in known:
		is_paid = case.paid_on is not None and case.paid_on <= today
		days = (case.paid_on - case.reached_on).days if is_paid else horizon
		row = sums[case.arm].setdefault(case.customer, [0, 0.0, 0.0])
		row[0] += 1
		row[1] += min(days, horizon)
		row[2] += min(usual if case.expected is None else case.expected, horizon) - usual
	found = {
		arm: _Arm([(int(row[0]), row[1], row[2]) for row in rows.values()]) for arm, rows in sums.items()
	}
	return found, waiting


def _slope(arms: Iterable[_Arm]) -> float:
	"""Return by how many days payment is later per day expected, within arms, customer by customer; 0 where nothing was expected."""
	product = square = 0.0
	for arm in arms:
		days, expected = arm.mean(1), arm.mean(2)
		for count, own_days, own_expected in arm.rows:
			off = own_expected - count * expected
			product += off * (own_days - count * days)
			square += off * off
	return product / square if square > 0 else 0.0


def _difference(as_ever: _Arm, varied: _Arm, slope: float) -> tuple[float, float]:
	"""Return the days gained and their standard error."""
	means, variance = [], 0.0
	for arm in (as_ever, varied):
		mean = arm.mean(1) - slope * arm.mean(2)
		# The jackknife: the mean without one customer after the other, so that one with many cases does not look surer than it is.
		squares = sum(
			((days - slope * expected - mean * count) / (arm.cases - count)) ** 2
			for count, days, expected in arm.rows
		)
		size = len(arm.rows)
		variance += squares * (size - 1) / size
		means.append(mean)
	return means[0] - means[1], math.sqrt(variance)


def _factor(error: float, misses: float) -> float:
	"""Return how many standard errors the interval is wide on each side, so that it holds at every look (Robbins' mixture).

	What was learnt so far is 1 / error ^ 2; the mixture is set so that the interval is narrowest at the planned error.
	"""
	if not error:
		return 0.0
	best = -2 * math.log(misses) + math.log(1 - 2 * math.log(misses))
	ratio = best * (_PLANNED_ERROR / error) ** 2
	return math.sqrt((1 + 1 / ratio) * (math.log(ratio + 1) - 2 * math.log(misses)))


def _small(effective: float, misses: float) -> float:
	"""Return what an interval of few customers is widened by: Student's t over the normal (first terms of its expansion)."""
	normal, freedom = NormalDist().inv_cdf(1 - misses / 2), max(effective - 1, 1.0)
	square = normal * normal
	return (
		1 + (square + 1) / (4 * freedom) + (5 * square * square + 16 * square + 3) / (96 * freedom * freedom)
	)


def _verdict(
	gained: float, half: float, customers: tuple[int, int], needed: int
) -> tuple[EffectVerdict, Because]:
	low, high = gained - half, gained + half
	if low > 0:
		return EffectVerdict.GAINS, Because(GAINED, (*_shown(gained, low, high), *customers))
	if high < 0:
		return EffectVerdict.LOSES, Because(LOST, (*_shown(-gained, -high, -low), *customers))
	if half <= WORTH_DAYS and max(-low, high) < WORTH_DAYS:
		return EffectVerdict.NO_MATTER, Because(NO_MATTER, (*_shown(low, high), *customers))
	because = Because(NOT_SURE, (*_shown(low, high, WORTH_DAYS), needed, min(customers)))
	return EffectVerdict.NOT_ENOUGH, because


def _shown(*values: float) -> Sequence[str]:
	return tuple(f"{round(value, 1) + 0.0:.1f}" for value in values)
