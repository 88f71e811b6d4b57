"""The rows of `Client Account`: read with their version, written only if nobody wrote them since.

A row's version is its `modified`. Figures are read in one snapshot together with the rows; a row that
moved on meanwhile was written by another worker (or a user) and is left alone.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import frappe
from frappe.utils import now_datetime

from client_ledger.accounts.columns import (
	BALANCE_FIELDS,
	CREDIT_FIELDS,
	DERIVED_FIELDS,
	HISTORY_FIELDS,
	MASTER_FIELDS,
	Figures,
)
from client_ledger.core.account import AccountKey
from client_ledger.credit.grades.in_force import GRADE_FIELDS
from client_ledger.site.doctypes import CLIENT_ACCOUNT
from client_ledger.site.rows import bulk_insert, stored

# What a row keeps for itself: set by hand, decided over all rows, or set by what was sent.
OWN_FIELDS = ("account_manager", "stage", "volume_segment", "refreshed_on", "dunning_level", "last_dunned_on")
FIELDS = (
	*BALANCE_FIELDS,
	*HISTORY_FIELDS,
	*CREDIT_FIELDS,
	*DERIVED_FIELDS,
	*MASTER_FIELDS,
	*OWN_FIELDS,
	*GRADE_FIELDS,
)
INITIAL_STAGE = "Normal"

StoredRow = dict[str, Any]


class Write(NamedTuple):
	"""New values of a stored row, whose version it was decided on."""

	name: str
	modified: Any
	values: Figures


def stored_accounts(customers: Iterable[str] | None = None) -> dict[AccountKey, StoredRow]:
	"""Return the rows of *customers* (None: all), by customer and company."""
	rows = frappe.get_all(
		CLIENT_ACCOUNT,
		filters={} if customers is None else {"customer": ("in", list(customers))},
		fields=["name", "modified", "customer", "company", *FIELDS],
		order_by="name",
	)
	return {AccountKey(row.customer, row.company): row for row in rows}


def write_rows(writes: Iterable[Write]) -> set[str]:
	"""Write those rows whose version is still the stored one; return the names of the others.

	The rows stay locked until the transaction ends, in the order of their names.
	"""
	writes = sorted(writes)
	versions = _locked_versions([write.name for write in writes])
	now = now_datetime()
	missed = set()
	for write in writes:
		if versions.get(write.name) != write.modified:
			missed.add(write.name)
		elif write.values:
			table = frappe.qb.DocType(CLIENT_ACCOUNT)
			query = frappe.qb.update(table).set(table.modified, now).where(table.name == write.name)
			for field, value in write.values.items():
				query = query.set(table[field], value)
			query.run()
	return missed


def insert_rows(rows: Mapping[AccountKey, Figures]) -> set[AccountKey]:
	"""Insert new accounts; return the keys of those another worker inserted first."""
	if not rows:
		return set()
	names = bulk_insert(
		CLIENT_ACCOUNT,
		[{"customer": key.customer, "company": key.company, **row} for key, row in rows.items()],
		ignore_duplicates=True,
	)
	made = stored(CLIENT_ACCOUNT, names)
	return {key for key, name in zip(rows, names, strict=True) if name not in made}


def delete_rows(names: Iterable[str]) -> None:
	"""Delete accounts, with what hangs on them (comments, versions, assignments)."""
	for name in sorted(names):
		frappe.delete_doc(
			CLIENT_ACCOUNT,
			name,
			force=True,
			ignore_permissions=True,
			delete_permanently=True,
			ignore_missing=True,
		)


def _locked_versions(names: list[str]) -> dict[str, Any]:
	"""Return the present versions of rows, and lock them."""
	if not names:
		return {}
	table = frappe.qb.DocType(CLIENT_ACCOUNT)
	query = (
		frappe.qb.from_(table)
		.select(table.name, table.modified)
		.where(table.name.isin(names))
		.orderby(table.name)
		.for_update()
	)
	return dict(query.run())
