"""What became of a customer: did it turn bad within ninety days, and on which day.

Bad is what it is for grades (core.credit.grade_validation): of the amount that falls due in the ninety days, a quarter or more is paid more than
X days late. X is the company's on the day of the warning. The day it turned bad is the one on which that quarter was more than X days late.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from client_ledger.core.credit.lateness import TradeLine

HORIZON_DAYS = 90
BAD_SHARE = 0.25
# Days late of what is still open.
NEVER = 10**6


class WarningOutcome(NamedTuple):
	"""What became of a customer. bad_on: the day it turned bad, None where it did not."""

	is_bad: bool
	bad_on: date | None = None


def judged_on(day: date, serious_days: int, horizon: int = HORIZON_DAYS) -> date:
	"""Return the day from which what became of a warning of *day* is known for certain: all that fell due is paid or seriously late."""
	return day + timedelta(days=horizon + serious_days + 1)


def is_crumb(line: TradeLine) -> bool:
	"""Return whether all that is open of an open invoice is too small to say anything."""
	return line.settled_on is None and line.is_residue


class CustomerOutcomes:
	"""A customer's invoices by due date, to look up what became of it after any day."""

	__slots__ = ("_amounts", "_due", "_late", "_settled")

	def __init__(self, lines: Iterable[TradeLine]):
		rows = sorted(
			(line for line in lines if not line.disputed and not is_crumb(line)), key=lambda line: line.due
		)
		self._due = [line.due.toordinal() for line in rows]
		self._settled = [line.settled_on.toordinal() if line.settled_on else NEVER for line in rows]
		self._late = [
			settled - due if settled < NEVER else NEVER
			for settled, due in zip(self._settled, self._due, strict=True)
		]
		self._amounts = [line.amount for line in rows]

	def of(self, day: date, serious: int, until: date, horizon: int = HORIZON_DAYS) -> WarningOutcome | None:
		"""Return what became of the customer after *day*, as known at the end of *until*; None where nothing fell due in the horizon, or
		nothing is known of it yet. What is open and not yet more than *serious* days late may turn out either way: left out.
		"""
		at = day.toordinal()
		start, end = bisect_right(self._due, at), bisect_right(self._due, at + horizon)
		if start == end:
			return None
		known = until.toordinal()
		total, late = 0.0, []
		for place in range(start, end):
			days = self._late[place]
			if self._settled[place] > known:
				days = known - self._due[place]
				if days <= serious:
					continue
			total += self._amounts[place]
			if days > serious:
				late.append(place)
		if total <= 0:
			return None
		return self._outcome(late, total, serious)

	def _outcome(self, late: Sequence[int], total: float, serious: int) -> WarningOutcome:
		reached = 0.0
		for place in late:
			reached += self._amounts[place]
			if reached >= BAD_SHARE * total:
				return WarningOutcome(True, date.fromordinal(self._due[place] + serious + 1))
		return WarningOutcome(False)

	def fallen_due(self, day: date, serious: int, window: int = HORIZON_DAYS) -> tuple[float, float]:
		"""Return (amount that fell due in the *window* days up to *day*, of that paid more than *serious* days late or still open), by
		all that is known today."""
		at = day.toordinal()
		start, end = bisect_right(self._due, at - window), bisect_right(self._due, at)
		late = sum(self._amounts[place] for place in range(start, end) if self._late[place] > serious)
		return sum(self._amounts[start:end]), late

	def bad_share(self, day: date, serious: int, window: int = HORIZON_DAYS) -> float:
		"""Return of the amount that fell due in the *window* days up to *day* the share that was paid more than *serious* days late, or is
		open as long, as known at the end of *day*; 0 where nothing fell due."""
		at = day.toordinal()
		start, end = bisect_right(self._due, at - window), bisect_right(self._due, at)
		total = late = 0.0
		for place in range(start, end):
			settled = self._settled[place]
			days = self._late[place] if settled <= at else at - self._due[place]
			if settled > at and days <= serious:
				continue
			total += self._amounts[place]
			if days > serious:
				late += self._amounts[place]
		return late / total if total > 0 else 0.0
