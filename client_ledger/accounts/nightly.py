"""The nightly refresh of all accounts: corrects what no voucher announced, and moves ageing on by a day.

Balances of all customers are read at once and compared with the rows; only rows that differ are written.
The whole history is read only for customers whose ledger changed unseen, or for whom something left the window
that averages and sales look back on.
"""

from collections.abc import Mapping
from datetime import date, datetime

import frappe
from frappe.query_builder.functions import Max
from frappe.utils import get_datetime, getdate, now_datetime
from pypika.queries import QueryBuilder

from client_ledger.accounts.columns import HISTORY_FIELDS, LEDGER_FIELDS, Figures, behaviour_segment, changes
from client_ledger.accounts.compute import (
	FigureSource,
	empty_figures,
	read_balances,
	read_credit,
	read_differences,
	read_masters,
)
from client_ledger.accounts.refresh import BATCH, refresh_stale_customers
from client_ledger.accounts.segments import update_volume_segments
from client_ledger.accounts.store import StoredRow, Write, delete_rows, stored_accounts, write_rows
from client_ledger.core.account import AccountKey
from client_ledger.site.doctypes import LEDGER_SETTINGS
from client_ledger.site.refresh_queue import mark_stale

# Documents that change an account, with the field that names the customer.
LEDGER_DOCTYPES = (
	("Payment Ledger Entry", "party"),
	("Sales Invoice", "customer"),
	("Payment Entry", "party"),
)


def refresh_all_accounts() -> dict[str, int]:
	"""Refresh every account as of today; return how many were compared, written, reread in full and deleted."""
	frappe.db.commit()  # nosemgrep: one snapshot for rows and ledger
	started = now_datetime()
	source = FigureSource.of_site(getdate(started))
	stored = stored_accounts()
	masters = read_masters()
	balances = read_balances(source)
	for key, figures in read_credit(source, {**balances, **stored}).items():
		balances.setdefault(key, _nothing(source)).update(figures)

	gone = {key: row for key, row in stored.items() if not _is_known(source, masters, key)}
	kept = {key: row for key, row in stored.items() if key not in gone}
	deep = _to_read_in_full(source, kept, balances, masters)
	writes = _moved_on(source, kept, balances, masters, deep)
	written = _write(writes)
	delete_rows(row["name"] for row in gone.values())

	mark_stale(deep)
	frappe.db.commit()  # nosemgrep: writes the marks
	failed = refresh_stale_customers()
	segments = update_volume_segments(source.settings.volume_shares)
	note_all_refreshed(started)
	return {
		"accounts": len(stored),
		"written": written,
		"reread": len(deep),
		"segments": segments,
		"deleted": len(gone),
		"failed": len(failed),
	}


def _is_known(source: FigureSource, masters: Mapping[str, Figures], key: AccountKey) -> bool:
	return key.customer in masters and key.company in source.companies


def _to_read_in_full(
	source: FigureSource,
	stored: Mapping[AccountKey, StoredRow],
	balances: Mapping[AccountKey, Figures],
	masters: Mapping[str, Figures],
) -> set[str]:
	"""Return the customers whose history has to be read again."""
	customers = {key.customer for key in balances if key not in stored}
	for key, row in stored.items():
		fresh = balances.get(key) or empty_figures(source)
		if changes(row, {field: fresh[field] for field in LEDGER_FIELDS}):
			customers.add(key.customer)
	customers |= _changed_unseen(stored)
	customers |= _left_the_window(source)
	return {customer for customer in customers if customer in masters}


def _moved_on(
	source: FigureSource,
	stored: Mapping[AccountKey, StoredRow],
	balances: Mapping[AccountKey, Figures],
	masters: Mapping[str, Figures],
	deep: set[str],
) -> list[Write]:
	"""Return what to write to the rows whose history is unchanged: ageing, status, masters."""
	nothing = _nothing(source)
	writes = []
	for key, row in stored.items():
		if key.customer in deep:
			continue
		fresh = {**(balances.get(key) or nothing), **masters[key.customer]}
		fresh["behaviour_segment"] = behaviour_segment({**row, **fresh}, source.settings)
		if changes(row, {"gl_difference": fresh["gl_difference"]}):
			fresh["gl_difference_vouchers"] = read_differences(source, key, fresh)
		values = changes(row, fresh)
		if "customer_account_manager" in values:
			values["account_manager"] = values["customer_account_manager"]
		if values:
			writes.append(Write(row["name"], row["modified"], values))
	return writes


def _nothing(source: FigureSource) -> Figures:
	"""Return the figures of an account with nothing open, without its history."""
	return {field: value for field, value in empty_figures(source).items() if field not in HISTORY_FIELDS}


def _write(writes: list[Write]) -> int:
	"""Write in batches, each committed, so that no one waits long for a row; return how many were written."""
	written = 0
	for start in range(0, len(writes), BATCH):
		batch = writes[start : start + BATCH]
		written += len(batch) - len(write_rows(batch))
		frappe.db.commit()  # nosemgrep: releases the rows of this batch
	return written


def _changed_unseen(stored: Mapping[AccountKey, StoredRow]) -> set[str]:
	"""Return customers whose documents changed after their accounts were last refreshed."""
	last = _last_refreshed()
	if last is None:
		return {key.customer for key in stored}
	refreshed: dict[str, datetime] = {}
	for key, row in stored.items():
		before = refreshed.get(key.customer, row["refreshed_on"])
		refreshed[key.customer] = min(before, row["refreshed_on"]) if before else before
	return {
		customer
		for customer, modified in _modified_since(last).items()
		if customer not in refreshed or not refreshed[customer] or refreshed[customer] < modified
	}


def _modified_since(since: datetime) -> dict[str, datetime]:
	found: dict[str, datetime] = {}
	for doctype, field in LEDGER_DOCTYPES:
		for customer, modified in last_changes(doctype, field, since).run():
			found[customer] = max(modified, found.get(customer, modified))
	return found


def last_changes(doctype: str, field: str, since: datetime) -> QueryBuilder:
	"""Return the query for when documents of each customer, named in *field*, last changed, if since then."""
	table = frappe.qb.DocType(doctype)
	query = (
		frappe.qb.from_(table)
		.select(table[field], Max(table.modified))
		.where(table.modified >= since)
		.groupby(table[field])
	)
	return query.where(table.party_type == "Customer") if field == "party" else query


def _left_the_window(source: FigureSource) -> set[str]:
	"""Return customers with entries on the days that no longer count for sales or payment behaviour."""
	last = _last_refreshed()
	if last is None:
		return set()
	then, settings = getdate(last), source.settings
	customers: set[str] = set()
	for first, end in {
		(settings.sales_since(then), settings.sales_since(source.today)),
		(settings.history_since(then), settings.history_since(source.today)),
	}:
		customers |= _posted_between(first, end)
	return customers


def _posted_between(first: date, end: date) -> set[str]:
	"""Return customers with entries posted from *first* to the day before *end*."""
	table = frappe.qb.DocType("Payment Ledger Entry")
	query = (
		frappe.qb.from_(table)
		.select(table.party)
		.distinct()
		.where((table.posting_date >= first) & (table.posting_date < end) & (table.party_type == "Customer"))
	)
	return {row[0] for row in query.run()} if first < end else set()


def _last_refreshed() -> datetime | None:
	# Not get_single_value, which makes the year 1 of nothing.
	value = frappe.db.get_singles_dict(LEDGER_SETTINGS).get("accounts_refreshed_on")
	return get_datetime(value) if value else None


def note_all_refreshed(started: datetime) -> None:
	"""Store that every account was right at *started*, for the next night to start from. Commits."""
	frappe.db.set_single_value(LEDGER_SETTINGS, "accounts_refreshed_on", started, update_modified=False)
	frappe.db.commit()  # nosemgrep: the next night starts here
