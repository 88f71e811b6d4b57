"""Exact probabilities for controls: tails of the binomial and the hypergeometric, several tests at once, first digits.

Sources: Fisher (1935) for the exact test; Przyborowski and Wilenski (1940) for two Poisson counts; Benjamini and Hochberg (1995);
Nigrini, Benford's Law (2012) for the mean absolute deviation and its bands; Barney and Schulzke (2016) for what is to be
expected of it with few records; Cerqueti and Lupi (2021) for its variance.
"""

import math
from collections.abc import Sequence
from functools import cache

# Nigrini's bands of the first-two digits: close, acceptable, marginal, and above the last none.
MAD_BANDS = (0.0012, 0.0018, 0.0022)
FIRST_TWO = range(10, 100)


def binomial_tail(hits: int, trials: int, share: float) -> float:
	"""Return the chance of *hits* or more in *trials*."""
	if hits <= 0:
		return 1.0
	if share <= 0 or hits > trials:
		return 0.0
	if share >= 1:
		return 1.0
	return min(1.0, math.fsum(_binomial(k, trials, share) for k in range(hits, trials + 1)))


def _binomial(hits: int, trials: int, share: float) -> float:
	return math.exp(_log_choose(trials, hits) + hits * math.log(share) + (trials - hits) * math.log1p(-share))


def _log_choose(n: int, k: int) -> float:
	return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def more_often(hits: int, exposure: float, other_hits: int, other_exposure: float) -> float:
	"""Return the chance of *hits* or more if both counts had the same rate per exposure (exact, conditional on their sum)."""
	if exposure <= 0 or other_exposure <= 0:
		return 1.0
	return binomial_tail(hits, hits + other_hits, exposure / (exposure + other_exposure))


def larger_share(hits: int, trials: int, other_hits: int, other_trials: int) -> float:
	"""Return Fisher's exact one-sided p: the chance of *hits* or more of *trials* if both had the same share."""
	whole, marked = trials + other_trials, hits + other_hits
	if not trials or not other_trials:
		return 1.0
	base = _log_choose(whole, trials)
	return min(
		1.0,
		math.fsum(
			math.exp(_log_choose(marked, k) + _log_choose(whole - marked, trials - k) - base)
			for k in range(hits, min(marked, trials) + 1)
			if trials - k <= whole - marked
		),
	)


def discoveries(chances: Sequence[float], rate: float) -> set[int]:
	"""Return the places of the p-values that hold when of those returned a share of *rate* at most may be false
	(Benjamini and Hochberg, step up)."""
	order = sorted(range(len(chances)), key=chances.__getitem__)
	held = 0
	for rank, place in enumerate(order, start=1):
		if chances[place] <= rate * rank / len(order):
			held = rank
	return set(order[:held])


def benford(two: int) -> float:
	"""Return how often a number begins with *two* digits by Benford's law."""
	return math.log10(1 + 1 / two)


def deviation(counts: Sequence[int]) -> float:
	"""Return the mean absolute deviation of 90 counts (10 to 99) from Benford's shares."""
	total = sum(counts)
	return math.fsum(abs(counts[two - 10] / total - benford(two)) for two in FIRST_TWO) / 90


@cache
def expected_deviation(total: int) -> float:
	"""Return the mean absolute deviation to expect of *total* numbers that follow Benford's law, exactly (De Moivre)."""
	found = 0.0
	for two in FIRST_TWO:
		share = benford(two)
		above = math.floor(total * share) + 1
		log = (
			_log_choose(total, above) + above * math.log(share) + (total - above + 1) * math.log1p(-share)
			if above <= total
			else -math.inf
		)
		found += 2 * above * math.exp(log) / total
	return found / 90


@cache
def _spread() -> float:
	"""Return the variance of the deviation times the number of records: normal, with the covariances of a multinomial."""
	shares = [benford(two) for two in FIRST_TWO]
	found = 0.0
	for i, one in enumerate(shares):
		for j, other in enumerate(shares):
			size = math.sqrt(one * (1 - one) * other * (1 - other))
			if i == j:
				found += (1 - 2 / math.pi) * size
			else:
				rho = -one * other / size
				found += 2 / math.pi * (rho * math.asin(rho) + math.sqrt(1 - rho * rho) - 1) * size
	return found / 90**2


def deviation_score(counts: Sequence[int]) -> float:
	"""Return how many standard deviations the deviation is above what chance alone would bring."""
	total = sum(counts)
	return (deviation(counts) - expected_deviation(total)) / math.sqrt(_spread() / total)


def normal_tail(score: float) -> float:
	"""Return the chance of a standard normal of *score* or more."""
	return math.erfc(score / math.sqrt(2)) / 2
