"""Expected cash of a site: what a night expects of each account's open invoices, week by week, kept on Client Account.

lines and lateness of a company -> expected_cash per customer -> Client Account -> sums of those that the user may see
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

import frappe
from frappe.query_builder.functions import Sum
from frappe.utils import flt, getdate

from client_ledger.core.credit.cash import expected_cash
from client_ledger.core.credit.histogram import DAYS_A_WEEK, Lateness
from client_ledger.core.credit.lateness import TradeLine
from client_ledger.site.doctypes import CLIENT_ACCOUNT
from client_ledger.site.jobs import store_or_log
from client_ledger.site.visible import only_visible

# A column per week, which the database adds up.
WEEK_FIELDS = tuple(f"expected_week_{week}" for week in range(1, 9))
WEEKS = len(WEEK_FIELDS)
SAVEPOINT = "cl_cash_outlook"

Values = dict[str, Any]


class CashOutlook(NamedTuple):
	"""Expected receipts per week in one currency; `since` is the first day of the first week."""

	since: date
	weeks: list[float]


def store_outlook(company: str, lines: Iterable[TradeLine], lateness: Lateness, today: date) -> int:
	"""Keep what *lines*, all of *company*, are expected to bring from tomorrow on; return how many accounts changed. Commits."""
	fresh = _by_customer(lines, lateness, today)
	nothing = {"expected_from": None, **dict.fromkeys(WEEK_FIELDS, 0.0)}
	rows = frappe.get_all(
		CLIENT_ACCOUNT, {"company": company}, ["name", "customer", *nothing], order_by="name"
	)
	writes = []
	for row in rows:
		values = fresh.get(row.customer, nothing)
		if any(row[field] != value for field, value in values.items()):
			writes.append((row.name, values))
	# The version of a row stays: these say nothing of what it is today, and keep no refresh from writing.
	store_or_log(
		CLIENT_ACCOUNT, writes, title="Client Account: expected receipts not stored", savepoint=SAVEPOINT
	)
	return len(writes)


def _by_customer(lines: Iterable[TradeLine], lateness: Lateness, today: date) -> dict[str, Values]:
	"""Return the columns of each customer from whom something is expected."""
	open_lines: dict[str, list[TradeLine]] = {}
	for line in lines:
		if line.settled_on is None:
			open_lines.setdefault(str(line.customer), []).append(line)
	found = {}
	for customer, of_customer in open_lines.items():
		weeks = [round(amount, 2) for amount in expected_cash(lateness, of_customer, today, WEEKS).weeks]
		if any(weeks):
			found[customer] = {"expected_from": today, **dict(zip(WEEK_FIELDS, weeks, strict=True))}
	return found


def outlook(companies: Iterable[str], today: date) -> dict[str, CashOutlook]:
	"""Return by currency what the accounts with *companies* that the user may see are expected to bring in the next weeks.

	Weeks that were over before today are left out. A currency that nothing is known of is not in it.
	"""
	account = frappe.qb.DocType(CLIENT_ACCOUNT)
	query = (
		frappe.qb.from_(account)
		.select(
			account.currency,
			account.expected_from,
			*(Sum(account[field]).as_(field) for field in WEEK_FIELDS),
		)
		.where(account.company.isin(list(companies)))
		.where(account.expected_from.isnotnull())
		.groupby(account.currency, account.expected_from)
		.orderby(account.currency)
		.orderby(account.expected_from)
	)
	found: dict[str, CashOutlook] = {}
	for row in only_visible(query, CLIENT_ACCOUNT).run(as_dict=True):
		made = getdate(row.expected_from)
		over = max((today - made).days, 0) // DAYS_A_WEEK
		since = made + timedelta(days=1 + over * DAYS_A_WEEK)
		weeks = [flt(row[field]) for field in WEEK_FIELDS[over:]]
		weeks += [0.0] * (WEEKS - len(weeks))
		if before := found.get(row.currency):
			weeks = [one + other for one, other in zip(before.weeks, weeks, strict=True)]
		# The latest night tells the days; what an earlier one left is at most some days off.
		found[row.currency] = CashOutlook(since, weeks)
	return found
