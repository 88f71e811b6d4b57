"""The credit scorecard: what is graded, how much it counts, and where the grades begin. 100 points are best.

A factor turns one measure into a share of its points along a piecewise-linear curve. Bands turn the sum into
a grade. Caps (an old open item) and deductions (promises, limit) are kept outside of the measured factors.
The defaults were measured on real ledgers; docs/grading.md says how well they separate.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
from typing import Any, NamedTuple

from client_ledger.core.credit.measures import MeasureSettings
from client_ledger.core.credit.statistics import interpolate, invert

FULL_SCORE = 100.0
# Sums of weights typed in as decimals are only good to this.
_TOLERANCE = 1e-6

Curve = tuple[tuple[float, float], ...]

DUE_DATE_SHARE = "due_date_share"
ON_TIME_SHARE = "on_time_share"
AVERAGE_DAYS_LATE = "average_days_late"
SERIOUS_SHARE = "serious_share"
OLDEST_DAYS = "oldest_days"
HISTORY = "settled"
TREND = "trend"
BROKEN_PROMISES = "broken_promises"
LIMIT_UTILISATION = "limit_utilisation"

# Fields of Inputs that a factor or a deduction may grade. The first group is measured, the second judgement.
MEASURES = (
	DUE_DATE_SHARE,
	ON_TIME_SHARE,
	AVERAGE_DAYS_LATE,
	SERIOUS_SHARE,
	OLDEST_DAYS,
	HISTORY,
	TREND,
)
JUDGEMENTS = (BROKEN_PROMISES, LIMIT_UTILISATION)
# Measured on the logarithm: the tenth payment says more than the hundredth.
LOGARITHMIC = frozenset({HISTORY})
# Where a measure is unknown, the curve is read at this value.
NEUTRAL = {TREND: 0.0, LIMIT_UTILISATION: 0.0}


class Problem(NamedTuple):
	"""What is wrong with a scorecard, and in which row (1 is the first; 0: the table as a whole).

	key names the kind of problem and figures its values, which core.credit.messages words; message says it in English.
	"""

	table: str
	row: int
	key: str
	figures: dict[str, Any]
	message: str


class ScorecardError(ValueError):
	"""A scorecard that must not be used. `problems` says why, row by row."""

	def __init__(self, problems: Sequence[Problem]):
		self.problems = list(problems)
		super().__init__("; ".join(problem.message for problem in problems))


@dataclass(frozen=True)
class Factor:
	"""One component: `weight` points at most, `curve` from the measure to the share of them (0 to 1)."""

	measure: str
	weight: float
	curve: Curve

	def share(self, value: float | None) -> float:
		"""Return the share of the points that *value* of the measure earns; None is neutral."""
		value = NEUTRAL.get(self.measure, 0.0) if value is None else value
		return interpolate(self._points(), self._scaled(value))

	def value_for(self, share: float) -> float | None:
		"""Return the measure that earns *share*, the one nearest to the worst; None where the curve never does."""
		value = invert(self._points(), share)
		return math.exp(value) if value is not None and self.measure in LOGARITHMIC else value

	def _points(self) -> Curve:
		return tuple((self._scaled(x), y) for x, y in self.curve)

	def _scaled(self, value: float) -> float:
		return math.log(max(value, 1.0)) if self.measure in LOGARITHMIC else value


@dataclass(frozen=True)
class Band:
	"""Scores of one grade: from `minimum` up to, not including, `maximum` (including it for the best grade)."""

	grade: str
	minimum: float
	maximum: float


@dataclass(frozen=True)
class Cap:
	"""One grade lower, though not beyond `grade`, while material items are more than `days` past due."""

	days: int
	grade: str


@dataclass(frozen=True)
class Deduction:
	"""Points taken off by judgement, not measurement: `curve` from the measure to points, never over `maximum`."""

	measure: str
	maximum: float
	curve: Curve

	def points(self, value: float | None) -> float:
		"""Return the points that *value* costs; an unknown value costs nothing."""
		return 0.0 if value is None else min(interpolate(self.curve, value), self.maximum)


_SHARE_PAID_CURVE: Curve = ((0.0, 0.0), (0.3, 0.0), (0.6, 0.35), (0.9, 0.85), (1.0, 1.0))
DEFAULT_FACTORS = (
	Factor(DUE_DATE_SHARE, 15.0, _SHARE_PAID_CURVE),
	Factor(ON_TIME_SHARE, 15.0, _SHARE_PAID_CURVE),
	Factor(AVERAGE_DAYS_LATE, 30.0, ((0.0, 1.0), (2.0, 0.9), (5.0, 0.7), (15.0, 0.3), (30.0, 0.0))),
	Factor(SERIOUS_SHARE, 15.0, ((0.0, 1.0), (0.05, 0.75), (0.15, 0.4), (0.4, 0.0))),
	Factor(OLDEST_DAYS, 5.0, ((0.0, 1.0), (1.0, 0.8), (7.0, 0.55), (30.0, 0.2), (60.0, 0.0))),
	Factor(HISTORY, 15.0, ((1.0, 0.0), (3.0, 0.4), (10.0, 0.8), (30.0, 1.0))),
	Factor(TREND, 5.0, ((-5.0, 1.0), (0.0, 0.8), (5.0, 0.4), (15.0, 0.0))),
)
DEFAULT_BANDS = (
	Band("A", 85.0, 100.0),
	Band("B", 70.0, 85.0),
	Band("C", 55.0, 70.0),
	Band("D", 40.0, 55.0),
	Band("E", 0.0, 40.0),
)
DEFAULT_CAPS = (Cap(60, "D"),)
DEFAULT_DEDUCTIONS = (
	Deduction(BROKEN_PROMISES, 5.0, ((0.0, 0.0), (2.0, 5.0))),
	Deduction(LIMIT_UTILISATION, 5.0, ((0.9, 0.0), (1.2, 5.0))),
)


@dataclass(frozen=True)
class Scorecard:
	"""A version of the scorecard. Bands from the best grade to the worst; `settings`: how measures are taken."""

	version: str = "1"
	factors: tuple[Factor, ...] = DEFAULT_FACTORS
	bands: tuple[Band, ...] = DEFAULT_BANDS
	caps: tuple[Cap, ...] = DEFAULT_CAPS
	deductions: tuple[Deduction, ...] = DEFAULT_DEDUCTIONS
	settings: MeasureSettings = field(default_factory=MeasureSettings)

	def check(self) -> "Scorecard":
		"""Return the scorecard itself; raise ScorecardError naming every row that is wrong."""
		if problems := list(_problems(self)):
			raise ScorecardError(problems)
		return self

	@property
	def grades(self) -> list[str]:
		"""Grades from best to worst."""
		return [band.grade for band in self.bands]

	@property
	def worst(self) -> str:
		"""The worst grade."""
		return self.bands[-1].grade

	def grade_of(self, score: float) -> str:
		"""Return the grade whose band holds *score* (0 to 100)."""
		return next((band.grade for band in self.bands if score >= band.minimum), self.worst)

	def worse(self, one: str, other: str) -> str:
		"""Return the worse of two grades."""
		grades = self.grades
		return max(one, other, key=grades.index)

	def with_version(self, version: str) -> "Scorecard":
		"""Return the same scorecard under another version."""
		return replace(self, version=version)

	def as_dict(self) -> dict[str, Any]:
		"""Return plain values that JSON can hold."""
		return asdict(self)

	@classmethod
	def from_dict(cls, values: Mapping[str, Any]) -> "Scorecard":
		"""Return the scorecard that `as_dict` gave, unchecked. Raises TypeError or KeyError for other fields."""
		return cls(
			version=values["version"],
			factors=tuple(Factor(**{**row, "curve": curve_of(row["curve"])}) for row in values["factors"]),
			bands=tuple(Band(**row) for row in values["bands"]),
			caps=tuple(Cap(**row) for row in values["caps"]),
			deductions=tuple(
				Deduction(**{**row, "curve": curve_of(row["curve"])}) for row in values["deductions"]
			),
			settings=MeasureSettings(**values["settings"]),
		)


def curve_of(points: Iterable[Sequence[float]]) -> Curve:
	"""Return *points* as a curve."""
	return tuple((float(x), float(y)) for x, y in points)


def _problems(scorecard: Scorecard) -> Iterable[Problem]:
	yield from _factor_problems(scorecard.factors)
	yield from _band_problems(scorecard.bands)
	yield from _cap_problems(scorecard.caps, scorecard.grades)
	yield from _deduction_problems(scorecard.deductions)
	yield from _settings_problems(scorecard.settings)


def _problem(table: str, row: int, key: str, text: str, **figures: Any) -> Problem:
	place = f"{table}, row {row}: " if row else f"{table}: "
	return Problem(table, row, key, figures, place + text.format(**figures))


def _factor_problems(factors: Sequence[Factor]) -> Iterable[Problem]:
	seen: set[str] = set()
	for row, factor in enumerate(factors, 1):
		measure = factor.measure
		if measure not in MEASURES:
			yield _problem(
				"Factors", row, "unknown_measure", "there is no measure {measure}", measure=measure
			)
		if measure in seen:
			yield _problem("Factors", row, "repeated_measure", "{measure} is graded twice", measure=measure)
		seen.add(measure)
		if not 0 <= factor.weight <= FULL_SCORE:
			yield _problem(
				"Factors", row, "weight", "weight of {measure} must be 0 to 100, not {weight:g}",
				measure=measure, weight=factor.weight,
			)  # fmt: skip
		yield from _curve_problems("Factors", row, measure, factor.curve, 1.0)
	total = sum(factor.weight for factor in factors)
	if not abs(total - FULL_SCORE) <= _TOLERANCE:
		yield _problem("Factors", 0, "weights_sum", "weights sum to {total:g}, not 100", total=total)


def _curve_problems(table: str, row: int, measure: str, curve: Curve, largest: float) -> Iterable[Problem]:
	if len(curve) < 2:
		yield _problem(
			table, row, "curve_short", "curve of {measure} needs at least two points", measure=measure
		)
	for point, ((left, _), (right, _)) in enumerate(pairwise(curve), 2):
		if not left < right:
			yield _problem(
				table, row, "curve_not_increasing",
				"curve of {measure}, point {point}: {right:g} does not lie after {left:g}",
				measure=measure, point=point, left=left, right=right,
			)  # fmt: skip
	for point, (x, y) in enumerate(curve, 1):
		if not (math.isfinite(x) and 0 <= y <= largest):
			yield _problem(
				table, row, "curve_range",
				"curve of {measure}, point {point}: {y:g} is not within 0 to {largest:g}",
				measure=measure, point=point, x=x, y=y, largest=largest,
			)  # fmt: skip
	steps = [high - low for (_, low), (_, high) in pairwise(curve)]
	if any(step > 0 for step in steps) and any(step < 0 for step in steps):
		yield _problem(
			table, row, "curve_turns", "curve of {measure} rises and falls; it must do one", measure=measure
		)


def _band_problems(bands: Sequence[Band]) -> Iterable[Problem]:
	if not bands:
		yield _problem("Bands", 0, "no_bands", "there are no grades")
		return
	for row, band in enumerate(bands, 1):
		if not band.grade or band.grade in [other.grade for other in bands[: row - 1]]:
			yield _problem(
				"Bands", row, "grade_repeated", "grade {grade!r} is empty or repeated", grade=band.grade
			)
		if not band.minimum < band.maximum:
			yield _problem(
				"Bands", row, "band_empty", "grade {grade} ends at {maximum:g}, not after {minimum:g}",
				grade=band.grade, minimum=band.minimum, maximum=band.maximum,
			)  # fmt: skip
	for row, (better, band) in enumerate(pairwise(bands), 2):
		figures = dict(grade=band.grade, other=better.grade, end=band.maximum, start=better.minimum)
		if band.maximum > better.minimum:
			yield _problem(
				"Bands", row, "bands_overlap",
				"grade {grade} ends at {end:g}, but {other} begins at {start:g}: they overlap", **figures,
			)  # fmt: skip
		elif not band.maximum == better.minimum:
			yield _problem(
				"Bands", row, "bands_gap",
				"grade {grade} ends at {end:g}, but {other} begins at {start:g}: there is a gap", **figures,
			)  # fmt: skip
	if not bands[0].maximum == FULL_SCORE:
		yield _problem(
			"Bands", 1, "bands_top", "the best grade {grade} must end at 100, not {end:g}",
			grade=bands[0].grade, end=bands[0].maximum,
		)  # fmt: skip
	if not bands[-1].minimum == 0:
		yield _problem(
			"Bands", len(bands), "bands_bottom", "the worst grade {grade} must begin at 0, not {start:g}",
			grade=bands[-1].grade, start=bands[-1].minimum,
		)  # fmt: skip


def _cap_problems(caps: Sequence[Cap], grades: Sequence[str]) -> Iterable[Problem]:
	for row, cap in enumerate(caps, 1):
		if cap.grade not in grades:
			yield _problem("Caps", row, "unknown_grade", "there is no grade {grade}", grade=cap.grade)
		if cap.days < 0:
			yield _problem("Caps", row, "days", "days must not be negative: {days}", days=cap.days)


def _deduction_problems(deductions: Sequence[Deduction]) -> Iterable[Problem]:
	for row, deduction in enumerate(deductions, 1):
		if deduction.measure not in JUDGEMENTS:
			yield _problem(
				"Deductions",
				row,
				"unknown_measure",
				"there is no measure {measure}",
				measure=deduction.measure,
			)
		if not 0 <= deduction.maximum <= FULL_SCORE:
			yield _problem(
				"Deductions", row, "maximum", "at most 0 to 100 points can be deducted, not {maximum:g}",
				maximum=deduction.maximum,
			)  # fmt: skip
		yield from _curve_problems("Deductions", row, deduction.measure, deduction.curve, FULL_SCORE)


def _settings_problems(settings: MeasureSettings) -> Iterable[Problem]:
	checks = (
		("tolerance", settings.tolerance >= 0),
		("serious_days", settings.serious_days is None or settings.serious_days >= settings.tolerance),
		("half_life", settings.half_life > 0),
		("prior_strength", settings.prior_strength > 0),
		("amount_cap", settings.amount_cap > 0),
		("lateness_cap", settings.lateness_cap > 0),
		("trend_days", settings.trend_days > 0),
		("cap_balance_share", 0 <= settings.cap_balance_share <= 1),
		("cap_sales_share", 0 <= settings.cap_sales_share <= 1),
	)
	for name, holds in checks:
		if not holds:
			yield _problem(
				"Settings", 0, "setting", "{name} cannot be {value}", name=name, value=getattr(settings, name)
			)
