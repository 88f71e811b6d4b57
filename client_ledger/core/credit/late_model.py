"""P(at least five days late): a logistic regression on what was known when an invoice was issued.

The histogram says how often a customer was late; the regression adds what happened lately: the last payments, what
stands open, how usual the amount is. It is fitted each night in pure Python, and used only where it predicts better than
the histogram on invoices it was not fitted to.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise, repeat
from typing import Any, NamedTuple

from client_ledger.core.credit.histogram import Distribution
from client_ledger.core.credit.lateness import TradeLine
from client_ledger.core.credit.logistic import logistic, newton_step
from client_ledger.core.credit.payment_replay import PaymentReplay, issues
from client_ledger.core.credit.similarity import (
	PastPayments,
	Payment,
	Similarity,
	log_amount_of,
	terms_of,
)
from client_ledger.core.credit.statistics import auc, mean, standard_error

LATE_DAYS = 5
# The eleven inputs, in their order.
INPUTS = (
	"histogram: P(at least five days late), log odds",
	"histogram: P(late), log odds",
	"days late of the last payment",
	"of the last three",
	"of the last ten",
	"number of payments, log",
	"amount against the customer's usual, log",
	"terms in days, log",
	"share of the open items that is overdue",
	"days past due of the oldest, log",
	"days late of the last ten less those before",
)
_LAST, _BEFORE, _AMOUNTS = 10, 40, 50
_EARLIEST, _LATEST = -30, 60
_DAYS_SCALE = 10
_LEAST_ODDS = 0.005
# Ridge penalty, in observations per standardised input.
_PENALTY = 10.0
_STEPS, _CONVERGED = 8, 1e-4
# Invoices of each kind without which nothing is fitted or tested, and the parts that are predicted one after another.
_ENOUGH = 30
_BOUNDS = (0.5, 0.65, 0.8, 1.0)


class LateModel(NamedTuple):
	"""A fitted regression. means, scales: of each input; weights: of the constant, then of each standardised input."""

	means: tuple[float, ...]
	scales: tuple[float, ...]
	weights: tuple[float, ...]

	def probability(self, inputs: Sequence[float]) -> float:
		"""Return P(at least five days late)."""
		return logistic(
			self.weights[0]
			+ sum(
				weight * (value - centre) / scale
				for weight, value, centre, scale in zip(
					self.weights[1:], inputs, self.means, self.scales, strict=True
				)
			)
		)


class LateCase(NamedTuple):
	"""An invoice on the eve of its issue: its inputs, what the histogram says, and whether it was five days late."""

	inputs: list[float]
	by_histogram: float
	is_late: bool


class LateChoice(NamedTuple):
	"""The model that is used (None: the histogram is no worse), and its test on invoices it was not fitted to."""

	used: LateModel | None = None
	invoices: int = 0
	auc_histogram: float | None = None
	auc: float | None = None

	@classmethod
	def from_plain(cls, values: Sequence[Any]) -> "LateChoice":
		"""Return the choice that JSON holds as a list."""
		used, *figures = values
		return cls(LateModel(*map(tuple, used)) if used else None, *figures)


def late_inputs(
	distribution: Distribution, line: TradeLine, past: Sequence[Payment], open_ages: Sequence[int]
) -> list[float]:
	"""Return the inputs for *line*. past: the customer's payments, the latest last. open_ages: days past due of its
	other open items. Where nothing was paid yet, the distribution's median stands for the last payments.
	"""
	payments = list(past)
	days = [min(max(payment.days_late, _EARLIEST), _LATEST) for payment in payments[-_BEFORE:]]
	last = days[-_LAST:] or [min(max(distribution.quantile(0.5), _EARLIEST), _LATEST)]
	before = days[:-_LAST] or last
	amounts = [payment.log_amount for payment in payments[-_AMOUNTS:]]
	overdue = sum(age > 0 for age in open_ages)
	oldest = max(max(open_ages, default=0), 0)
	return [
		_log_odds(distribution.later_than(LATE_DAYS - 1)),
		_log_odds(distribution.p_late),
		last[-1] / _DAYS_SCALE,
		mean(last[-3:]) / _DAYS_SCALE,
		mean(last) / _DAYS_SCALE,
		math.log1p(len(payments)),
		log_amount_of(line) - mean(amounts) if amounts else 0.0,
		math.log1p(max(terms_of(line), 0)),
		overdue / (len(open_ages) + 1),
		math.log1p(oldest),
		(mean(last) - mean(before)) / _DAYS_SCALE,
	]


def late_cases(
	replay: PaymentReplay, tested: Iterable[TradeLine], half_life: float, similarity: Similarity
) -> Iterable[LateCase]:
	"""Yield each of *tested* on the eve of its issue, by the order of their issue dates. replay: not yet advanced."""
	past = PastPayments(half_life)
	for line, eve, lateness, settled in issues(replay, tested):
		past.record(settled)
		distribution = past.distribution(lateness, line, eve, similarity)
		yield LateCase(
			late_inputs(distribution, line, past.of(line.customer), replay.open_ages(line.customer, eve)),
			distribution.later_than(LATE_DAYS - 1),
			line.settled_on is None or line.days_late >= LATE_DAYS,
		)


def choose_late_model(cases: Sequence[LateCase]) -> LateChoice:
	"""Return the model fitted to *cases*, in order of time, where such models predict later cases better.

	Walk-forward: each part of the later half is predicted by a model fitted to all cases before it.
	"""
	bounds = [int(len(cases) * share) for share in _BOUNDS]
	found: list[tuple[float, LateCase]] = []
	for start, end in pairwise(bounds):
		if _is_enough(cases[:start]):
			model = fit(cases[:start])
			found += [(model.probability(case.inputs), case) for case in cases[start:end]]
	if not _is_enough([case for _p, case in found]):
		return LateChoice()
	gains = [_loss(case.by_histogram, case.is_late) - _loss(p, case.is_late) for p, case in found]
	choice = LateChoice(
		None,
		len(found),
		auc((case.by_histogram, case.is_late) for _p, case in found),
		auc((p, case.is_late) for p, case in found),
	)
	return choice._replace(used=fit(cases)) if mean(gains) > standard_error(gains) else choice


def _is_enough(cases: Sequence[LateCase]) -> bool:
	late = sum(case.is_late for case in cases)
	return min(late, len(cases) - late) >= _ENOUGH


def fit(cases: Sequence[LateCase]) -> LateModel:
	"""Return the ridge logistic regression of *cases*, by Newton's method."""
	count, width = len(cases), len(INPUTS)
	means = [sum(case.inputs[k] for case in cases) / count for k in range(width)]
	scales = [
		math.sqrt(sum((case.inputs[k] - means[k]) ** 2 for case in cases) / count) or 1.0
		for k in range(width)
	]
	columns = [[1.0] * count]
	for k in range(width):
		columns.append([(case.inputs[k] - means[k]) / scales[k] for case in cases])
	outcomes = [float(case.is_late) for case in cases]
	weights = [0.0] * (width + 1)
	penalties = (0.0, *repeat(_PENALTY, width))
	for _step in range(_STEPS):
		step = newton_step(columns, outcomes, weights, penalties)
		weights = [weight + change for weight, change in zip(weights, step, strict=True)]
		if max(map(abs, step)) < _CONVERGED:
			break
	return LateModel(tuple(means), tuple(scales), tuple(weights))


def given_open(probability: float, distribution: Distribution, age: int) -> float:
	"""Return P(at least five days late) of an invoice that is still open *age* days past due."""
	if age >= LATE_DAYS - 1:
		return 1.0
	on_time = 1 - distribution.later_than(LATE_DAYS - 1)
	if on_time <= 0:
		return 1.0
	still_open = max(distribution.later_than(age) - distribution.later_than(LATE_DAYS - 1), 0.0) / on_time
	return probability / (probability + (1 - probability) * still_open) if probability else 0.0


def _log_odds(p: float) -> float:
	p = min(max(p, _LEAST_ODDS), 1 - _LEAST_ODDS)
	return math.log(p / (1 - p))


def _loss(p: float, is_late: bool) -> float:
	p = min(max(p, _LEAST_ODDS), 1 - _LEAST_ODDS)
	return -math.log(p if is_late else 1 - p)
