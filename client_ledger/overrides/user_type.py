"""User Type: its role is given to its users past their documents."""

from frappe.model.document import Document

from client_ledger.core.marked import marked
from client_ledger.duties.changes import look_at_commit, told


def on_update(doc: Document, method: str | None = None) -> None:
	"""Look at all users again before the transaction ends."""
	look_at_commit(told(marked("User Type {0}"), doc.name))
