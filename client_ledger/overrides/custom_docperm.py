"""Custom DocPerm: rows that stand instead of a DocType's own permissions. They are written one by one, so all is looked at in the end."""

from frappe.model.document import Document

from client_ledger.core.marked import marked
from client_ledger.duties.changes import is_watched, look_at_commit, told


def on_change(doc: Document, method: str | None = None) -> None:
	"""Look at all users again before the transaction ends, where a duty is about the DocType."""
	if is_watched(doc.parent):
		look_at_commit(told(marked("Permissions of {0}"), doc.parent))
