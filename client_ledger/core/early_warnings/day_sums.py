"""Amounts and payments by day, kept so that sums up to any day, or between two, are looked up instead of added up."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from client_ledger.core.credit.lateness import TradeLine
from client_ledger.core.early_warnings.facts import DatedAmount
from client_ledger.core.early_warnings.outcomes import NEVER

# Days late count from the least to the most; later ones say nothing more. Late by more than five days is not on time.
EARLIEST, LATEST, ON_TIME_DAYS = -30, 120, 5
# What was paid in part of each invoice, by its name: (day, amount).
Parts = dict[str, list[tuple[int, float]]]


class DaySums:
	"""Amounts by day, to be summed up to any day."""

	__slots__ = ("days", "totals")

	def __init__(self, rows: Iterable[tuple[int, float]]):
		ordered = sorted(rows)
		self.days = [day for day, _amount in ordered]
		self.totals = [0.0, *accumulate(amount for _day, amount in ordered)]

	def until(self, day: int) -> float:
		"""Return the sum up to the end of *day*."""
		return self.totals[bisect_right(self.days, day)]

	def between(self, after: int, until: int) -> tuple[int, float]:
		"""Return how many there are after one day up to the end of another, and their sum."""
		start, end = bisect_right(self.days, after), bisect_right(self.days, until)
		return end - start, self.totals[end] - self.totals[start]


class PaidLate:
	"""Invoices paid in full, by the day of payment: days late, to be averaged over any days."""

	__slots__ = ("days", "late", "late_counts", "squares", "sums")

	def __init__(self, rows: Iterable[tuple[int, int]]):
		ordered = sorted(rows)
		self.days = [day for day, _late in ordered]
		self.late = [late for _day, late in ordered]
		clipped = [min(max(late, EARLIEST), LATEST) for late in self.late]
		self.sums = [0, *accumulate(clipped)]
		self.squares = [0, *accumulate(late * late for late in clipped)]
		self.late_counts = [0, *accumulate(late > ON_TIME_DAYS for late in self.late)]

	def places(self, after: int, until: int) -> tuple[int, int]:
		"""Return the places of those paid after one day up to the end of another."""
		return bisect_right(self.days, after), bisect_right(self.days, until)


def parts_by_invoice(lines: Sequence[TradeLine], parts: Iterable[DatedAmount]) -> Parts:
	"""Return what was paid in part of each invoice, by its name."""
	known = {line.reference for line in lines if line.reference}
	found: Parts = {}
	for one in parts:
		if one.reference in known:
			found.setdefault(one.reference, []).append((one.day.toordinal(), one.amount))
	return found


def _steps(line: TradeLine, parts: Parts) -> tuple[float, list[tuple[int, float]], int]:
	"""Return what an invoice began with, what was paid of it in part, and the day the rest was settled."""
	paid = parts.get(line.reference, [])
	begun = line.amount if paid or line.settled_on else line.open_amount
	return begun, paid, line.settled_on.toordinal() if line.settled_on else NEVER


def balance_steps(lines: Iterable[TradeLine], parts: Parts) -> Iterable[tuple[int, float]]:
	"""Yield on which day the balance changed by how much."""
	for line in lines:
		left, paid, settled = _steps(line, parts)
		yield line.issued.toordinal(), left
		for day, amount in paid:
			if day < settled:
				yield day, -amount
				left -= amount
		if settled < NEVER:
			yield settled, -left


def overdue_steps(lines: Iterable[TradeLine], parts: Parts) -> Iterable[tuple[int, float]]:
	"""Yield on which day the overdue amount changed by how much."""
	for line in lines:
		left, paid, settled = _steps(line, parts)
		start = line.due.toordinal() + 1
		if settled < start:
			continue
		left -= sum(amount for day, amount in paid if day < start)
		yield start, left
		for day, amount in paid:
			if start <= day < settled:
				yield day, -amount
				left -= amount
		if settled < NEVER:
			yield settled, -left
