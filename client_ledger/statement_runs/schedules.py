"""Schedules as the site keeps them: their periods, their hours, whom they are for, and which of them overlap."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

import frappe
from frappe.model.document import Document
from frappe.utils import cint, getdate

from client_ledger.core.outbox.calendar import Hours
from client_ledger.core.statements.periods import ClosingDay, Cycle, Frequency, Period
from client_ledger.outbox.hours import hours_of, zone_of
from client_ledger.outbox.keys import digest
from client_ledger.outbox.moments import aware
from client_ledger.site.customer_traits import CustomerTraits
from client_ledger.site.doctypes import STATEMENT_SCHEDULE

OFF, APPROVE, AUTOMATIC = "Off", "Approve", "Automatic"
# After a long outage, the older ones are made by hand if they are still wanted.
MOST_CAUGHT_UP = 24
KIND_FIELDS = {
	"Customer": "customer",
	"Customer Group": "customer_group",
	"Credit Grade": "grade",
	"Segment": "segment",
}


def active_schedules() -> list[Document]:
	"""Return the schedules that are in use, by title."""
	names = frappe.get_all(STATEMENT_SCHEDULE, {"mode": ("!=", OFF)}, pluck="name", order_by="name")
	return [frappe.get_cached_doc(STATEMENT_SCHEDULE, name) for name in names]


def cycle_of(schedule: Document) -> Cycle:
	"""Return when the periods of a schedule end."""
	return Cycle(
		Frequency(schedule.frequency),
		ClosingDay(schedule.closing),
		cint(schedule.day),
		cint(schedule.last_month) or 12,
	)


def calendar_of(schedule: Document) -> Hours:
	"""Return working days and hours of a schedule."""
	return hours_of(schedule, schedule.company)


def today_of(schedule: Document, now: datetime) -> date:
	"""Return the date by a schedule's clock. now: of the site, without a time zone."""
	return aware(now).astimezone(zone_of(schedule)).date()


def ended_periods(schedule: Document, today: date) -> list[Period]:
	"""Return the periods whose statements are due by *today*, the oldest first; of a long past, the last ones."""
	until = today - timedelta(days=cint(schedule.days_after))
	# What is sent on the closing day itself lacks the rest of that day.
	until = min(until, today - timedelta(days=1)) if not cint(schedule.days_after) else until
	found = cycle_of(schedule).ended(getdate(schedule.starts_on), until, calendar_of(schedule).is_working_day)
	return list(found)[-MOST_CAUGHT_UP:]


def period_on(schedule: Document, as_of: date) -> Period | None:
	"""Return the period of a schedule that ends on *as_of*, None where none does."""
	found = cycle_of(schedule).ended(as_of, as_of, calendar_of(schedule).is_working_day)
	return next(iter(found), None)


def run_key(schedule: str, period: Period) -> str:
	"""Return the key of a period's run: one per schedule and month, whatever day of it another holiday list says is the last."""
	return digest(f"{schedule}|{period.as_of:%Y-%m}")


def last_period(schedule: Document, today: date) -> Period:
	"""Return the last period of a schedule that has ended before *today*."""
	return cycle_of(schedule).last_before(today, calendar_of(schedule).is_working_day)


def wanted(schedule: Document, customers: Collection[str]) -> set[str]:
	"""Return those of *customers* that a schedule is for."""
	if not schedule.scopes:
		return set(customers)
	names = sorted(customers)
	facts = CustomerTraits.read(names)
	scopes = {(row.applies_to, row.get(KIND_FIELDS[row.applies_to])) for row in schedule.scopes}
	return {name for name in names if scopes & set(_values(facts, name, schedule.company))}


def _values(facts: CustomerTraits, customer: str, company: str) -> Iterator[tuple[str, str]]:
	for kind, values in facts.values(customer, company).items():
		for value in values:
			yield kind, value


def overlap(schedule: Document) -> tuple[str, str] | None:
	"""Return another schedule in use that writes to a customer of this one for the same periods, and the customer.

	None where there is no such schedule. Two schedules that end on different days, or whose currencies differ, do not overlap.
	"""
	others = [
		other
		for other in active_schedules()
		if other.name != schedule.name
		and other.company == schedule.company
		and other.frequency == schedule.frequency
		and (
			not other.only_currency
			or not schedule.only_currency
			or other.only_currency == schedule.only_currency
		)
		and _same_closing(other, schedule)
	]
	if not others:
		return None
	customers = frappe.get_all("Customer", pluck="name", order_by="name")
	own = wanted(schedule, customers)
	for other in others:
		both = sorted(own & wanted(other, own))
		if both:
			return other.name, both[0]
	return None


def _same_closing(one: Document, other: Document) -> bool:
	"""Return whether a period of both ends on the same day in the next year."""
	start = max(getdate(one.starts_on), getdate(other.starts_on))
	days = [
		{
			period.as_of
			for period in cycle_of(each).ended(
				start, start + timedelta(days=400), calendar_of(each).is_working_day
			)
		}
		for each in (one, other)
	]
	return bool(days[0] & days[1])
