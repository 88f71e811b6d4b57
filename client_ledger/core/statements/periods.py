"""Periods of statements: when each of them ends, by the calendar of the company.

cycle + calendar -> periods that have ended between two days
"""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

LAST_MONTH = 12
_DAY = timedelta(days=1)


class Frequency(str, Enum):
	"""How often a period ends."""

	MONTHLY = "Monthly"
	QUARTERLY = "Quarterly"
	YEARLY = "Yearly"

	@property
	def months(self) -> int:
		"""Months of one period."""
		return {"Monthly": 1, "Quarterly": 3, "Yearly": 12}[self.value]


class ClosingDay(str, Enum):
	"""On which day of its last month a period ends."""

	LAST_DAY = "Last Day"
	LAST_WORKING_DAY = "Last Working Day"
	DAY_OF_MONTH = "Day of Month"


class Period(NamedTuple):
	"""What one statement is about, both days included."""

	from_date: date
	as_of: date


@dataclass(frozen=True, slots=True)
class Cycle:
	"""When periods end. day: of the month, where `closing` is DAY_OF_MONTH; a shorter month ends on its last day.

	last_month: of the year, 1 to 12, in which a year and one of its quarters end.
	"""

	frequency: Frequency = Frequency.MONTHLY
	closing: ClosingDay = ClosingDay.LAST_DAY
	day: int = 0
	last_month: int = LAST_MONTH

	def ended(
		self, since: date, until: date, is_working_day: Callable[[date], bool] | None = None
	) -> Iterator[Period]:
		"""Yield the periods that end from *since* to *until*, both included, the oldest first."""
		year, month = _months_on(since, -self.frequency.months)
		before = None
		while (year, month) <= _months_on(until, self.frequency.months):
			if (month - self.last_month) % self.frequency.months == 0:
				as_of = self._closing(year, month, is_working_day)
				if before and since <= as_of <= until:
					yield Period(before + _DAY, as_of)
				before = as_of
			year, month = (year + 1, 1) if month == LAST_MONTH else (year, month + 1)

	def last_before(self, today: date, is_working_day: Callable[[date], bool] | None = None) -> Period:
		"""Return the last period that has ended before *today*."""
		year, month = _months_on(today, -2 * self.frequency.months)
		return list(self.ended(date(year, month, 1), today - _DAY, is_working_day))[-1]

	def _closing(self, year: int, month: int, is_working_day: Callable[[date], bool] | None) -> date:
		last = date(year, month, monthrange(year, month)[1])
		if self.closing is ClosingDay.DAY_OF_MONTH:
			return last.replace(day=min(max(self.day, 1), last.day))
		if self.closing is ClosingDay.LAST_WORKING_DAY and is_working_day:
			# A month without any working day ends on its last day.
			days = (last - timedelta(days=back) for back in range(last.day))
			return next((day for day in days if is_working_day(day)), last)
		return last


def _months_on(day: date, months: int) -> tuple[int, int]:
	"""Return year and month so many months after a day's."""
	number = day.year * LAST_MONTH + day.month - 1 + months
	return number // LAST_MONTH, number % LAST_MONTH + 1
