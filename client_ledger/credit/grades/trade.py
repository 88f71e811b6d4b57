"""Trade lines of the site: every invoice of a company with its effective due date and the day it was settled."""

import sys
from collections.abc import Collection, Iterable
from datetime import date
from functools import lru_cache

import frappe
from frappe.utils import getdate

from client_ledger.core.credit.lateness import BUSINESS_DAYS, Calendar, TradeLine
from client_ledger.ledger.database import chunks
from client_ledger.ledger.reader import Ledger, Scope, TradeRow
from client_ledger.ledger.site import site_ledger

# Customers whose invoices are read by one statement of a night.
CUSTOMERS_AT_ONCE = 500


def trade_lines(
	company: str,
	as_of: date,
	customers: Iterable[str] | None = None,
	ledger: Ledger | None = None,
	disputed: Collection[str] = (),
) -> list[TradeLine]:
	"""Return the trade lines of *company*, per customer. customers: None for all. disputed: names of invoices."""
	ledger = ledger or site_ledger()
	calendar = calendar_of(company)
	scope = Scope((company,), None if customers is None else tuple(customers))
	return [_line(row, calendar, row.name in disputed) for row in ledger.trade_rows(scope, as_of)]


def company_lines(
	company: str, as_of: date, disputed: Collection[str] = (), ledger: Ledger | None = None
) -> list[TradeLine]:
	"""Return the trade lines of all customers of *company*, as small as they can be kept: without references.

	Read in batches of customers, so that the rows of a large ledger are never held all at once.
	"""
	ledger = ledger or site_ledger()
	days: dict[date, date] = {}
	found: list[TradeLine] = []
	for customers in chunks(customers_of(company), CUSTOMERS_AT_ONCE):
		for line in trade_lines(company, as_of, customers, ledger, disputed):
			found.append(
				line._replace(
					reference="",
					customer=sys.intern(line.customer),
					issued=days.setdefault(line.issued, line.issued),
					due=days.setdefault(line.due, line.due),
					settled_on=line.settled_on and days.setdefault(line.settled_on, line.settled_on),
					outstanding=None if line.settled_on else line.outstanding,
				)
			)
	return found


def customers_of(company: str) -> list[str]:
	"""Return everybody who has entries with *company*."""
	entry = frappe.qb.DocType("Payment Ledger Entry")
	query = frappe.qb.from_(entry).select(entry.party).distinct()
	query = query.where((entry.company == company) & (entry.party_type == "Customer"))
	return sorted(row[0] for row in query.run())


def _line(row: TradeRow, calendar: Calendar, disputed: bool) -> TradeLine:
	amount = float(row.base_amount)
	left = float(row.outstanding / row.amount) if row.settled_on is None else 0.0
	return TradeLine(
		row.customer,
		row.name,
		row.posting_date,
		calendar.effective(row.due_date or row.posting_date),
		amount,
		row.settled_on,
		disputed,
		amount * left,
	)


def calendar_of(company: str) -> Calendar:
	"""Return the days on which nobody pays: the company's Holiday List, weekends where it has none."""
	holidays = frappe.get_cached_value("Company", company, "default_holiday_list")
	return (
		_calendar(holidays, str(frappe.db.get_value("Holiday List", holidays, "modified")))
		if holidays
		else BUSINESS_DAYS
	)


@lru_cache(maxsize=16)
def _calendar(holiday_list: str, _modified: str) -> Calendar:
	"""A list that names its weekly offs day by day is all there is; one without any keeps the usual weekend."""
	rows = frappe.get_all(
		"Holiday", {"parent": holiday_list}, ["holiday_date", "weekly_off"], order_by="holiday_date"
	)
	days = frozenset(getdate(row.holiday_date) for row in rows)
	weekend = frozenset() if any(row.weekly_off for row in rows) else BUSINESS_DAYS.weekend
	return Calendar(days, weekend)
