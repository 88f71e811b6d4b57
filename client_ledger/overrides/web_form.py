"""Web Form: it makes and changes documents past all permissions."""

from frappe.model.document import Document

from client_ledger.core.marked import marked
from client_ledger.duties.changes import is_watched, look, told


def on_change(doc: Document, method: str | None = None) -> None:
	"""Look at all users again, where a duty is about the form's DocType now or was before."""
	before = doc.get_doc_before_save()
	if is_watched(doc.doc_type) or (before and is_watched(before.doc_type)):
		look(told(marked("Web Form {0}"), doc.name))
