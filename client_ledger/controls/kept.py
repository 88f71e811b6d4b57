"""Changes that controls look at and of which Frappe writes no Version: a row saved by itself, `db_set`, a document saved without one.

They are written as Versions, too: controls read those, and the document's own timeline tells of them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import frappe
from frappe.core.doctype.version.version import get_diff
from frappe.model.document import Document
from frappe.utils import cint, flt

from client_ledger.controls.facts.versions import Changed, parsed
from client_ledger.core.controls.changes import MATERIAL
from client_ledger.core.entries import JOURNAL_ENTRY, PAYMENT_ENTRY, SALES_INVOICE

LIMITS = "credit_limits"
# What is looked at of each DocType: tables as a whole.
WATCHED: Mapping[str, frozenset[str]] = {
	"Customer": frozenset(
		{
			*("payment_terms", LIMITS, "is_frozen", "customer_group", "tax_id", "email_id", "mobile_no"),
			*("disabled", "is_internal_customer", "cl_credit_parent"),
		}
	),
	"Customer Group": frozenset({"payment_terms", LIMITS}),
	"Company": frozenset({"payment_terms", "credit_limit"}),
	"Payment Terms Template": frozenset({"terms"}),
	SALES_INVOICE: MATERIAL,
	PAYMENT_ENTRY: MATERIAL,
	JOURNAL_ENTRY: MATERIAL,
}
_ROW_FIELDS = ("credit_limit", "bypass_credit_limit_check")
ON_HOLD = "On Hold"
_KINDS = ("changed", "added", "removed", "row_changed")


def on_change(doc: Document, method: str | None = None) -> None:
	"""Keep what was changed of a document, unless a Version tells it. Of invoices, payments and journal entries only once submitted."""
	before = doc.get_doc_before_save()
	if not before or (doc.meta.is_submittable and not before.docstatus == doc.docstatus == 1):
		return
	fields = WATCHED[doc.doctype]
	if not _differs(doc, before, fields):
		return
	content = get_diff(before, doc) or {}
	found = {kind: [one for one in content.get(kind) or () if one[0] in fields] for kind in _KINDS}
	if any(found.values()):
		# By whose approval, where it says so.
		found["updater_reference"] = content.get("updater_reference")
		_write(doc.doctype, doc.name, found, before.modified)


def order_on_change(doc: Document, method: str | None = None) -> None:
	"""Keep that an order was taken off hold: ERPNext writes its status past the document."""
	before = doc.get_doc_before_save()
	if not before or before.status != ON_HOLD or doc.status == ON_HOLD or doc.flags.cl_off_hold:
		return
	# Its status is written twice on the way.
	doc.flags.cl_off_hold = True
	content = {**{kind: [] for kind in _KINDS}, "changed": [["status", ON_HOLD, doc.status]]}
	_write(doc.doctype, doc.name, content, before.modified)


def _differs(doc: Document, before: Document, fields: frozenset[str]) -> bool:
	# `db_set`, which ERPNext calls often, changes no rows.
	saved = bool(getattr(doc, "_action", None))
	for name in fields:
		df = doc.meta.get_field(name)
		if df is None:
			continue
		if df.fieldtype in frappe.model.table_fields:
			if saved and _rows(doc.get(name)) != _rows(before.get(name)):
				return True
		elif str(doc.get(name) or "") != str(before.get(name) or ""):
			return True
	return False


def _rows(rows: Iterable[Document]) -> list[dict[str, Any]]:
	return [row.get_valid_dict(ignore_virtual=True) | {"modified": None, "modified_by": None} for row in rows]


def _write(doctype: str, name: str, content: Changed, since: Any) -> None:
	"""Write a Version of what no Version of the document has told since."""
	rows = frappe.get_all(
		"Version",
		{"ref_doctype": doctype, "docname": name, "creation": (">=", since)},
		pluck="data",
		order_by="creation",
	)
	told = {(kind, str(one)) for data in rows for kind in _KINDS for one in parsed(data).get(kind) or ()}
	plain: Changed = parsed(frappe.as_json(content))
	fresh = {kind: [one for one in plain[kind] if (kind, str(one)) not in told] for kind in _KINDS}
	if any(fresh.values()):
		fresh["updater_reference"] = plain.get("updater_reference")
		data = frappe.as_json(fresh, indent=None, separators=(",", ":"))
		version = frappe.get_doc(
			{"doctype": "Version", "ref_doctype": doctype, "docname": name, "data": data}
		)
		version.insert(ignore_permissions=True)


def row_before_change(row: Document, method: str | None = None) -> None:
	"""Note what a row of limits was before `db_set`."""
	row.flags.limits_before = frappe.db.get_value(row.doctype, row.name, _ROW_FIELDS, as_dict=True)


def row_on_change(row: Document, method: str | None = None) -> None:
	"""Keep a limit that was changed by itself, past its customer or group."""
	before = row.flags.limits_before or row.get_doc_before_save()
	if not before or not row.parent:
		return
	changes = [
		[field, f"{flt(before.get(field)):.2f}", f"{flt(row.get(field)):.2f}"]
		if field == "credit_limit"
		else [field, cint(before.get(field)), cint(row.get(field))]
		for field in _ROW_FIELDS
		if flt(before.get(field)) != flt(row.get(field))
	]
	if changes:
		_write_row(row, "row_changed", [LIMITS, cint(row.idx) - 1, row.name, changes])


def row_after_insert(row: Document, method: str | None = None) -> None:
	"""Keep a limit that was added by itself."""
	_write_row(row, "added", [LIMITS, _shown(row)])


def row_on_trash(row: Document, method: str | None = None) -> None:
	"""Keep a limit that was deleted by itself."""
	_write_row(row, "removed", [LIMITS, _shown(row)])


def _shown(row: Document) -> dict[str, Any]:
	return {"name": row.name, "company": row.company, "credit_limit": flt(row.credit_limit)}


def _write_row(row: Document, kind: str, change: list) -> None:
	if row.parenttype in WATCHED and row.parent:
		content = {one: [change] if one == kind else [] for one in _KINDS}
		_write(row.parenttype, row.parent, content, row.modified)
