"""Does the grade hold? Grades, dates and cash forecast from what was known, held against what happened.

Strict in time: whatever is judged on a date is made of what was known at the end of that date.

- Grades: a score known at t against the `horizon` days after t. A customer is bad when at least `bad_share` of
  the amount falling due in them is paid more than X days late. X is the assessment's own `serious_days`.
- Dates: an invoice is predicted from payments settled before its issue date.
- Cash: the open items of a day, week by week, against what of them was settled in each week.

Baselines stand beside every figure, and are shown when they win.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal, NamedTuple

from client_ledger.core.credit.assessment import UNRATED, assess
from client_ledger.core.credit.histogram import (
	DAYS_A_WEEK,
	History,
	Lateness,
	due_date_cash,
	expected_cash,
)
from client_ledger.core.credit.lateness import TradeLine, known
from client_ledger.core.credit.measures import MeasureSettings, measure
from client_ledger.core.credit.scorecard import Scorecard
from client_ledger.core.credit.statistics import auc, calibration_error, kolmogorov_smirnov, mean

SUNDAY = 6
# Enough cash forecasts for a stable figure; a longer history is sampled.
_MOST_FORECASTS = 52
_LONGEST_HISTORY = 3650
Verdict = Literal["too_few", "holds", "fails"]


@dataclass(frozen=True)
class BacktestSettings:
	"""horizon: days a grade is held against. bad_share: of the amount due, paid seriously late, that makes a
	customer bad. warm_up: days of history before the first grade (half of a shorter one). test_share: of the
	invoices, by issue date, whose dates are predicted. weeks: of cash compared. enough_bad: customers who
	turned bad below which there is no verdict.
	"""

	horizon: int = 90
	bad_share: float = 0.25
	warm_up: int = 365
	test_share: float = 0.3
	weeks: int = 4
	enough_bad: int = 30


class Snapshot(NamedTuple):
	"""A grade as it was given on a date, and stored: never recomputed when the ledger changes.

	on_time_ratio: share of the settled invoices that were paid by their due date, the usual measure.
	"""

	customer: Hashable
	as_of: date
	grade: str
	score: float | None
	p_serious: float
	serious_days: int
	on_time_ratio: float | None = None


@dataclass(frozen=True)
class GradeRow:
	"""One grade: assessments that could be held against something due, and how many of them turned bad."""

	grade: str
	assessments: int
	bad: int

	@property
	def bad_rate(self) -> float | None:
		"""Share that turned bad, None for an empty grade."""
		return self.bad / self.assessments if self.assessments else None


@dataclass(frozen=True)
class Migration:
	"""Grades at one snapshot and at the customer's next: counts per (from, to); only rated ones."""

	counts: dict[tuple[str, str], int]
	kept: float | None
	far: float | None


@dataclass(frozen=True)
class GradeValidation:
	"""How well the grades separated. auc and ks are of the score; auc_on_time of the plain on-time ratio.

	calibration: mean |P(more than X days late) - what happened| over the invoices that fell due.
	bad_customers: how many customers were bad at least once.
	"""

	first: date | None
	last: date | None
	serious_days: tuple[int, int] | None
	assessments: int
	bad: int
	bad_customers: int
	auc: float | None
	auc_on_time: float | None
	ks: float | None
	calibration: float | None
	grades: list[GradeRow]
	unrated: GradeRow
	migration: Migration
	verdict: Verdict

	@property
	def gini(self) -> float | None:
		"""2 AUC - 1, the accuracy ratio."""
		return None if self.auc is None else 2 * self.auc - 1

	@property
	def monotone(self) -> bool:
		"""True where no grade turned bad more often than a worse one."""
		return _monotone(self.grades)


@dataclass(frozen=True)
class DateValidation:
	"""Predicted against true dates, days. mae of: this method, the due date, the shrunk customer mean.

	coverage: share of the true dates within P10 to P90. still_open: due, not paid, hence without an error.
	auc_late and calibration: of P(paid after the due date).
	"""

	first: date | None
	invoices: int
	still_open: int
	mae: float | None
	mae_due_date: float | None
	mae_customer_mean: float | None
	coverage: float | None
	auc_late: float | None
	calibration: float | None

	@property
	def wins(self) -> bool | None:
		"""True where the method beats both baselines, None without any invoice."""
		if self.mae is None or self.mae_due_date is None or self.mae_customer_mean is None:
			return None
		return self.mae < min(self.mae_due_date, self.mae_customer_mean)


@dataclass(frozen=True)
class CashValidation:
	"""Weekly cash of open items. WAPE is sum |forecast - actual| / sum actual over all weeks; None without cash."""

	forecasts: int
	weeks: int
	actual: float
	wape: float | None
	wape_due_date: float | None


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
		validate_cash(lines, start, until, settings.weeks, scorecard.settings),
	)


def last_day(lines: Iterable[TradeLine]) -> date:
	"""Return the last day an invoice was issued or settled on."""
	return max(max(line.issued, line.settled_on or line.issued) for line in lines)


def first_snapshot(lines: Iterable[TradeLine], until: date, warm_up: int) -> date:
	"""Return the first day to be judged: after *warm_up* days of history, or half of a shorter one.

	Nothing older than ten years is judged, so that a mistyped year does not make centuries of it.
	"""
	first = max(min(line.issued for line in lines), until - timedelta(days=_LONGEST_HISTORY))
	return first + timedelta(days=min(warm_up, (until - first).days // 2))


def month_ends(start: date, until: date) -> Iterator[date]:
	"""Yield the last days of months from *start* to *until*, both included."""
	year, month = start.year, start.month
	while True:
		year, month = (year + 1, 1) if month == 12 else (year, month + 1)
		day = date(year, month, 1) - timedelta(days=1)
		if day > until:
			return
		yield day


def take_snapshots(
	lines: Sequence[TradeLine], days: Iterable[date], scorecard: Scorecard
) -> Iterator[Snapshot]:
	"""Yield the grade of every customer known on each of *days*, from what was known by then.

	days: in order. Disputed lines must have been left out.
	"""
	replay = _Replay(lines, scorecard.settings)
	for day in days:
		replay.advance(day)
		by_due_date = _on_time_ratios(lines, day)
		for customer, inputs in measure(lines, day, scorecard.settings, replay.lateness(day)).items():
			made = assess(inputs, scorecard)
			yield Snapshot(
				customer,
				day,
				made.grade,
				made.score,
				inputs.serious_share,
				inputs.serious_days,
				by_due_date.get(customer),
			)


def _on_time_ratios(lines: Iterable[TradeLine], as_of: date) -> dict[Hashable, float]:
	counts: dict[Hashable, list[int]] = {}
	for line in lines:
		if line.settled_on is not None and line.settled_on <= as_of:
			count = counts.setdefault(line.customer, [0, 0])
			count[line.settled_on <= line.due] += 1
	return {customer: on_time / (late + on_time) for customer, (late, on_time) in counts.items()}


class Outcome(NamedTuple):
	"""What became of a customer after a snapshot: bad or not, and per invoice whether it was seriously late."""

	bad: bool
	seriously_late: list[bool]


class Outcomes:
	"""Looks up what fell due for a customer in a window, and how it was paid by *until*."""

	def __init__(self, lines: Iterable[TradeLine], until: date):
		self.until = until
		self._lines: dict[Hashable, list[TradeLine]] = {}
		for line in lines:
			if not line.disputed and line.issued <= until:
				self._lines.setdefault(line.customer, []).append(line)
		self._due: dict[Hashable, list[date]] = {}
		for customer, rows in self._lines.items():
			rows.sort(key=lambda line: line.due)
			self._due[customer] = [line.due for line in rows]

	def of(self, customer: Hashable, as_of: date, serious: int, settings: BacktestSettings) -> Outcome | None:
		"""Return the outcome of the window after *as_of*; None where nothing fell due, or nothing is known of it.

		What is still open and not yet more than *serious* days late may turn out either way: left out.
		"""
		due = self._due.get(customer, [])
		start = bisect_right(due, as_of)
		end = bisect_right(due, as_of + timedelta(days=settings.horizon))
		total = late = 0.0
		seriously_late: list[bool] = []
		for line in self._lines.get(customer, [])[start:end]:
			settled_on = line.settled_on if line.settled_on and line.settled_on <= self.until else None
			days = ((settled_on or self.until) - line.due).days
			if settled_on is None and days <= serious:
				continue
			seriously_late.append(days > serious)
			total += line.amount
			late += line.amount * (days > serious)
		return Outcome(late >= settings.bad_share * total, seriously_late) if total > 0 else None


def validate_grades(
	snapshots: Iterable[Snapshot],
	lines: Iterable[TradeLine],
	until: date,
	grades: Sequence[str],
	settings: BacktestSettings | None = None,
) -> GradeValidation:
	"""Return how *snapshots* (stored or replayed) did in their horizons, those that were complete by *until*.

	grades: from best to worst.
	"""
	settings = settings or BacktestSettings()
	outcomes = Outcomes(lines, until)
	snapshots = [s for s in snapshots if s.as_of + timedelta(days=settings.horizon) <= until]
	held = [
		(snapshot, outcome)
		for snapshot in snapshots
		if (outcome := outcomes.of(snapshot.customer, snapshot.as_of, snapshot.serious_days, settings))
	]
	rated = [(s, outcome) for s, outcome in held if s.score is not None]
	rows = [_grade_row(grade, rated) for grade in grades]
	bad_customers = len({s.customer for s, outcome in rated if outcome.bad})
	separation = auc((-s.score, outcome.bad) for s, outcome in rated)
	plain = auc((-(s.on_time_ratio or 0.0), outcome.bad) for s, outcome in rated)
	days = [s.as_of for s, _ in rated]
	serious = [s.serious_days for s, _ in rated]
	return GradeValidation(
		first=min(days, default=None),
		last=max(days, default=None),
		serious_days=(min(serious), max(serious)) if serious else None,
		assessments=len(rated),
		bad=sum(outcome.bad for _, outcome in rated),
		bad_customers=bad_customers,
		auc=separation,
		auc_on_time=plain,
		ks=kolmogorov_smirnov((-s.score, outcome.bad) for s, outcome in rated),
		calibration=calibration_error(
			(s.p_serious, late) for s, outcome in rated for late in outcome.seriously_late
		),
		grades=rows,
		unrated=_grade_row(UNRATED, held),
		migration=migration(snapshots, grades),
		verdict=_verdict(rows, separation, plain, bad_customers, settings.enough_bad),
	)


def _grade_row(grade: str, held: Iterable[tuple[Snapshot, Outcome]]) -> GradeRow:
	bad = [outcome.bad for snapshot, outcome in held if snapshot.grade == grade]
	return GradeRow(grade, len(bad), sum(bad))


def _monotone(rows: Iterable[GradeRow]) -> bool:
	rates = [row.bad_rate for row in rows if row.bad_rate is not None]
	return all(better <= worse for better, worse in pairwise(rates))


def _verdict(
	rows: list[GradeRow], separation: float | None, plain: float | None, bad_customers: int, enough: int
) -> Verdict:
	"""A grade holds when worse grades turn bad more often, and it separates no worse than the on-time ratio."""
	if bad_customers < enough or separation is None or plain is None:
		return "too_few"
	return "holds" if _monotone(rows) and separation >= plain else "fails"


def migration(snapshots: Iterable[Snapshot], grades: Sequence[str]) -> Migration:
	"""Return how grades moved from each customer's snapshot to its next."""
	place = {grade: i for i, grade in enumerate(grades)}
	by_customer: dict[Hashable, list[Snapshot]] = {}
	for snapshot in snapshots:
		if snapshot.grade in place:
			by_customer.setdefault(snapshot.customer, []).append(snapshot)
	counts: dict[tuple[str, str], int] = {}
	for rows in by_customer.values():
		rows.sort(key=lambda snapshot: snapshot.as_of)
		for before, after in pairwise(rows):
			pair = before.grade, after.grade
			counts[pair] = counts.get(pair, 0) + 1
	total = sum(counts.values())
	kept = sum(count for (a, b), count in counts.items() if a == b)
	far = sum(count for (a, b), count in counts.items() if abs(place[a] - place[b]) > 1)
	return Migration(counts, kept / total if total else None, far / total if total else None)


class _Replay:
	"""Walks through a history day by day: what was settled, and what was open, at the end of a day."""

	def __init__(self, lines: Iterable[TradeLine], settings: MeasureSettings):
		lines = list(lines)
		epoch = last_day(lines) if lines else date.min
		self.history = History(epoch, settings.histogram())
		self.open: dict[Hashable, dict[int, TradeLine]] = {}
		self.mean = _ShrunkMean(epoch, settings)
		numbered = list(enumerate(lines))
		self._issued = sorted(numbered, key=lambda row: row[1].issued)
		self._settled = sorted(
			(row for row in numbered if row[1].settled_on), key=lambda row: row[1].settled_on
		)
		self._next_issued = self._next_settled = 0

	def advance(self, day: date) -> None:
		"""Move on to the end of *day*."""
		while self._next_issued < len(self._issued):
			number, line = self._issued[self._next_issued]
			if line.issued > day:
				break
			self.open.setdefault(line.customer, {})[number] = line
			self._next_issued += 1
		while self._next_settled < len(self._settled):
			number, line = self._settled[self._next_settled]
			if line.settled_on > day:
				break
			self.history.record(line.customer, line.settled_on, line.days_late)
			self.mean.record(line.customer, line.settled_on, line.days_late)
			self.open.get(line.customer, {}).pop(number, None)
			self._next_settled += 1

	def lateness(self, day: date) -> Lateness:
		"""Return what is known of lateness at the end of *day*, to which the replay must have advanced."""
		ages = {
			customer: [line.age(day) for line in rows.values()]
			for customer, rows in self.open.items()
			if rows
		}
		return self.history.at(day, ages)

	def open_lines(self) -> list[TradeLine]:
		"""Return what is open."""
		return [line for rows in self.open.values() for line in rows.values()]


class _ShrunkMean:
	"""The baseline "customer mean": recency weighted, and drawn to the company's by as many pseudo-payments."""

	def __init__(self, epoch: date, settings: MeasureSettings):
		self.epoch = epoch
		self.settings = settings
		self._sums: dict[Hashable, list[float]] = {}
		self._company = [0.0, 0.0, 0.0]

	def record(self, customer: Hashable, settled_on: date, days_late: int) -> None:
		"""Add one payment."""
		weight = 2.0 ** ((settled_on - self.epoch).days / self.settings.half_life)
		for sums in (self._sums.setdefault(customer, [0.0, 0.0, 0.0]), self._company):
			sums[0] += weight
			sums[1] += weight * weight
			sums[2] += weight * days_late

	def of(self, customer: Hashable) -> float:
		"""Return the expected days late of the customer's next payment, 0 before anything was paid."""
		weights, _, days = self._company
		company = days / weights if weights else 0.0
		weights, squares, days = self._sums.get(customer, (0.0, 0.0, 0.0))
		if not squares:
			return company
		effective, strength = weights * weights / squares, self.settings.prior_strength
		return (effective * days / weights + strength * company) / (effective + strength)


def validate_dates(
	lines: Sequence[TradeLine], until: date, test_share: float = 0.3, settings: MeasureSettings | None = None
) -> DateValidation:
	"""Return how the predicted dates of the last *test_share* of the invoices compare with the true ones.

	Each is predicted on its issue date, from what was known the day before. Only invoices due by *until* count.
	"""
	settings = settings or MeasureSettings()
	tested = sorted((line for line in lines if line.due <= until), key=lambda line: line.issued)
	tested = tested[bisect_left(tested, _split(tested, test_share), key=lambda line: line.issued) :]
	replay = _Replay(lines, settings)
	errors, due_errors, mean_errors = [], [], []
	within: list[bool] = []
	late: list[tuple[float, bool]] = []
	still_open, lateness, day = 0, None, None
	for line in tested:
		if line.issued != day or lateness is None:
			day = line.issued
			replay.advance(day - timedelta(days=1))
			lateness = replay.lateness(day - timedelta(days=1))
		distribution = lateness.of(line.customer)
		if line.settled_on is None:
			still_open += 1
			late.append((distribution.p_late, line.due < until))
			continue
		days = line.days_late
		errors.append(abs(distribution.quantile(0.5) - days))
		due_errors.append(abs(days))
		mean_errors.append(abs(round(replay.mean.of(line.customer)) - days))
		within.append(distribution.quantile(0.1) <= days <= distribution.quantile(0.9))
		late.append((distribution.p_late, days > 0))
	return DateValidation(
		first=tested[0].issued if tested else None,
		invoices=len(errors),
		still_open=still_open,
		mae=mean(errors),
		mae_due_date=mean(due_errors),
		mae_customer_mean=mean(mean_errors),
		coverage=mean(within),
		auc_late=auc(late),
		calibration=calibration_error(late),
	)


def _split(ordered: Sequence[TradeLine], share: float) -> date:
	"""Return the first issue date after the training part; a day is never split."""
	if not ordered:
		return date.max
	if share >= 1:
		return ordered[0].issued
	return ordered[min(int(len(ordered) * (1 - share)), len(ordered) - 1)].issued + timedelta(days=1)


def validate_cash(
	lines: Sequence[TradeLine],
	start: date,
	until: date,
	weeks: int = 4,
	settings: MeasureSettings | None = None,
) -> CashValidation:
	"""Return how weekly cash forecasts, made on Sundays from *start* on, compare with what came in.

	Every Sunday of about a year, or as many spread over a longer history. Both forecasts and actual cash are of the items open on the day; invoices issued later are not in either.
	"""
	replay = _Replay(lines, settings or MeasureSettings())
	day = start + timedelta(days=(SUNDAY - start.weekday()) % DAYS_A_WEEK)
	sundays = (until - day).days // DAYS_A_WEEK
	step = timedelta(days=DAYS_A_WEEK * max(1, -(-sundays // _MOST_FORECASTS)))
	forecasts, actual, missed, missed_due = 0, 0.0, 0.0, 0.0
	while day + timedelta(days=DAYS_A_WEEK * weeks) <= until:
		replay.advance(day)
		open_lines = replay.open_lines()
		came = _received(open_lines, day, weeks)
		expected = expected_cash(replay.lateness(day), open_lines, day, weeks).weeks
		by_due = due_date_cash(open_lines, day, weeks).weeks
		actual += sum(came)
		missed += sum(abs(f - a) for f, a in zip(expected, came, strict=True))
		missed_due += sum(abs(f - a) for f, a in zip(by_due, came, strict=True))
		forecasts += 1
		day += step
	return CashValidation(
		forecasts,
		weeks,
		actual,
		missed / actual if actual else None,
		missed_due / actual if actual else None,
	)


def _received(lines: Iterable[TradeLine], day: date, weeks: int) -> list[float]:
	"""Return what of *lines*, all open on *day*, was settled in each week after it."""
	received = [0.0] * weeks
	for line in lines:
		if line.settled_on is not None:
			week = ((line.settled_on - day).days - 1) // DAYS_A_WEEK
			if week < weeks:
				received[week] += line.amount
	return received
