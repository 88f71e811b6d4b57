"""User: a change of roles, of the type, of the address or of being enabled is followed by a look for conflicts of duties."""

from frappe.model.document import Document

from client_ledger.core.marked import marked
from client_ledger.duties.changes import look, rights_of, told


def on_update(doc: Document, method: str | None = None) -> None:
	"""Warn of conflicts that the saved roles make."""
	before = doc.get_doc_before_save()
	if not before or rights_of(before) != rights_of(doc):
		look(told(marked("Roles of {0}"), doc.name), [doc.name])


def after_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""Warn of conflicts of who is merged with another user, and has the roles of both."""
	look(told(marked("User {0} renamed"), new), [old, new])


def after_delete(doc: Document, method: str | None = None) -> None:
	"""Close the conflicts of who is gone."""
	look(told(marked("Roles of {0}"), doc.name), [doc.name])
