"""Reading a chain from the database, page by page, as the check and the export take it."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import frappe
from pypika import Order

from client_ledger.core.archive.entry import ON_RECORD, REPEATED, KeptFile, StoredEntry
from client_ledger.core.archive.events import Events
from client_ledger.site.doctypes import ARCHIVE_CHAIN, LEDGER_ARCHIVE, LEDGER_ARCHIVE_FILE

PAGE = 500
# The number of an entry on record that is not chained yet: it comes after all others.
LAST = 1 << 62
_FIELDS = (
	"name", "sequence", "previous_hash", "content_hash", "entry_hash", "content", "figures", "legal_hold", "creation",
	*REPEATED,
)  # fmt: skip


def companies() -> list[str]:
	"""Return the companies that have an archive, or had one."""
	kept = frappe.get_all(LEDGER_ARCHIVE, pluck="company", distinct=True, order_by="company")
	noted = frappe.get_all(ARCHIVE_CHAIN, pluck="company", order_by="company")
	return sorted({*kept, *noted} - {None, ""})


def entries(company: str) -> Iterator[StoredEntry]:
	"""Yield the entries of a company, by number, those that are not chained first."""
	for page in pages(company):
		yield from page


def pages(company: str) -> Iterator[list[StoredEntry]]:
	"""Yield the entries of a company in pages."""
	table = frappe.qb.DocType(LEDGER_ARCHIVE)
	# By what the last row of a page has, since numbers may be there twice where somebody has inserted some.
	sequence, name = -(1 << 31), ""
	while True:
		rows = (
			frappe.qb.from_(table)
			.select(*(table[field] for field in _FIELDS))
			.where(table.company == company)
			.where((table.sequence > sequence) | ((table.sequence == sequence) & (table.name > name)))
			.orderby(table.sequence, order=Order.asc)
			.orderby(table.name, order=Order.asc)
			.limit(PAGE)
			.run(as_dict=True)
		)
		if not rows:
			return
		files = files_of([row.name for row in rows])
		yield [_entry(row, files.get(row.name, ())) for row in rows]
		sequence, name = rows[-1].sequence, rows[-1].name


def files_of(names: Sequence[str]) -> dict[str, list[KeptFile]]:
	"""Return the files of entries, by the entry's name."""
	found: dict[str, list[KeptFile]] = {}
	for row in frappe.get_all(
		LEDGER_ARCHIVE_FILE,
		{"parent": ("in", list(names)), "parenttype": LEDGER_ARCHIVE},
		["parent", "file_name", "sha256", "size"],
		order_by="parent, idx",
	):
		found.setdefault(row.parent, []).append(KeptFile(row.file_name, row.sha256, row.size))
	return found


def events_of(company: str) -> Events:
	"""Return what the entries on record of a company say of its archive."""
	rows = frappe.get_all(
		LEDGER_ARCHIVE,
		{"company": company, "kind": ("in", ON_RECORD)},
		["sequence", "kind", "figures"],
		order_by="sequence, creation, name",
	)
	rows.sort(key=lambda row: row.sequence or LAST)
	return Events().add_all((row.sequence or LAST, row.kind, _json(row.figures)) for row in rows)


def _entry(row: frappe._dict, files: Sequence[KeptFile]) -> StoredEntry:
	return StoredEntry(
		row.name,
		row.sequence or 0,
		row.previous_hash or "",
		row.content_hash or "",
		row.entry_hash or "",
		row.content or "",
		row.figures or "",
		files,
		{column: _text(row[column]) for column in REPEATED},
		bool(row.legal_hold),
		row.creation,
	)


def _text(value: Any) -> str | None:
	return value.isoformat() if isinstance(value, date) else value


def _json(text: str | None) -> dict[str, Any]:
	try:
		found = json.loads(text or "{}")
	except ValueError:
		return {}
	return found if isinstance(found, dict) else {}
