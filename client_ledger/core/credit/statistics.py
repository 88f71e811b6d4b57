"""Small statistics of grading: effective sizes, ranks, separation and calibration. Floats in, floats out."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

# Decimals at which two scores differ: the order floats are added in shows in the last ones.
_DIGITS = 9


def effective_size(weight_sum: float, square_sum: float) -> float:
	"""Return Kish's effective sample size, (sum w)^2 / sum w^2 (Kish, Survey Sampling, 1965); 0 for no weights."""
	return weight_sum * weight_sum / square_sum if square_sum > 0 else 0.0


def upper_quantile(values: Iterable[int], share: float) -> int | None:
	"""Return the value that about *share* of *values* do not exceed, None where there are none."""
	ordered = sorted(values)
	return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def interpolate(points: Sequence[tuple[float, float]], x: float) -> float:
	"""Return y at *x* on the line through *points* (x increasing), flat before the first and after the last."""
	if x <= points[0][0]:
		return points[0][1]
	for (left, low), (right, high) in pairwise(points):
		if x <= right:
			return low + (high - low) * (x - left) / (right - left)
	return points[-1][1]


def invert(points: Sequence[tuple[float, float]], y: float) -> float | None:
	"""Return the x nearest to the low end of y where the line through monotone *points* reaches *y*, or None."""
	rising = points[-1][1] >= points[0][1]
	for (left, low), (right, high) in pairwise(points if rising else list(reversed(points))):
		if low <= y <= high:
			return right if high == low else left + (right - left) * (y - low) / (high - low)
	return None


def auc(scored: Iterable[tuple[float, bool]]) -> float | None:
	"""Return P(score of a positive > score of a negative), ties counting half: the area under the ROC curve.

	scored: (score, is positive), a higher score meaning more likely positive. This is the Mann-Whitney U
	over n1 * n0 (Hanley and McNeil 1982). None unless both kinds are present.
	"""
	below, wins, positives = 0, 0.0, 0
	for _score, good, bad in _ties(scored):
		wins += bad * (below + good / 2)
		below, positives = below + good, positives + bad
	return wins / (positives * below) if positives and below else None


def kolmogorov_smirnov(scored: Iterable[tuple[float, bool]]) -> float | None:
	"""Return the largest distance between the two distribution functions of the score, None unless both exist."""
	groups = list(_ties(scored))
	goods, bads = sum(g[1] for g in groups), sum(g[2] for g in groups)
	if not goods or not bads:
		return None
	good = bad = 0
	largest = 0.0
	for _score, more_good, more_bad in groups:
		good, bad = good + more_good, bad + more_bad
		largest = max(largest, abs(good / goods - bad / bads))
	return largest


def _ties(scored: Iterable[tuple[float, bool]]) -> Iterable[tuple[float, int, int]]:
	"""Yield (score, negatives, positives) by increasing score; sums that differ in the last digits only are equal."""
	counts: dict[float, list[int]] = {}
	for score, positive in scored:
		counts.setdefault(round(score, _DIGITS), [0, 0])[bool(positive)] += 1
	for score in sorted(counts):
		yield (score, *counts[score])


def calibration_error(predicted: Iterable[tuple[float, bool]], bins: int = 10) -> float | None:
	"""Return the expected calibration error: mean |forecast share - observed share| over equal parts of the
	forecasts, weighted by their size (Naeini, Cooper and Hauskrecht 2015). None where there are none.

	Equal forecasts share their outcomes evenly, so that the order of the rows does not matter.
	"""
	pairs: list[tuple[float, float]] = []
	for forecast, missed, happened in _ties(predicted):
		size = missed + happened
		pairs += [(forecast, happened / size)] * size
	if not pairs:
		return None
	error = 0.0
	for i in range(bins):
		part = pairs[len(pairs) * i // bins : len(pairs) * (i + 1) // bins]
		error += abs(sum(forecast - observed for forecast, observed in part))
	return error / len(pairs)


def standard_error(values: Sequence[float]) -> float:
	"""Return the standard error of the mean of *values*; infinite for fewer than two of them."""
	if len(values) < 2:
		return math.inf
	centre = sum(values) / len(values)
	return math.sqrt(sum((value - centre) ** 2 for value in values) / (len(values) - 1) / len(values))


def mean(values: Sequence[float]) -> float | None:
	"""Return the arithmetic mean, None of nothing."""
	return sum(values) / len(values) if values else None
