"""Refreshing accounts: fresh figures for marked customers, in batches that succeed or fail on their own.

Each batch starts a transaction of its own, so that rows, marks and ledger are read in one snapshot. Only marks
seen in that snapshot are cleared, and only where the rows were still the ones seen: what became stale
meanwhile, or was written by another worker meanwhile, stays marked and is refreshed again.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import frappe
from frappe.utils import getdate, now_datetime

from client_ledger.accounts.columns import Figures, changes
from client_ledger.accounts.compute import FigureSource, empty_figures, read_accounts
from client_ledger.accounts.store import (
	INITIAL_STAGE,
	StoredRow,
	Write,
	delete_rows,
	insert_rows,
	stored_accounts,
	write_rows,
)
from client_ledger.core.account import AccountKey
from client_ledger.credit.limits.credit_groups import with_members
from client_ledger.site.doctypes import CLIENT_ACCOUNT
from client_ledger.site.jobs import each_or_log
from client_ledger.site.refresh_queue import clear_marks, marks_of, stale_customers

BATCH = 200
MOST_ANNOUNCED = 20


def refresh_stale_customers(
	seconds: float | None = None, then: Callable[[list[str]], object] | None = None
) -> set[str]:
	"""Refresh marked customers until none is left (or time is up); return those that failed, still marked.

	then: called with each batch once it is refreshed.
	"""
	started, failed = time.monotonic(), set()
	while seconds is None or time.monotonic() - started < seconds:
		customers = stale_customers(BATCH, failed)
		if not customers:
			break
		missed = refresh_customers(customers)
		failed |= missed
		if then:
			then([customer for customer in customers if customer not in missed])
	return failed


def refresh_all(customers: Iterable[str], progress: Callable[[int], None] | None = None) -> set[str]:
	"""Refresh *customers*, however many; return those that failed. progress: called with how many are done."""
	customers, failed = list(customers), set()
	for start in range(0, len(customers), BATCH):
		batch = customers[start : start + BATCH]
		failed |= refresh_customers(batch)
		if progress:
			progress(len(batch))
	return failed


def refresh_customers(customers: list[str]) -> set[str]:
	"""Refresh one batch; if that fails, one customer at a time. Return those that failed, each logged by name."""
	_done, failed = each_or_log(
		customers, _refresh_batch, title="Client Account not refreshed", doctype="Customer"
	)
	return set(failed)


def _refresh_batch(customers: list[str]) -> None:
	frappe.db.commit()  # nosemgrep: a snapshot of its own per batch
	started = now_datetime()
	# What one of them owes counts for the limit of all who share it.
	customers = with_members(customers)
	marks = marks_of(customers)
	stored = stored_accounts(customers)
	source = FigureSource.of_site(getdate(started))
	fresh = read_accounts(source, customers)
	missed = _store(source, stored, fresh, started)
	clear_marks([name for customer, names in marks.items() if customer not in missed for name in names])
	frappe.db.commit()  # nosemgrep: figures and marks together
	_announce(stored)


def _store(
	source: FigureSource,
	stored: Mapping[AccountKey, StoredRow],
	fresh: Mapping[AccountKey, Figures],
	started: datetime,
) -> set[str]:
	"""Bring the rows to the fresh figures; return the customers whose rows another worker wrote first."""
	new = {key: _new_row(figures, started) for key, figures in fresh.items() if key not in stored}
	missed = {key.customer for key in insert_rows(new)}
	writes, gone = [], []
	for key, row in stored.items():
		figures = fresh.get(key)
		if figures is None and not _exists(key):
			gone.append(row["name"])
			continue
		values = changes(row, figures or empty_figures(source))
		writes.append(
			Write(row["name"], row["modified"], {**values, **_owner(row, values), "refreshed_on": started})
		)
	missed_names = write_rows(writes)
	missed |= {key.customer for key, row in stored.items() if row["name"] in missed_names}
	delete_rows(gone)
	return missed


def _new_row(figures: Figures, started: datetime) -> Figures:
	return {
		**figures,
		"account_manager": figures["customer_account_manager"],
		"stage": INITIAL_STAGE,
		"volume_segment": "",
		"refreshed_on": started,
	}


def _owner(row: StoredRow, values: Figures) -> Figures:
	"""An owner set by hand stays until the customer gets another account manager."""
	if "customer_account_manager" not in values:
		return {}
	return {"account_manager": values["customer_account_manager"]}


def _exists(key: AccountKey) -> bool:
	return bool(frappe.db.exists("Customer", key.customer) and frappe.db.exists("Company", key.company))


def _announce(stored: Mapping[AccountKey, StoredRow]) -> None:
	"""Have open forms reload. A large batch is not announced: it would flood every browser."""
	if len(stored) > MOST_ANNOUNCED:
		return
	for row in stored.values():
		frappe.publish_realtime(
			"doc_update",
			{"modified": str(now_datetime()), "doctype": CLIENT_ACCOUNT, "name": row["name"]},
			doctype=CLIENT_ACCOUNT,
			docname=row["name"],
		)
