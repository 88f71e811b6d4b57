"""Has Role: a row that is saved by itself, past its user, gives a role all the same."""

from frappe.model.document import Document

from client_ledger.core.marked import marked
from client_ledger.duties.changes import look, told


def on_change(doc: Document, method: str | None = None) -> None:
	"""Warn of conflicts that the role makes for its user."""
	if doc.parenttype == "User" and doc.parent:
		look(told(marked("Roles of {0}"), doc.parent), [doc.parent])
