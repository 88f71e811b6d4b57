"""Who enters documents, by which clock, and the company's own hours, holidays and days off."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo, available_timezones

import frappe
from frappe.query_builder import DocType
from frappe.utils import cint, get_system_timezone, getdate

from client_ledger.controls.facts.window import by_name
from client_ledger.core.controls.facts import PersonFact
from client_ledger.core.outbox.calendar import WEEKEND, Hours

# Those under whose name imports, jobs and guests write.
_NOBODY = frozenset({"Administrator", "Guest"})


def read_people(names: Iterable[str]) -> dict[str, PersonFact]:
	"""Return those of *names* who are users, with their time zones."""
	user = DocType("User")
	query = frappe.qb.from_(user).select(user.name, user.time_zone)
	return {
		name: PersonFact(name, zone if zone in available_timezones() else "", name in _NOBODY)
		for name, zone in by_name(query, user.name, sorted(filter(None, set(names))))
	}


def company_hours(company: str) -> tuple[Hours, frozenset[date]]:
	"""Return the company's calendar by the site's clock, and the days off that are worked.

	A holiday list that names its weekends says by that which days they are, and which ones are worked, as China's moved ones are.
	Without a list, and by one that names none, Saturdays and Sundays are off.
	"""
	zone = ZoneInfo(get_system_timezone())
	name = frappe.get_cached_value("Company", company, "default_holiday_list")
	if not name:
		return Hours(zone, closed=WEEKEND), frozenset()
	listed = frappe.get_cached_doc("Holiday List", name)
	holidays = frozenset(getdate(row.holiday_date) for row in listed.holidays)
	weekly = [getdate(row.holiday_date) for row in listed.holidays if cint(row.weekly_off)]
	if not weekly:
		return Hours(zone, holidays, WEEKEND), frozenset()
	first, last = getdate(listed.from_date), getdate(listed.to_date)
	days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
	closed = _weekend(weekly, days)
	worked = frozenset(day for day in days if day.weekday() in closed and day not in holidays)
	return Hours(zone, holidays, closed), worked


def _weekend(weekly: Sequence[date], days: Sequence[date]) -> frozenset[int]:
	"""Return the weekdays that a holiday list has off most weeks, such as Friday and Saturday; they hold beyond its days, too."""
	off, all_days = (Counter(day.weekday() for day in found) for found in (weekly, days))
	return frozenset(weekday for weekday, count in off.items() if 2 * count >= all_days[weekday])
