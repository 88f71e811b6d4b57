"""User Permission: what narrowed a user to some customers or companies may have kept two duties apart."""

from frappe.model.document import Document

from client_ledger.core.marked import marked
from client_ledger.duties.changes import look, told


def on_change(doc: Document, method: str | None = None) -> None:
	"""Look at the user's duties again."""
	look(told(marked("User Permissions of {0}"), doc.user), [doc.user])
