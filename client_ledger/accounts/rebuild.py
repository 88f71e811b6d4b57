"""Rebuilding accounts: every customer with a ledger is read in full, and every figure of every row is rewritten.

What people set by hand (stage, owner) stays.
"""

from collections.abc import Callable

import frappe
from frappe.utils import getdate, now_datetime

from client_ledger.accounts.compute import FigureSource, read_balances, read_masters
from client_ledger.accounts.nightly import note_all_refreshed
from client_ledger.accounts.refresh import refresh_all
from client_ledger.accounts.segments import update_volume_segments
from client_ledger.accounts.store import delete_rows, stored_accounts
from client_ledger.core.account import AccountKey


def customers_to_rebuild(source: FigureSource) -> list[str]:
	"""Return every customer that has an account, or should have one."""
	keys: set[AccountKey] = {*read_balances(source), *stored_accounts()}
	return sorted({key.customer for key in keys} & set(read_masters()))


def rebuild(customers: list[str] | None = None, progress: Callable[[int], None] | None = None) -> set[str]:
	"""Rebuild the accounts of *customers* (None: all); return the customers that failed. Commits as it goes.

	progress: called with how many customers were done since its last call.
	"""
	started = now_datetime()
	source = FigureSource.of_site(getdate(started))
	failed = refresh_all(customers_to_rebuild(source) if customers is None else customers, progress)
	if customers is None:
		delete_vanished(source)
		note_all_refreshed(started)
	update_volume_segments(source.settings.volume_shares)
	return failed


def delete_vanished(source: FigureSource) -> None:
	"""Delete accounts whose customer or company is no more. Commits."""
	known = read_masters()
	delete_rows(
		row["name"]
		for key, row in stored_accounts().items()
		if key.customer not in known or key.company not in source.companies
	)
	frappe.db.commit()  # nosemgrep: releases the rows
