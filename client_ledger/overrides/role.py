"""Role: one that is disabled is taken from all, one that opens the desk makes users of the desk, two may become one."""

from frappe.model.document import Document

from client_ledger.core.marked import marked
from client_ledger.duties.changes import look, told


def on_update(doc: Document, method: str | None = None) -> None:
	"""Look at all users again."""
	if doc.has_value_changed("disabled") or doc.has_value_changed("desk_access"):
		look(told(marked("Role {0}"), doc.name))


def after_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""Look at all users again where two roles have become one: who had either has the rights of both."""
	if merge:
		look(told(marked("Role {0}"), new))


def after_delete(doc: Document, method: str | None = None) -> None:
	"""Look at all users again: nobody has it any more."""
	look(told(marked("Role {0}"), doc.name))
