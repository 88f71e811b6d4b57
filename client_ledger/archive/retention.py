"""What the law ends: entries whose retention is over are purged, and those under legal hold are not. Both are on record.

A purged entry keeps its number and hashes, so that the chain can be checked; what it said, its files and its names are gone.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime

from client_ledger.archive import chain, files
from client_ledger.archive.entries import files_of
from client_ledger.archive.keep import keep
from client_ledger.core.archive.canonical import sha256
from client_ledger.core.archive.entry import HOLD, HOLD_LIFTED, ON_RECORD, PURGE, read_content
from client_ledger.ledger.database import chunks
from client_ledger.site.doctypes import LEDGER_ARCHIVE, LEDGER_ARCHIVE_FILE
from client_ledger.site.jobs import again_after_a_lock

BATCH = 500
_EMPTY = dict.fromkeys(
	("content", "figures", "customer", "reference_doctype", "reference_name", "legal_hold_reason")
)


def expired(company: str, today: date) -> list[str]:
	"""Return the entries of a company whose retention is over and that nobody holds, by number."""
	rows = frappe.get_all(
		LEDGER_ARCHIVE,
		{
			"company": company,
			"sequence": (">", 0),
			"retention_until": ("<", today),
			"legal_hold": 0,
			"purged_on": ("is", "not set"),
			"kind": ("not in", ON_RECORD),
		},
		pluck="name",
		order_by="sequence",
	)
	return rows


def purge(company: str, why: str, today: date | None = None) -> int:
	"""Purge the entries of a company whose retention is over; return how many. Commits, batch by batch.

	One that is not what was kept stays, for it is evidence.
	"""
	_require(why)
	today = today or getdate()
	done = 0
	for names in chunks(expired(company, today), BATCH):
		done += again_after_a_lock(lambda names=names: _purge_batch(company, names, why, today))
	return done


def _purge_batch(company: str, names: Sequence[str], why: str, today: date) -> int:
	frappe.db.commit()  # nosemgrep: the locks below begin a transaction with a fresh view
	rows = [row for row in _locked(company, names) if _may_go(row, today)]
	if not rows:
		frappe.db.commit()  # nosemgrep: lets go of the rows
		return 0
	gone = [row.name for row in rows]
	digests = {one.sha256 for kept in files_of(gone).values() for one in kept}
	now, user = now_datetime(), frappe.session.user
	frappe.db.delete(LEDGER_ARCHIVE_FILE, {"parent": ("in", gone), "parenttype": LEDGER_ARCHIVE})
	for name in gone:
		frappe.db.set_value(LEDGER_ARCHIVE, name, {**_EMPTY, "purged_on": now, "purged_by": user})
	keep(
		PURGE,
		company,
		"Company",
		company,
		figures={"sequences": [row.sequence for row in rows], "reason": why, "by": user, "on": now},
		version=frappe.generate_hash(length=10),
	)
	frappe.db.commit()  # nosemgrep: purged and on record, in one
	files.remove(sorted(digests))
	return len(gone)


def _locked(company: str, names: Iterable[str]) -> list[frappe._dict]:
	chain.lock_head(company)
	table = frappe.qb.DocType(LEDGER_ARCHIVE)
	fields = (
		"name",
		"sequence",
		"content",
		"content_hash",
		"figures",
		"legal_hold",
		"purged_on",
		"retention_until",
	)
	query = frappe.qb.from_(table).select(*(table[field] for field in fields))
	where = (table.name.isin(list(names))) & (table.company == company) & (table.sequence > 0)
	return query.where(where).orderby(table.sequence).for_update().run(as_dict=True)


def _may_go(row: frappe._dict, today: date) -> bool:
	said = read_content(row.content or "")
	if row.legal_hold or row.purged_on or not said or sha256(row.content) != row.content_hash:
		return False
	# What counts is what was kept, not what a column says by now.
	until = said.get("retention_until")
	return bool(until) and getdate(until) < today and said.get("figures") == sha256(row.figures or "")


def hold(names: Sequence[str], why: str) -> int:
	"""Put entries under legal hold: they are not purged until it is lifted. Return how many were not before."""
	return _set_hold(names, why, True)


def lift_hold(names: Sequence[str], why: str) -> int:
	"""Lift the legal hold of entries; return how many had one."""
	return _set_hold(names, why, False)


def _set_hold(names: Sequence[str], why: str, is_held: bool) -> int:
	_require(why)
	done = 0
	by_company: dict[str, list[str]] = {}
	for row in frappe.get_all(
		LEDGER_ARCHIVE, {"name": ("in", list(names))}, ["name", "company"], order_by="company, name"
	):
		by_company.setdefault(row.company, []).append(row.name)
	for company, of_company in by_company.items():
		rows = [
			row
			for row in _locked(company, of_company)
			if bool(row.legal_hold) != is_held and not row.purged_on
		]
		if not rows:
			continue
		for row in rows:
			values = {"legal_hold": int(is_held), "legal_hold_reason": why if is_held else None}
			frappe.db.set_value(LEDGER_ARCHIVE, row.name, values)
		keep(
			HOLD if is_held else HOLD_LIFTED,
			company,
			"Company",
			company,
			figures={
				"sequences": [row.sequence for row in rows],
				"reason": why,
				"by": frappe.session.user,
				"on": now_datetime(),
			},
			version=frappe.generate_hash(length=10),
		)
		done += len(rows)
	return done


def _require(why: str) -> None:
	if not (why or "").strip():
		frappe.throw(_("Enter a reason."))
