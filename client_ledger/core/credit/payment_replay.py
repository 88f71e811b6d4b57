"""A history walked through day by day: what was settled, and what was open, at the end of each day.

Everything that is tested on the past is made of what a replay knows on the day, so that nothing of the future enters.
"""

import zlib
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from client_ledger.core.credit.histogram import HistogramSettings, History, Lateness
from client_ledger.core.credit.lateness import TradeLine


def last_day(lines: Iterable[TradeLine]) -> date:
	"""Return the last day an invoice was issued or settled on."""
	return max(max(line.issued, line.settled_on or line.issued) for line in lines)


def payment_order(line: TradeLine) -> tuple:
	"""Return the key settled lines are ordered by: of payments of one day, the last one is always the same."""
	return line.settled_on, line.issued, line.reference, line.amount


class PaymentReplay:
	"""Walks through *lines*, in any order, none of them disputed."""

	def __init__(self, lines: Iterable[TradeLine], settings: HistogramSettings):
		lines = list(lines)
		self.epoch = last_day(lines) if lines else date.min
		self.history = History(self.epoch, settings)
		self.open: dict[Hashable, dict[int, TradeLine]] = {}
		numbered = list(enumerate(lines))
		self._issued = sorted(numbered, key=lambda row: row[1].issued)
		self._settled = sorted(
			(row for row in numbered if row[1].settled_on), key=lambda row: payment_order(row[1])
		)
		self._next_issued = self._next_settled = 0

	def advance(self, day: date) -> list[TradeLine]:
		"""Move on to the end of *day*; return what was settled since the day before, in order."""
		while self._next_issued < len(self._issued):
			number, line = self._issued[self._next_issued]
			if line.issued > day:
				break
			self.open.setdefault(line.customer, {})[number] = line
			self._next_issued += 1
		first = self._next_settled
		while self._next_settled < len(self._settled):
			number, line = self._settled[self._next_settled]
			if line.settled_on > day:
				break
			self.history.record(line.customer, line.settled_on, line.days_late)
			self.open.get(line.customer, {}).pop(number, None)
			self._next_settled += 1
		return [line for _number, line in self._settled[first : self._next_settled]]

	def lateness(self, day: date) -> Lateness:
		"""Return what is known of lateness at the end of *day*, to which the replay must have advanced."""
		ages = {customer: self.open_ages(customer, day) for customer, rows in self.open.items() if rows}
		return self.history.at(day, ages)

	def open_ages(self, customer: Hashable, day: date) -> list[int]:
		"""Return the days past due of what is open of a customer."""
		return [line.age(day) for line in self.open.get(customer, {}).values()]

	def open_lines(self) -> list[TradeLine]:
		"""Return what is open."""
		return [line for rows in self.open.values() for line in rows.values()]


class Issue(NamedTuple):
	"""An invoice on the day it is issued: what was known the day before, and what was settled since the last one."""

	line: TradeLine
	eve: date
	lateness: Lateness
	settled: list[TradeLine]


def issues(replay: PaymentReplay, tested: Iterable[TradeLine]) -> Iterator[Issue]:
	"""Yield each of *tested*, which must be in the order of their issue dates, as it was on the eve of its issue."""
	lateness, eve = None, None
	for line in tested:
		settled: list[TradeLine] = []
		if lateness is None or line.issued - timedelta(days=1) != eve:
			eve = line.issued - timedelta(days=1)
			settled = replay.advance(eve)
			lateness = replay.lateness(eve)
		yield Issue(line, eve, lateness, settled)


def sample(lines: Sequence[TradeLine], most: int) -> list[TradeLine]:
	"""Return the lines of so many customers that about *most* are left: the same customers every time."""
	parts = -(-len(lines) // most)
	if parts <= 1:
		return list(lines)
	return [line for line in lines if zlib.crc32(str(line.customer).encode()) % parts == 0]


def spread(rows: Sequence[TradeLine], most: int) -> Sequence[TradeLine]:
	"""Return about *most* of *rows*, evenly spread over them."""
	return rows[:: max(1, -(-len(rows) // most))]
