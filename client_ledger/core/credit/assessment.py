"""A credit assessment: points per factor with the reason, score, grade, and what would lift it one grade.

It is a function of stored inputs and a stored scorecard and of nothing else, so that it can be repeated at
any time. A cap lowers the scored grade by one, however many caps apply, and counts only what is material; the first
method let it lower a grade to any other. Reasons are a key and figures; core.credit.messages words them. Keys are the
measures' names, and

- factors: due_date_share (share, on_due_date, settled, overdue_items), on_time_share (share, on_time, settled,
  missed, tolerance), average_days_late (days), serious_share (share, seriously_late, serious_days),
  oldest_days (days, overdue_items), settled (settled), trend (days; absent: trend_unknown)
- deductions: broken_promises (count), limit_utilisation (share)
- caps: old_items_material (days, limit, share of the balance), nothing_settled (missed, days); by the first method
  oldest_item_over (days, limit), never_paid (missed, oldest_days)
- unrated: no_history (open_items)
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from math import ceil
from typing import Any

from client_ledger.core.credit.histogram import Confidence
from client_ledger.core.credit.measures import Inputs
from client_ledger.core.credit.scorecard import (
	AVERAGE_DAYS_LATE,
	BROKEN_PROMISES,
	DUE_DATE_SHARE,
	FULL_SCORE,
	HISTORY,
	OLDEST_DAYS,
	ON_TIME_SHARE,
	SERIOUS_SHARE,
	TREND,
	Factor,
	Scorecard,
)

UNRATED = "Unrated"
# How a score is made of inputs. It rises when the arithmetic changes; stored assessments keep theirs.
METHOD = 2
_DECIMALS = 4


@dataclass(frozen=True)
class GradeReason:
	"""Why: a key that core.credit.messages has words for, and the figures in them."""

	key: str
	figures: dict[str, float | int | str | None]


@dataclass(frozen=True)
class FactorPoints:
	"""What one factor gave: `points` of `weight`, for `value` of the measure (None: unknown, neutral)."""

	measure: str
	value: float | None
	points: float
	weight: float
	reason: GradeReason


@dataclass(frozen=True)
class DeductionPoints:
	"""Points taken off by judgement."""

	measure: str
	points: float
	maximum: float
	reason: GradeReason


@dataclass(frozen=True)
class Capped:
	"""A rule outside of the score that allows no better grade than `grade`."""

	grade: str
	reason: GradeReason


@dataclass(frozen=True)
class Lift:
	"""One change: the measure would have to move from `now` to `needed`, which gives `points` more."""

	measure: str
	now: float | None
	needed: float
	points: float


@dataclass(frozen=True)
class Lifts:
	"""What would lift the assessment to the next better `grade`; `missing` points are needed for it.

	alone: each of these is enough by itself, the smallest step first. together: where no single one is, all
	of these are. required: must hold besides (an old item paid, a first payment made) to lift a cap.
	"""

	grade: str
	missing: float
	alone: tuple[Lift, ...]
	together: tuple[Lift, ...]
	required: tuple[Lift, ...]


@dataclass(frozen=True)
class Assessment:
	"""The result. score and scored_grade are before caps; grade is after them, "Unrated" without history."""

	version: str
	score: float | None
	scored_grade: str
	grade: str
	factors: tuple[FactorPoints, ...]
	deductions: tuple[DeductionPoints, ...]
	caps: tuple[Capped, ...]
	p_late: float
	p_serious: float
	settled: int
	effective: float
	confidence: Confidence
	lifts: Lifts | None
	unrated: GradeReason | None = None

	def as_dict(self) -> dict[str, Any]:
		"""Return plain values that JSON can hold."""
		return json.loads(json.dumps(asdict(self), allow_nan=False))


def assess(inputs: Inputs, scorecard: Scorecard) -> Assessment:
	"""Return the assessment of *inputs* by a checked *scorecard*."""
	return _assess(inputs, scorecard, _BY_ONE_GRADE)


def _assess_first_method(inputs: Inputs, scorecard: Scorecard) -> Assessment:
	return _assess(inputs, scorecard, _TO_ANY_GRADE)


def _assess(inputs: Inputs, scorecard: Scorecard, rule: "_CapRule") -> Assessment:
	if not inputs.has_history:
		return _unrated(inputs, scorecard)
	factors = tuple(_factor_points(factor, inputs) for factor in scorecard.factors)
	deductions = tuple(
		DeductionPoints(
			row.measure,
			round(row.points(getattr(inputs, row.measure)), _DECIMALS),
			row.maximum,
			_reason(row.measure, inputs),
		)
		for row in scorecard.deductions
	)
	earned = sum(f.points for f in factors) - sum(d.points for d in deductions)
	score = round(min(max(earned, 0.0), FULL_SCORE), _DECIMALS)
	scored_grade = scorecard.grade_of(score)
	caps = tuple(rule.caps(inputs, scorecard, scored_grade))
	grade = scored_grade
	for cap in caps:
		grade = scorecard.worse(grade, cap.grade)
	return Assessment(
		version=scorecard.version,
		score=score,
		scored_grade=scored_grade,
		grade=grade,
		factors=factors,
		deductions=deductions,
		caps=caps,
		p_late=inputs.p_late,
		p_serious=inputs.serious_share,
		settled=inputs.settled,
		effective=inputs.effective,
		confidence=inputs.confidence,
		lifts=_lifts(inputs, scorecard, factors, earned, grade, rule),
	)


def _unrated(inputs: Inputs, scorecard: Scorecard) -> Assessment:
	return Assessment(
		version=scorecard.version,
		score=None,
		scored_grade=UNRATED,
		grade=UNRATED,
		factors=(),
		deductions=(),
		caps=(),
		p_late=inputs.p_late,
		p_serious=inputs.serious_share,
		settled=inputs.settled,
		effective=inputs.effective,
		confidence=inputs.confidence,
		lifts=None,
		unrated=GradeReason("no_history", {"open_items": inputs.open_items}),
	)


def _factor_points(factor: Factor, inputs: Inputs) -> FactorPoints:
	value = getattr(inputs, factor.measure)
	points = round(factor.weight * factor.share(value), _DECIMALS)
	return FactorPoints(factor.measure, value, points, factor.weight, _reason(factor.measure, inputs))


def _reason(measure: str, inputs: Inputs) -> GradeReason:
	"""Return the figures that a reader needs to follow the points of *measure*."""
	value = getattr(inputs, measure)
	if measure == DUE_DATE_SHARE:
		names = ("on_due_date", "settled", "overdue_items")
		return GradeReason(measure, {"share": value, **{name: getattr(inputs, name) for name in names}})
	if measure == ON_TIME_SHARE:
		names = ("on_time", "settled", "missed", "tolerance")
		return GradeReason(measure, {"share": value, **{name: getattr(inputs, name) for name in names}})
	if measure == SERIOUS_SHARE:
		counts = {"seriously_late": inputs.seriously_late, "serious_days": inputs.serious_days}
		return GradeReason(measure, {"share": value, **counts})
	if measure == OLDEST_DAYS:
		return GradeReason(measure, {"days": value, "overdue_items": inputs.overdue_items})
	if measure == AVERAGE_DAYS_LATE:
		return GradeReason(measure, {"days": value})
	if measure == TREND:
		return (
			GradeReason(measure, {"days": value}) if value is not None else GradeReason("trend_unknown", {})
		)
	if measure == HISTORY:
		return GradeReason(measure, {"settled": value})
	return GradeReason(measure, {"count" if measure == BROKEN_PROMISES else "share": value})


@dataclass(frozen=True)
class _CapRule:
	"""How caps work. days: the age that counts for them. never_paid: whether a customer who paid nothing is capped.
	caps: the caps on a scored grade.
	"""

	days: Callable[[Inputs], int]
	never_paid: Callable[[Inputs], bool]
	caps: Callable[[Inputs, Scorecard, str], list[Capped]]


def _caps_by_one_grade(inputs: Inputs, scorecard: Scorecard, scored: str) -> list[Capped]:
	"""Return the caps that a scored grade is too good for; each allows the next worse one."""
	grades = scorecard.grades
	place = grades.index(scored)
	if place == len(grades) - 1:
		return []
	lower, share = grades[place + 1], inputs.material_amount / inputs.balance if inputs.balance else 0.0
	caps = [
		Capped(
			lower,
			GradeReason(
				"old_items_material", {"days": inputs.material_days, "limit": cap.days, "share": share}
			),
		)
		for cap in scorecard.caps
		if inputs.material_days > cap.days and grades.index(cap.grade) > place
	]
	if _owes_material_amount_and_never_paid(inputs):
		figures = {"missed": inputs.missed, "days": inputs.oldest_days}
		caps.append(Capped(lower, GradeReason("nothing_settled", figures)))
	return caps


def _owes_material_amount_and_never_paid(inputs: Inputs) -> bool:
	return inputs.never_paid and inputs.material_days > inputs.tolerance


def _caps_to_any_grade(inputs: Inputs, scorecard: Scorecard, _scored: str) -> list[Capped]:
	"""Return the caps of the first method: each allows no better than the grade it names, whatever the amount."""
	caps = [
		Capped(cap.grade, GradeReason("oldest_item_over", {"days": inputs.oldest_days, "limit": cap.days}))
		for cap in scorecard.caps
		if inputs.oldest_days > cap.days
	]
	if inputs.never_paid:
		figures = {"missed": inputs.missed, "oldest_days": inputs.oldest_days}
		caps.append(Capped(scorecard.worst, GradeReason("never_paid", figures)))
	return caps


_BY_ONE_GRADE = _CapRule(
	lambda inputs: inputs.material_days, _owes_material_amount_and_never_paid, _caps_by_one_grade
)
_TO_ANY_GRADE = _CapRule(
	lambda inputs: inputs.oldest_days, lambda inputs: inputs.never_paid, _caps_to_any_grade
)


def _lifts(
	inputs: Inputs,
	scorecard: Scorecard,
	factors: tuple[FactorPoints, ...],
	earned: float,
	grade: str,
	rule: _CapRule,
) -> Lifts | None:
	"""Return what leads to the next better grade, None for the best."""
	place = scorecard.grades.index(grade)
	if place == 0:
		return None
	target = scorecard.bands[place - 1]
	required = tuple(_required(inputs, scorecard, place - 1, rule))
	# Paying the old items, which a cap asks for, earns points by itself.
	gained = {lift.measure: lift.points for lift in required}
	missing = round(max(target.minimum - earned - sum(gained.values()), 0.0), _DECIMALS)
	if not missing:
		return Lifts(target.grade, 0.0, (), (), required)
	rows = [replace(row, points=row.points + gained.get(row.measure, 0.0)) for row in factors]
	rooms = [room for room in zip(rows, scorecard.factors, strict=True) if room[0].weight > room[0].points]
	found = [(row, lift) for row, factor in rooms if (lift := _lift(row, factor, missing))]
	# The smallest step first: by the share of what a factor still has to give that it takes.
	found.sort(key=lambda pair: (pair[1].points / (pair[0].weight - pair[0].points), pair[1].measure))
	alone = [lift for _row, lift in found]
	return Lifts(target.grade, missing, tuple(alone), () if alone else _together(rooms, missing), required)


def _required(inputs: Inputs, scorecard: Scorecard, place: int, rule: _CapRule) -> list[Lift]:
	"""Return what must change for the caps to allow the grade at *place*."""
	found = []
	grades, days = scorecard.grades, rule.days(inputs)
	limits = [cap.days for cap in scorecard.caps if days > cap.days and grades.index(cap.grade) > place]
	if limits:
		factor = next((f for f in scorecard.factors if f.measure == OLDEST_DAYS), None)
		gained = 0.0
		if factor:
			gained = factor.weight * (factor.share(min(limits)) - factor.share(inputs.oldest_days))
		found.append(Lift(OLDEST_DAYS, inputs.oldest_days, float(min(limits)), round(gained, _DECIMALS)))
	if rule.never_paid(inputs):
		found.append(Lift(HISTORY, 0, 1.0, 0.0))
	return found


def _lift(row: FactorPoints, factor: Factor, missing: float) -> Lift | None:
	"""Return the change of one factor that gives the *missing* points, None where it cannot."""
	needed = _needed(factor, (row.points + missing) / row.weight)
	return None if needed is None else Lift(row.measure, row.value, needed, missing)


def _needed(factor: Factor, share: float) -> float | None:
	"""Return the measure that earns *share*, whole invoices where it counts them."""
	value = factor.value_for(share) if share <= 1 else None
	if value is None:
		return None
	# Logarithms may differ in the last digit from one machine to another; what is stored must not.
	return float(ceil(round(value, _DECIMALS))) if factor.measure == HISTORY else round(value, 6)


def _together(rooms: list[tuple[FactorPoints, Factor]], missing: float) -> tuple[Lift, ...]:
	"""Return the fewest factors which, brought to their best in order of what they can give, are enough."""
	found: list[Lift] = []
	for row, factor in sorted(rooms, key=lambda room: (room[0].points - room[0].weight, room[0].measure)):
		points = min(row.weight * max(y for _, y in factor.curve) - row.points, missing)
		needed = _needed(factor, (row.points + points) / row.weight)
		if points <= 0 or needed is None:
			continue
		found.append(Lift(row.measure, row.value, needed, round(points, _DECIMALS)))
		missing -= points
		if missing <= 0:
			return tuple(found)
	return ()


def store(inputs: Inputs, scorecard: Scorecard, assessment: Assessment | None = None) -> str:
	"""Return the JSON text to keep with an assessment: method, inputs, scorecard and result, in full precision."""
	result = assessment or assess(inputs, scorecard)
	record = {
		"method": METHOD,
		"inputs": inputs.as_dict(),
		"scorecard": scorecard.as_dict(),
		"result": result.as_dict(),
	}
	return json.dumps(record, sort_keys=True, allow_nan=False)


@dataclass(frozen=True)
class Recomputed:
	"""A stored assessment made again. `differences`: path in the result -> (stored, now); empty if identical."""

	assessment: Assessment
	differences: dict[str, tuple[Any, Any]]

	@property
	def identical(self) -> bool:
		"""True where every figure is the stored one, to the last digit."""
		return not self.differences


def recompute(stored: str) -> Recomputed:
	"""Return the assessment made again from a text of `store`, and whether it is the stored result.

	Raises ValueError where the text is no stored assessment, or one of a method this version does not know.
	"""
	record = json.loads(stored)
	if not isinstance(record, dict) or {"method", "inputs", "scorecard", "result"} - record.keys():
		raise ValueError("this is no stored assessment")
	if record["method"] not in _METHODS:
		raise ValueError(f"method {record['method']} of this assessment is not known to this version")
	inputs = Inputs.from_dict(record["inputs"])
	again = _METHODS[record["method"]](inputs, Scorecard.from_dict(record["scorecard"]))
	return Recomputed(again, dict(_differences(record["result"], again.as_dict())))


# A method that has graded anything is never removed.
_METHODS = {1: _assess_first_method, 2: assess}


def _differences(old: Any, new: Any, path: str = "") -> list[tuple[str, tuple[Any, Any]]]:
	"""Return (path, (old, new)) wherever two plain structures differ."""
	if isinstance(old, Mapping) and isinstance(new, Mapping):
		return [
			found
			for key in sorted(old.keys() | new.keys())
			for found in _differences(old.get(key), new.get(key), f"{path}.{key}" if path else key)
		]
	if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
		return [
			found
			for i, pair in enumerate(zip(old, new, strict=True))
			for found in _differences(*pair, f"{path}[{i}]")
		]
	return [] if old == new else [(path, (old, new))]
