"""Who may do what about dunning: see (whoever may read the customer), start, approve and reject, block, waive.

The same table feeds the checks, the buttons and the matrix in docs/dunning.md; a test walks the roles through it.
"""

from collections.abc import Iterable

import frappe
from frappe import _

from client_ledger.site.access import check_company


def _lt(message: str) -> str:
	"""Mark a text for the catalogue that is translated where it is shown."""
	return message


# The roles our DocTypes bring.
OWN_ROLES = (_lt("Credit Manager"), _lt("Credit Controller"))
# What each role may do besides reading.
MAY: dict[str, tuple[str, ...]] = {
	"start": ("System Manager", "Accounts Manager", "Credit Manager", "Credit Controller"),
	"decide": ("Accounts Manager", "Credit Manager"),
	"send": ("Accounts Manager", "Credit Manager"),
	"work": ("Accounts Manager", "Credit Manager", "Credit Controller"),
	"lift": ("Credit Manager", "Credit Controller"),
	"block": ("System Manager", "Accounts Manager", "Credit Manager", "Credit Controller", "Sales Manager"),
	"replay": ("System Manager", "Accounts Manager", "Credit Manager", "Credit Controller"),
}


def may(action: str, user: str | None = None) -> bool:
	"""Return whether a user may do one of the actions of MAY."""
	return has_one_of(MAY[action], user)


def check(action: str, company: str | None = None) -> None:
	"""Raise frappe.PermissionError unless the user may do *action*, in *company*."""
	check_roles(MAY[action])
	if company:
		check_company(company)


def check_decider(company: str) -> None:
	"""Raise frappe.PermissionError unless the user may approve, reject and waive in *company*."""
	check("decide", company)


def has_one_of(roles: Iterable[str], user: str | None = None) -> bool:
	"""Return whether a user has one of *roles*; the Administrator has all."""
	user = user or frappe.session.user
	return user == "Administrator" or bool(set(roles) & set(frappe.get_roles(user)))


def check_roles(roles: Iterable[str]) -> None:
	"""Raise frappe.PermissionError unless the user has one of *roles*."""
	if not has_one_of(roles):
		frappe.throw(
			_("You may not do this. It takes one of the roles {0}.").format(roles_text(roles)),
			frappe.PermissionError,
		)


def roles_text(roles: Iterable[str]) -> str:
	"""Return roles as a text."""
	return ", ".join(_(role) for role in roles)
