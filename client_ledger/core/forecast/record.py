"""The record of past forecasts: what each said on its day, what came, and what that teaches the next.

	MadeForecast + what came  ->  ForecastRecord.add  ->  factors (core.credit.cash), spreads  ->  the next forecast
	                                                  ->  PartScore: WAPE, bias, coverage beside the simple forecasts

A forecast is kept as it was made; nothing of it is made again later. What it teaches is known from the day a week of it was
over, and the score of a forecast is that of what was shown on its day.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import Enum
from statistics import NormalDist
from typing import NamedTuple

from client_ledger.core.credit.cash import (
	NEAR_WEEKS,
	PARTS,
	WEEKS,
	CashCorrection,
	CashTrackRecord,
	PastForecast,
)
from client_ledger.core.credit.histogram import DAYS_A_WEEK
from client_ledger.core.forecast.totals import WeekRange

YEAR_WEEKS = 52
# Forecasts a spread is learnt from, at most and at least, and as how many forecasts "as simulated" counts.
_MEMORY, _ENOUGH, _PRIOR = 26, 8, 10
# Spreads outside of these say that something broke.
_NARROWEST, _WIDEST = 0.4, 3.0
_HIGH = 0.9
_TOLERANCE = 1e-6
_BEYOND = 99.0
# A week is missed by much that is off by more than so many times the usual error; less than a cent is no miss.
MUCH, _CENT = 2.0, 0.005


class WeekForecast(NamedTuple):
	"""What is said of one week. naive: what came in the same week a year (or some weeks) before, None where that is not known."""

	expected: float
	low: float
	middle: float
	high: float
	by_due_date: float
	naive: float | None = None


class MadeForecast(NamedTuple):
	"""A forecast as it was made at the end of *day*, of weeks 1 to 13.

	plain: expected per week before anything was corrected. simulated: P10, P50, P90 as corrected, before they were spread.
	weeks: as they were shown.
	"""

	day: date
	plain: tuple[float, ...]
	simulated: tuple[WeekRange, ...]
	weeks: tuple[WeekForecast, ...]

	def is_complete(self, week: int, on: date) -> bool:
		"""Return whether week number *week* (0 is the first) was over on a day."""
		return self.day + timedelta(days=DAYS_A_WEEK * (week + 1)) <= on

	def as_plain(self) -> dict:
		"""Return what JSON can hold."""
		return {
			"day": self.day.isoformat(),
			"plain": list(self.plain),
			"simulated": [list(row) for row in self.simulated],
			"weeks": [list(row) for row in self.weeks],
		}

	@classmethod
	def from_plain(cls, values: dict) -> "MadeForecast":
		"""Return the forecast that `as_plain` gave. Raises KeyError, TypeError or ValueError for anything else."""
		return cls(
			date.fromisoformat(values["day"]),
			tuple(values["plain"]),
			tuple(WeekRange(*row) for row in values["simulated"]),
			tuple(WeekForecast(*row) for row in values["weeks"]),
		)


class Spread(NamedTuple):
	"""How far P10 and P90 lie from the middle, as multiples of what was simulated: of weeks 1 to 4, and of later ones."""

	down: tuple[float, float] = (1.0, 1.0)
	up: tuple[float, float] = (1.0, 1.0)

	def of(self, week: int, simulated: WeekRange) -> WeekRange:
		"""Return the range of week number *week* as it is shown. Nothing is expected to be less than nothing."""
		part = _part_of(week)
		low = simulated.middle - (simulated.middle - simulated.low) * self.down[part]
		high = simulated.middle + (simulated.high - simulated.middle) * self.up[part]
		return WeekRange(max(low, min(simulated.low, 0.0)), simulated.middle, high)


def _part_of(week: int) -> int:
	return 0 if week < NEAR_WEEKS else 1


class ForecastScore(NamedTuple):
	"""How one way of forecasting did: sum |forecast - came| / sum came, and sum forecast / sum came - 1; None without cash."""

	weeks: int = 0
	wape: float | None = None
	bias: float | None = None


class PartScore(NamedTuple):
	"""How forecasts of week *first* to *last* did. covered, below, above: shares of the weeks within P10 to P90, and outside of it.

	naive counts the weeks only where the past reaches; model_beside_naive is the model on the same weeks.
	"""

	first: int
	last: int
	forecasts: int
	came: float
	model: ForecastScore
	due_date: ForecastScore
	naive: ForecastScore
	model_beside_naive: ForecastScore
	covered: float | None
	below: float | None
	above: float | None

	@property
	def lost_to(self) -> list[str]:
		"""Return which simple forecasts did better: "due_date", "naive"."""
		lost = []
		if self.model.wape is not None and self.due_date.wape < self.model.wape:
			lost.append("due_date")
		if self.naive.wape is not None and self.naive.wape < self.model_beside_naive.wape:
			lost.append("naive")
		return lost

	@property
	def gain(self) -> float | None:
		"""Return by what share the error is below the due-date forecast's; negative where it is above."""
		if self.model.wape is None or not self.due_date.wape:
			return None
		return 1 - self.model.wape / self.due_date.wape


class ForecastRecord:
	"""Past forecasts in the order of their days, with what came of each week."""

	def __init__(self):
		self._rows: list[tuple[MadeForecast, Sequence[float]]] = []
		self._track = CashTrackRecord()

	def __len__(self) -> int:
		return len(self._rows)

	@property
	def rows(self) -> Sequence[tuple[MadeForecast, Sequence[float]]]:
		"""Return the forecasts, and per week what came; weeks that are not over hold what came so far."""
		return self._rows

	def add(
		self, made: MadeForecast, received: Sequence[float], of_invoices: Sequence[float] | None = None
	) -> None:
		"""Add a forecast. received: what came in each of its weeks of what it was about; of_invoices: of the invoices among it,
		which the next forecast is corrected by (None: it was about nothing else). Raises ValueError out of order."""
		if self._rows and made.day <= self._rows[-1][0].day:
			raise ValueError(
				f"the forecast of {made.day} does not come after that of {self._rows[-1][0].day}"
			)
		self._rows.append((made, received))
		due = [week.by_due_date for week in made.weeks]
		came = received if of_invoices is None else of_invoices
		self._track.add(PastForecast(made.day, list(made.plain), due, list(came)))

	def correction(self, as_of: date) -> CashCorrection:
		"""Return what the weeks of a forecast of *as_of* are multiplied by."""
		return self._track.correction(as_of)

	def spread(self, as_of: date) -> Spread:
		"""Return how wide the ranges of a forecast of *as_of* are: so that one in ten past weeks came below, and one above."""
		found: list[tuple[float, float]] = []
		for first, end in PARTS:
			down, up = [], []
			for made, received in self._rows:
				for week in range(first, end):
					if made.is_complete(week, as_of):
						row, came = made.simulated[week], received[week]
						if row.high > row.low:
							down.append(_distance(row.middle - came, row.middle - row.low))
							up.append(_distance(came - row.middle, row.high - row.middle))
			found.append((_spread(down, end - first), _spread(up, end - first)))
		return Spread((found[0][0], found[1][0]), (found[0][1], found[1][1]))

	def naive(self, as_of: date) -> list[float | None]:
		"""Return the seasonal naive forecast: what came in the same week of the forecast a year ago, or of the latest forecast
		whose week was over some multiple of four weeks ago."""
		by_day = {made.day: row for row in self._rows for made in (row[0],)}
		found: list[float | None] = []
		for week in range(WEEKS):
			back = [YEAR_WEEKS, *range(NEAR_WEEKS * (week // NEAR_WEEKS + 1), YEAR_WEEKS, NEAR_WEEKS)]
			days = (as_of - timedelta(days=DAYS_A_WEEK * weeks) for weeks in back)
			rows = (by_day[day] for day in days if day in by_day)
			came = [received[week] for made, received in rows if made.is_complete(week, as_of)]
			found.append(came[0] if came else None)
		return found

	def scores(self, as_of: date, since: date | None = None) -> tuple[PartScore, PartScore]:
		"""Return how forecasts, made from *since* on, did: weeks 1 to 4, and the later ones, as far as they were over on *as_of*."""
		rows = [row for row in self._rows if since is None or row[0].day >= since]
		near, later = (_score(rows, first, end, as_of) for first, end in PARTS)
		return near, later


class Miss(str, Enum):
	"""How a week was missed. The value is the English label."""

	BELOW = "Below P10"
	ABOVE = "Above P90"
	LARGE = "Large Error"


def first_week_miss(made: MadeForecast, came: float, errors: Sequence[float]) -> Miss | None:
	"""Return how what *came* in the first week of a forecast missed it: outside of the range, or off by more than MUCH times the mean of
	earlier *errors* (of the last 26, at least 8); None where neither is so."""
	week = made.weeks[0]
	if came < week.low - _CENT:
		return Miss.BELOW
	if came > week.high + _CENT:
		return Miss.ABOVE
	errors = errors[-_MEMORY:]
	if len(errors) >= _ENOUGH and abs(week.expected - came) > max(MUCH * sum(errors) / len(errors), _CENT):
		return Miss.LARGE
	return None


def _distance(off: float, width: float) -> float:
	"""Return a miss in widths; where there is no width, a miss on that side is beyond any."""
	if width > _TOLERANCE:
		return off / width
	return _BEYOND if off > _TOLERANCE else -1.0


def _spread(distances: Sequence[float], weeks: int) -> float:
	"""Return the multiple that nine of ten past misses were within, drawn to 1 by as many normal ones as ten forecasts have."""
	if len(distances) < _ENOUGH * weeks:
		return 1.0
	distances = distances[-_MEMORY * weeks :]
	prior = _PRIOR * weeks
	normal = NormalDist()
	unit = normal.inv_cdf(_HIGH)
	usual = [normal.inv_cdf((place + 0.5) / prior) / unit for place in range(prior)]
	ordered = sorted([*distances, *usual])
	return min(max(ordered[min(int(_HIGH * len(ordered)), len(ordered) - 1)], _NARROWEST), _WIDEST)


class _Misses:
	"""Misses of one way of forecasting."""

	def __init__(self):
		self.weeks, self.missed, self.said, self.came = 0, 0.0, 0.0, 0.0

	def add(self, said: float, came: float) -> None:
		self.weeks += 1
		self.missed += abs(said - came)
		self.said += said
		self.came += came

	def score(self) -> ForecastScore:
		if not self.came:
			return ForecastScore(self.weeks)
		return ForecastScore(self.weeks, self.missed / self.came, self.said / self.came - 1)


def _score(
	rows: Iterable[tuple[MadeForecast, Sequence[float]]], first: int, end: int, as_of: date
) -> PartScore:
	model, due, naive, beside = _Misses(), _Misses(), _Misses(), _Misses()
	forecasts = within = below = 0
	for made, received in rows:
		if not made.is_complete(end - 1, as_of):
			continue
		forecasts += 1
		for week in range(first, end):
			said, came = made.weeks[week], received[week]
			model.add(said.expected, came)
			due.add(said.by_due_date, came)
			if said.naive is not None:
				naive.add(said.naive, came)
				beside.add(said.expected, came)
			below += came < said.low - _TOLERANCE
			within += said.low - _TOLERANCE <= came <= said.high + _TOLERANCE
	counted = model.weeks
	shares = (
		(within / counted, below / counted, (counted - within - below) / counted)
		if counted
		else (None, None, None)
	)
	scores = (model.score(), due.score(), naive.score(), beside.score())
	return PartScore(first + 1, end, forecasts, model.came, *scores, *shares)


def monday_of(day: date) -> date:
	"""Return the Monday of a day's week."""
	return day - timedelta(days=day.weekday())


def forecast_day(day: date) -> date:
	"""Return the end of which day the forecast stored on *day* is made of: the Sunday before its Monday."""
	return monday_of(day) - timedelta(days=1)


def missing_days(kept: Sequence[date], since: date, today: date) -> list[date]:
	"""Return the Sundays from *since* on whose forecast is not *kept* (ordered) by *today*: a Monday that was missed is made up
	for, as of its day."""
	day = forecast_day(since + timedelta(days=DAYS_A_WEEK - 1))
	found = []
	while day < today:
		place = bisect_right(kept, day)
		if day >= since and not (place and kept[place - 1] == day):
			found.append(day)
		day += timedelta(days=DAYS_A_WEEK)
	return found
