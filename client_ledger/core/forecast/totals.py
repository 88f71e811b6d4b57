"""What all items bring in a week, and between what: P10, P50 and P90 of the week's total, not sums of each item's.

Items are drawn many times. Lateness is correlated (a one-factor Gaussian copula, Li 2000, with a factor of each
customer besides): in a slow week everybody is slower, and a customer who pays one invoice pays its others too. Only the
largest items are drawn one by one; the many small ones come as expected under the common factor, with their own noise.

Each item has its own stream of random numbers, by its reference: the same items give the same totals, and what a
scenario changes is the scenario, not the dice.
"""

import math
import random
import zlib
from bisect import bisect_right
from collections.abc import Hashable, Iterable, Sequence
from itertools import accumulate, pairwise
from statistics import NormalDist
from typing import NamedTuple

from client_ledger.core.forecast.items import CORRECTED, CashItem

_NORMAL = NormalDist()
_FARTHEST = 9.0
_LOW, _MIDDLE, _HIGH = 0.1, 0.5, 0.9
# Values of the common factor that the mass of small items is reckoned at.
_NODES = (-2.5, -1.5, -0.75, 0.0, 0.75, 1.5, 2.5)


class Precision(NamedTuple):
	"""draws: how often; largest: items drawn one by one. common, own: shares of the variance of lateness that all customers,
	and the items of one, have together."""

	draws: int = 400
	largest: int = 1_200
	common: float = 0.05
	own: float = 0.20


FINE = Precision()
# For past forecasts, of which there are many.
COARSE = Precision(draws=120, largest=250)


class WeekRange(NamedTuple):
	"""P10, P50 and P90 of a week's total."""

	low: float
	middle: float
	high: float


def expected_totals(items: Iterable[CashItem], weeks: int) -> tuple[list[float], float]:
	"""Return what *items* are expected to bring per week, and after the last one."""
	sums, later = [0.0] * weeks, 0.0
	for item in items:
		for week, share in enumerate(item.shares):
			sums[week] += item.amount * share
		later += item.amount * (1 - sum(item.shares))
	return sums, later


def due_totals(items: Iterable[CashItem], weeks: int) -> tuple[list[float], float]:
	"""Return what would come if everything were paid when due, what is overdue in the first week."""
	sums, later = [0.0] * weeks, 0.0
	for item in items:
		if item.due_week is None:
			later += item.amount
		else:
			sums[item.due_week] += item.amount
	return sums, later


def week_ranges(
	items: Sequence[CashItem],
	weeks: int,
	factors: Sequence[float] | None = None,
	precision: Precision = FINE,
) -> list[WeekRange]:
	"""Return P10, P50 and P90 of each week's total.

	factors: what past forecasts taught to multiply each week by; only of sources that were held against what came.
	"""
	draws = simulate(items, weeks, factors, precision)
	return [_range(sorted(totals)) for totals in draws]


def cumulative_ranges(
	items: Sequence[CashItem],
	weeks: int,
	factors: Sequence[float] | None = None,
	precision: Precision = FINE,
) -> list[WeekRange]:
	"""Return P10, P50 and P90 of what comes by the end of each week."""
	draws = simulate(items, weeks, factors, precision)
	return [_range(sorted(totals)) for totals in accumulate(draws, _added)]


def _added(before: list[float], week: list[float]) -> list[float]:
	return [one + other for one, other in zip(before, week, strict=True)]


def simulate(
	items: Sequence[CashItem],
	weeks: int,
	factors: Sequence[float] | None = None,
	precision: Precision = FINE,
) -> list[list[float]]:
	"""Return per week the totals of all draws, in the order of the draws."""
	factors = list(factors or [1.0] * weeks)
	totals = [[0.0] * precision.draws for _week in range(weeks)]
	common = _common(precision)
	ordered = sorted(items, key=lambda item: (-item.amount, str(item.customer), item.reference))
	_draw(ordered[: precision.largest], totals, factors, common, precision)
	if len(ordered) > precision.largest:
		_add_small(ordered[precision.largest :], totals, factors, common, precision)
	return totals


def _common(precision: Precision) -> list[float]:
	"""Return the common factor of each draw: evenly spread over its distribution, in an order that is always the same."""
	values = [_NORMAL.inv_cdf((place + 0.5) / precision.draws) for place in range(precision.draws)]
	random.Random(0).shuffle(values)
	return values


def _draw(
	items: Iterable[CashItem],
	totals: list[list[float]],
	factors: Sequence[float],
	common: Sequence[float],
	precision: Precision,
) -> None:
	"""Add items one by one: each falls, in each draw, into the week where its lateness of that draw lies."""
	weeks, plain = len(totals), [1.0] * len(totals)
	everybody, own = math.sqrt(precision.common), math.sqrt(precision.own)
	rest = math.sqrt(1 - precision.common - precision.own)
	of_customer: dict[Hashable, list[float]] = {}
	for item in items:
		bounds = _bounds(item.shares)
		if bounds[-1] <= -_FARTHEST:
			continue
		shared = of_customer.get(item.customer)
		if shared is None:
			noise = _stream("customer", item.customer)
			shared = [everybody * value + own * noise(0.0, 1.0) for value in common]
			of_customer[item.customer] = shared
		noise = _stream(item.customer, item.reference, item.due_week)
		used = factors if item.source in CORRECTED else plain
		amounts = [item.amount * factor for factor in used]
		for draw, value in enumerate(shared):
			week = bisect_right(bounds, value + rest * noise(0.0, 1.0))
			if week < weeks:
				totals[week][draw] += amounts[week]


def _stream(*names: Hashable):
	return random.Random(zlib.crc32("\x1f".join(map(str, names)).encode())).gauss


def _bounds(shares: Sequence[float]) -> list[float]:
	"""Return the normal deviate below which a payment comes by the end of each week."""
	return [_deviate(share) for share in accumulate(shares)]


def _deviate(share: float) -> float:
	if share <= 0:
		return -_FARTHEST
	return _FARTHEST if share >= 1 else max(min(_NORMAL.inv_cdf(share), _FARTHEST), -_FARTHEST)


def _add_small(
	items: Iterable[CashItem],
	totals: list[list[float]],
	factors: Sequence[float],
	common: Sequence[float],
	precision: Precision,
) -> None:
	"""Add many items at once: their expected sum under the common factor of each draw, and normal noise about it."""
	weeks = len(totals)
	pools: dict[tuple, list[float]] = {}
	for item in items:
		pool = pools.setdefault((item.shares, item.source in CORRECTED), [0.0, 0.0])
		pool[0] += item.amount
		pool[1] += item.amount**2
	at_nodes = [[0.0] * len(_NODES) for _week in range(weeks)]
	variances = [0.0] * weeks
	for (shares, corrected), (amount, squares) in pools.items():
		used = factors if corrected else [1.0] * weeks
		for node, value in enumerate(_NODES):
			for week, share in enumerate(_given(shares, value, precision.common)):
				at_nodes[week][node] += amount * share * used[week]
		for week, share in enumerate(shares):
			variances[week] += squares * share * (1 - share) * used[week] ** 2
	for week in range(weeks):
		noise, deviation = _stream("small", week), math.sqrt(variances[week])
		for draw, value in enumerate(common):
			found = _between(at_nodes[week], value) + deviation * noise(0.0, 1.0)
			totals[week][draw] += max(found, 0.0)


def _given(shares: Sequence[float], value: float, common: float) -> list[float]:
	"""Return the shares where the common factor is *value*."""
	left, scale = math.sqrt(common) * value, math.sqrt(1 - common)
	paid = [_NORMAL.cdf((bound - left) / scale) for bound in _bounds(shares)]
	return [after - before for before, after in pairwise([0.0, *paid])]


def _between(values: Sequence[float], at: float) -> float:
	"""Return the value at a common factor, on the line between the nodes beside it."""
	place = min(max(bisect_right(_NODES, at), 1), len(_NODES) - 1)
	left, right = _NODES[place - 1], _NODES[place]
	share = min(max((at - left) / (right - left), 0.0), 1.0)
	return values[place - 1] * (1 - share) + values[place] * share


def _range(ordered: Sequence[float]) -> WeekRange:
	return WeekRange(*(_quantile(ordered, share) for share in (_LOW, _MIDDLE, _HIGH)))


def _quantile(ordered: Sequence[float], share: float) -> float:
	return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0
