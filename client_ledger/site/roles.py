"""Roles: whether a user has one of those that an action takes."""

from collections.abc import Iterable

import frappe
from frappe import _

from client_ledger.core.marked import marked
from client_ledger.site.messages import filled

# The roles our DocTypes bring.
OWN_ROLES = (marked("Credit Manager"), marked("Credit Controller"))


def has_one_of(roles: Iterable[str], user: str | None = None) -> bool:
	"""Return whether a user has one of *roles*; the Administrator has all."""
	user = user or frappe.session.user
	return user == "Administrator" or bool(set(roles) & set(frappe.get_roles(user)))


def require_one_of(roles: Iterable[str]) -> None:
	"""Raise frappe.PermissionError unless the user has one of *roles*."""
	if not has_one_of(roles):
		frappe.throw(
			filled(
				_("You do not have permission for this action. One of these roles is required: {0}."),
				roles_text(roles),
			),
			frappe.PermissionError,
		)


def roles_text(roles: Iterable[str]) -> str:
	"""Return roles as a text."""
	return ", ".join(_(role) for role in roles)
