"""The combined score: P(turns bad within ninety days), learnt from this ledger's own past, walk-forward.

	ScoreRows (inputs of past looks, and what became of them)  ->  learn_score(rows, day)  ->  WarningScore.of(facts)
	                                                           ->  walk_forward(rows)      ->  scores that were never fitted to their own future

A ridge logistic regression on the grade's points and on what the signals look at. The ridge draws every weight to nothing: what does not earn its
weight has none. What is correlated shares its weight, so that three views of one fact do not count three times. It is used only where such models
predicted later looks better than a model of the grade alone, by more than one standard error; else the grade alone is used, and it is said.
"""

import math
from collections.abc import Hashable, Sequence
from datetime import date
from typing import NamedTuple

from client_ledger.core.credit.logistic import logistic, newton_step
from client_ledger.core.credit.statistics import mean, standard_error
from client_ledger.core.early_warnings.facts import CompanyDay, WarningFacts
from client_ledger.core.early_warnings.outcomes import judged_on
from client_ledger.core.early_warnings.score_rows import (
	GRADE_INPUTS,
	INPUTS,
	UNKNOWN,
	ScoreRows,
	clipped,
	score_inputs,
)

# Ridge penalty in observations per standardised input; of the grade less, because it was measured before.
_PENALTY, _GRADE_PENALTY = 200.0, 3.0
_STEPS, _CONVERGED = 15, 1e-3
# Rows of each kind below which nothing is learnt; rows a model is fitted to at most; looks between two fits of a walk-forward.
_ENOUGH, _MOST_ROWS, _REFIT = 20, 12_000, 3
_LEAST_ODDS = 0.002
_LEAST_SPREAD, _LONGEST_STEP = 1e-4, 1.0


class WarningScore(NamedTuple):
	"""A fitted model. centres, scales: of each input; weights: of the constant, then of each standardised input. is_combined: False where
	the grade alone is used. rows, bad: what it was fitted to."""

	centres: tuple[float, ...]
	scales: tuple[float, ...]
	weights: tuple[float, ...]
	is_combined: bool = True
	rows: int = 0
	bad: int = 0

	def of_inputs(self, inputs: Sequence[float]) -> float:
		"""Return P(turns bad)."""
		return logistic(self.weights[0] + sum(self._parts(inputs)))

	def of(self, facts: WarningFacts) -> float:
		"""Return P(turns bad within ninety days) of a customer."""
		return self.of_inputs(score_inputs(facts))

	def reasons(self, facts: WarningFacts, most: int = 3) -> list[tuple[str, float]]:
		"""Return the inputs (names, English) that raise a customer's score most, and by how much: log odds."""
		parts = self._parts(score_inputs(facts))
		named = [(INPUTS[place][0], part) for place, part in enumerate(parts) if part > 0]
		return sorted(named, key=lambda pair: -pair[1])[:most]

	def _parts(self, inputs: Sequence[float]) -> list[float]:
		return [
			weight * (value - centre) / scale
			for weight, value, centre, scale in zip(
				self.weights[1:], inputs, self.centres, self.scales, strict=False
			)
		]

	def as_plain(self) -> list:
		"""Return what JSON can hold."""
		return [
			list(self.centres),
			list(self.scales),
			list(self.weights),
			self.is_combined,
			self.rows,
			self.bad,
		]

	@classmethod
	def from_plain(cls, values: Sequence) -> "WarningScore":
		"""Return the score that `as_plain` gave."""
		centres, scales, weights, *more = values
		return cls(tuple(centres), tuple(scales), tuple(weights), *more)


def fit(
	rows: ScoreRows, places: Sequence[int], width: int | None = None, start: Sequence[float] = ()
) -> WarningScore | None:
	"""Return the model of the rows at *places*, None where too few turned bad or did not. width: of the first inputs only. start:
	weights to begin with, those of an earlier fit."""
	places = places[:: max(1, -(-len(places) // _MOST_ROWS))]
	outcomes = [float(rows.outcomes[place]) for place in places]
	bad = int(sum(outcomes))
	if min(bad, len(outcomes) - bad) < _ENOUGH:
		return None
	columns = [[column[place] for place in places] for column in rows.columns[: width or len(INPUTS)]]
	centres = [sum(column) / len(column) for column in columns]
	scales = [_scale(column, centre) for column, centre in zip(columns, centres, strict=True)]
	standard = [[1.0] * len(places)]
	for column, centre, scale in zip(columns, centres, scales, strict=True):
		standard.append([(value - centre) / scale for value in column])
	share = bad / len(outcomes)
	weights = (
		list(start)
		if len(start) == len(standard)
		else [math.log(share / (1 - share)), *([0.0] * len(columns))]
	)
	penalties = [_penalty(i) for i in range(len(weights))]
	for _step in range(_STEPS):
		step = _bounded(newton_step(standard, outcomes, weights, penalties))
		weights = [weight + change for weight, change in zip(weights, step, strict=True)]
		if max(map(abs, step)) < _CONVERGED:
			break
	return WarningScore(tuple(centres), tuple(scales), tuple(weights), width is None, len(outcomes), bad)


def _scale(column: Sequence[float], centre: float) -> float:
	"""Return the standard deviation of a column, 1 of one that hardly varies."""
	found = math.sqrt(sum((value - centre) ** 2 for value in column) / len(column))
	return found if found > _LEAST_SPREAD else 1.0


def _penalty(place: int) -> float:
	"""Return the ridge of a weight: none on the constant, little on the grade, which has proved itself."""
	if not place:
		return 0.0
	return _GRADE_PENALTY if place <= GRADE_INPUTS else _PENALTY


def _bounded(step: Sequence[float]) -> list[float]:
	"""Return a step of Newton's method, shortened where it would leave the neighbourhood it is right for."""
	longest = max(map(abs, step))
	return [change * min(1.0, _LONGEST_STEP / longest) for change in step] if longest else list(step)


class ScoredRow(NamedTuple):
	"""A row scored by models fitted to what was known on its day. combined: by all inputs; grade: by the grade alone; used: by the one
	that had predicted better until then."""

	place: int
	combined: float
	grade: float
	used: float


def walk_forward(rows: ScoreRows, looks: Sequence[CompanyDay]) -> list[ScoredRow]:
	"""Return the rows whose outcome is known, each scored by models fitted to rows whose outcome was known by then."""
	numbers = sorted(set(rows.looks))
	by_look = {number: [] for number in numbers}
	for place, number in enumerate(rows.looks):
		by_look[number].append(place)
	found: list[ScoredRow] = []
	models: tuple[WarningScore, WarningScore] | None = None
	for count, number in enumerate(numbers):
		if count % _REFIT == 0 or models is None:
			models = _fitted(rows, looks, number, models) or models
		if models is None:
			continue
		use = _beats(
			[row for row in found if _is_known(looks, rows.looks[row.place], looks[number].day)], rows
		)
		for place in by_look[number]:
			if rows.outcomes[place] != UNKNOWN:
				inputs = rows.inputs(place)
				combined, grade = (model.of_inputs(inputs) for model in models)
				found.append(ScoredRow(place, combined, grade, combined if use else grade))
	return found


def _is_known(looks: Sequence[CompanyDay], number: int, day: date) -> bool:
	look = looks[number]
	return judged_on(look.day, look.serious_days) <= day


def _fitted(
	rows: ScoreRows,
	looks: Sequence[CompanyDay],
	number: int,
	before: tuple[WarningScore, WarningScore] | None,
) -> tuple[WarningScore, WarningScore] | None:
	known = [one for one in range(number) if _is_known(looks, one, looks[number].day)]
	places = rows.places(known)
	starts = [model.weights for model in before] if before else [(), ()]
	combined, grade = fit(rows, places, None, starts[0]), fit(rows, places, GRADE_INPUTS, starts[1])
	return (combined, grade) if combined and grade else None


def _beats(scored: Sequence[ScoredRow], rows: ScoreRows) -> bool:
	"""Return whether the combined score has predicted better than the grade alone whether customers that are not bad turn bad, by more than
	one standard error, customer by customer."""
	by_customer: dict[Hashable, float] = {}
	for row in scored:
		if rows.was_bad[row.place]:
			continue
		is_bad = bool(rows.outcomes[row.place])
		customer = rows.customers[row.place]
		gain = _loss(row.grade, is_bad) - _loss(row.combined, is_bad)
		by_customer[customer] = by_customer.get(customer, 0.0) + gain
	gains = list(by_customer.values())
	return len(gains) >= _ENOUGH and mean(gains) > standard_error(gains)


def learn_score(
	rows: ScoreRows, looks: Sequence[CompanyDay], scored: Sequence[ScoredRow] | None = None
) -> WarningScore | None:
	"""Return the score to use from now on, fitted to all rows whose outcome is known; of the grade alone where the combined one has not
	predicted better so far. None where too few customers turned bad to learn anything."""
	scored = walk_forward(rows, looks) if scored is None else scored
	places = rows.places(range(len(looks)))
	return fit(rows, places, None if _beats(scored, rows) else GRADE_INPUTS)


def _loss(p: float, is_bad: bool) -> float:
	p = clipped(p, _LEAST_ODDS, 1 - _LEAST_ODDS)
	return -math.log(p if is_bad else 1 - p)
