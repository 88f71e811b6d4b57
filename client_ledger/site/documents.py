"""The base of our DocTypes: what people may enter, whichever way it comes in.

A field that the form shows as read-only belongs to an action: it changes only where code of ours saves the document
(`by_action`, or without permissions), in the document and in its rows, by form, REST, import, amendment or `set_value`.
A new document begins with the initial values of such fields, whatever was sent; a change of one later is refused.
Rows are changed through their document alone.
"""

import math
import re
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import frappe
from frappe import _
from frappe.core.doctype.docfield.docfield import DocField
from frappe.model.document import Document
from frappe.utils import cint, flt, get_datetime, getdate

from client_ledger.site.arguments import (
	MOST_AMOUNT,
	MOST_COUNT,
	BadArgument,
	Unfit,
	a_date,
	in_words,
	storable,
)
from client_ledger.site.messages import bold, filled

AnyDocument = TypeVar("AnyDocument", bound=Document)

# Fields that Frappe itself moves: workflow actions and amendments.
FRAPPES = ("workflow_state", "amended_from")
NUMBERS = ("Currency", "Float", "Percent")
WHOLE_NUMBERS = ("Int", "Check")
# Bytes that a column of MariaDB holds.
LENGTHS = {
	"Small Text": 65_535,
	"Text": 65_535,
	"Code": 1_000_000,
	"Text Editor": 1_000_000,
	"Long Text": 1_000_000,
}
_TIME = re.compile(r"([01]?\d|2[0-4]):[0-5]?\d(:[0-5]?\d(\.\d+)?)?")
# Places behind the point that a column of an amount has.
PLACES = 6


class NotByHand(frappe.PermissionError):
	"""A field that an action owns was changed without it."""


def by_action(doc: AnyDocument) -> AnyDocument:
	"""Return *doc*, whose owned fields may change with its next save: said by the code of an action only."""
	doc.flags.by_action = True
	return doc


class LedgerDocument(Document):
	"""A document or row of ours. restores_owned: its validate takes back what was sent, as a form may be behind the jobs."""

	restores_owned = False

	def append(self, key: str, value: Any = None, *args: Any, **kwargs: Any) -> Document:
		"""Add a row. Raises BadArgument for what is none."""
		if value is not None and not isinstance(value, dict | Document):
			_refuse(self.meta.get_field(key), _("Send a list of rows."))
		return super().append(key, value, *args, **kwargs)

	def extend(self, key: str, value: Any) -> None:
		"""Add rows. Raises BadArgument for what is no list of them."""
		if not isinstance(value, list | tuple):
			_refuse(self.meta.get_field(key), _("Send a list of rows."))
		super().extend(key, value)

	def insert(self, *args: Any, **kwargs: Any) -> "LedgerDocument":
		"""Insert with the initial values of what actions own."""
		_refuse_row(self)
		check_values(self)
		if not _is_by_action(self, kwargs.get("ignore_permissions", args[0] if args else None)):
			begin(self)
		return self._write(super().insert, args, kwargs)

	def save(self, *args: Any, **kwargs: Any) -> "LedgerDocument":
		"""Save. Raises NotByHand where something has changed that actions own."""
		_refuse_row(self)
		check_values(self)
		return self._write(super().save, args, kwargs)

	def run_before_save_methods(self) -> None:
		"""Check before anything of ours fills in a field."""
		if self.is_new():
			clear_time_of_day(self)
		if not self.is_new() and not self.restores_owned and not _is_by_action(self):
			check_owned(self, self.get_doc_before_save())
		super().run_before_save_methods()

	def _write(self, write: Callable, args: tuple, kwargs: dict) -> "LedgerDocument":
		try:
			return in_words(lambda: write(*args, **kwargs))
		finally:
			self.flags.pop("by_action", None)

	def run_method(self, method: str, *args: Any, **kwargs: Any) -> Any:
		"""Refuse that a row is deleted past its document."""
		if method == "on_trash":
			_refuse_row(self)
		return super().run_method(method, *args, **kwargs)


def clear_time_of_day(doc: Document) -> None:
	"""Empty the times of a new document that nobody has entered: Frappe 15 fills in the time of day, to the microsecond."""
	for df in doc.meta.get("fields", {"fieldtype": "Time"}):
		if "." in str(doc.get(df.fieldname) or ""):
			doc.set(df.fieldname, None)


def owned_fields(doctype: str) -> list[DocField]:
	"""Return the fields of a DocType that only actions change."""
	return [
		df
		for df in frappe.get_meta(doctype).fields
		if cint(df.read_only)
		and not df.get("is_virtual")
		and not df.fetch_from
		and df.fieldname not in FRAPPES
		and (df.fieldtype in frappe.model.table_fields or df.fieldtype not in frappe.model.no_value_fields)
	]


def begin(doc: Document) -> None:
	"""Set what actions own to its initial values, in a new document and in its rows."""
	_begin(doc)
	for row in doc.get_all_children():
		_begin(row)


def check_owned(doc: Document, before: Document | None) -> None:
	"""Raise NotByHand where a field differs that only actions change, in a stored document or in its rows."""
	if not before:
		return
	_compare(doc, before, None)
	for table in doc.meta.get_table_fields():
		stored = {row.name: row for row in before.get(table.fieldname)}
		if table.read_only and [row.name for row in doc.get(table.fieldname)] != list(stored):
			_throw_owned(table, doc, None)
		for row in doc.get(table.fieldname):
			if row.name in stored and not row.get("__islocal"):
				_compare(row, stored[row.name], row.idx)
			else:
				_begin(row)


def check_values(doc: Document) -> None:
	"""Raise BadArgument for what no column holds or means: lists, infinite numbers, days without a year, long texts."""
	for df, value in _values(doc):
		if df.fieldtype in frappe.model.table_fields:
			if not isinstance(value, list) or not all(isinstance(row, Document) for row in value):
				_refuse(df, _("Send a list of rows."))
			for row in value:
				check_values(row)
		elif isinstance(value, float) and not math.isfinite(value):
			_refuse(df, _("Enter a number."))
		elif isinstance(value, list | dict | tuple):
			if df.fieldtype != "JSON":
				_refuse(df, _("Enter a single value."))
		elif df.fieldtype in NUMBERS:
			number = _as_number(df, value)
			if abs(number) >= float(MOST_AMOUNT):
				_refuse(df, filled(_("Enter an amount less than {0}."), f"{MOST_AMOUNT:,}"))
		elif df.fieldtype in WHOLE_NUMBERS:
			if abs(_as_number(df, value)) > MOST_COUNT:
				_refuse(df, filled(_("Enter a whole number of at most {0}."), MOST_COUNT))
		elif df.fieldtype in ("Date", "Datetime"):
			_check_day(df, value)
		elif df.fieldtype == "Time":
			_check_time(df, value)
		elif isinstance(value, str):
			_check_text(df, value)
		elif df.fieldtype == "Link" and isinstance(value, bool | float):
			_refuse(df, _("Enter a single value."))


def _values(doc: Document) -> Iterator[tuple[DocField, Any]]:
	for df in doc.meta.fields:
		value = doc.__dict__.get(df.fieldname)
		if value not in (None, ""):
			yield df, value


def _is_by_action(doc: Document, ignores_permissions: Any = None) -> bool:
	return bool(doc.flags.by_action or doc.flags.ignore_permissions or ignores_permissions)


def _begin(doc: Document) -> None:
	fresh = frappe.new_doc(doc.doctype)
	for df in owned_fields(doc.doctype):
		if df.fieldtype in frappe.model.table_fields:
			doc.set(df.fieldname, [])
		elif df.options != "Currency":
			# An amount in another currency is for the document to refuse, not to be taken for its own.
			doc.set(df.fieldname, fresh.get(df.fieldname))


def _compare(doc: Document, before: Document, row: int | None) -> None:
	for df in owned_fields(doc.doctype):
		if df.fieldtype in frappe.model.table_fields:
			continue
		if _plain(df, doc.get(df.fieldname)) != _plain(df, before.get(df.fieldname)):
			_throw_owned(df, doc, row)


def _plain(df: DocField, value: Any) -> Any:
	if df.fieldtype in NUMBERS:
		return flt(value, PLACES)
	if df.fieldtype in WHOLE_NUMBERS:
		return cint(value)
	if not value:
		return None
	if df.fieldtype == "Date":
		return getdate(value)
	if df.fieldtype == "Datetime":
		return get_datetime(value).replace(microsecond=0)
	return str(value).replace("\r\n", "\n").strip()


def _throw_owned(df: DocField, doc: Document, row: int | None) -> None:
	label = bold(_(df.label))
	if row is not None:
		label = filled(_("Row {0}: {1}"), row, label)
	frappe.throw(
		filled(
			_(
				"{0} of {1} is set by its actions and cannot be changed directly. Reload, and use the buttons."
			),
			label,
			_(doc.parenttype if row is not None else doc.doctype),
		),
		NotByHand,
	)


def _refuse_row(doc: Document) -> None:
	if cint(doc.meta.istable) and not doc.flags.ignore_permissions:
		frappe.throw(
			filled(_("Rows of {0} can only be changed through their document."), _(doc.doctype)), NotByHand
		)


def _as_number(df: DocField, value: Any) -> float:
	if isinstance(value, str):
		value = flt(value) if not value.strip().lower().lstrip("+-").startswith(("nan", "inf")) else math.nan
	if isinstance(value, int | Decimal) and abs(value) >= MOST_AMOUNT:
		return float(MOST_AMOUNT)
	try:
		number = float(value)
	except (TypeError, ValueError):
		number = math.nan
	if not math.isfinite(number):
		_refuse(df, _("Enter a number."))
	return number


def _check_day(df: DocField, value: Any) -> None:
	if value == "Today" or (df.fieldtype == "Datetime" and value == "Now"):
		return
	try:
		a_date(value)
	except Unfit as error:
		_refuse(df, str(error))


def _check_time(df: DocField, value: Any) -> None:
	if not isinstance(value, time | timedelta) and not (isinstance(value, str) and _TIME.fullmatch(value)):
		_refuse(df, _("Enter a time as HH:MM:SS."))


def _check_text(df: DocField, value: str) -> None:
	try:
		size = len(storable(value))
	except Unfit as error:
		_refuse(df, str(error))
	most = LENGTHS.get(df.fieldtype)
	if most and size > most:
		_refuse(df, filled(_("Enter a text of at most {0} characters."), most))


def _refuse(df: DocField | None, what: str) -> None:
	label = bold(_(df.label)) if df else ""
	frappe.throw(filled(_("{0}: {1}"), label, what), BadArgument, title=_("Invalid Value"))
