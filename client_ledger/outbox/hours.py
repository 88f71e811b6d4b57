"""When a document that sends (a policy, a schedule) lets its company write: holidays, days off, hours, time zone."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import frappe
from frappe.model.document import Document
from frappe.utils import cint, get_datetime, get_system_timezone, getdate

from client_ledger.core.outbox.calendar import MIDNIGHT, WEEKEND, Hours


def hours_of(document: Document, company: str) -> Hours:
	"""Return holidays, days off and hours of a policy or schedule, by its clock or the site's."""
	holidays = document.holiday_list or frappe.get_cached_value("Company", company, "default_holiday_list")
	days = frappe.get_cached_doc("Holiday List", holidays).holidays if holidays else ()
	return Hours(
		zone_of(document),
		frozenset(getdate(row.holiday_date) for row in days),
		WEEKEND if cint(document.skip_weekends) else frozenset(),
		as_time(document.opens),
		as_time(document.closes),
	)


def zone_of(document: Document) -> ZoneInfo:
	"""Return the time zone of a policy or schedule, the site's where it names none."""
	return ZoneInfo(document.time_zone or get_system_timezone())


def as_time(value: time | timedelta | str | None) -> time:
	"""Return what a time field holds (a time, a timedelta of the database, text, nothing) as a time."""
	if value in (None, ""):
		return MIDNIGHT
	if isinstance(value, timedelta):
		return (datetime.min + value).time()
	return value if isinstance(value, time) else get_datetime(f"2000-01-01 {value}").time()
