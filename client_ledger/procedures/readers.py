"""Who has to read which procedures, read from users, roles and readings."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import frappe
from frappe.permissions import AUTOMATIC_ROLES
from frappe.query_builder import DocType
from frappe.utils import cint, getdate

from client_ledger.core.procedures.reading import InForce, ToRead, has_to_read, readings
from client_ledger.site.doctypes import PROCEDURE, PROCEDURE_READING, PROCEDURE_STEP


def in_force(names: Iterable[str] | None = None) -> list[InForce]:
	"""Return the procedures in force, by name; of *names* only, where they are given."""
	filters: dict = {"in_force": 1}
	if names is not None:
		filters["name"] = ("in", list(names))
	rows = frappe.get_all(
		PROCEDURE,
		filters,
		["name", "version", "version_since", "read_within_days", "responsible"],
		order_by="name",
	)
	roles: dict[str, set[str]] = {}
	for row in frappe.get_all(
		PROCEDURE_STEP,
		{"parenttype": PROCEDURE, "parent": ("in", [row.name for row in rows])},
		["parent", "role"],
		order_by="parent, idx",
	):
		roles.setdefault(row.parent, set()).add(row.role)
	return [
		InForce(
			row.name,
			cint(row.version),
			getdate(row.version_since),
			cint(row.read_within_days),
			frozenset(roles.get(row.name, ())),
			row.responsible or "",
		)
		for row in rows
	]


def roles_of_users() -> dict[str, frozenset[str]]:
	"""Return the roles given to each user who can log in, but for the Administrator, who has all and reads none."""
	user, given = DocType("User"), DocType("Has Role")
	rows = (
		frappe.qb.from_(given)
		.join(user)
		.on((given.parent == user.name) & (given.parenttype == "User"))
		.select(user.name, given.role)
		.where((user.enabled == 1) & user.name.notin(("Administrator", "Guest")))
		.where(given.role.notin(AUTOMATIC_ROLES))
	).run()
	found: dict[str, set[str]] = {}
	for name, role in rows:
		found.setdefault(name, set()).add(role)
	return {name: frozenset(roles) for name, roles in found.items()}


def holders() -> set[str]:
	"""Return the roles that somebody who can log in has."""
	return {role for roles in roles_of_users().values() for role in roles}


def readers_of(procedure: InForce) -> list[str]:
	"""Return who has to read a procedure, by name."""
	return sorted(user for user, roles in roles_of_users().items() if has_to_read(procedure, user, roles))


def all_readings(procedures: Iterable[InForce] | None = None) -> list[ToRead]:
	"""Return who has to read what, with when it was read, by procedure and user."""
	procedures = in_force() if procedures is None else list(procedures)
	return list(readings(procedures, roles_of_users(), _read(procedures), getdate()))


def readings_of(user: str) -> list[ToRead]:
	"""Return what one user has to read."""
	procedures = in_force()
	roles = roles_of_users().get(user)
	if roles is None:
		return []
	return list(readings(procedures, {user: roles}, _read(procedures, user), getdate()))


def _read(procedures: Iterable[InForce], user: str | None = None) -> Mapping[tuple[str, int, str], datetime]:
	filters: dict = {"procedure": ("in", [one.name for one in procedures])}
	if user:
		filters["user"] = user
	rows = frappe.get_all(
		PROCEDURE_READING, filters, ["procedure", "version", "user", "read_on"], order_by="name"
	)
	return {(row.procedure, cint(row.version), row.user): row.read_on for row in rows}
