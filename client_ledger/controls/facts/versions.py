"""What Frappe's Versions tell of documents. Their texts are large: they are read in slices, and only of the documents asked for."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import frappe
from frappe.query_builder import DocType

from client_ledger.controls.facts.window import FEW, by_name

Changed = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Signed:
	"""Who submitted or cancelled a document, and when."""

	person: str
	at: datetime


def parsed(data: str | None) -> Changed:
	"""Return a Version's content, nothing where it cannot be read."""
	try:
		found = json.loads(data or "{}")
	except ValueError:
		return {}
	return found if isinstance(found, dict) else {}


def moved(content: Changed, field: str) -> tuple[Any, Any] | None:
	"""Return what a field was and became, None where it did not change."""
	for change in content.get("changed") or ():
		if len(change) > 2 and change[0] == field:
			return change[1], change[2]
	return None


def signed(doctype: str, names: Sequence[str], status: int) -> dict[str, Signed]:
	"""Return who last brought documents to a docstatus, as far as Versions tell."""
	version = DocType("Version")
	query = (
		frappe.qb.from_(version)
		.select(version.docname, version.owner, version.creation, version.data)
		.where((version.ref_doctype == doctype) & version.data.like('%"docstatus"%'))
	)
	found: dict[str, Signed] = {}
	for name, person, at, data in by_name(query, version.docname, names, FEW):
		change = moved(parsed(data), "docstatus")
		if change and str(change[1]) == str(status) and (name not in found or found[name].at < at):
			found[name] = Signed(person, at)
	return found


def cancelled(
	doctype: str, rows: Sequence[tuple[str, str, datetime]], exactly: bool = True
) -> dict[str, Signed]:
	"""Return who cancelled documents; rows are (name, modified by, modified), which tell where no Version does.

	exactly: Versions are asked; without them who changed a document last, and when, stands for it.
	"""
	told = signed(doctype, [name for name, _person, _at in rows], 2) if rows and exactly else {}
	return {name: told.get(name) or Signed(person, at) for name, person, at in rows}


def slices(
	doctype: str, since: datetime, documents: Sequence[str] | None = None, without: str = ""
) -> Iterator[tuple[str, str, str, datetime, Changed]]:
	"""Yield (version, document, person, moment, content) of a DocType's Versions since a moment, in no order.

	documents: None for all. without: a pattern; Versions whose text is like it are not even fetched.
	"""
	version = DocType("Version")
	which = (
		frappe.qb.from_(version)
		.select(version.name)
		.where((version.ref_doctype == doctype) & (version.creation >= since))
	)
	if without:
		which = which.where(version.data.not_like(without))
	found = which.run() if documents is None else by_name(which, version.docname, documents)
	names = [row[0] for row in found]
	query = frappe.qb.from_(version).select(
		version.name, version.docname, version.owner, version.creation, version.data
	)
	for name, document, person, at, data in by_name(query, version.name, names, FEW):
		yield name, document, person, at, parsed(data)
