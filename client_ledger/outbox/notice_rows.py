"""The rows of notices in the database: inserted many at once, locked, updated, marked as failed. No form's checks."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.utils import cint

from client_ledger.core.outbox.verdict import Verdict
from client_ledger.outbox import settings
from client_ledger.outbox.moments import naive
from client_ledger.outbox.notice_status import IN_DOUBT, NoticeStatus
from client_ledger.site.doctypes import LEDGER_NOTICE, LEDGER_NOTICE_ITEM
from client_ledger.site.rows import bulk_insert, child_rows, stored

BACKOFF = timedelta(minutes=30)
# Who repeats the status of a notice: paths to functions of its name, called in the transaction that changes it.
STATUS_CHANGED = "client_ledger_notice_status_changed"
# A Ledger Notice with all its columns, and an item of one without what every child row has.
NoticeRow = frappe._dict
ItemRow = dict[str, Any]


def insert(
	rows: Sequence[NoticeRow | dict], items: Mapping[str, Sequence[ItemRow]] | None = None
) -> set[str]:
	"""Insert planned rows, which bring their names and keys; return the names of those that were not there yet.

	items: by the name of the row they belong to; those of rows whose key was taken are left out. All rows need the
	same fields.
	"""
	if not rows:
		return set()
	planned = [{"creation": row["planned_on"], "modified": row["planned_on"], **row} for row in rows]
	made = stored(LEDGER_NOTICE, bulk_insert(LEDGER_NOTICE, planned, ignore_duplicates=True))
	insert_items({name: found for name, found in (items or {}).items() if name in made})
	return made


def insert_items(items: Mapping[str, Sequence[ItemRow]]) -> None:
	"""Insert the items of rows, by the names of the rows."""
	rows = [row for name, of_row in items.items() for row in child_rows(LEDGER_NOTICE, name, "items", of_row)]
	bulk_insert(LEDGER_NOTICE_ITEM, rows)


def rewrite_items(items: Mapping[str, Sequence[ItemRow]]) -> None:
	"""Replace the items of rows, by the names of the rows."""
	if items:
		frappe.db.delete(LEDGER_NOTICE_ITEM, {"parent": ("in", list(items)), "parenttype": LEDGER_NOTICE})
		insert_items(items)


def verdict_fields(verdict: Verdict) -> dict:
	"""Return the fields of a row that does not go out now."""
	if verdict.defers:
		return {
			"status": NoticeStatus.DEFERRED.value,
			"reason": verdict.reason.value,
			"deferred_until": naive(verdict.until),
		}
	return {
		"status": NoticeStatus.SKIPPED.value,
		"reason": verdict.reason.value,
		"deferred_until": None,
		"open_key": None,
	}


def lock(names: Sequence[str], statuses: Sequence[NoticeStatus]) -> list[NoticeRow]:
	"""Lock the rows of *names* that have one of *statuses*, waiting for whoever holds them."""
	if not names:
		return []
	table = frappe.qb.DocType(LEDGER_NOTICE)
	return (
		frappe.qb.from_(table)
		.select("*")
		.where(table.name.isin(list(names)) & table.status.isin([status.value for status in statuses]))
		.orderby(table.name)
		.for_update()
	).run(as_dict=True)


def lock_sendable(names: Sequence[str]) -> list[NoticeRow]:
	"""Lock the rows of *names* that are still to be sent, without waiting for those another worker holds."""
	table = frappe.qb.DocType(LEDGER_NOTICE)
	sendable = [NoticeStatus.APPROVED.value, NoticeStatus.DEFERRED.value, NoticeStatus.FAILED.value]
	return (
		frappe.qb.from_(table)
		.select("*")
		.where(table.name.isin(list(names)) & table.status.isin(sendable) & table.approved_on.isnotnull())
		.orderby(table.name)
		.for_update(skip_locked=True)
	).run(as_dict=True)


def update(name: str, fields: Mapping, now: datetime) -> None:
	"""Set fields of a row, without the form's checks."""
	table = frappe.qb.DocType(LEDGER_NOTICE)
	query = frappe.qb.update(table).where(table.name == name).set(table.modified, now)
	for fieldname, value in fields.items():
		query = query.set(table[fieldname], value)
	query.run()
	if "status" in fields or "reason" in fields:
		for path in frappe.get_hooks(STATUS_CHANGED):
			frappe.get_attr(path)(name)


def mark_failed(name: str, reason: str, detail: str, now: datetime) -> None:
	"""Mark a row as failed, to be tried again at increasing intervals until the attempts are used up."""
	attempts = cint(frappe.db.get_value(LEDGER_NOTICE, name, "attempts")) + 1
	# Whether a message in doubt arrived is for a person to find out.
	again = attempts < settings.most_attempts() and reason != IN_DOUBT
	update(
		name,
		{
			"status": NoticeStatus.FAILED.value,
			"reason": reason,
			"reason_detail": detail[:500],
			"attempts": attempts,
			"next_attempt": now + BACKOFF * 2 ** (attempts - 1) if again else None,
			"day_key": None,
			"contact_on": None,
			"sent_on": None,
		},
		now,
	)
