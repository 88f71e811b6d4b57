"""Who may do what with check lists. A list is about all customers of a company: who sees some of them only does not see it."""

import frappe
from frappe.model.document import Document
from frappe.permissions import get_role_permissions, get_user_permissions

from client_ledger.collections.access import sees_own_only
from client_ledger.outbox.access import ActionRoles
from client_ledger.site.visible import conditions_of

ROLES = ActionRoles(
	prepare=("Accounts User", "Accounts Manager"),
	approve=("Accounts Manager",),
	# An approved list is taken back by whoever could have approved it.
	reopen=("Accounts Manager",),
)
can = ROLES.can
NOBODY = "1=0"


def sees_some_only(user: str) -> bool:
	"""Return whether a user sees some customers only: by User Permissions, as their owner, or as their collector.

	A role that reads no customers, such as Auditor, is narrowed by User Permissions alone.
	"""
	if user == "Administrator":
		return False
	if sees_own_only(user):
		return True
	if get_role_permissions(frappe.get_meta("Customer"), user).get("read"):
		return bool(conditions_of("Customer", user))
	return bool(get_user_permissions(user).get("Customer"))


def conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""Return the condition on lists of check lists; empty means no restriction."""
	return NOBODY if sees_some_only(user or frappe.session.user) else ""


def has_permission(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool:
	"""Return whether *user* may see a check list."""
	return not sees_some_only(user or frappe.session.user)
