"""DocType: a custom one, or one on a developer's site, carries its permissions itself."""

from frappe.model.document import Document

from client_ledger.core.marked import marked
from client_ledger.duties.changes import is_watched, look_at_commit, told


def on_update(doc: Document, method: str | None = None) -> None:
	"""Look at all users again before the transaction ends, where a duty is about the DocType."""
	if is_watched(doc.name):
		look_at_commit(told(marked("Permissions of {0}"), doc.name))
