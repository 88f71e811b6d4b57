"""Role Profile: its users get its roles by a job; who saves it is warned before."""

from frappe.model.document import Document

from client_ledger.core.marked import marked
from client_ledger.duties.changes import look, roles_by_profile, told


def on_update(doc: Document, method: str | None = None) -> None:
	"""Warn of conflicts that its users are about to have."""
	if roles := roles_by_profile(doc):
		look(told(marked("Role Profile {0}"), doc.name), list(roles), roles)
