"""Property Setter: one that lets documents be submitted, or links past User Permissions, gives rights too."""

from frappe.model.document import Document

from client_ledger.core.marked import marked
from client_ledger.duties.changes import is_watched, look_at_commit, told

# Properties by which Frappe decides on rights.
DECIDING = ("is_submittable", "ignore_user_permissions", "options", "fieldtype")


def on_change(doc: Document, method: str | None = None) -> None:
	"""Look at all users again before the transaction ends, where a duty is about the DocType."""
	if doc.property in DECIDING and is_watched(doc.doc_type):
		look_at_commit(told(marked("Permissions of {0}"), doc.doc_type))
