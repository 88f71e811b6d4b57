"""Where procedures are shown, and what a form shows of them."""

import frappe
from frappe import _
from frappe.utils import cint

from client_ledger.core.procedures.reading import ReadingStatus, ToRead
from client_ledger.procedures.readers import readings_of
from client_ledger.site.doctypes import PROCEDURE, PROCEDURE_PLACE, PROCEDURE_STEP

# Of each version of a procedure its reader is asked once.
ASKED = (ReadingStatus.TO_READ, ReadingStatus.LATE)


def watched() -> list[str]:
	"""Return the DocTypes on whose forms a procedure in force is shown."""
	place, procedure = frappe.qb.DocType(PROCEDURE_PLACE), frappe.qb.DocType(PROCEDURE)
	query = (
		frappe.qb.from_(place)
		.join(procedure)
		.on(place.parent == procedure.name)
		.select(place.document_type)
		.distinct()
		.where(procedure.in_force == 1)
		.orderby(place.document_type)
	)
	return [doctype for (doctype,) in query.run()]


def shown_on(doctype: str) -> list[dict]:
	"""Return the procedures in force for forms of *doctype*: those to be read first. where: fields and values, all if empty."""
	rows = frappe.get_all(
		PROCEDURE_PLACE,
		{"parenttype": PROCEDURE, "document_type": doctype},
		["parent", "state_field", "state"],
		order_by="parent, idx",
	)
	where: dict[str, list[dict]] = {}
	for row in rows:
		places = where.setdefault(row.parent, [])
		places.append({"field": row.state_field or "", "value": row.state or ""})
	found = frappe.get_all(
		PROCEDURE,
		{"name": ("in", list(where)), "in_force": 1},
		["name", "title", "version", "summary", "what_changed"],
		order_by="name",
	)
	mine = {one.procedure: one for one in readings_of(frappe.session.user)}
	shown = [_shown(row, where[row.name], mine.get(row.name)) for row in found]
	return sorted(shown, key=lambda one: (not one["ask"], one["name"]))


def _shown(row: frappe._dict, where: list[dict], mine: ToRead | None) -> dict:
	roles = set(frappe.get_roles())
	steps = frappe.get_all(
		PROCEDURE_STEP,
		{"parenttype": PROCEDURE, "parent": row.name},
		["instruction", "role", "deadline", "deadline_unit", "opens_type", "opens"],
		order_by="idx",
	)
	return {
		"name": row.name,
		"title": _(row.title),
		"version": cint(row.version),
		"summary": _(row.summary),
		"what_changed": row.what_changed or "",
		"where": where,
		"steps": [
			{
				"instruction": _(step.instruction),
				"role": _(step.role),
				"deadline": cint(step.deadline),
				"deadline_unit": step.deadline_unit,
				"mine": step.role in roles,
				"opens": _screen(step.opens_type, step.opens),
			}
			for step in steps
		],
		"ask": bool(mine and mine.status in ASKED),
		"due": str(mine.due) if mine else None,
		"read_on": str(mine.read_on) if mine and mine.read_on else None,
	}


def _screen(kind: str | None, name: str | None) -> dict | None:
	"""Return {"kind", "name", "title"} of the screen on which a step is done; None where there is none, or it is closed to the user."""
	if not (kind and name and frappe.db.exists(kind, name)):
		return None
	title = name
	if kind == "DocType":
		if not frappe.has_permission(name, "read"):
			return None
	elif kind == "Report":
		report = frappe.get_cached_doc("Report", name)
		if not (report.is_permitted() and frappe.has_permission(report.ref_doctype, "report")):
			return None
	else:
		page = frappe.get_cached_doc("Page", name)
		if not page.is_permitted():
			return None
		title = page.title or name
	return {"kind": kind, "name": name, "title": _(title)}
