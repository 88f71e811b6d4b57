"""Passes without a number: an amount that both have once, amounts that come again and again, a payment less a bank's fee."""

from collections import defaultdict

from client_ledger.core.marked import marked
from client_ledger.core.reconciliation.learned import Lags, Shapes
from client_ledger.core.reconciliation.lines import Side
from client_ledger.core.reconciliation.matches import Because, Confidence, MatchPass
from client_ledger.core.reconciliation.pool import KeyedLine, Pool

# An amount with fewer digits before its noughts is a round one, which unrelated lines have as well.
_LEAST_DIGITS = 4
# How much nearer to the usual date the chosen line must be than the next one.
_MARGIN_DAYS = 3


def by_rare_amount(pool: Pool) -> None:
	"""Match lines whose amount either side has once in the whole list, and which is not a round one."""
	shapes = Shapes(pool.pairs)
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
		reason = Because(
			marked("Both have this amount once, {0} days apart."), (abs(theirs.day - ours.day),)
		)
		pool.take([ours], [theirs], MatchPass.AMOUNT, Confidence.LIKELY, reason)


def by_common_amount(pool: Pool) -> None:
	"""Match lines of one amount that others have, too, where the dates leave one way to do so."""
	lags, shapes = Lags(pool.pairs, pool.settings.window_days), Shapes(pool.pairs)
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
	low, high, usual = lags.of(ours[0].sign)
	theirs.sort(key=lambda line: (line.day, line.place))
	choices: dict[int, list[tuple[float, KeyedLine]]] = defaultdict(list)
	rivals: dict[int, list[tuple[float, KeyedLine]]] = defaultdict(list)
	for one in ours:
		for other in theirs:
			lag = other.day - one.day
			if lag < low:
				continue
			if lag > high:
				break
			if _may_pair(pool, shapes, one, other):
				choices[one.place].append((abs(lag - usual), other))
				rivals[other.place].append((abs(lag - usual), one))
	pairs = sorted(
		(off, one.day, one.place, other.place, one, other)
		for one in ours
		for off, other in choices[one.place]
	)
	balanced = _balanced(choices, rivals)
	for off, _day, _place, _other, one, other in pairs:
		if not (pool.is_free(Side.OURS, one) and pool.is_free(Side.THEIRS, other)):
			continue
		others = [
			further
			for further, line in choices[one.place]
			if line is not other and pool.is_free(Side.THEIRS, line)
		]
		others += [
			further
			for further, line in rivals[other.place]
			if line is not one and pool.is_free(Side.OURS, line)
		]
		is_clear = all(further >= off + _MARGIN_DAYS for further in others)
		if not is_clear and one.place not in balanced:
			continue
		reason = Because(marked("The amount is the same, {0} days apart."), (abs(other.day - one.day),))
		pool.take(
			[one],
			[other],
			MatchPass.AMOUNT,
			Confidence.LIKELY if is_clear else Confidence.POSSIBLE,
			reason,
		)


def _balanced(choices: dict, rivals: dict) -> set[int]:
	"""Return our lines in groups that hold as many of theirs: however they are paired, none is left."""
	balanced, seen = set(), set()
	for start in list(choices):
		if start in seen:
			continue
		mine, yours, queue = {start}, set(), [start]
		while queue:
			for _off, other in choices[queue.pop()]:
				if other.place not in yours:
					yours.add(other.place)
					new = {one.place for _o, one in rivals[other.place]} - mine
					mine |= new
					queue += new
		seen |= mine
		if len(mine) == len(yours):
			balanced |= mine
	return balanced


def by_fee(pool: Pool) -> None:
	"""Match a payment of theirs with a receipt of ours that is a little smaller, where only one of either fits."""
	share = pool.settings.fee_share
	if not share:
		return
	lags, shapes = Lags(pool.pairs, pool.settings.window_days), Shapes(pool.pairs)
	low, high, _usual = lags.of(-1)
	receipts = [line for line in pool.free(Side.OURS) if line.line.is_payment]
	found: dict[int, list[KeyedLine]] = {}
	rivals: dict[int, int] = defaultdict(int)
	for theirs in pool.free(Side.THEIRS):
		if not theirs.line.is_payment:
			continue
		least = theirs.units + int(-theirs.units * 2 * share)
		found[theirs.place] = [
			ours
			for ours in receipts
			if theirs.units < ours.units <= least
			and low <= theirs.day - ours.day <= high
			and _may_pair(pool, shapes, ours, theirs)
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


def is_round(units: int) -> bool:
	"""Return whether an amount is one that unrelated lines may well have, too."""
	return len(str(abs(units)).rstrip("0")) < _LEAST_DIGITS


def _may_pair(pool: Pool, shapes: Shapes, ours: KeyedLine, theirs: KeyedLine) -> bool:
	return ours.fits(theirs) and pool.may_join([ours], [theirs]) and not shapes.contradict(ours, theirs)
