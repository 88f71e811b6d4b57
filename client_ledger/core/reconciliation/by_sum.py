"""Several lines of one side that make up one of the other, without a number that says so: by day, in a row, by search."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import reduce
from math import gcd

from client_ledger.core.marked import marked
from client_ledger.core.reconciliation.learned import Lags, Shapes
from client_ledger.core.reconciliation.lines import Side
from client_ledger.core.reconciliation.matches import Because, Confidence, MatchPass
from client_ledger.core.reconciliation.pool import KeyedLine, KeyIndex, Pool
from client_ledger.core.reconciliation.subset_sum import chance, find_subsets

# How many accidental finds one accepts per search, and in all searches of a comparison.
_CHANCE, _ALL_CHANCE = 0.005, 1.0
_SPANS = (4, 10, 20, 35)
_MOST_CANDIDATES, _MOST_IN_A_ROW, _MOST_OF_SUBSET = 28, 40, 6
# All searches of one comparison together.
_ALL_STEPS = 600_000


class _Candidates:
	"""The free lines of a side by sign and date."""

	def __init__(self, pool: Pool, side: Side):
		self.pool, self.side = pool, side
		self._by_sign: dict[int, list[KeyedLine]] = defaultdict(list)
		for line in pool.free(side):
			self._by_sign[line.sign].append(line)
		for lines in self._by_sign.values():
			lines.sort(key=lambda line: (line.day, line.place))
		self._days = {sign: [line.day for line in lines] for sign, lines in self._by_sign.items()}

	def between(self, target: KeyedLine, first: int, last: int) -> list[KeyedLine]:
		"""Return the lines still free from day to day that are smaller than *target* and of its sign."""
		days = self._days.get(target.sign, [])
		lines = self._by_sign.get(target.sign, ())
		return [
			line
			for line in lines[bisect_left(days, first) : bisect_left(days, last + 1)]
			if abs(line.units) < abs(target.units)
			and self.pool.is_free(self.side, line)
			and target.fits(line)
		]


def by_batch(pool: Pool, shapes: Shapes) -> None:
	"""Match a line with all those of a day, or with one voucher number of a day, that add up to it: a run of payments."""
	lags = Lags(pool)
	for many in Side:
		by_amount: dict[int, list[KeyedLine]] = defaultdict(list)
		for line in pool.free(many.other):
			by_amount[line.units].append(line)
		for group in _batches(pool.free(many)):
			if not all(pool.is_free(many, line) for line in group):
				continue
			low, high, _usual = lags.of(group[0].sign)
			fits = [
				target
				for target in by_amount.get(sum(line.units for line in group), ())
				if pool.is_free(many.other, target)
				and low <= (target.day - group[0].day) * (1 if many is Side.OURS else -1) <= high
				and all(target.fits(line) for line in group)
				and not _contradicted(shapes, many, group, target)
			]
			if len(fits) == 1:
				_take(pool, many, group, fits[0])


def _batches(lines: Sequence[KeyedLine]) -> Iterator[list[KeyedLine]]:
	"""Yield lines of one sign, day and number, then all of one sign and day, where they are several."""
	for key in (
		lambda line: (line.sign, line.day, line.line.number) if line.line.number else None,
		lambda line: (line.sign, line.day),
	):
		groups: dict[tuple, list[KeyedLine]] = defaultdict(list)
		for line in lines:
			if line.units and (found := key(line)) is not None:
				groups[found].append(line)
		yield from (group for group in groups.values() if 1 < len(group) <= _MOST_IN_A_ROW)


def by_sum(pool: Pool, shapes: Shapes) -> None:
	"""Match single lines with several of the other side that make them up, where chance would hardly bring that about."""
	lags = Lags(pool)
	budget = [_ALL_STEPS]
	targets = {
		side: sorted(pool.free(side), key=lambda line: (-abs(line.units), line.place)) for side in Side
	}
	# Of all searches together, chance may bring about hardly one.
	odds = min(_CHANCE, _ALL_CHANCE / max(1, sum(map(len, targets.values()))))
	for many in Side:
		candidates = _Candidates(pool, many)
		for span in _SPANS:
			for target in targets[many.other]:
				if pool.is_free(many.other, target) and target.units:
					group = _group(pool, candidates, target, span, lags, budget, odds)
					if group and not _contradicted(shapes, many, group, target):
						_take(pool, many, group, target)


def _group(
	pool: Pool,
	candidates: _Candidates,
	target: KeyedLine,
	span: int,
	lags: Lags,
	budget: list[int],
	odds: float,
) -> list[KeyedLine] | None:
	usual = round(lags.of(target.sign)[2])
	shift = usual if candidates.side is Side.THEIRS else -usual
	lines = candidates.between(target, target.day + shift - span, target.day + shift + span)
	if len(lines) < 2:
		return None
	for group in _rows(lines, target, pool.tolerance, odds):
		return group
	lines.sort(key=lambda line: (abs(line.day - target.day - shift), line.place))
	group = _searched(pool, lines[:_MOST_CANDIDATES], target, budget, odds)
	return group if group and _is_telling(group, lines, target, odds) else None


def _is_telling(
	group: Sequence[KeyedLine], lines: Sequence[KeyedLine], target: KeyedLine, odds: float
) -> bool:
	"""Return whether a find would hardly come of chance, round amounts being likelier to add up than others."""
	measure = reduce(gcd, (line.units for line in group), target.units)
	alike = [abs(line.units) for line in lines[:_MOST_CANDIDATES] if line.units % measure == 0]
	return chance(alike, abs(target.units), len(group)) <= odds


def _rows(
	lines: Sequence[KeyedLine], target: KeyedLine, tolerance: int, odds: float
) -> Iterator[list[KeyedLine]]:
	"""Yield what follows one another in the order of days and adds up, where it is the only such row and hardly chance."""
	found = []
	for start in range(len(lines)):
		total = 0
		for end in range(start, min(len(lines), start + _MOST_IN_A_ROW)):
			total += lines[end].units
			if abs(total) > abs(target.units) + tolerance:
				break
			if end > start and abs(total - target.units) <= tolerance:
				found.append(list(lines[start : end + 1]))
	if len(found) != 1:
		return
	measure = reduce(gcd, (line.units for line in found[0]), target.units)
	ways = len(lines) * min(len(lines), _MOST_IN_A_ROW)
	if ways * (1 + 2 * tolerance // measure) / max(abs(target.units) // measure, 1) <= 4 * odds:
		yield found[0]


def _searched(
	pool: Pool, lines: Sequence[KeyedLine], target: KeyedLine, budget: list[int], odds: float
) -> list[KeyedLine] | None:
	"""Return the one choice of *lines* that makes up *target*; None where there is none, or it may well be chance."""
	units = [abs(line.units) for line in lines]
	most = next(
		(
			size
			for size in range(_MOST_OF_SUBSET, 1, -1)
			if chance(units, abs(target.units), size, pool.tolerance) <= odds
		),
		None,
	)
	if most is None:
		return None
	if budget[0] <= 0:
		pool.bounded.append(target.line)
		return None
	steps = min(pool.settings.most_steps, budget[0])
	found = find_subsets(units, abs(target.units), pool.tolerance, most, steps)
	budget[0] -= found.steps
	if found.is_bounded:
		pool.bounded.append(target.line)
	return [lines[i] for i in found.only] if found.only else None


def _contradicted(shapes: Shapes, many: Side, group: Sequence[KeyedLine], target: KeyedLine) -> bool:
	if many is Side.OURS:
		return all(shapes.contradict(line, target) for line in group)
	return any(shapes.contradict(target, line) for line in group)


def _take(pool: Pool, many: Side, group: Sequence[KeyedLine], target: KeyedLine) -> None:
	ours, theirs = (group, [target]) if many is Side.OURS else ([target], group)
	if pool.may_join(ours, theirs):
		reason = Because(marked("{0} lines make up the amount."), (len(group),))
		pool.take(ours, theirs, MatchPass.SUM, Confidence.LIKELY, reason)


def by_one_number_of_several(pool: Pool) -> None:
	"""Match several lines with the one that bears the number of one of them and has the sum of all."""
	for many in Side:
		candidates = _Candidates(pool, many)
		index = KeyIndex(pool.free(many), lambda line: {**line.digits, **line.plain})
		for target in pool.free(many.other):
			group = _with_one(pool, candidates, index, many, target)
			if group:
				_take(pool, many, group, target)


def _with_one(
	pool: Pool, candidates: _Candidates, index: KeyIndex, many: Side, target: KeyedLine
) -> list[KeyedLine] | None:
	for key in (*target.plain, *target.digits):
		if len(key) < 3 or index.count(key) != 1:
			continue
		first = index.with_key(key)[0]
		rest = target.units - first.units
		if not pool.is_free(many, first) or not target.fits(first) or rest * target.sign <= 0:
			continue
		near = [
			line
			for line in candidates.between(target, first.day - 10, first.day + 10)
			if line is not first and abs(line.units) <= abs(rest) + pool.tolerance
		]
		single = [line for line in near if abs(line.units - rest) <= pool.tolerance]
		if len(single) == 1 and not _is_small(rest, target):
			return [first, single[0]]
		if len(near) > 1 and not single:
			units = [abs(line.units) for line in near[:20]]
			if chance(units, abs(rest), 4, pool.tolerance) <= _CHANCE:
				found = find_subsets(units, abs(rest), pool.tolerance, 4, 5_000).only
				if found:
					return [first, *(near[i] for i in found)]
	return None


def _is_small(rest: int, target: KeyedLine) -> bool:
	return abs(rest) * 20 < abs(target.units)
