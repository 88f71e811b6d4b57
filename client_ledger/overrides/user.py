"""User: a change of roles, of the type, of the address or of being enabled is followed by a look for conflicts of duties."""

from frappe.model.document import Document

from client_ledger.core.marked import marked
from client_ledger.duties.changes import is_setting_up, look, rights_of, told
from client_ledger.procedures.faults import look_after


def on_update(doc: Document, method: str | None = None) -> None:
	"""Warn of conflicts that the saved roles make."""
	before = doc.get_doc_before_save()
	if not before or rights_of(before) != rights_of(doc):
		look(told(marked("Roles of {0}"), doc.name), [doc.name])
	if before:
		_look_after_procedures(before, doc)


def _look_after_procedures(before: Document, doc: Document) -> None:
	"""The last one with a role, or who answers for a procedure, may have gone."""
	gone = bool(before.enabled) and not doc.enabled
	had = {row.role for row in before.get("roles") or ()}
	lost = had if gone else had - {row.role for row in doc.get("roles") or ()}
	if (lost or gone) and not is_setting_up():
		look_after(doc.name, lost, gone)


def after_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""Warn of conflicts of who is merged with another user, and has the roles of both."""
	look(told(marked("User {0} renamed"), new), [old, new])


def after_delete(doc: Document, method: str | None = None) -> None:
	"""Close the conflicts of who is gone."""
	look(told(marked("Roles of {0}"), doc.name), [doc.name])
