"""Keeping something: a row in the caller's own transaction, so that it is kept if and only if the caller's work is.

The row is not chained yet, which would make callers wait for one another: that is done by a job right after the commit.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import flt, getdate, now_datetime

from client_ledger.archive import files as store
from client_ledger.archive.chain import chain_after_commit
from client_ledger.archive.kinds import rule_of
from client_ledger.core.archive.canonical import canonical, sha256
from client_ledger.core.archive.entry import Content, KeptFile
from client_ledger.site.doctypes import LEDGER_ARCHIVE, LEDGER_ARCHIVE_FILE
from client_ledger.site.rows import bulk_insert, child_rows

# Digits behind the point that a column of an amount has.
PLACES = 9


def keep(
	kind: str,
	company: str,
	reference_doctype: str,
	reference_name: str,
	*,
	customer: str | None = None,
	figures: Mapping[str, Any] | None = None,
	files: Iterable[tuple[str, bytes]] = (),
	on: datetime | date | None = None,
	version: str = "",
) -> str | None:
	"""Keep figures and files of a document as an entry; return its name, None where the settings keep none of this kind.

	figures: dicts, lists, texts, numbers, days; amounts as Decimal, or float, which is taken to nine places. files: (name, content).
	on: the entry's own day, today unless given. version: tells entries of one kind about one document apart; the same is kept
	once only, the name of the entry that is there is returned. Raises files.DiskFull where a file cannot be written.
	"""
	rule = rule_of(kind)
	if not rule.keep:
		return None
	key = sha256(canonical([kind, company, reference_doctype, reference_name, version]))
	if there := frappe.db.get_value(LEDGER_ARCHIVE, {"entry_key": key}):
		return there
	day = getdate(on) if on else now_datetime().date()
	kept = [store.store(name, content) for name, content in files]
	content = Content(
		company=company,
		kind=kind,
		reference_doctype=reference_doctype,
		reference_name=reference_name,
		date=day,
		kept_on=now_datetime(),
		kept_by=frappe.session.user,
		customer=customer or None,
		retention_until=rule.until(day),
		figures=canonical(exact(figures or {})),
		files=kept,
	)
	try:
		name = _insert(content, key)
	except Exception as error:
		if not frappe.db.is_duplicate_entry(error):
			raise
		# Another worker was faster: its row is committed, or this one would still wait for it.
		return frappe.db.get_value(LEDGER_ARCHIVE, {"entry_key": key}, for_update=True)
	chain_after_commit()
	return name


def keep_at_least_figures(
	kind: str,
	company: str,
	reference_doctype: str,
	reference_name: str,
	*,
	files: Iterable[tuple[str, bytes]] = (),
	**given: Any,
) -> str | None:
	"""Keep as `keep` does; where the disk takes no more files, without them, which is logged: the caller's work is not undone."""
	about = (kind, company, reference_doctype, reference_name)
	try:
		return keep(*about, files=files, **given)
	except store.DiskFull:
		frappe.clear_last_message()
		frappe.log_error(
			title=f"Archive: no file of {reference_name}, the disk is full",
			reference_doctype=reference_doctype,
			reference_name=reference_name,
		)
		return keep(*about, **given)


def _insert(content: Content, key: str) -> str:
	text = content.text()
	row = {
		"sequence": 0,
		"kind": content.kind,
		"customer": content.customer,
		"company": content.company,
		"reference_doctype": content.reference_doctype,
		"reference_name": content.reference_name,
		"date": content.date,
		"kept_on": content.kept_on,
		"retention_until": content.retention_until,
		"figures": content.figures,
		"content": text,
		"content_hash": sha256(text),
		"entry_key": key,
	}
	(name,) = bulk_insert(LEDGER_ARCHIVE, [row])
	_insert_files(name, content.files)
	return name


def _insert_files(name: str, files: Sequence[KeptFile]) -> None:
	rows = [{"file_name": one.name, "sha256": one.sha256, "size": one.size} for one in files]
	bulk_insert(LEDGER_ARCHIVE_FILE, child_rows(LEDGER_ARCHIVE, name, "files", rows))


def exact(value: Any) -> Any:
	"""Return figures with each float as the amount that is meant: to nine places, as the database has it."""
	if isinstance(value, float):
		return Decimal(repr(flt(value, PLACES)))
	if isinstance(value, Mapping):
		return {str(key): exact(part) for key, part in value.items()}
	if isinstance(value, list | tuple):
		return [exact(part) for part in value]
	return value
