"""Does a grade hold? Grades known on a date against the `horizon` days after it.

A customer is bad when at least `bad_share` of the amount falling due in them is paid more than X days late. X is the
assessment's own `serious_days`. What is tested is the final grade, caps included. The baseline, the plain on-time
ratio, stands beside every figure.
"""

import random
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal, NamedTuple

from client_ledger.core.credit.assessment import UNRATED, assess
from client_ledger.core.credit.histogram import Lateness
from client_ledger.core.credit.lateness import TradeLine
from client_ledger.core.credit.measures import Inputs, measure
from client_ledger.core.credit.payment_replay import PaymentReplay
from client_ledger.core.credit.scorecard import FULL_SCORE, Scorecard
from client_ledger.core.credit.statistics import auc, calibration_error, kolmogorov_smirnov

GradeVerdict = Literal["too_few", "holds", "unclear", "fails"]
# Samples of the customers a verdict is drawn again from, and the share of them that must agree on a failure.
_RESAMPLES, _CERTAIN = 200, 0.95


@dataclass(frozen=True)
class BacktestSettings:
	"""horizon: days a grade is held against. bad_share: of the amount due, paid seriously late, that makes a
	customer bad. warm_up: days of history before the first grade (half of a shorter one). test_share: of the
	invoices, by issue date, whose dates are predicted. enough_bad: customers who turned bad below which there is
	no verdict.
	"""

	horizon: int = 90
	bad_share: float = 0.25
	warm_up: int = 365
	test_share: float = 0.3
	enough_bad: int = 30


class GradeSnapshot(NamedTuple):
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
	"""How well the grades separated. auc and ks are of the final grade, caps included, and within a grade of the score;
	auc_points of the score alone, auc_on_time of the plain on-time ratio. unrated: those who had no grade.

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
	auc_points: float | None
	auc_on_time: float | None
	ks: float | None
	calibration: float | None
	grades: list[GradeRow]
	unrated: GradeRow
	migration: Migration
	verdict: GradeVerdict

	@property
	def gini(self) -> float | None:
		"""2 AUC - 1, the accuracy ratio."""
		return None if self.auc is None else 2 * self.auc - 1

	@property
	def monotone(self) -> bool:
		"""True where no grade turned bad more often than a worse one."""
		return _monotone(self.grades)


class MeasuredSnapshot(NamedTuple):
	"""A snapshot, and the inputs of its grade."""

	snapshot: GradeSnapshot
	inputs: Inputs


def take_snapshots(
	lines: Sequence[TradeLine], days: Iterable[date], scorecard: Scorecard
) -> Iterator[GradeSnapshot]:
	"""Yield the grade of every customer known on each of *days*, from what was known by then.

	days: in order. Disputed lines must have been left out.
	"""
	replay = PaymentReplay(lines, scorecard.settings.histogram())
	for day in days:
		replay.advance(day)
		for found in snapshots_on(lines, day, scorecard, replay.lateness(day)):
			yield found.snapshot


def snapshots_on(
	lines: Sequence[TradeLine], day: date, scorecard: Scorecard, lateness: Lateness
) -> Iterator[MeasuredSnapshot]:
	"""Yield the grade of every customer known at the end of *day*. lateness: what was learnt of *lines* by then."""
	by_due_date = _on_time_ratios(lines, day)
	for customer, inputs in measure(lines, day, scorecard.settings, lateness).items():
		made = assess(inputs, scorecard)
		snapshot = GradeSnapshot(
			customer,
			day,
			made.grade,
			made.score,
			inputs.serious_share,
			inputs.serious_days,
			by_due_date.get(customer),
		)
		yield MeasuredSnapshot(snapshot, inputs)


def _on_time_ratios(lines: Iterable[TradeLine], as_of: date) -> dict[Hashable, float]:
	counts: dict[Hashable, list[int]] = {}
	for line in lines:
		if line.settled_on is not None and line.settled_on <= as_of:
			count = counts.setdefault(line.customer, [0, 0])
			count[line.settled_on <= line.due] += 1
	return {customer: on_time / (late + on_time) for customer, (late, on_time) in counts.items()}


class GradeOutcome(NamedTuple):
	"""What became of a customer after a snapshot: bad or not, and per invoice whether it was seriously late."""

	bad: bool
	seriously_late: list[bool]


class GradeOutcomes:
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

	def of(
		self, customer: Hashable, as_of: date, serious: int, settings: BacktestSettings
	) -> GradeOutcome | None:
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
		return GradeOutcome(late >= settings.bad_share * total, seriously_late) if total > 0 else None


def validate_grades(
	snapshots: Iterable[GradeSnapshot],
	lines: Iterable[TradeLine],
	until: date,
	grades: Sequence[str],
	settings: BacktestSettings | None = None,
) -> GradeValidation:
	"""Return how *snapshots* (stored or replayed) did in their horizons, those that were complete by *until*.

	grades: from best to worst.
	"""
	settings = settings or BacktestSettings()
	outcomes = GradeOutcomes(lines, until)
	snapshots = [s for s in snapshots if s.as_of + timedelta(days=settings.horizon) <= until]
	held = [
		(snapshot, outcome)
		for snapshot in snapshots
		if (outcome := outcomes.of(snapshot.customer, snapshot.as_of, snapshot.serious_days, settings))
	]
	rated = [(s, outcome) for s, outcome in held if s.score is not None]
	rows = [_grade_row(grade, rated) for grade in grades]
	bad_customers = len({s.customer for s, outcome in rated if outcome.bad})
	risk = _risk_of(grades)
	tested = [
		_Tested(s.customer, s.grade, risk(s), -(s.on_time_ratio or 0.0), outcome.bad) for s, outcome in rated
	]
	separation = auc((row.risk, row.bad) for row in tested)
	plain = auc((row.plain_risk, row.bad) for row in tested)
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
		auc_points=auc((-s.score, outcome.bad) for s, outcome in rated),
		auc_on_time=plain,
		ks=kolmogorov_smirnov((row.risk, row.bad) for row in tested),
		calibration=calibration_error(
			(s.p_serious, late) for s, outcome in rated for late in outcome.seriously_late
		),
		grades=rows,
		unrated=_grade_row(UNRATED, held),
		migration=migration(snapshots, grades),
		verdict=_verdict(tested, grades, separation, plain)
		if bad_customers >= settings.enough_bad
		else "too_few",
	)


def _grade_row(grade: str, held: Iterable[tuple[GradeSnapshot, GradeOutcome]]) -> GradeRow:
	bad = [outcome.bad for snapshot, outcome in held if snapshot.grade == grade]
	return GradeRow(grade, len(bad), sum(bad))


def _risk_of(grades: Sequence[str]) -> Callable[[GradeSnapshot], float]:
	"""Return a function that orders snapshots by their final grade, and within a grade by their score."""
	place = {grade: i for i, grade in enumerate(grades)}
	return lambda snapshot: place.get(snapshot.grade, len(place)) * 2 * FULL_SCORE - snapshot.score


def _monotone(rows: Iterable[GradeRow]) -> bool:
	return not _inversions({row.grade: (row.assessments, row.bad) for row in rows}, [r.grade for r in rows])


def _inversions(counts: Mapping[str, tuple[int, int]], grades: Sequence[str]) -> set[tuple[str, str]]:
	"""Return the pairs of neighbours of which the better grade turned bad more often. counts: (assessments, bad)."""
	rates = [(grade, counts[grade][1] / counts[grade][0]) for grade in grades if counts.get(grade, (0, 0))[0]]
	return {(better[0], worse[0]) for better, worse in pairwise(rates) if better[1] > worse[1]}


class _Tested(NamedTuple):
	"""One assessment and what came of it: its order by grade and by the plain ratio, the riskiest highest."""

	customer: Hashable
	grade: str
	risk: float
	plain_risk: float
	bad: bool


def _verdict(
	tested: Sequence[_Tested], grades: Sequence[str], separation: float | None, plain: float | None
) -> GradeVerdict:
	"""Grades hold when worse ones turn bad more often, and they separate no worse than the on-time ratio.

	What does not hold is a failure only where it holds in hardly any sample of the same customers either.
	"""
	if separation is None or plain is None:
		return "too_few"
	inverted = _inversions(_counts(tested), grades)
	if not inverted and separation >= plain:
		return "holds"
	samples = [_resampled(tested, number) for number in range(_RESAMPLES)]
	for pair in inverted:
		if _agree(pair in _inversions(_counts(sample), grades) for sample in samples):
			return "fails"
	if separation < plain and _agree(
		_auc_of(sample, "risk") < _auc_of(sample, "plain_risk") for sample in samples
	):
		return "fails"
	return "unclear"


def _agree(found: Iterable[bool]) -> bool:
	return sum(found) >= _CERTAIN * _RESAMPLES


def _auc_of(tested: Iterable[_Tested], name: str) -> float:
	found = auc((getattr(row, name), row.bad) for row in tested)
	return 0.5 if found is None else found


def _counts(tested: Iterable[_Tested]) -> dict[str, tuple[int, int]]:
	counts: dict[str, tuple[int, int]] = {}
	for row in tested:
		assessments, bad = counts.get(row.grade, (0, 0))
		counts[row.grade] = assessments + 1, bad + row.bad
	return counts


def _resampled(tested: Iterable[_Tested], number: int) -> list[_Tested]:
	"""Return the assessments of as many customers, drawn with replacement: one customer's months go together."""
	by_customer: dict[Hashable, list[_Tested]] = {}
	for row in tested:
		by_customer.setdefault(row.customer, []).append(row)
	drawn = random.Random(number).choices(sorted(by_customer, key=str), k=len(by_customer))
	return [row for customer in drawn for row in by_customer[customer]]


def migration(snapshots: Iterable[GradeSnapshot], grades: Sequence[str]) -> Migration:
	"""Return how grades moved from each customer's snapshot to its next."""
	place = {grade: i for i, grade in enumerate(grades)}
	by_customer: dict[Hashable, list[GradeSnapshot]] = {}
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
