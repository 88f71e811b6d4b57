"""Who may decide on a hold: whoever has the role and may see its customer and company, but had no hand in the document."""

import frappe
from frappe.model.document import Document
from frappe.utils.user import get_users_with_role

from client_ledger.site.doctypes import CREDIT_HOLD

DECIDING_ROLES = ("Credit Manager", "Credit Controller")
# What of a hold tells who had a hand in its document.
PARTIES = ("reference_doctype", "reference_name", "document_owner", "held_by", "parties")


def can_decide(hold: Document, user: str | None = None) -> bool:
	"""Return whether *user* may release or reject: never who entered, last changed or tried to submit the document."""
	user = user or frappe.session.user
	return may_decide(hold, user) and bool(frappe.has_permission(CREDIT_HOLD, "write", doc=hold, user=user))


def may_decide(hold: Document | frappe._dict, user: str) -> bool:
	"""Return whether *user* may release or reject one of the holds that it lists: has the role, and had no hand in the document.

	hold: the document or its row, with the fields in PARTIES.
	"""
	if not set(DECIDING_ROLES) & set(frappe.get_roles(user)):
		return False
	return user not in parties_of(hold) and not _has_edited(hold, user)


def approvers_of(hold: Document, most: int) -> list[str]:
	"""Return up to *most* users who may decide on *hold*, by name."""
	users = {user for role in DECIDING_ROLES for user in get_users_with_role(role)} - {"Administrator"}
	found = []
	for user in sorted(users):
		if len(found) == most:
			break
		if can_decide(hold, user):
			found.append(user)
	return found


def parties_of(hold: Document | frappe._dict) -> set[str]:
	"""Return all who had a hand in the document of *hold*, at any attempt to submit it."""
	return {user for user in (hold.document_owner, hold.held_by, *(hold.parties or "").split("\n")) if user}


def _has_edited(hold: Document | frappe._dict, user: str) -> bool:
	if user == frappe.db.get_value(hold.reference_doctype, hold.reference_name, "modified_by"):
		return True
	version = {"ref_doctype": hold.reference_doctype, "docname": hold.reference_name, "owner": user}
	return bool(frappe.db.exists("Version", version))
