"""Deadlines of procedures: what they are measured by, and when something has to be done that began at a moment."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from enum import Enum

from client_ledger.core.marked import marked

_DAY = timedelta(days=1)
# A calendar without any working day would be looked through for ever.
_LONGEST = 400


class StepMeasure(str, Enum):
	"""What shows on a site whether a step is done in time. The value is the English label."""

	DELIVERIES = marked("Deliveries Invoiced")
	BANK_LINES = marked("Bank Transactions Recorded")
	RECEIPTS = marked("Receipts Allocated")
	LEDGER = marked("Ledger Updated")
	CHECK_LIST = marked("Month's Check List Approved")
	STATEMENTS = marked("Month's Statements Sent")
	LIMITS = marked("Credit Limits Decided")
	NOTICES = marked("Due Notices Decided")
	FOLLOW_UPS = marked("Follow-Ups Done")
	DISPUTES = marked("Disputes Resolved")
	WRITE_OFFS = marked("Write-Offs Decided")
	RESTORES = marked("Backup Restored on Trial")


def due_at(start: datetime, deadline: int, unit: str, is_day_off: Callable[[date], bool]) -> datetime:
	"""Return until when something is to be done that began at *start*.

	unit: Hours (those of days off do not count), Days, or Working Days (until the end of the last one).
	"""
	if unit == "Hours":
		return _after_hours(start, timedelta(hours=deadline), is_day_off)
	if unit == "Days":
		return start + timedelta(days=deadline)
	day = start.date()
	for _n in range(_LONGEST):
		if deadline <= 0:
			break
		day += _DAY
		deadline -= not is_day_off(day)
	return datetime.combine(day, time(23, 59, 59), start.tzinfo)


def _after_hours(moment: datetime, left: timedelta, is_day_off: Callable[[date], bool]) -> datetime:
	for _n in range(_LONGEST):
		midnight = datetime.combine(moment.date() + _DAY, time.min, moment.tzinfo)
		if not is_day_off(moment.date()):
			if moment + left <= midnight:
				return moment + left
			left -= midnight - moment
		moment = midnight
	return moment
