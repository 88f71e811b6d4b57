"""Passes without a number: an amount that both have once, amounts that come again and again, a payment less a bank's fee."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from client_ledger.core.marked import marked
from client_ledger.core.reconciliation.learned import Lags, Shapes
from client_ledger.core.reconciliation.lines import BookedLine, Side
from client_ledger.core.reconciliation.matches import Because, Confidence, MatchPass
from client_ledger.core.reconciliation.numbers import half_width
from client_ledger.core.reconciliation.pool import KeyedLine, Pool, is_round

# How much nearer to the usual date the chosen line must be than the next one.
_MARGIN_DAYS = 3
# A payment without number and with another amount is known by its date as well.
_FEE_DAYS = 7
# So many receipts at most may be within this part of a payment for one of them to be it less a fee.
_CROWD, _MOST_AROUND = 5, 2


def by_rare_amount(pool: Pool, shapes: Shapes) -> None:
	"""Match lines whose amount either side has once in the whole list, and which is not a round one."""
	theirs_by_amount = {line.units: line for line in pool.free(Side.THEIRS)}
	for ours in pool.free(Side.OURS):
		theirs = theirs_by_amount.get(ours.units)
		if (
			theirs is None
			or any(pool.how_many[side][ours.units] != 1 for side in Side)
			or is_round(ours.units)
			or abs(theirs.day - ours.day) > pool.settings.window_days
			or not _may_pair(pool, shapes, ours, theirs)
		):
			continue
		reason = Because(marked("Both have this amount once, {0} days apart."), (abs(theirs.day - ours.day),))
		pool.take([ours], [theirs], MatchPass.AMOUNT, Confidence.LIKELY, reason)


def by_common_amount(pool: Pool, shapes: Shapes) -> None:
	"""Match lines of one amount that others have, too, where the dates leave one way to do so."""
	lags = Lags(pool)
	by_amount: dict[int, tuple[list[KeyedLine], list[KeyedLine]]] = defaultdict(lambda: ([], []))
	for side, place in ((Side.OURS, 0), (Side.THEIRS, 1)):
		for line in pool.free(side):
			by_amount[line.units][place].append(line)
	for ours, theirs in by_amount.values():
		if ours and theirs and ours[0].units:
			_pair_by_date(pool, ours, theirs, lags, shapes)


def _pair_by_date(
	pool: Pool, ours: list[KeyedLine], theirs: list[KeyedLine], lags: Lags, shapes: Shapes
) -> None:
	"""Pair lines of one amount in the order of their dates; what could as well be paired otherwise is left."""
	low, high, usual = lags.of(ours[0].sign)
	ours.sort(key=lambda line: (line.day, line.place))
	theirs.sort(key=lambda line: (line.day, line.place))

	def cost(one: KeyedLine, other: KeyedLine) -> float | None:
		lag = other.day - one.day
		if not low <= lag <= high or not _may_pair(pool, shapes, one, other):
			return None
		return abs(lag - usual)

	for mine, yours in _groups(ours, theirs, cost):
		for one, other in _by_hint(mine, yours, cost):
			reason = Because(
				marked("Amount and a word or number in both are the same, {0} days apart."),
				(abs(other.day - one.day),),
			)
			pool.take([one], [other], MatchPass.AMOUNT, Confidence.LIKELY, reason)
			mine.remove(one)
			yours.remove(other)
		pairs = align(mine, yours, cost, (high - low) / 2 + 1)
		is_balanced = len(pairs) == len(mine) == len(yours)
		for one, other in pairs:
			is_clear = _is_clear(one, other, mine, yours, cost)
			if is_clear or is_balanced:
				reason = Because(
					marked("The amount is the same, {0} days apart."), (abs(other.day - one.day),)
				)
				sure = Confidence.LIKELY if is_clear else Confidence.POSSIBLE
				pool.take([one], [other], MatchPass.AMOUNT, sure, reason)


Cost = Callable[[KeyedLine, KeyedLine], float | None]


def _groups(
	ours: Sequence[KeyedLine], theirs: Sequence[KeyedLine], cost: Cost
) -> Iterator[tuple[list[KeyedLine], list[KeyedLine]]]:
	"""Yield the lines that hang together: each may be paired with another of its group, and with none beyond."""
	rivals: dict[int, list[KeyedLine]] = defaultdict(list)
	choices: dict[int, list[KeyedLine]] = {}
	for one in ours:
		choices[one.place] = [other for other in theirs if cost(one, other) is not None]
		for other in choices[one.place]:
			rivals[other.place].append(one)
	seen: set[int] = set()
	for start in ours:
		if start.place in seen or not choices[start.place]:
			continue
		mine, yours, queue = {start.place: start}, {}, [start]
		while queue:
			for other in choices[queue.pop().place]:
				if other.place not in yours:
					yours[other.place] = other
					for one in rivals[other.place]:
						if one.place not in mine:
							mine[one.place] = one
							queue.append(one)
		seen |= set(mine)
		yield (
			sorted(mine.values(), key=lambda line: (line.day, line.place)),
			sorted(yours.values(), key=lambda line: (line.day, line.place)),
		)


def align(
	ours: Sequence[KeyedLine], theirs: Sequence[KeyedLine], cost: Cost, skipped: float
) -> list[tuple[KeyedLine, KeyedLine]]:
	"""Return pairs in order, at the least cost: what two lines are off the usual lag, and *skipped* for each that is left."""
	best = [[0.0] * (len(theirs) + 1) for _one in range(len(ours) + 1)]
	for i in range(len(ours) - 1, -1, -1):
		best[i][len(theirs)] = best[i + 1][len(theirs)] + skipped
	for j in range(len(theirs) - 1, -1, -1):
		best[len(ours)][j] = best[len(ours)][j + 1] + skipped
	for i in range(len(ours) - 1, -1, -1):
		for j in range(len(theirs) - 1, -1, -1):
			found = min(best[i + 1][j], best[i][j + 1]) + skipped
			own = cost(ours[i], theirs[j])
			best[i][j] = found if own is None else min(found, best[i + 1][j + 1] + own)
	pairs, i, j = [], 0, 0
	while i < len(ours) and j < len(theirs):
		own = cost(ours[i], theirs[j])
		if own is not None and best[i][j] == best[i + 1][j + 1] + own:
			pairs.append((ours[i], theirs[j]))
			i, j = i + 1, j + 1
		elif best[i][j] == best[i + 1][j] + skipped:
			i += 1
		else:
			j += 1
	return pairs


def _by_hint(
	ours: Sequence[KeyedLine], theirs: Sequence[KeyedLine], cost: Cost
) -> list[tuple[KeyedLine, KeyedLine]]:
	"""Return pairs that share a word or a short number which no other line of the group has, where all of those agree."""
	if len(ours) == len(theirs) == 1:
		return []
	places: dict[str, tuple[list[KeyedLine], list[KeyedLine]]] = defaultdict(lambda: ([], []))
	for lines, place in ((ours, 0), (theirs, 1)):
		for line in lines:
			for hint in hints_of(line.line):
				places[hint][place].append(line)
	wishes: dict[int, set[int]] = defaultdict(set)
	wished: dict[int, set[int]] = defaultdict(set)
	for mine, yours in places.values():
		if len(mine) == len(yours) == 1 and cost(mine[0], yours[0]) is not None:
			wishes[mine[0].place].add(yours[0].place)
			wished[yours[0].place].add(mine[0].place)
	by_place = {line.place: line for line in theirs}
	return [
		(line, by_place[min(wishes[line.place])])
		for line in ours
		if len(wishes[line.place]) == 1 and len(wished[min(wishes[line.place])]) == 1
	]


def hints_of(line: BookedLine) -> set[str]:
	"""Return words and numbers of a line, however short, that may tell it from others of the same amount."""
	written = half_width(" ".join((line.number, *line.references, line.text)))
	found = {digits.lstrip("0") for digits in re.findall(r"\d+", written)}
	return (found | set(re.findall(r"[^\W\d_]{3,}", written))) - {""}


def _is_clear(
	one: KeyedLine, other: KeyedLine, ours: Sequence[KeyedLine], theirs: Sequence[KeyedLine], cost: Cost
) -> bool:
	"""Return whether no other choice of either comes near."""
	own = cost(one, other) + _MARGIN_DAYS
	further = [cost(one, line) for line in theirs if line is not other]
	further += [cost(line, other) for line in ours if line is not one]
	return all(off is None or off >= own for off in further)


def by_fee(pool: Pool, shapes: Shapes) -> None:
	"""Match a payment of theirs with a receipt of ours that is a little smaller, where only one of either fits."""
	share = pool.settings.fee_share
	if not share:
		return
	lags = Lags(pool)
	low, high, usual = lags.of(-1)
	low, high = max(low, usual - _FEE_DAYS), min(high, usual + _FEE_DAYS)
	receipts = sorted(
		(line for line in pool.free(Side.OURS) if line.line.is_payment),
		key=lambda line: (line.day, line.place),
	)
	found: dict[int, list[KeyedLine]] = {}
	rivals: dict[int, int] = defaultdict(int)
	days = [line.day for line in receipts]
	for theirs in pool.free(Side.THEIRS):
		if not theirs.line.is_payment:
			continue
		least = theirs.units + int(-theirs.units * 2 * share)
		near = receipts[bisect_left(days, theirs.day - high) : bisect_right(days, theirs.day - low)]
		# Where amounts stand this close, one of them is a little smaller by chance.
		around = sum(abs(ours.units - theirs.units) * _CROWD < -theirs.units for ours in near)
		if around > _MOST_AROUND:
			continue
		found[theirs.place] = [
			ours
			for ours in near
			if theirs.units < ours.units <= least and _may_pair(pool, shapes, ours, theirs)
		]
		for ours in found[theirs.place]:
			rivals[ours.place] += 1
	for theirs in pool.free(Side.THEIRS):
		fits = found.get(theirs.place, ())
		if len(fits) != 1 or rivals[fits[0].place] != 1:
			continue
		ours = fits[0]
		if (ours.units - theirs.units) <= -theirs.units * share:
			reason = Because(
				marked("The receipt is {0} below the payment, {1} days apart."),
				(ours.line.amount - theirs.line.amount, abs(theirs.day - ours.day)),
			)
			pool.take([ours], [theirs], MatchPass.FEE, Confidence.POSSIBLE, reason)


def _may_pair(pool: Pool, shapes: Shapes, ours: KeyedLine, theirs: KeyedLine) -> bool:
	return ours.fits(theirs) and pool.may_join([ours], [theirs]) and not shapes.contradict(ours, theirs)
