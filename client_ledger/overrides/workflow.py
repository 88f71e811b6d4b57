"""Workflow: who may take its actions decides on duties."""

from frappe.model.document import Document

from client_ledger.core.marked import marked
from client_ledger.duties.changes import is_watched, look, told


def on_change(doc: Document, method: str | None = None) -> None:
	"""Look at all users again, where a duty is about its DocType."""
	if is_watched(doc.document_type):
		look(told(marked("Workflow {0}"), doc.name))
