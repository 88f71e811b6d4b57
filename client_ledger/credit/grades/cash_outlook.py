"""Expected cash of a site: what a night expects of each account's open invoices, week by week, kept on Client Account.

lines and lateness of a company -> expected_cash per customer -> Client Account -> sums of those that the user may see
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import frappe
from frappe.utils import getdate

from client_ledger.core.credit.cash import WEEKS, expected_cash
from client_ledger.core.credit.histogram import DAYS_A_WEEK, Lateness
from client_ledger.core.credit.lateness import TradeLine
from client_ledger.site.doctypes import CLIENT_ACCOUNT
from client_ledger.site.jobs import each_or_log
from client_ledger.site.visible import only_visible

BATCH = 500
SAVEPOINT = "cl_cash_outlook"


class CashOutlook(NamedTuple):
	"""Expected receipts per week in one currency; `since` is the first day of the first week."""

	since: date
	weeks: list[float]


def store_outlook(company: str, lines: Iterable[TradeLine], lateness: Lateness, today: date) -> int:
	"""Keep what *lines*, all of *company*, are expected to bring from tomorrow on; return how many accounts changed. Commits."""
	texts = _texts(lines, lateness, today)
	rows = frappe.get_all(
		CLIENT_ACCOUNT,
		{"company": company},
		["name", "customer", "expected_from", "expected_receipts"],
		order_by="name",
	)
	writes = []
	for row in rows:
		text = texts.get(row.customer)
		fresh = {"expected_from": today if text else None, "expected_receipts": text}
		stored = {"expected_from": row.expected_from, "expected_receipts": row.expected_receipts or None}
		if fresh != stored:
			writes.append((row.name, fresh))
	each_or_log(
		writes,
		_write,
		title="Client Account: expected receipts not stored",
		doctype=CLIENT_ACCOUNT,
		size=BATCH,
		name=lambda write: write[0],
		savepoint=SAVEPOINT,
	)
	return len(writes)


def _texts(lines: Iterable[TradeLine], lateness: Lateness, today: date) -> dict[str, str]:
	"""Return the expected amounts of each customer as they are stored: a list as JSON, without the weeks that bring nothing."""
	open_lines: dict[str, list[TradeLine]] = {}
	for line in lines:
		if line.settled_on is None:
			open_lines.setdefault(str(line.customer), []).append(line)
	texts = {}
	for customer, of_customer in open_lines.items():
		weeks = [round(amount, 2) for amount in expected_cash(lateness, of_customer, today, WEEKS).weeks]
		if any(weeks):
			texts[customer] = json.dumps(weeks)
	return texts


def _write(batch: list[tuple[str, dict[str, Any]]]) -> None:
	# The version of a row stays: this says nothing of what it is today, and keeps no refresh from writing.
	for name, values in batch:
		frappe.db.set_value(CLIENT_ACCOUNT, name, values, update_modified=False)


def outlook(companies: Iterable[str], today: date, weeks: int) -> dict[str, CashOutlook]:
	"""Return by currency what the accounts with *companies* that the user may see are expected to bring in the next weeks.

	Weeks that were over before today are left out. A currency that nothing is known of is not in it.
	"""
	account = frappe.qb.DocType(CLIENT_ACCOUNT)
	query = (
		frappe.qb.from_(account)
		.select(account.currency, account.expected_from, account.expected_receipts)
		.where(account.company.isin(list(companies)))
		.where(account.expected_from.isnotnull())
	)
	rows = only_visible(query, CLIENT_ACCOUNT).run(as_dict=True)
	latest: dict[str, date] = {}
	for row in rows:
		latest[row.currency] = max(latest.get(row.currency, date.min), getdate(row.expected_from))
	found: dict[str, CashOutlook] = {}
	for code, day in sorted(latest.items()):
		skipped = max((today - day).days, 0) // DAYS_A_WEEK
		since = frappe.utils.add_days(day, 1 + skipped * DAYS_A_WEEK)
		found[code] = CashOutlook(getdate(since), [0.0] * weeks)
	for row in rows:
		_add(found[row.currency], row, today)
	return found


def _add(to: CashOutlook, row: Mapping[str, Any], today: date) -> None:
	skipped = max((today - getdate(row["expected_from"])).days, 0) // DAYS_A_WEEK
	amounts = json.loads(row["expected_receipts"] or "[]")[skipped:]
	for week, amount in enumerate(amounts[: len(to.weeks)]):
		to.weeks[week] += amount
