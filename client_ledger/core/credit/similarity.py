"""Payments that resemble an invoice: same terms, similar amount; chosen per ledger where they predict better than all do.

A customer may pay small invoices by direct debit and have large ones approved, or keep one kind of terms and not
another. A kernel weighs each of its payments by how much it resembles the invoice asked about. How much is chosen by
walk-forward on the ledger's own past, and no kernel is used where none is clearly better.
"""

import math
from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from client_ledger.core.credit.histogram import (
	CustomerPayments,
	Distribution,
	Lateness,
	bin_of,
)
from client_ledger.core.credit.lateness import TradeLine
from client_ledger.core.credit.payment_replay import PaymentReplay, issues
from client_ledger.core.credit.statistics import mean, standard_error

# Terms are the same within this many days: a due date may have been rolled over a long weekend.
_SAME_TERMS = 3
# A customer's payments looked at: older ones have faded anyway.
_KEPT = 300
# Amounts this small are all alike.
_SMALLEST_AMOUNT = 0.01
# What a kernel must win by: a share of the error, and standard errors of the difference.
_LEAST_GAIN, _LEAST_ERRORS = 0.003, 1.0


class Similarity(NamedTuple):
	"""How payments count for an invoice. other_terms: weight of those on other terms. amount_width: the difference of
	the logarithms of two amounts at which the weight has fallen to 1/e (0: amounts do not matter).
	"""

	other_terms: float = 1.0
	amount_width: float = 0.0


ALL_ALIKE = Similarity()
CANDIDATES = tuple(
	Similarity(other_terms, amount_width)
	for other_terms in (1.0, 0.3, 0.1)
	for amount_width in (0.0, 2.0, 1.0)
	if (other_terms, amount_width) != ALL_ALIKE
)


class Payment(NamedTuple):
	"""A payment of an invoice in full. settled_on: its ordinal; terms in days; log_amount: natural logarithm; place: the
	histogram's bin of its days late."""

	settled_on: int
	days_late: int
	terms: int
	log_amount: float
	place: int


def terms_of(line: TradeLine) -> int:
	"""Return the days from issue to the effective due date."""
	return (line.due - line.issued).days


def log_amount_of(line: TradeLine) -> float:
	"""Return the logarithm of an invoice's amount."""
	return math.log(max(line.amount, _SMALLEST_AMOUNT))


class PastPayments:
	"""Each customer's latest payments, one by one. half_life in days."""

	def __init__(self, half_life: float):
		self._half_life = half_life
		self._customers: dict[Hashable, deque[Payment]] = {}

	def record(self, lines: Iterable[TradeLine]) -> None:
		"""Add settled *lines*, which must be in the order of their settlement."""
		for line in lines:
			found = self._customers.get(line.customer)
			if found is None:
				found = self._customers[line.customer] = deque(maxlen=_KEPT)
			days = line.days_late
			found.append(
				Payment(line.settled_on.toordinal(), days, terms_of(line), log_amount_of(line), bin_of(days))
			)

	def of(self, customer: Hashable) -> Sequence[Payment]:
		"""Return a customer's payments, the latest last."""
		return self._customers.get(customer, ())

	def distribution(
		self, lateness: Lateness, line: TradeLine, day: date, similarity: Similarity
	) -> Distribution:
		"""Return how late *line* is paid, by what *lateness* knows and the payments that resemble it."""
		if similarity == ALL_ALIKE:
			return lateness.of(line.customer)
		(found,) = self.distributions(lateness, line, day, [similarity])
		return found

	def distributions(
		self, lateness: Lateness, line: TradeLine, day: date, similarities: Iterable[Similarity]
	) -> Iterator[Distribution]:
		"""Yield the distribution that each of *similarities* gives, as `distribution` does."""
		payments, today, terms = self.of(line.customer), day.toordinal(), terms_of(line)
		log_amount = log_amount_of(line)
		decay = [2.0 ** ((payment.settled_on - today) / self._half_life) for payment in payments]
		is_other = [abs(payment.terms - terms) > _SAME_TERMS for payment in payments]
		apart = [abs(payment.log_amount - log_amount) for payment in payments]
		by_amount = {0.0: decay}
		for similarity in similarities:
			width = similarity.amount_width
			if width not in by_amount:
				by_amount[width] = [w * math.exp(-d / width) for w, d in zip(decay, apart, strict=True)]
			other = similarity.other_terms
			weights = [w * other if o else w for w, o in zip(by_amount[width], is_other, strict=True)]
			yield lateness.of_payments(line.customer, _customer_payments(payments, weights))


def _customer_payments(payments: Sequence[Payment], weights: Iterable[float]) -> CustomerPayments:
	found = CustomerPayments()
	for payment, weight in zip(payments, weights, strict=True):
		found.add(payment.place, weight, payment.days_late)
	return found


class SimilarityChoice(NamedTuple):
	"""The similarity that is used, and on how many invoices it was tested: mean error in days with all payments alike,
	and with the best kernel."""

	used: Similarity = ALL_ALIKE
	invoices: int = 0
	mae_alike: float | None = None
	mae: float | None = None

	@classmethod
	def from_plain(cls, values: Sequence[Any]) -> "SimilarityChoice":
		"""Return the choice that JSON holds as a list."""
		used, *figures = values
		return cls(Similarity(*used), *figures)


def choose_similarity(
	replay: PaymentReplay, tested: Iterable[TradeLine], half_life: float
) -> SimilarityChoice:
	"""Return the kernel that predicts the settled ones of *tested* best, each on the eve of its issue.

	replay: not yet advanced. tested: in the order of their issue dates. All payments stay alike unless a kernel is
	better by more than chance explains.
	"""
	past = PastPayments(half_life)
	alike: list[int] = []
	errors: dict[Similarity, list[int]] = {candidate: [] for candidate in CANDIDATES}
	for line, eve, lateness, settled in issues(replay, tested):
		past.record(settled)
		if line.days_late is None:
			continue
		alike.append(abs(lateness.of(line.customer).quantile(0.5) - line.days_late))
		found = past.distributions(lateness, line, eve, CANDIDATES)
		for candidate, distribution in zip(CANDIDATES, found, strict=True):
			errors[candidate].append(abs(distribution.quantile(0.5) - line.days_late))
	if not alike:
		return SimilarityChoice()
	best = min(CANDIDATES, key=lambda candidate: sum(errors[candidate]))
	gains = [before - after for before, after in zip(alike, errors[best], strict=True)]
	mae, gain = mean(alike), mean(gains)
	wins = gain > max(_LEAST_GAIN * mae, _LEAST_ERRORS * standard_error(gains))
	return SimilarityChoice(best if wins else ALL_ALIKE, len(alike), mae, mean(errors[best]))
