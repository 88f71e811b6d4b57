"""Do grades, dates and cash hold? Each made from what was known on a day, held against what happened after it.

- Grades: month by month against the days after (grade_validation).
- Dates: an invoice is predicted from payments settled before its issue date, by what was learnt before the first of
  the predicted ones.
- Cash: the open items of a Sunday, week by week, against what of them was settled in each week; weeks 1 to 4 apart
  from the later ones.

Baselines stand beside every figure, and are shown when they win.
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from client_ledger.core.credit.cash import (
	NEAR_WEEKS,
	PARTS,
	CashTrackRecord,
	ExpectedCash,
	PastForecast,
	past_forecasts,
)
from client_ledger.core.credit.dates import DateModel, learn_dates
from client_ledger.core.credit.grade_validation import (
	BacktestSettings,
	GradeValidation,
	take_snapshots,
	validate_grades,
)
from client_ledger.core.credit.histogram import DAYS_A_WEEK
from client_ledger.core.credit.late_model import LATE_DAYS, late_inputs
from client_ledger.core.credit.lateness import TradeLine, known
from client_ledger.core.credit.measures import MeasureSettings
from client_ledger.core.credit.payment_replay import PaymentReplay, issues, last_day
from client_ledger.core.credit.scorecard import Scorecard
from client_ledger.core.credit.similarity import ALL_ALIKE, PastPayments
from client_ledger.core.credit.statistics import auc, calibration_error, mean

SUNDAY = 6
# Enough cash forecasts for a stable figure; a longer history is sampled.
_MOST_FORECASTS = 52
# Days of history before the first past forecast a correction is learnt from.
_FIRST_FORECAST = 90
_LONGEST_HISTORY = 3650


@dataclass(frozen=True)
class DateValidation:
	"""Predicted against true dates, days. mae of: this method, the same with all payments alike, the due date, the
	shrunk customer mean.

	coverage: share of the true dates within P10 to P90. still_open: due, not paid, hence without an error.
	auc_late and calibration: of P(paid after the due date). auc_late_5: of P(at least five days late) as it is used,
	auc_late_5_histogram: by the histogram. kernel, regression: whether they are used on this ledger.
	"""

	first: date | None
	invoices: int
	still_open: int
	mae: float | None
	mae_alike: float | None
	mae_due_date: float | None
	mae_customer_mean: float | None
	coverage: float | None
	auc_late: float | None
	calibration: float | None
	auc_late_5: float | None
	auc_late_5_histogram: float | None
	kernel: bool
	regression: bool

	@property
	def wins(self) -> bool | None:
		"""True where the method beats both baselines, None without any invoice."""
		if self.mae is None or self.mae_due_date is None or self.mae_customer_mean is None:
			return None
		return self.mae < min(self.mae_due_date, self.mae_customer_mean)


@dataclass(frozen=True)
class CashPart:
	"""Weekly cash of open items, week *first* to *last* after the forecast. WAPE is sum |forecast - actual| / sum
	actual over all weeks, bias sum forecast / sum actual - 1; None without cash. wape_uncorrected: without what past
	forecasts taught.
	"""

	first: int
	last: int
	actual: float
	wape: float | None
	wape_uncorrected: float | None
	wape_due_date: float | None
	bias: float | None

	@property
	def due_date_wins(self) -> bool:
		"""True where the due dates did better."""
		return self.wape is not None and self.wape_due_date < self.wape


@dataclass(frozen=True)
class CashValidation:
	"""near: weeks 1 to 4; later: those after, as far as forecasts go."""

	forecasts: int
	near: CashPart
	later: CashPart


@dataclass(frozen=True)
class Backtest:
	"""The three checks of one history."""

	lines: int
	customers: int
	until: date
	grades: GradeValidation
	dates: DateValidation
	cash: CashValidation


def backtest(
	lines: Iterable[TradeLine],
	scorecard: Scorecard | None = None,
	settings: BacktestSettings | None = None,
	until: date | None = None,
) -> Backtest:
	"""Return how grades, dates and cash would have done over a history. Disputed lines are left out.

	until: the day up to which the history is complete; by default the last day anything happened on.
	Raises ValueError for a history without a line.
	"""
	scorecard = (scorecard or Scorecard()).check()
	settings = settings or BacktestSettings()
	lines = [line for line in lines if not line.disputed and (until is None or line.issued <= until)]
	if not lines:
		raise ValueError("there is no invoice to test on")
	until = until or last_day(lines)
	lines = list(known(lines, until))
	start = first_snapshot(lines, until, settings.warm_up)
	snapshots = list(take_snapshots(lines, month_ends(start, until), scorecard))
	return Backtest(
		len(lines),
		len({line.customer for line in lines}),
		until,
		validate_grades(snapshots, lines, until, scorecard.grades, settings),
		validate_dates(lines, until, settings.test_share, scorecard.settings),
		validate_cash(lines, start, until, scorecard.settings),
	)


def first_snapshot(lines: Iterable[TradeLine], until: date, warm_up: int) -> date:
	"""Return the first day to be tested: after *warm_up* days of history, or half of a shorter one.

	Nothing older than ten years is tested, so that a mistyped year does not make centuries of it.
	"""
	first = _first_day(lines, until)
	return first + timedelta(days=min(warm_up, (until - first).days // 2))


def _first_day(lines: Iterable[TradeLine], until: date) -> date:
	return max(min(line.issued for line in lines), until - timedelta(days=_LONGEST_HISTORY))


def month_ends(start: date, until: date) -> Iterator[date]:
	"""Yield the last days of months from *start* to *until*, both included."""
	year, month = start.year, start.month
	while True:
		year, month = (year + 1, 1) if month == 12 else (year, month + 1)
		day = date(year, month, 1) - timedelta(days=1)
		if day > until:
			return
		yield day


class _ShrunkMean:
	"""The baseline "customer mean": recency weighted, and drawn to the company's by as many pseudo-payments."""

	def __init__(self, epoch: date, settings: MeasureSettings):
		self.epoch = epoch
		self.settings = settings
		self._sums: dict[Hashable, list[float]] = {}
		self._company = [0.0, 0.0, 0.0]

	def record(self, line: TradeLine) -> None:
		"""Add one payment."""
		weight = 2.0 ** ((line.settled_on - self.epoch).days / self.settings.half_life)
		for sums in (self._sums.setdefault(line.customer, [0.0, 0.0, 0.0]), self._company):
			sums[0] += weight
			sums[1] += weight * weight
			sums[2] += weight * line.days_late

	def of(self, customer: Hashable) -> float:
		"""Return the expected days late of the customer's next payment, 0 before anything was paid."""
		weights, _, days = self._company
		company = days / weights if weights else 0.0
		weights, squares, days = self._sums.get(customer, (0.0, 0.0, 0.0))
		if not squares:
			return company
		effective, strength = weights * weights / squares, self.settings.prior_strength
		return (effective * days / weights + strength * company) / (effective + strength)


class _Prediction(NamedTuple):
	"""What was said of an invoice on the eve of its issue, and what came: days late, None while open."""

	expected: int
	expected_alike: int
	customer_mean: int
	is_within: bool | None
	p_late: float
	p_late_5: float
	p_late_5_histogram: float
	days: int | None
	age: int


def validate_dates(
	lines: Sequence[TradeLine], until: date, test_share: float = 0.3, settings: MeasureSettings | None = None
) -> DateValidation:
	"""Return how the predicted dates of the last *test_share* of the invoices compare with the true ones.

	Each is predicted on its issue date, from what was known the day before; what resembles what was learnt before the
	first of them. Only invoices due by *until* count.
	"""
	settings = settings or MeasureSettings()
	tested = sorted((line for line in lines if line.due <= until), key=lambda line: line.issued)
	tested = tested[bisect_left(tested, _split(tested, test_share), key=lambda line: line.issued) :]
	model = DateModel()
	if tested:
		eve = tested[0].issued - timedelta(days=1)
		model = learn_dates((line for line in lines if line.issued <= eve), eve, settings.histogram())
	found = list(_predictions(lines, tested, model, settings, until))
	paid = [row for row in found if row.days is not None]
	late = [(row.p_late, row.age > 0 if row.days is None else row.days > 0) for row in found]
	decided = [row for row in found if row.days is not None or row.age >= LATE_DAYS]
	return DateValidation(
		first=tested[0].issued if tested else None,
		invoices=len(paid),
		still_open=len(found) - len(paid),
		mae=mean([abs(row.expected - row.days) for row in paid]),
		mae_alike=mean([abs(row.expected_alike - row.days) for row in paid]),
		mae_due_date=mean([abs(row.days) for row in paid]),
		mae_customer_mean=mean([abs(row.customer_mean - row.days) for row in paid]),
		coverage=mean([row.is_within for row in paid]),
		auc_late=auc(late),
		calibration=calibration_error(late),
		auc_late_5=auc((row.p_late_5, _is_late(row)) for row in decided),
		auc_late_5_histogram=auc((row.p_late_5_histogram, _is_late(row)) for row in decided),
		kernel=model.similarity.used != ALL_ALIKE,
		regression=model.late.used is not None,
	)


def _is_late(row: _Prediction) -> bool:
	return row.days is None or row.days >= LATE_DAYS


def _predictions(
	lines: Sequence[TradeLine],
	tested: Iterable[TradeLine],
	model: DateModel,
	settings: MeasureSettings,
	until: date,
) -> Iterator[_Prediction]:
	replay = PaymentReplay(lines, settings.histogram())
	means, past = _ShrunkMean(replay.epoch, settings), PastPayments(settings.half_life)
	for line, eve, lateness, settled in issues(replay, tested):
		past.record(settled)
		for payment in settled:
			means.record(payment)
		alike = lateness.of(line.customer)
		similar = past.distribution(lateness, line, eve, model.similarity.used)
		p_histogram = similar.later_than(LATE_DAYS - 1)
		p_late_5 = p_histogram
		if model.late.used:
			ages = replay.open_ages(line.customer, eve)
			p_late_5 = model.late.used.probability(late_inputs(similar, line, past.of(line.customer), ages))
		days = line.days_late
		yield _Prediction(
			similar.quantile(0.5),
			alike.quantile(0.5),
			round(means.of(line.customer)),
			None if days is None else similar.quantile(0.1) <= days <= similar.quantile(0.9),
			similar.p_late,
			p_late_5,
			p_histogram,
			days,
			line.age(until),
		)


def _split(ordered: Sequence[TradeLine], share: float) -> date:
	"""Return the first issue date after the training part; a day is never split."""
	if not ordered:
		return date.max
	if share >= 1:
		return ordered[0].issued
	return ordered[min(int(len(ordered) * (1 - share)), len(ordered) - 1)].issued + timedelta(days=1)


def validate_cash(
	lines: Sequence[TradeLine], start: date, until: date, settings: MeasureSettings | None = None
) -> CashValidation:
	"""Return how weekly cash forecasts, made on Sundays from *start* on, compare with what came in.

	Every Sunday of about a year, or as many spread over a longer history. Forecasts and actual cash are of the items
	open on the day; invoices issued later are not in either. Each forecast is corrected by what those before it taught
	by its day.
	"""
	settings = settings or MeasureSettings()
	record, tested = CashTrackRecord(), []
	for forecast in past_forecasts(PaymentReplay(lines, settings.histogram()), _sundays(lines, start, until)):
		if forecast.day >= start:
			correction = record.correction(forecast.day)
			tested.append((forecast, correction.corrected(ExpectedCash(forecast.expected, 0.0)).weeks))
		record.add(forecast)
	complete = [row for row in tested if row[0].is_complete(NEAR_WEEKS - 1, until)]
	near, later = (_cash_part(tested, first, end, until) for first, end in PARTS)
	return CashValidation(len(complete), near, later)


def _sundays(lines: Iterable[TradeLine], start: date, until: date) -> Iterator[date]:
	"""Yield Sundays up to *until*: those from *start* on that are tested, and before them what is learnt from."""
	first = start + timedelta(days=(SUNDAY - start.weekday()) % DAYS_A_WEEK)
	weeks = (until - first).days // DAYS_A_WEEK
	step = timedelta(days=DAYS_A_WEEK * max(1, -(-weeks // _MOST_FORECASTS)))
	earliest = _first_day(lines, until) + timedelta(days=_FIRST_FORECAST)
	day = first
	while day - step >= max(earliest, first - timedelta(days=DAYS_A_WEEK * _MOST_FORECASTS)):
		day -= step
	while day <= until:
		yield day
		day += step


def _cash_part(
	tested: Iterable[tuple[PastForecast, list[float]]], first: int, end: int, until: date
) -> CashPart:
	actual = forecast = missed = missed_uncorrected = missed_due = 0.0
	for row, corrected in tested:
		if not row.is_complete(end - 1, until):
			continue
		for week in range(first, end):
			came = row.received[week]
			actual += came
			forecast += corrected[week]
			missed += abs(corrected[week] - came)
			missed_uncorrected += abs(row.expected[week] - came)
			missed_due += abs(row.by_due_date[week] - came)
	errors = [error / actual if actual else None for error in (missed, missed_uncorrected, missed_due)]
	return CashPart(first + 1, end, actual, *errors, forecast / actual - 1 if actual else None)
