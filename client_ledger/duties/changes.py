"""Changes of rights: whatever gives somebody a right is followed by a look for new conflicts, at once.

A fault of ours never keeps a user, a role or a permission from being saved; it is logged, and the night looks again.
"""

from collections.abc import Iterable, Mapping

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from client_ledger.duties.definitions import watched_doctypes
from client_ledger.duties.scan import scan
from client_ledger.duties.warning import warn
from client_ledger.site.jobs import LOCKS
from client_ledger.site.language import site_language, spoken

_WANTED = "duty_scan_wanted"


def look(
	because: str, users: Iterable[str] | None = None, roles: Mapping[str, frozenset[str]] | None = None
) -> None:
	"""Look for conflicts of *users* (None: of all) after a change, and warn of new ones."""
	if is_setting_up():
		return
	frappe.db.savepoint("duties")
	try:
		warn(scan(users, because, roles))
	except LOCKS:
		# The database has ended the whole transaction, not just our part of it.
		raise
	except Exception:
		frappe.db.rollback(save_point="duties")
		frappe.log_error(title="Client Ledger, duties: conflicts not looked for")


def look_at_commit(because: str) -> None:
	"""Look once, when the transaction ends: while permissions are copied row by row they are in between two states."""
	if is_setting_up():
		return
	frappe.local.flags[_WANTED] = because

	def before_commit() -> None:
		if wanted := frappe.local.flags.pop(_WANTED, None):
			look(wanted)

	frappe.db.before_commit.add(before_commit)


def is_setting_up() -> bool:
	"""Return whether an app is being installed, migrated or taken away: rights come in bulk, and the night looks at them."""
	flags = frappe.flags
	return bool(flags.in_install or flags.in_migrate or flags.in_patch or flags.in_uninstall)


def told(text: str, *values: object) -> str:
	"""Return what made a conflict, in the site's language; *text* is marked for translation where it is written."""
	with spoken(site_language()):
		return _(text).format(*values)


def roles_by_profile(profile: Document) -> dict[str, frozenset[str]]:
	"""Return the roles that users are about to have from a Role Profile that is being saved; a job gives them later."""
	# Whoever is given a disabled role does not keep it.
	disabled = set(frappe.get_all("Role", {"disabled": 1}, pluck="name"))
	own = frozenset(row.role for row in profile.roles) - disabled
	if not frappe.db.table_exists("User Role Profile"):
		users = frappe.get_all("User", {"role_profile_name": profile.name}, pluck="name", order_by="name")
		return dict.fromkeys(users, own)
	rows = frappe.get_all("User Role Profile", {"parenttype": "User"}, ["parent", "role_profile"])
	users = {row.parent for row in rows if row.role_profile == profile.name}
	others = {row.role_profile for row in rows if row.parent in users} - {profile.name}
	given: dict[str, set[str]] = {}
	for row in frappe.get_all(
		"Has Role", {"parenttype": "Role Profile", "parent": ("in", sorted(others))}, ["parent", "role"]
	):
		if row.role not in disabled:
			given.setdefault(row.parent, set()).add(row.role)
	return {
		user: own.union(*(given.get(row.role_profile, ()) for row in rows if row.parent == user))
		for user in sorted(users)
	}


def is_watched(doctype: str | None) -> bool:
	"""Return whether rights on a DocType matter to an active rule."""
	return bool(doctype) and not is_setting_up() and doctype in watched_doctypes()


def rights_of(user: Document) -> tuple:
	"""Return what of a User decides on its rights."""
	roles = frozenset(row.role for row in user.get("roles") or ())
	return cint(user.enabled), user.user_type, user.email or "", roles
