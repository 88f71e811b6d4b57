"""Numbers taken apart into a series and its counter, by all numbers that are written alike: what counts through is the counter,
whether year, month or branch stand before or behind it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple
from unicodedata import normalize

_RUNS = re.compile(r"(\d+)")
# Fewer numbers in a row are no series.
_FEWEST = 5
_SHARE = 0.8
# So many of a place's figures have to be years, months or days of their documents for the place to be none of a counter.
_DATED = 0.9
_LONGEST = 18
_SAMPLE = 2000


class SeriesNumber(NamedTuple):
	"""A number taken apart. series: what stands before and behind the counter. width: digits with zeros in front."""

	series: tuple[str, str]
	counter: int
	width: int

	def written(self, counter: int) -> str:
		"""Return another number of the series as it would be written."""
		return f"{self.series[0]}{counter:0{self.width}d}{self.series[1]}"


class _Parts(NamedTuple):
	"""A number in pieces: text and digits in turn, text first and last."""

	given: str
	pieces: list[str]
	days: Sequence[date]

	def run(self, place: int) -> str:
		return self.pieces[2 * place + 1]

	def number(self, place: int) -> SeriesNumber:
		at, pieces = 2 * place + 1, self.pieces
		counter = pieces[at]
		return SeriesNumber(("".join(pieces[:at]), "".join(pieces[at + 1 :])), int(counter), len(counter))


def read_numbers(numbers: Iterable[tuple[str, Sequence[date]]], most: int = 50) -> dict[str, SeriesNumber]:
	"""Return numbers taken apart, by their texts as given; those without a counter are not among them.

	numbers: texts, each with the days that its document bears (none for a draft). most: a longer gap begins a new block.
	"""
	alike: dict[tuple[str, ...], dict[str, _Parts]] = defaultdict(dict)
	for given, days in numbers:
		text = given.strip() if given.isascii() else normalize("NFKC", given).strip()
		pieces = _RUNS.split(text)
		if len(pieces) > 1:
			alike[tuple(pieces[::2])].setdefault(given, _Parts(given, pieces, days))
	found = {}
	for parts in alike.values():
		place = _counting_place(list(parts.values()), most)
		for one in parts.values():
			if len(one.run(place)) <= _LONGEST:
				found[one.given] = one.number(place)
	return found


def _counting_place(parts: Sequence[_Parts], most: int) -> int:
	"""Return which of the runs of digits counts: no date; of several the one that counts through most documents, else the last."""
	places = range(len(parts[0].pieces) // 2)
	if len(places) == 1:
		return 0
	able = [place for place in places if not _is_dated(parts, place)] or [places[-1]]
	if len(able) == 1:
		return able[0]
	return max(able, key=lambda place: (_counted_through(parts, place, most), place))


def _is_dated(parts: Sequence[_Parts], place: int) -> bool:
	# Some of many tell it.
	dated = [one for one in parts[:: 1 + len(parts) // _SAMPLE] if one.days]
	hits = sum(any(one.run(place) in _of_day(day) for day in one.days) for one in dated)
	return bool(dated) and hits >= _DATED * len(dated)


@cache
def _of_day(day: date) -> frozenset[str]:
	"""Return how a day, its month and its year are written, also as a fiscal year that began in it or in the one before."""
	texts = {
		day.strftime(form)
		for form in ("%m", "%d", "%Y%m", "%y%m", "%m%Y", "%m%y", "%Y%m%d", "%y%m%d", "%d%m%Y", "%d%m%y")
	}
	for year in (day.year - 1, day.year, day.year + 1):
		texts |= {f"{year}", f"{year % 100:02}"}
	for year in (day.year - 1, day.year):
		texts |= {f"{form}{(year + 1) % 100:02}" for form in (year, f"{year % 100:02}")} | {
			f"{year}{year + 1}"
		}
	return frozenset(texts)


def _counted_through(parts: Sequence[_Parts], place: int, most: int) -> int:
	series: dict[tuple[str, str], set[int]] = defaultdict(set)
	for one in parts:
		number = one.number(place)
		series[number.series].add(number.counter)
	return sum(len(block) for found in series.values() for block in blocks(sorted(found), most))


def blocks(counters: Sequence[int], most: int) -> Iterator[Sequence[int]]:
	"""Yield the parts of a series that are counted through; a longer gap than *most* begins another."""
	start = 0
	for place in range(1, len(counters) + 1):
		if place == len(counters) or counters[place] - counters[place - 1] > most + 1:
			block = counters[start:place]
			start = place
			span = block[-1] - block[0] + 1
			if len(block) >= _FEWEST and len(block) >= _SHARE * span:
				yield block


def by_series(numbers: Mapping[str, SeriesNumber], texts: Iterable[str]) -> dict[tuple[str, str], set[int]]:
	"""Return the counters of some numbers by their series."""
	found: dict[tuple[str, str], set[int]] = defaultdict(set)
	for text in texts:
		if number := numbers.get(text):
			found[number.series].add(number.counter)
	return found
