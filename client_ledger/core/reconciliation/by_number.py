"""Passes that a number joins: the same number and amount, a number written otherwise, with a typo, with another amount."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from client_ledger.core.marked import marked
from client_ledger.core.reconciliation.learned import NumberTrust
from client_ledger.core.reconciliation.lines import Side
from client_ledger.core.reconciliation.matches import Because, Confidence, MatchPass
from client_ledger.core.reconciliation.numbers import is_one_edit_apart, one_left_out
from client_ledger.core.reconciliation.pool import (
	IN_NUMBER,
	IN_TEXT,
	KeyedLine,
	KeyIndex,
	Keys,
	Pool,
	digit_keys,
	is_round,
	plain_keys,
)

# A number that several lines of both sides have, such as an order's, tells a line by its date as well.
_COMMON_DAYS, _SHORT_DAYS, _TYPO_DAYS, _FAR_DAYS = 15, 120, 60, 10
_OFTEN = 3
_MOST_OF_ONE_NUMBER = 12
# A number that joins lines of different amounts has so many digits.
_LEAST_ALONE = 4


def by_number_and_amount(pool: Pool, tolerance: int) -> None:
	"""Match lines that share a number and have the same amount."""
	_pair(pool, plain_keys, MatchPass.NUMBER, Confidence.SURE, tolerance, 400)


def by_digits_and_amount(pool: Pool, tolerance: int) -> None:
	"""Match lines whose number is the same but for prefix, zeros and signs, and have the same amount."""
	_pair(pool, digit_keys, MatchPass.WRITTEN_OTHERWISE, Confidence.SURE, tolerance, _SHORT_DAYS)


def _pair(
	pool: Pool,
	keys: Keys,
	found_by: MatchPass,
	confidence: Confidence,
	tolerance: int,
	days: int,
) -> None:
	"""Pair lines by a key they share, those first that share most and are nearest in date."""
	mine, index = (pool.index(side, keys) for side in Side)
	candidates = []
	for ours in pool.free(Side.OURS):
		# their line -> how strong the best key is, how many are shared, the line, the key
		shared: dict[int, list] = {}
		for key, rank in keys(ours).items():
			for theirs in index.near(key, ours, tolerance):
				if not pool.is_free(Side.THEIRS, theirs):
					continue
				apart = abs(theirs.day - ours.day)
				often = min(index.count(key), mine.count(key))
				limit = days if often <= 2 else min(days, _COMMON_DAYS if often >= _OFTEN else _SHORT_DAYS)
				if apart > limit or not ours.fits(theirs):
					continue
				strength = (rank + keys(theirs)[key], -len(key), often)
				entry = shared.setdefault(theirs.place, [strength, 0, theirs, key])
				entry[1] += 1
				if strength < entry[0]:
					entry[0], entry[3] = strength, key
		for strength, count, theirs, key in shared.values():
			apart = abs(theirs.day - ours.day)
			exact = ours.units != theirs.units
			is_common = strength[2] > 1
			order = (
				exact,
				is_common,
				strength[0],
				-count,
				strength[1],
				apart,
				ours.day,
				ours.place,
				theirs.place,
			)
			candidates.append((order, ours, theirs, key))
	candidates.sort(key=lambda candidate: candidate[0])
	message = (
		marked("Number {0} and amount are the same.")
		if found_by is MatchPass.NUMBER
		else marked("Number {0} is written otherwise, the amount is the same.")
	)
	for _order, ours, theirs, key in candidates:
		if _is_open(pool, ours, theirs):
			pool.take([ours], [theirs], found_by, confidence, Because(message, (key,)))


def _is_open(pool: Pool, ours: KeyedLine, theirs: KeyedLine) -> bool:
	return (
		pool.is_free(Side.OURS, ours)
		and pool.is_free(Side.THEIRS, theirs)
		and pool.may_join([ours], [theirs])
	)


def by_typo(pool: Pool, is_known: bool = False) -> None:
	"""Match lines of one amount, dated near each other, whose numbers are one typing error apart.

	is_known: also where the other side has that very number elsewhere, but then no round amounts.
	"""
	known = {
		side: {
			(line.sign, key)
			for line in pool.lines[side]
			for keys in (line.plain, line.digits)
			for key, rank in keys.items()
			if rank < IN_TEXT
		}
		for side in Side
	}

	def doubtful(line: KeyedLine, side: Side) -> set[str]:
		return {
			key
			for key, rank in (*line.plain.items(), *line.digits.items())
			if rank < IN_TEXT
			and 4 <= len(key) <= 24
			and (is_known or (line.sign, key) not in known[side.other])
		}

	index: dict[tuple[int, str], list[tuple[KeyedLine, str]]] = defaultdict(list)
	for theirs in pool.free(Side.THEIRS):
		if is_known and is_round(theirs.units):
			continue
		for key in doubtful(theirs, Side.THEIRS):
			for part in one_left_out(key):
				index[theirs.units, part].append((theirs, key))
	candidates = []
	for ours in pool.free(Side.OURS):
		seen = set()
		for key in doubtful(ours, Side.OURS):
			for part in one_left_out(key):
				for theirs, other in index.get((ours.units, part), ())[:50]:
					apart = abs(theirs.day - ours.day)
					if theirs.place in seen or apart > _TYPO_DAYS or not ours.fits(theirs):
						continue
					if is_one_edit_apart(key, other):
						seen.add(theirs.place)
						candidates.append((apart, ours.place, theirs.place, ours, theirs, key, other))
	candidates.sort(key=lambda candidate: candidate[:3])
	for *_place, ours, theirs, key, other in candidates:
		if _is_open(pool, ours, theirs):
			reason = Because(
				marked("Numbers {0} and {1} are one character apart, the amount is the same."), (key, other)
			)
			pool.take([ours], [theirs], MatchPass.TYPO, Confidence.LIKELY, reason)


def by_number_and_sum(pool: Pool) -> None:
	"""Match several lines of one side with the one of the other that shares their numbers and has their sum."""
	for side in Side:
		many, one = side, side.other
		index, digits = pool.index(many, plain_keys), pool.index(many, digit_keys)
		for target in pool.free(one):
			for keys, found_in in ((target.plain, index), (target.digits, digits)):
				group = _of_one_number(pool, many, target, keys, found_in)
				if group:
					ours, theirs = (group, [target]) if many is Side.OURS else ([target], group)
					if pool.may_join(ours, theirs):
						reason = Because(
							marked("{0} lines with its number make up the amount."), (len(group),)
						)
						pool.take(ours, theirs, MatchPass.SUM_BY_NUMBER, Confidence.SURE, reason)
						break


def _of_one_number(
	pool: Pool, side: Side, target: KeyedLine, keys: Iterable[str], index: KeyIndex
) -> list[KeyedLine]:
	"""Return the free lines that share a key with *target* and make it up together, [] where they do not."""
	together: dict[int, KeyedLine] = {}
	for key in keys:
		if index.count(key) > _MOST_OF_ONE_NUMBER:
			continue
		group = {line.place: line for line in index.with_key(key) if pool.is_free(side, line)}
		for lines in (_of_sign(group.values(), target.sign), list(group.values())):
			if _makes_up(lines, target, pool.tolerance):
				return lines
		together.update(group)
	lines = _of_sign(together.values(), target.sign)
	return lines if len(lines) <= 60 and _makes_up(lines, target, pool.tolerance) else []


def _of_sign(lines: Iterable[KeyedLine], sign: int) -> list[KeyedLine]:
	return [line for line in lines if line.sign == sign]


def _makes_up(lines: Sequence[KeyedLine], target: KeyedLine, tolerance: int) -> bool:
	return len(lines) > 1 and abs(sum(line.units for line in lines) - target.units) <= tolerance


def by_number_alone(pool: Pool) -> None:
	"""Match lines that share a number nobody else has, with another amount."""
	_alone(pool, plain_keys, 1, Confidence.SURE)
	_alone(pool, digit_keys, _LEAST_ALONE, Confidence.LIKELY)


def _alone(pool: Pool, keys: Keys, least: int, confidence: Confidence) -> None:
	whole = {side: pool.index(side, keys) for side in Side}
	trust, shared = NumberTrust(), []
	for ours in pool.lines[Side.OURS]:
		for key, rank in keys(ours).items():
			if len(key) < least or not 0 < whole[Side.THEIRS].count(key) <= _MOST_OF_ONE_NUMBER:
				continue
			# A number that a payment and its invoice both have is still one of each sign.
			with_key = [
				[line for line in whole[side].with_key(key) if line.sign == ours.sign]
				if whole[side].count(key) <= _MOST_OF_ONE_NUMBER
				else []
				for side in Side
			]
			if len(with_key[0]) != 1 or len(with_key[1]) != 1:
				continue
			theirs = with_key[1][0]
			ranks = (rank, keys(theirs)[key])
			trust.see(ours, theirs, ranks, ours.units == theirs.units)
			shared.append((ours, theirs, ranks, key))
	candidates = []
	for ours, theirs, ranks, key in shared:
		if _is_open(pool, ours, theirs) and _may_differ(ours, theirs, ranks, key, trust):
			least, largest = sorted((abs(ours.units), abs(theirs.units)))
			candidates.append((sum(ranks), -least / largest, ours.place, theirs.place, ours, theirs, key))
	candidates.sort(key=lambda candidate: candidate[:4])
	for *_place, ours, theirs, key in candidates:
		if _is_open(pool, ours, theirs):
			reason = Because(marked("Number {0} is the same, the amount is not."), (key,))
			is_far = 2 * min(abs(ours.units), abs(theirs.units)) < max(abs(ours.units), abs(theirs.units))
			sure = Confidence.POSSIBLE if is_far else confidence
			pool.take([ours], [theirs], MatchPass.OTHER_AMOUNT, sure, reason)


def _may_differ(
	ours: KeyedLine, theirs: KeyedLine, ranks: tuple[int, int], key: str, trust: NumberTrust
) -> bool:
	"""Return whether a number that only these two share may join them although their amounts differ."""
	if not ours.fits(theirs) or abs(theirs.day - ours.day) > _SHORT_DAYS:
		return False
	least, largest = sorted((abs(ours.units), abs(theirs.units)))
	# A number that was mistyped as another's: then the days fit by chance only.
	if 2 * least < largest and not -_FAR_DAYS <= theirs.day - ours.day <= 3 * _FAR_DAYS:
		return False
	if trust.is_known(ours, theirs, ranks):
		if not trust.allows(ours, theirs, ranks):
			return False
	elif len(key) < 6 and 5 * least < 4 * largest:
		return False
	# What only a text mentions may be about something else.
	return sum(ranks) == IN_NUMBER or 2 * least >= largest
