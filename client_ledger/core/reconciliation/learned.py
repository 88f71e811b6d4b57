"""What the matches made so far tell of the two lists: how far apart both date a line, and which numbers are ours on their list."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from statistics import median

from client_ledger.core.reconciliation.pool import IN_NUMBER, KeyedLine

_LEAST_SAMPLES = 12
_SLACK_DAYS = 3
_LEAST_OF_A_SHAPE = 3


class Lags:
	"""How many days after ours their line is dated, by sign, as the pairs show it."""

	def __init__(self, pairs: Iterable[tuple[KeyedLine, KeyedLine]], window_days: int):
		self.window = window_days
		by_sign: dict[int, list[int]] = defaultdict(list)
		for ours, theirs in pairs:
			by_sign[ours.sign].append(theirs.day - ours.day)
		self._spans = {sign: self._span(sorted(found)) for sign, found in by_sign.items()}

	def _span(self, lags: list[int]) -> tuple[int, int, float]:
		count = len(lags)
		if count < _LEAST_SAMPLES:
			return self._unknown()
		cut = count // 50
		low, high = lags[cut] - _SLACK_DAYS, lags[count - 1 - cut] + _SLACK_DAYS
		return max(low, -self.window), min(high, self.window), median(lags)

	def _unknown(self) -> tuple[int, int, float]:
		return -self.window // 3, self.window // 3, 0

	def of(self, sign: int) -> tuple[int, int, float]:
		"""Return from and to how many days they are behind us, and how many usually."""
		return self._spans.get(sign) or self._unknown()


class Shapes:
	"""Which shapes of numbers on their list are numbers of ours: a line that has another such number is another line."""

	def __init__(self, pairs: Iterable[tuple[KeyedLine, KeyedLine]]):
		self._seen: Counter = Counter()
		for ours, theirs in pairs:
			for key in theirs.plain:
				if key in ours.plain or key.lstrip("0") in ours.digits or _digits(key) in ours.digits:
					self._seen[ours.sign, shape(key)] += 1

	def contradict(self, ours: KeyedLine, theirs: KeyedLine) -> bool:
		"""Return whether their line has a number that looks like one of ours, and is not that of *ours*."""
		return any(
			self._seen[ours.sign, shape(key)] >= _LEAST_OF_A_SHAPE and key not in ours.plain
			for key in theirs.plain
		)


@lru_cache(maxsize=65536)
def shape(key: str) -> str:
	"""Return a key with every digit as 0: INV0012 is INV0000."""
	return re.sub(r"\d", "0", key)


def _digits(key: str) -> str:
	return re.sub(r"\D", "", key).lstrip("0")


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
