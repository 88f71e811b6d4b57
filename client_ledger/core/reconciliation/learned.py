"""What the matches made so far tell of the two lists: how far apart both date a line, and which numbers are ours on their list."""

import re
from collections import Counter, defaultdict
from functools import lru_cache
from statistics import median

from client_ledger.core.reconciliation.lines import Side
from client_ledger.core.reconciliation.pool import IN_NUMBER, KeyedLine, Pool

_LEAST_SAMPLES = 12
_SLACK_DAYS = 3
_LEAST_OF_A_SHAPE = 3
_MOST_OF_AN_AMOUNT = 200
_SHARE_OF_PEAK = 0.2


class Lags:
	"""How many days after ours their line is dated, by sign: as pairs show it, else as lines of one amount do.

	Of all lines with the same amount, those that belong together have the usual lag, the others any: it stands out.
	"""

	def __init__(self, pool: Pool):
		self.window = pool.settings.window_days
		by_sign: dict[int, list[int]] = defaultdict(list)
		for ours, theirs in pool.pairs:
			by_sign[ours.sign].append(theirs.day - ours.day)
		self._spans = {}
		for sign in (1, -1):
			lags = sorted(by_sign[sign])
			self._spans[sign] = (
				self._of_pairs(lags) if len(lags) >= _LEAST_SAMPLES else self._of_amounts(pool, sign)
			)

	def _of_pairs(self, lags: list[int]) -> tuple[int, int, float]:
		count = len(lags)
		cut = count // 50
		low, high = lags[cut] - _SLACK_DAYS, lags[count - 1 - cut] + _SLACK_DAYS
		return max(low, -self.window), min(high, self.window), median(lags)

	def _of_amounts(self, pool: Pool, sign: int) -> tuple[int, int, float]:
		theirs: dict[int, list[int]] = defaultdict(list)
		for line in pool.free(Side.THEIRS):
			if line.sign == sign:
				theirs[line.units].append(line.day)
		counted: Counter = Counter()
		for line in pool.free(Side.OURS):
			for day in theirs.get(line.units, ())[:_MOST_OF_AN_AMOUNT]:
				if abs(day - line.day) <= self.window:
					counted[day - line.day] += 1
		return self._peak(counted) or (-self.window // 3, self.window // 3, 0)

	def _peak(self, counted: Counter) -> tuple[int, int, float] | None:
		"""Return the span of days that has clearly more than the others, None where none has."""
		days = range(-self.window, self.window + 1)
		usual = median(counted[day] for day in days)
		top = max(days, key=lambda day: (counted[day], -abs(day)))
		least = usual + (counted[top] - usual) * _SHARE_OF_PEAK
		low = high = top
		while low - 1 >= -self.window and max(counted[low - 1], counted[low - 2]) > least:
			low -= 1
		while high + 1 <= self.window and max(counted[high + 1], counted[high + 2]) > least:
			high += 1
		beyond = sum(counted[day] - usual for day in range(low, high + 1))
		if beyond < _LEAST_SAMPLES or beyond < usual * (high - low + 1):
			return None
		middle = sum(day * counted[day] for day in range(low, high + 1)) / sum(
			counted[day] for day in range(low, high + 1)
		)
		return low - 1, high + 1, middle

	def of(self, sign: int) -> tuple[int, int, float]:
		"""Return from and to how many days they are behind us, and how many usually."""
		return self._spans[sign]


class Shapes:
	"""Which shapes of numbers on their list are numbers of ours: a line that has another such number is another line.

	Learned are pairs of shapes, ours and theirs, and between which values our numbers of that shape are.
	"""

	def __init__(self, pool: Pool):
		self._seen: Counter = Counter()
		self._values: dict[tuple[int, str], tuple[int, int]] = {}
		for ours, theirs in pool.pairs:
			for key in theirs.plain:
				own = _same_number(key, ours)
				if own:
					self._seen[ours.sign, shape(key), shape(own)] += 1
		self._known = {(sign, their_shape) for sign, their_shape, _own in self._seen}
		wanted = {(sign, own) for sign, _theirs, own in self._seen}
		for line in pool.lines[Side.OURS]:
			for key in line.plain:
				place = line.sign, shape(key)
				if place in wanted:
					value = _value(key)
					low, high = self._values.get(place, (value, value))
					self._values[place] = min(low, value), max(high, value)

	def contradict(self, ours: KeyedLine, theirs: KeyedLine) -> bool:
		"""Return whether their line has a number that looks like one of ours, and is not that of *ours*, which has one."""
		return any(
			key not in ours.plain and self._is_other(key, ours)
			for key in theirs.plain
			if (ours.sign, shape(key)) in self._known
		)

	def _is_other(self, key: str, ours: KeyedLine) -> bool:
		theirs, value = shape(key), _value(key)
		for own_key in ours.plain:
			own = shape(own_key)
			if self._seen[ours.sign, theirs, own] >= _LEAST_OF_A_SHAPE:
				if theirs == own and not theirs.isdigit():
					return True
				# Bare digits may be a number of their own, unless they are such as ours.
				low, high = self._values[ours.sign, own]
				digits = 10 ** len(str(value))
				if low % digits <= value <= high % digits or low <= value <= high:
					return True
		return False


def _same_number(key: str, ours: KeyedLine) -> str | None:
	"""Return our key that a key of theirs is, written the same or otherwise; None where it is none."""
	if key in ours.plain:
		return key
	digits = _digits(key)
	if key in ours.digits or digits in ours.digits or digits.lstrip("0") in ours.digits:
		return next((own for own in ours.plain if _digits(own).endswith(digits.lstrip("0"))), None)
	return None


def _value(key: str) -> int:
	return int(_digits(key)[-18:] or 0)


@lru_cache(maxsize=65536)
def shape(key: str) -> str:
	"""Return a key with every digit as 0: INV0012 is INV0000."""
	return re.sub(r"\d", "0", key)


def _digits(key: str) -> str:
	return re.sub(r"\D", "", key)


class NumberTrust:
	"""Whether the same number means the same line: of the lines that share one, most must have the same amount.

	Two sides that both count their own vouchers from 1 share numbers without meaning anything by it.
	"""

	def __init__(self) -> None:
		self._found: dict[tuple, list[int]] = defaultdict(lambda: [0, 0])

	def see(self, ours: KeyedLine, theirs: KeyedLine, ranks: tuple[int, int], is_same: bool) -> None:
		"""Count two lines that share a number. is_same: their amounts agree."""
		found = self._found[_way(ours, theirs, ranks)]
		found[0] += 1
		found[1] += is_same

	def allows(self, ours: KeyedLine, theirs: KeyedLine, ranks: tuple[int, int]) -> bool:
		"""Return whether numbers of this kind may join two lines of different amounts."""
		seen, same = self._found[_way(ours, theirs, ranks)]
		return seen >= 3 and 2 * same >= seen

	def is_known(self, ours: KeyedLine, theirs: KeyedLine, ranks: tuple[int, int]) -> bool:
		"""Return whether there is enough to go by."""
		return self._found[_way(ours, theirs, ranks)][0] >= 3


def _way(ours: KeyedLine, theirs: KeyedLine, ranks: tuple[int, int]) -> tuple:
	numbers = [
		_skeleton(line.line.number) if rank == IN_NUMBER else ""
		for line, rank in zip((ours, theirs), ranks, strict=True)
	]
	return ours.sign, ranks, *numbers


@lru_cache(maxsize=65536)
def _skeleton(number: str) -> str:
	return re.sub(r"[\d\W_]+", "#", number.upper())
