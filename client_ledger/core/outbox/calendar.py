"""When a company may write: its holidays, its days off, its hours, in its own time zone."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY, SUNDAY = 5, 6
WEEKEND = frozenset({SATURDAY, SUNDAY})
MIDNIGHT = time(0)
# A calendar without any open day would search for ever.
_LONGEST_CLOSURE = 400


@dataclass(frozen=True, slots=True)
class Hours:
	"""Days and hours in which messages may go out.

	closed: weekdays, Monday is 0. opens, closes: local time; closes is not open any more, midnight is the day's end.
	"""

	zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
	holidays: frozenset[date] = frozenset()
	closed: frozenset[int] = frozenset()
	opens: time = MIDNIGHT
	closes: time = MIDNIGHT

	def is_working_day(self, day: date) -> bool:
		"""Return whether *day* is neither a holiday nor a day off."""
		return day not in self.holidays and day.weekday() not in self.closed

	def local(self, moment: datetime) -> datetime:
		"""Return *moment* (with a time zone) by the company's clock."""
		return moment.astimezone(self.zone)

	def today(self, moment: datetime) -> date:
		"""Return the company's date at *moment*."""
		return self.local(moment).date()

	def is_open(self, moment: datetime) -> bool:
		"""Return whether a message may go out at *moment*."""
		local = self.local(moment)
		return self.is_working_day(local.date()) and self._in_hours(local.time())

	def next_opening(self, moment: datetime, not_before: date | None = None) -> datetime | None:
		"""Return the first moment from *moment* on, and from *not_before* on, at which a message may go out.

		None where no day of the next year is open. Where the clocks go forward over the opening hour, it is the
		moment they do.
		"""
		local = self.local(moment)
		if not_before and not_before > local.date():
			local = self._at(not_before, MIDNIGHT)
		if self.is_open(local):
			return local
		for ahead in range(_LONGEST_CLOSURE):
			day = local.date() + timedelta(days=ahead)
			opening = self._at(day, self.opens)
			if self.is_working_day(day) and opening >= local:
				return opening
		return None

	def _in_hours(self, clock: time) -> bool:
		return clock >= self.opens and (self.closes == MIDNIGHT or clock < self.closes)

	def _at(self, day: date, clock: time) -> datetime:
		"""Return the moment a clock on the wall shows *clock*; one that is skipped is moved to where it resumes."""
		moment = datetime.combine(day, clock, self.zone)
		there_and_back = moment.astimezone(ZoneInfo("UTC")).astimezone(self.zone)
		return (
			there_and_back if there_and_back.replace(tzinfo=None) != moment.replace(tzinfo=None) else moment
		)
