"""Who enters documents, by which clock, and the company's own hours, holidays and days off."""

from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

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
		name: PersonFact(name, zone or "", name in _NOBODY)
		for name, zone in by_name(query, user.name, sorted(filter(None, set(names))))
	}


def company_hours(company: str) -> tuple[Hours, frozenset[date]]:
	"""Return the company's calendar by the site's clock, and the days off that are worked.

	A holiday list that names its weekends says by that which ones are worked, as China's moved ones are; beyond its days,
	and without a list, Saturdays and Sundays are off.
	"""
	zone = ZoneInfo(get_system_timezone())
	name = frappe.get_cached_value("Company", company, "default_holiday_list")
	if not name:
		return Hours(zone, closed=WEEKEND), frozenset()
	listed = frappe.get_cached_doc("Holiday List", name)
	holidays = frozenset(getdate(row.holiday_date) for row in listed.holidays)
	if not any(cint(row.weekly_off) for row in listed.holidays):
		return Hours(zone, holidays, WEEKEND), frozenset()
	day, last = getdate(listed.from_date), getdate(listed.to_date)
	worked = set()
	while day <= last:
		if day.weekday() in WEEKEND and day not in holidays:
			worked.add(day)
		day += timedelta(days=1)
	return Hours(zone, holidays, WEEKEND), frozenset(worked)
