"""The forecast of 13 weeks in one currency, made of items and of what the record teaches."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from client_ledger.core.credit.cash import WEEKS, CashCorrection
from client_ledger.core.credit.histogram import DAYS_A_WEEK
from client_ledger.core.forecast.items import CORRECTED, CashItem, CashSource
from client_ledger.core.forecast.record import ForecastRecord, MadeForecast, PartScore, Spread, WeekForecast
from client_ledger.core.forecast.totals import (
	FINE,
	Precision,
	WeekRange,
	due_totals,
	expected_totals,
	week_ranges,
)

# An item is named that is at least so much of a week's total, or of all of them.
LARGE_SHARE = 0.10
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class LargeItem:
	"""An amount that a week hangs on. week: the one it is most likely to come in (0 is the first); share: of that week's total;
	probability: that it comes then."""

	customer: Hashable
	reference: str
	amount: float
	source: CashSource
	week: int
	probability: float
	share: float


@dataclass(frozen=True, slots=True)
class CurrencyForecast:
	"""What is expected in one currency. first_days: of each week. later: expected after the last one, or never.

	sources: expected per week by where it comes from. scores: of past forecasts, None before there were any.
	"""

	as_of: date
	made: MadeForecast
	later: float
	later_by_due_date: float
	sources: dict[CashSource, list[float]]
	large: list[LargeItem]
	correction: CashCorrection
	scores: tuple[PartScore, PartScore] | None

	@property
	def weeks(self) -> tuple[WeekForecast, ...]:
		"""Return the weeks as they are shown."""
		return self.made.weeks

	@property
	def first_days(self) -> list[date]:
		"""Return the day each week begins on."""
		return [self.as_of + timedelta(days=1 + DAYS_A_WEEK * week) for week in range(len(self.weeks))]

	@property
	def has_history(self) -> bool:
		"""True where past forecasts say how good this one is."""
		return self.scores is not None and self.scores[0].model.wape is not None


def make_forecast(
	items: Sequence[CashItem],
	as_of: date,
	record: ForecastRecord | None = None,
	since: date | None = None,
	precision: Precision = FINE,
) -> CurrencyForecast:
	"""Return the forecast of *items*, all in one currency, made at the end of *as_of*.

	record: of earlier forecasts of the same company and currency; without any, nothing is corrected and there is no score. since: the
	first forecast that is scored.
	"""
	record = record or ForecastRecord()
	correction, spread = record.correction(as_of), record.spread(as_of)
	made, later = made_forecast(items, as_of, correction, spread, record.naive(as_of), precision)
	_weeks, later_due = due_totals(items, WEEKS)
	sources = _by_source(items, correction)
	shown = [week.expected for week in made.weeks]
	return CurrencyForecast(
		as_of,
		made,
		later,
		later_due,
		sources,
		large_items(items, shown),
		correction,
		record.scores(as_of, since) if len(record) else None,
	)


def made_forecast(
	items: Sequence[CashItem],
	as_of: date,
	correction: CashCorrection,
	spread: Spread,
	naive: Sequence[float | None],
	precision: Precision = FINE,
) -> tuple[MadeForecast, float]:
	"""Return the forecast to be kept, and what is expected after its last week."""
	plain, _later = expected_totals((item for item in items if item.source in CORRECTED), WEEKS)
	uncorrected, later = expected_totals(items, WEEKS)
	expected = corrected_totals(items, correction)
	moved = sum(uncorrected) - sum(expected)
	by_due_date, _due_later = due_totals(items, WEEKS)
	most = sum(item.amount for item in items)
	simulated = tuple(_within(row, most) for row in week_ranges(items, WEEKS, correction.factors, precision))
	weeks = tuple(
		WeekForecast(
			expected[week], *_within(spread.of(week, simulated[week]), most), by_due_date[week], naive[week]
		)
		for week in range(WEEKS)
	)
	return MadeForecast(as_of, tuple(plain), simulated, weeks), max(later + moved, 0.0)


def _within(row: WeekRange, most: float) -> WeekRange:
	"""Return a range in which no more comes than there is."""
	return WeekRange(*(min(amount, most) for amount in row))


def corrected_totals(items: Iterable[CashItem], correction: CashCorrection) -> list[float]:
	"""Return what *items* are expected to bring per week, corrected by what past forecasts taught."""
	found = [0.0] * WEEKS
	for amounts in _by_source(items, correction).values():
		found = [one + other for one, other in zip(found, amounts, strict=True)]
	return found


def _by_source(items: Iterable[CashItem], correction: CashCorrection) -> dict[CashSource, list[float]]:
	"""Return what each source brings per week; together no more than it amounts to, however much past forecasts were too low."""
	found: dict[CashSource, list[float]] = {}
	amounts: dict[CashSource, float] = {}
	for item in items:
		sums = found.setdefault(item.source, [0.0] * WEEKS)
		amounts[item.source] = amounts.get(item.source, 0.0) + item.amount
		for week, share in enumerate(item.shares):
			factor = correction.factors[week] if item.source in CORRECTED else 1.0
			sums[week] += item.amount * share * factor
	return {source: _up_to(amounts[source], weeks) for source, weeks in found.items()}


def _up_to(most: float, weeks: Sequence[float]) -> list[float]:
	"""Return weeks of which those that would bring more than there is bring what is left."""
	found, left = [], most
	for amount in weeks:
		found.append(min(amount, left))
		left = max(left - amount, 0.0)
	return found


def large_items(items: Iterable[CashItem], expected: Sequence[float]) -> list[LargeItem]:
	"""Return the items that a week hangs on, the largest first."""
	found = []
	for item in items:
		week = max(range(len(item.shares)), key=lambda place: item.shares[place])
		probability = item.shares[week]
		if probability <= 0 or expected[week] <= 0:
			continue
		share = item.amount * probability / expected[week]
		if share >= LARGE_SHARE:
			found.append(
				LargeItem(item.customer, item.reference, item.amount, item.source, week, probability, share)
			)
	found.sort(key=lambda item: (-item.amount, str(item.customer), item.reference))
	return found[:MOST_NAMED]
