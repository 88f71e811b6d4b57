"""Forecasts as rows: kept as they were made, read back as the record, and brought up to what came by now."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import frappe
from frappe.utils import getdate

from client_ledger.core.credit.cash import NEAR_WEEKS, WEEKS
from client_ledger.core.credit.histogram import DAYS_A_WEEK
from client_ledger.core.forecast.record import ForecastRecord, MadeForecast
from client_ledger.site.doctypes import CASH_FORECAST, CASH_FORECAST_WEEK
from client_ledger.site.rows import bulk_insert, stored

WEEKLY, CAUGHT_UP, REPLAYED = "Weekly", "Caught Up", "Replayed"
# Amounts are kept to so many places: no currency has more, and sums of floats have no end.
_PLACES = 6


class Came(NamedTuple):
	"""What came in each week after a forecast's day: of all it was about, and of the invoices among it."""

	all: tuple[float, ...]
	of_invoices: tuple[float, ...]

	def as_text(self) -> str:
		"""Return JSON."""
		return json.dumps([_rounded(self.all), _rounded(self.of_invoices)])

	@classmethod
	def from_text(cls, text: str) -> "Came":
		"""Return what `as_text` gave."""
		both, invoices = json.loads(text)
		return cls(tuple(both), tuple(invoices))


class FreshForecast(NamedTuple):
	"""A forecast to be kept. details: what else its page shows; by_customer: what each customer is expected to bring."""

	company: str
	currency: str
	made: MadeForecast
	origin: str
	details: Mapping[str, Any] | None = None
	by_customer: Mapping[str, Any] | None = None


class KeptForecast(NamedTuple):
	"""A forecast that is kept, with what came."""

	name: str
	currency: str
	day: date
	origin: str
	made: MadeForecast
	came: Came


def keep(made: Sequence[FreshForecast], came: Sequence[Came], until: date) -> int:
	"""Insert forecasts of one day, with what came by the end of *until*; return how many were new. One that is kept already stays."""
	rows = [_row(one, there, until) for one, there in zip(made, came, strict=True)]
	names = bulk_insert(CASH_FORECAST, rows, ignore_duplicates=True)
	new = stored(CASH_FORECAST, names)
	weeks = [
		week
		for name, one, there in zip(names, made, came, strict=True)
		if name in new
		for week in _week_rows(name, one, there, until)
	]
	bulk_insert(CASH_FORECAST_WEEK, weeks)
	for name, one in zip(names, made, strict=True):
		if name in new and one.by_customer is not None:
			_forget_customers(one, but=name)
	return len(new)


def _row(one: FreshForecast, came: Came, until: date) -> dict[str, Any]:
	made = one.made
	return {
		"title": f"{one.company}, {one.currency}, {made.day}"[-140:],
		"company": one.company,
		"currency": one.currency,
		"day": made.day,
		"first_day": made.day + timedelta(days=1),
		"origin": one.origin,
		"expected_near": _sum(week.expected for week in made.weeks[:NEAR_WEEKS]),
		"expected_total": _sum(week.expected for week in made.weeks),
		"due_near": _sum(week.by_due_date for week in made.weeks[:NEAR_WEEKS]),
		**_outcome(made, came, until),
		"made": json.dumps(made.as_plain()),
		"details": json.dumps(one.details) if one.details is not None else None,
		"by_customer": json.dumps(one.by_customer) if one.by_customer is not None else None,
	}


def _outcome(made: MadeForecast, came: Came, until: date) -> dict[str, Any]:
	"""Return the columns that change as weeks end."""
	over = weeks_over(made.day, until)
	within = sum(
		week.low - 0.005 <= there <= week.high + 0.005
		for week, there in zip(made.weeks[:over], came.all, strict=False)
	)
	return {
		"came_near": _sum(came.all[: min(over, NEAR_WEEKS)]),
		"weeks_over": over,
		"weeks_within": within,
		"came": came.as_text(),
	}


def _week_rows(name: str, one: FreshForecast, came: Came, until: date) -> Iterable[dict[str, Any]]:
	over = weeks_over(one.made.day, until)
	for place, week in enumerate(one.made.weeks):
		first = one.made.day + timedelta(days=1 + DAYS_A_WEEK * place)
		yield {
			"parent": name,
			"parenttype": CASH_FORECAST,
			"parentfield": "weeks",
			"idx": place + 1,
			"from_date": first,
			"expected": round(week.expected, _PLACES),
			"low": round(week.low, _PLACES),
			"high": round(week.high, _PLACES),
			"by_due_date": round(week.by_due_date, _PLACES),
			"came": round(came.all[place], _PLACES) if place < over else 0.0,
			"is_over": int(place < over),
			"currency": one.currency,
		}


def weeks_over(day: date, until: date) -> int:
	"""Return how many weeks of a forecast made on *day* were over by the end of *until*."""
	return min(max((until - day).days // DAYS_A_WEEK, 0), WEEKS)


def _forget_customers(one: FreshForecast, but: str) -> None:
	"""Only the latest forecast answers what would be if: of older ones it is not kept what each customer brings."""
	table = frappe.qb.DocType(CASH_FORECAST)
	query = frappe.qb.update(table).set(table.by_customer, None)
	query = query.where((table.company == one.company) & (table.currency == one.currency))
	query.where((table.day < one.made.day) & table.by_customer.isnotnull() & (table.name != but)).run()


def kept_days(company: str) -> list[tuple[date, str]]:
	"""Return the days that forecasts of *company* are kept of, in order, with where they came from; a day once."""
	rows = frappe.get_all(
		CASH_FORECAST, {"company": company}, ["day", "origin"], order_by="day, origin", distinct=True
	)
	return list({getdate(row.day): row.origin for row in rows}.items())


def kept_forecasts(
	company: str, currency: str | None = None, since: date | None = None
) -> list[KeptForecast]:
	"""Return the kept forecasts of *company*, in the order of their days."""
	filters: dict[str, Any] = {"company": company}
	if currency:
		filters["currency"] = currency
	if since:
		filters["day"] = (">=", since)
	fields = ["name", "currency", "day", "origin", "made", "came"]
	rows = frappe.get_all(CASH_FORECAST, filters, fields, order_by="day, currency")
	return [
		KeptForecast(
			row.name,
			row.currency,
			getdate(row.day),
			row.origin,
			MadeForecast.from_plain(json.loads(row.made)),
			Came.from_text(row.came),
		)
		for row in rows
	]


def records(kept: Iterable[KeptForecast]) -> dict[str, ForecastRecord]:
	"""Return the record of each currency."""
	found: dict[str, ForecastRecord] = {}
	for one in kept:
		found.setdefault(one.currency, ForecastRecord()).add(one.made, one.came.all, one.came.of_invoices)
	return found


def update_came(one: KeptForecast, came: Came, until: date) -> bool:
	"""Bring what came after a kept forecast up to the end of *until*; return whether something changed."""
	values = _outcome(one.made, came, until)
	stored_values = frappe.db.get_value(CASH_FORECAST, one.name, ["came", "weeks_over"], as_dict=True)
	if stored_values.came == values["came"] and stored_values.weeks_over == values["weeks_over"]:
		return False
	frappe.db.set_value(CASH_FORECAST, one.name, values)
	table = frappe.qb.DocType(CASH_FORECAST_WEEK)
	for place in range(values["weeks_over"]):
		query = frappe.qb.update(table).set(table.came, round(came.all[place], _PLACES)).set(table.is_over, 1)
		query.where((table.parent == one.name) & (table.idx == place + 1)).run()
	return True


def delete_of(company: str) -> None:
	"""Delete the forecasts of a company that is deleted."""
	names = frappe.get_all(CASH_FORECAST, {"company": company}, pluck="name", order_by="name")
	if names:
		frappe.db.delete(CASH_FORECAST_WEEK, {"parent": ("in", names)})
		frappe.db.delete(CASH_FORECAST, {"company": company})


def _rounded(values: Iterable[float]) -> list[float]:
	return [round(value, _PLACES) for value in values]


def _sum(values: Iterable[float]) -> float:
	return round(sum(values), _PLACES)
