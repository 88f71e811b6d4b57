"""Sets of whole numbers as ranges: as many as there are gaps, not as there are numbers."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator


class Ranges:
	"""Numbers, of which neighbours are stored as one range."""

	def __init__(self, numbers: Iterable[int] = ()):
		self._first: list[int] = []
		self._last: list[int] = []
		for number in numbers:
			self.add(number)

	def add(self, first: int, last: int | None = None) -> None:
		"""Add the numbers from *first* to *last* (that one alone where None)."""
		last = first if last is None else last
		begin = bisect_right(self._last, first - 2)
		end = bisect_right(self._first, last + 1)
		if begin < end:
			first = min(first, self._first[begin])
			last = max(last, self._last[end - 1])
		self._first[begin:end] = [first]
		self._last[begin:end] = [last]

	def discard(self, number: int) -> None:
		"""Remove a number that may be there."""
		at = bisect_right(self._first, number) - 1
		if at < 0 or self._last[at] < number:
			return
		first, last = self._first[at], self._last[at]
		parts = [part for part in ((first, number - 1), (number + 1, last)) if part[0] <= part[1]]
		self._first[at : at + 1] = [part[0] for part in parts]
		self._last[at : at + 1] = [part[1] for part in parts]

	def __contains__(self, number: int) -> bool:
		at = bisect_right(self._first, number) - 1
		return at >= 0 and number <= self._last[at]

	def __iter__(self) -> Iterator[tuple[int, int]]:
		"""Yield the ranges, (first, last)."""
		return zip(self._first, self._last, strict=True)

	def __len__(self) -> int:
		"""Return how many ranges there are."""
		return len(self._first)
