"""What the page of the forecast shows: the latest one of a company and currency, its record, and what would be if."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.core.credit.cash import NEAR_WEEKS
from client_ledger.core.credit.histogram import DAYS_A_WEEK
from client_ledger.core.entries import JOURNAL_ENTRY, SALES_INVOICE, Voucher
from client_ledger.core.forecast.items import CashSource
from client_ledger.core.forecast.record import MadeForecast, WeekForecast, forecast_day
from client_ledger.core.forecast.scenarios import no_more_than
from client_ledger.forecasts import details as parts
from client_ledger.forecasts import jobs
from client_ledger.forecasts.access import can
from client_ledger.forecasts.store import REPLAYED, Came, weeks_over
from client_ledger.site.access import default_company, link, readable, visible_companies
from client_ledger.site.arguments import bad_argument
from client_ledger.site.doctypes import CASH_FORECAST
from client_ledger.site.messages import bold, filled

# Past forecasts that the page shows, and customers that a scenario is offered for.
SHOWN, OFFERED = 26, 50
WITHOUT, LATER, WORSE = "without", "later", "worse"
MOST_DAYS = 91
# What a reference may name.
_DOCTYPES = {
	CashSource.INVOICE.name: (SALES_INVOICE, JOURNAL_ENTRY, "Payment Entry"),
	CashSource.PROMISE.name: (SALES_INVOICE, JOURNAL_ENTRY),
	CashSource.ORDER.name: ("Sales Order",),
	CashSource.DELIVERY.name: ("Delivery Note",),
	CashSource.REPEAT.name: ("Auto Repeat", "Subscription"),
}


def page(company: str | None, currency: str | None, today: date) -> dict[str, Any]:
	"""Return all that the page shows; {"companies": []} for who may see no company."""
	companies = visible_companies()
	if not companies:
		return {"companies": []}
	company = company if company in companies else default_company()
	currencies = _currencies(company)
	currency = currency if currency in currencies else (currencies[0] if currencies else None)
	row = latest(company, currency) if currency else None
	found = {
		"companies": companies,
		"company": company,
		"currencies": currencies,
		"currency": currency,
		"is_on": jobs.is_on(company),
		"may_make": can("make"),
		"behind": not row or getdate(row.day) < forecast_day(today),
		"replayed_to": None if row else _replayed_to(company),
		"has_invoices": bool(row or frappe.db.exists(SALES_INVOICE, {"company": company, "docstatus": 1})),
	}
	if row:
		found |= _forecast(row) | {"past": past(company, currency, today)}
	return found


def _currencies(company: str) -> list[str]:
	"""Return the currencies that forecasts are kept in, that of the company first."""
	rows = frappe.get_list(
		CASH_FORECAST,
		{"company": company, "origin": ("!=", REPLAYED)},
		pluck="currency",
		distinct=True,
		order_by="currency",
		limit_page_length=0,
	)
	return own_currency_first(company, rows)


def own_currency_first(company: str, codes: Iterable[str]) -> list[str]:
	"""Return currencies once, that of the company first."""
	own = frappe.get_cached_value("Company", company, "default_currency")
	return sorted(set(codes), key=lambda code: (code != own, code))


def latest(company: str, currency: str, fields: Sequence[str] = ()) -> frappe._dict | None:
	"""Return the latest forecast of a company and currency that the user may see."""
	rows = frappe.get_list(
		CASH_FORECAST,
		{"company": company, "currency": currency, "origin": ("!=", REPLAYED)},
		["name", "day", "origin", "creation", "made", "came", "details", "by_customer", *fields],
		order_by="day desc",
		limit_page_length=1,
	)
	return rows[0] if rows else None


def _replayed_to(company: str) -> str | None:
	day = frappe.db.get_value(CASH_FORECAST, {"company": company}, "day", order_by="day desc")
	return str(day) if day else None


def _forecast(row: frappe._dict) -> dict[str, Any]:
	made = MadeForecast.from_plain(json.loads(row.made))
	details = json.loads(row.details or "{}")
	return {
		"name": row.name,
		"day": str(made.day),
		"made_on": str(row.creation),
		"weeks": [_week(made.day, place, week) for place, week in enumerate(made.weeks)],
		"later": details.get("later"),
		"later_by_due_date": details.get("later_by_due_date"),
		"sources": [
			{
				"label": CashSource[name].value,
				"number": details["counts"].get(name, 0),
				"near": round(sum(weeks[:NEAR_WEEKS]), 2),
				"total": round(sum(weeks), 2),
			}
			for name, weeks in details.get("sources", {}).items()
		],
		"large": _large(details.get("large", [])),
		"customers": _customers(row, details),
		"has_worse": details.get("worse") is not None,
		"scores": details.get("scores"),
		"left_out": details.get("left_out"),
		"set_off": details.get("set_off") or 0.0,
		"corrected": any(abs(factor - 1) > 1e-6 for factor in details.get("factors", ())),
	}


def first_day_of(day: date, place: int) -> str:
	"""Return the first day of week number *place* (0 is the first) of a forecast made at the end of *day*."""
	return str(day + timedelta(days=1 + DAYS_A_WEEK * place))


def _week(day: date, place: int, week: WeekForecast) -> dict[str, Any]:
	return {
		"since": first_day_of(day, place),
		**{name: None if value is None else round(value, 2) for name, value in week._asdict().items()},
	}


def _large(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
	"""Return the large items with links to what they are, where the user may open it."""
	rows = list(rows)
	vouchers = [_voucher(row["source"], row["reference"]) for row in rows]
	visible = readable(voucher for voucher in vouchers if voucher)
	names = customer_names(row["customer"] for row in rows)
	customers = readable(Voucher("Customer", name) for name in names)
	return [
		{
			"customer": row["customer"],
			"customer_name": names.get(row["customer"], row["customer"]),
			"customer_readable": Voucher("Customer", row["customer"]) in customers,
			"document": link(voucher or Voucher("", row["reference"]), visible),
			"amount": row["amount"],
			"source": CashSource[row["source"]].value,
			"week": row["week"],
			"probability": row["probability"],
			"share": row["share"],
		}
		for row, voucher in zip(rows, vouchers, strict=True)
	]


def _voucher(source: str, reference: str) -> Voucher | None:
	name = reference.rsplit(" ", 1)[0] if source == CashSource.REPEAT.name else reference
	return next(
		(Voucher(doctype, name) for doctype in _DOCTYPES[source] if frappe.db.exists(doctype, name)), None
	)


def customer_names(customers: Iterable[str]) -> dict[str, str]:
	"""Return what customers are called; those that are gone are not in it."""
	rows = frappe.get_all(
		"Customer", {"name": ("in", sorted(set(customers)))}, ["name", "customer_name"], order_by="name"
	)
	return {row.name: row.customer_name for row in rows}


def _customers(row: frappe._dict, details: Mapping[str, Any]) -> list[dict[str, Any]]:
	"""Return the customers from whom most is expected."""
	found = json.loads(row.by_customer or "{}")
	sums = {name: sum(parts.customer_weeks(weeks, details["factors"])) for name, weeks in found.items()}
	largest = sorted(sums, key=lambda name: (-sums[name], name))[:OFFERED]
	names = customer_names(largest)
	return [
		{"customer": name, "customer_name": names.get(name, name), "expected": round(sums[name], 2)}
		for name in largest
	]


def past(company: str, currency: str, today: date) -> list[dict[str, Any]]:
	"""Return the last forecasts before this one with what came, the latest first."""
	rows = frappe.get_list(
		CASH_FORECAST,
		{"company": company, "currency": currency, "day": ("<", forecast_day(today))},
		[
			"name",
			"day",
			"origin",
			"made",
			"came",
			"expected_near",
			"due_near",
			"came_near",
			"weeks_over",
			"miss",
		],
		order_by="day desc",
		limit_page_length=SHOWN,
	)
	return [_past(row) for row in rows]


def _past(row: frappe._dict) -> dict[str, Any]:
	made, came = MadeForecast.from_plain(json.loads(row.made)), Came.from_text(row.came)
	over = weeks_over(made.day, made.day + timedelta(days=DAYS_A_WEEK * row.weeks_over))
	first = made.weeks[0]
	return {
		"name": row.name,
		"day": str(made.day),
		"origin": row.origin,
		"over": over,
		"miss": row.miss or "",
		"first": _week(made.day, 0, first),
		"came": round(came.all[0], 2) if over else None,
		"near": row.expected_near if over >= NEAR_WEEKS else None,
		"near_by_due_date": row.due_near if over >= NEAR_WEEKS else None,
		"near_came": row.came_near if over >= NEAR_WEEKS else None,
	}


def scenario(company: str, currency: str, kind: str, customer: str | None, days: int) -> dict[str, Any]:
	"""Return {day, weeks}: what would come per week if. Raises BadArgument for what cannot be."""
	row = latest(company, currency)
	if not row:
		frappe.throw(_("There is no forecast yet."))
	details = json.loads(row.details)
	made = MadeForecast.from_plain(json.loads(row.made))
	expected = [week.expected for week in made.weeks]
	if kind == WITHOUT:
		own = json.loads(row.by_customer or "{}").get(customer or "")
		if not own:
			frappe.throw(
				filled(
					_("Nothing is expected from {0} within 13 weeks. Select another customer."),
					bold(customer),
				)
			)
		lost = parts.customer_weeks(own, details["factors"])
		weeks = [max(one - other, 0.0) for one, other in zip(expected, lost, strict=True)]
	elif kind == LATER:
		if not 1 <= days <= MOST_DAYS:
			bad_argument("days", filled(_("Enter a number between {0} and {1}."), 1, MOST_DAYS))
		weeks = parts.delayed(details, days)
	else:
		weeks = details["worse"]
		if weeks is None:
			frappe.throw(_("No customer has a credit grade, so nobody can be a grade worse."))
	weeks = no_more_than(expected, weeks)
	return {"day": str(made.day), "weeks": [round(amount, 2) for amount in weeks]}
