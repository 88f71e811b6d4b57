"""What is expected from the customers that somebody sees, where these are some only: from what the latest forecast keeps by customer.

A range, the due dates' line and the record belong to the whole company, and are not shown: they would tell of others.
"""

import json
from datetime import date
from typing import Any

import frappe
from frappe.utils import getdate

from client_ledger.core.credit.cash import NEAR_WEEKS, WEEKS
from client_ledger.core.forecast.record import forecast_day
from client_ledger.forecasts import details as parts
from client_ledger.forecasts import jobs
from client_ledger.forecasts.store import REPLAYED
from client_ledger.forecasts.view import customer_names, first_day_of, own_currency_first
from client_ledger.site.access import default_company, visible_companies
from client_ledger.site.doctypes import CASH_FORECAST


def own_page(
	company: str | None, currency: str | None, today: date, visible: frozenset[str]
) -> dict[str, Any]:
	"""Return what the page shows of *visible* customers: expected per week and by customer."""
	companies = visible_companies()
	company = company if company in companies else default_company()
	kept = {"company": company, "origin": ("!=", REPLAYED), "by_customer": ("is", "set")}
	rows = frappe.get_all(
		CASH_FORECAST,
		kept,
		["currency", "day", "creation", "by_customer", "details"],
		order_by="day, currency",
	)
	latest = {row.currency: row for row in rows}
	found = {code: _weeks_of(row, visible) for code, row in latest.items()}
	currencies = own_currency_first(company, [code for code, own in found.items() if own])
	currency = currency if currency in currencies else (currencies[0] if currencies else None)
	base = {
		"companies": companies,
		"company": company,
		"currencies": currencies,
		"currency": currency,
		"is_on": jobs.is_on(company),
		"own_customers": len(visible),
	}
	if currency is None:
		return base
	return {**base, **_shown(latest[currency], found[currency], today)}


def _weeks_of(row: frappe._dict, visible: frozenset[str]) -> dict[str, list[float]]:
	"""Return what is expected of each visible customer per week, corrected as the whole forecast is."""
	factors = json.loads(row.details or "{}").get("factors") or [1.0] * WEEKS
	return {
		customer: parts.customer_weeks(sums, factors)
		for customer, sums in json.loads(row.by_customer or "{}").items()
		if customer in visible
	}


def _shown(row: frappe._dict, weeks: dict[str, list[float]], today: date) -> dict[str, Any]:
	day, names = getdate(row.day), customer_names(weeks)
	totals = [sum(own[place] for own in weeks.values()) for place in range(WEEKS)]
	return {
		"day": str(day),
		"made_on": str(row.creation),
		"behind": day < forecast_day(today),
		"own_weeks": [
			{"since": first_day_of(day, place), "expected": round(amount, 2)}
			for place, amount in enumerate(totals)
		],
		"own_by_customer": [
			{
				"customer": customer,
				"customer_name": names.get(customer, customer),
				"near": round(sum(own[:NEAR_WEEKS]), 2),
				"total": round(sum(own), 2),
			}
			for customer, own in sorted(weeks.items(), key=lambda pair: (-sum(pair[1]), pair[0]))
		],
	}
