"""Tonight's findings of one control beside its rows: new ones inserted, others brought up to date, opened again or closed as gone.

Everything of one control and company is one transaction, and one worker at a time has it: see `nightly.py`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import frappe
from frappe import _

from client_ledger.controls import people, rows
from client_ledger.controls.settings import ControlInForce
from client_ledger.core.controls.compare import (
	ComparedFindings,
	GoneFinding,
	LookedAt,
	StoredFinding,
	compare_findings,
)
from client_ledger.core.controls.control import ControlFinding, FindingSeverity
from client_ledger.core.controls.lifecycle import OPEN_STATUSES, FindingStatus, opens_again
from client_ledger.core.marked import marked
from client_ledger.ledger.database import chunks
from client_ledger.site.doctypes import CONTROL_DOCUMENT, CONTROL_FINDING
from client_ledger.site.language import site_language, spoken
from client_ledger.site.rows import bulk_insert, child_rows, stored

FOUND_AGAIN, GONE = marked("Found Again"), marked("Gone")
FIELDS = (
	*("name", "finding_key", "unique_key", "on_date", "customer", "parameters_used", "status", "severity"),
	*("amount", "person", "reason_message", "reason_values", "history", "found_again"),
)


@dataclass(frozen=True, slots=True)
class StoreCounts:
	"""What was written: findings, new ones, those that opened again, those that are gone."""

	found: int = 0
	new: int = 0
	again: int = 0
	gone: int = 0


@dataclass(frozen=True, slots=True)
class ControlBook:
	"""Where rows are written for: a control as it is set, a company with its currency, and when."""

	setting: ControlInForce
	company: str
	currency: str
	now: datetime


def store(book: ControlBook, found: Sequence[ControlFinding], looked: LookedAt) -> StoreCounts:
	"""Bring the rows of a control into line with what it found where it looked. Does not commit."""
	with spoken(site_language()):
		known = _known(book, found)
		compared = compare_findings([_stored(row) for row in known.values()], found, looked)
		new = _insert(book, compared.new)
		_bring_up_to_date(book, known, compared)
		again = _open_again(book, known, compared)
		_close(book, known, compared.gone)
	return StoreCounts(len(found), new, again, len(compared.gone))


def _known(book: ControlBook, found: Iterable[ControlFinding]) -> dict[str, frappe._dict]:
	"""Return the open rows of a control, and the closed ones of what was found, by finding."""
	of = {"control": book.setting.control.code, "company": book.company}
	open_ones = {**of, "status": ("in", [status.value for status in OPEN_STATUSES])}
	rows_ = frappe.get_all(CONTROL_FINDING, open_ones, list(FIELDS), order_by="name")
	known = {row.finding_key: row for row in rows_}
	# By the finding's own key: a company that was renamed has the same findings.
	for part in chunks([one.key for one in found if one.key not in known]):
		for row in frappe.get_all(
			CONTROL_FINDING, {**of, "finding_key": ("in", part)}, list(FIELDS), order_by="name"
		):
			known[row.finding_key] = row
	return known


def _stored(row: frappe._dict) -> StoredFinding:
	return StoredFinding(
		row.finding_key,
		row.on_date or date.min,
		row.customer or "",
		row.parameters_used or "",
		FindingStatus(row.status) in OPEN_STATUSES,
	)


def _insert(book: ControlBook, new: Sequence[ControlFinding]) -> int:
	if not new:
		return 0
	makers = people.makers_of(new)
	made = bulk_insert(
		CONTROL_FINDING,
		[
			rows.new_row(
				one, book.setting, book.company, book.currency, people.people_of(one, makers), book.now
			)
			for one in new
		],
		ignore_duplicates=True,
	)
	really = set().union(*(stored(CONTROL_FINDING, part) for part in chunks(made)))
	_insert_documents({name: one for name, one in zip(made, new, strict=True) if name in really})
	return len(really)


def _insert_documents(findings: dict[str, ControlFinding]) -> None:
	doctypes = people.existing(doc.doctype for one in findings.values() for doc in one.documents)
	children = [
		row
		for name, one in findings.items()
		for row in child_rows(CONTROL_FINDING, name, "documents", rows.document_rows(one.documents, doctypes))
	]
	bulk_insert(CONTROL_DOCUMENT, children)


def _bring_up_to_date(book: ControlBook, known: dict[str, frappe._dict], compared: ComparedFindings) -> None:
	both = [*compared.still, *compared.again]
	for part in chunks([known[one.key].name for one, _found in both]):
		frappe.db.set_value(
			CONTROL_FINDING, {"name": ("in", part)}, "last_found", book.now, update_modified=False
		)
	changed = {}
	for one, found in compared.still:
		row, figures = known[one.key], rows.figures_of(found, book.setting)
		values = {
			field: value
			for field, value in figures.items()
			if field != "reason" and _differs(row, field, value)
		}
		if not values:
			continue
		if "reason_values" in values or "reason_message" in values:
			values["reason"] = figures["reason"]
		frappe.db.set_value(CONTROL_FINDING, row.name, values, update_modified=False)
		changed[row.name] = found
	_replace_documents(changed)


def _replace_documents(findings: dict[str, ControlFinding]) -> None:
	"""Write the documents and the people of findings anew that have grown or shrunk."""
	if not findings:
		return
	makers = people.makers_of(findings.values())
	for name, found in findings.items():
		about = "\n".join(people.people_of(found, makers))
		frappe.db.set_value(CONTROL_FINDING, name, "people", about, update_modified=False)
	for part in chunks(list(findings)):
		frappe.db.delete(CONTROL_DOCUMENT, {"parent": ("in", part), "parenttype": CONTROL_FINDING})
	_insert_documents(findings)


def _differs(row: frappe._dict, field: str, value: Any) -> bool:
	if field == "amount":
		return abs(float(row.amount or 0) - value) >= 0.005
	return str(row.get(field) or "") != str(value or "")


def _open_again(book: ControlBook, known: dict[str, frappe._dict], compared: ComparedFindings) -> int:
	opened = {}
	for one, found in compared.again:
		row, figures = known[one.key], rows.figures_of(found, book.setting)
		if not opens_again(
			FindingStatus(row.status),
			book.setting.control.lasting,
			FindingSeverity(row.severity),
			FindingSeverity(figures["severity"]),
		):
			continue
		values = {
			**figures,
			"status": FindingStatus.OPEN.value,
			"due_date": (book.now + timedelta(days=book.setting.deadline)).date(),
			"found_again": int(row.found_again or 0) + 1,
			"closed_by": None,
			"closed_on": None,
			"resolution": None,
			"resolution_message": None,
			"told": 0,
			"escalated_on": None,
			"history": rows.with_entry(row.history, FOUND_AGAIN, book.now, by=""),
		}
		frappe.db.set_value(CONTROL_FINDING, row.name, values)
		opened[row.name] = found
	_replace_documents(opened)
	return len(opened)


def _close(book: ControlBook, known: dict[str, frappe._dict], gone: Iterable[GoneFinding]) -> None:
	for one in gone:
		row = known[one.stored.key]
		message = one.reason.message
		frappe.db.set_value(
			CONTROL_FINDING,
			row.name,
			{
				"status": FindingStatus.GONE.value,
				"closed_on": book.now,
				"closed_by": None,
				"resolution": _(message),
				"resolution_message": message,
				"history": rows.with_entry(row.history, GONE, book.now, by="", why=message),
			},
		)
