"""Role: one that is disabled is taken from all, one that opens the desk makes users of the desk."""

from frappe.model.document import Document

from client_ledger.core.marked import marked
from client_ledger.duties.changes import look, told


def on_update(doc: Document, method: str | None = None) -> None:
	"""Look at all users again."""
	if doc.has_value_changed("disabled") or doc.has_value_changed("desk_access"):
		look(told(marked("Role {0}"), doc.name))
