"""Frappe's assignment of a document: a ToDo and a notification for whoever is responsible."""

import frappe
from frappe.desk.form import assign_to
from frappe.model.document import Document


def sync_assignment(doc: Document, description: str, date: object, priority: str = "Medium") -> None:
	"""Assign *doc* to its responsible where that has changed, and to nobody else."""
	before = doc.get_doc_before_save()
	if before and before.responsible == doc.responsible:
		return
	if before and before.responsible:
		withdraw(doc.doctype, doc.name, before.responsible)
	if doc.responsible and frappe.db.get_value("User", doc.responsible, "enabled"):
		assign(doc.doctype, doc.name, doc.responsible, description, date=date, priority=priority)


def assign(doctype: str, name: str, user: str, description: str, **fields: object) -> None:
	"""Assign a document to *user*."""
	row = {"assign_to": [user], "doctype": doctype, "name": name, "description": description, **fields}
	assign_to.add(row, ignore_permissions=True)


def withdraw(doctype: str, name: str, user: str) -> None:
	"""End the assignment of a document to *user*."""
	assign_to.remove(doctype, name, user, ignore_permissions=True)


def close(doctype: str, name: str) -> None:
	"""End the assignments of a document."""
	assign_to.close_all_assignments(doctype, name, ignore_permissions=True)
