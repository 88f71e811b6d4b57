"""The rights of all users of the site, read at once: users, roles, permissions, shares, web forms, workflows, user permissions.

What Frappe answers for one user at a time, by its caches, is here answered for all by their rows; a test compares both.
Not read: what hooks of other apps refuse by code (`has_permission`), so that this may see more than there is, and never less.
"""

from collections.abc import Iterable, Mapping

import frappe
from frappe.permissions import ALL_USER_ROLE, AUTOMATIC_ROLES
from frappe.query_builder import DocType
from frappe.utils import cint

from client_ledger.core.duties.rights import (
	Grant,
	Person,
	Restriction,
	Rights,
	WorkflowStep,
)
from client_ledger.duties.people import other_accounts
from client_ledger.duties.shares import read_shares

# Whose permissions Frappe never takes from Custom DocPerm.
NEVER_CUSTOM = ("DocType", "DocField", "DocPerm", "Custom DocPerm")
# Fields of a User by which it gets rights.
OPENING = ("roles", "role_profile_name", "role_profiles", "user_type")
RIGHTS = ("read", "write", "create", "delete", "submit", "cancel", "amend")


def read_rights(
	doctypes: Iterable[str],
	users: Iterable[str] | None = None,
	roles: Mapping[str, frozenset[str]] | None = None,
) -> Rights:
	"""Return what *users* (None: all) may do with documents of *doctypes*.

	roles: those that users are about to have, instead of those they have.
	"""
	doctypes = sorted(set(doctypes))
	accounts = other_accounts()
	names = None if users is None else sorted(set(users).union(*(accounts.get(user, ()) for user in users)))
	people = read_people(names, roles or {})
	restrictions = read_restrictions(names)
	return Rights(
		people,
		[*read_grants(doctypes), *read_web_forms(doctypes)],
		shares=read_shares(doctypes, names),
		steps=read_steps(doctypes),
		restrictions=restrictions,
		links=read_links(doctypes) if restrictions else {},
		# By the meta, which a Property Setter may have changed.
		submittable=frozenset(
			name
			for name in doctypes
			if frappe.db.exists("DocType", name) and cint(frappe.get_meta(name).is_submittable)
		),
		accounts=accounts,
	)


def read_people(users: list[str] | None, roles: Mapping[str, frozenset[str]]) -> list[Person]:
	"""Return users with the roles given to them, disabled ones too."""
	user, has_role = DocType("User"), DocType("Has Role")
	listed = frappe.qb.from_(user).select(user.name, user.enabled, user.user_type).orderby(user.name)
	given = (
		frappe.qb.from_(has_role)
		.select(has_role.parent, has_role.role)
		.where((has_role.parenttype == "User") & has_role.role.notin(AUTOMATIC_ROLES))
	)
	if users is not None:
		if not users:
			return []
		listed, given = listed.where(user.name.isin(users)), given.where(has_role.parent.isin(users))
	held: dict[str, set[str]] = {}
	for name, role in given.run():
		held.setdefault(name, set()).add(role)
	held.update({name: set(own) - set(AUTOMATIC_ROLES) for name, own in roles.items()})
	return [
		Person(
			row.name,
			frozenset(held.get(row.name, ())),
			of_desk=row.user_type == "System User",
			enabled=bool(cint(row.enabled)),
		)
		for row in listed.run(as_dict=True)
	]


def read_grants(doctypes: list[str]) -> list[Grant]:
	"""Return the rows of permissions in force: custom ones stand instead of all of a DocType's own."""
	rows = []
	custom = _rows("Custom DocPerm", [name for name in doctypes if name not in NEVER_CUSTOM])
	replaced = {row.parent for row in custom}
	rows += [row for row in custom if not cint(row.permlevel)]
	rows += [
		row
		for row in _rows("DocPerm", [name for name in doctypes if name not in replaced])
		if not cint(row.permlevel)
	]
	return [
		Grant(row.parent, row.role, frozenset(r for r in RIGHTS if cint(row[r])), bool(cint(row.if_owner)))
		for row in rows
	]


def _rows(table: str, doctypes: list[str]) -> list[frappe._dict]:
	if not doctypes:
		return []
	return frappe.get_all(
		table,
		{"parent": ("in", doctypes)},
		["parent", "role", "permlevel", "if_owner", *RIGHTS],
		order_by="parent, role",
	)


def read_web_forms(doctypes: list[str]) -> list[Grant]:
	"""Return what web forms let everybody do past all permissions: make documents, and change or delete those they have made.

	Frappe takes what is sent for a form that is not published, too. A form for one's own name and picture gives no roles.
	"""
	fields = frappe.get_all("Web Form Field", {"fieldname": ("in", OPENING)}, pluck="parent")
	rows = frappe.get_all(
		"Web Form",
		{"doc_type": ("in", doctypes)},
		["name", "doc_type", "allow_edit", "allow_delete", "apply_document_permissions"],
		order_by="name",
	)
	found = []
	for row in rows:
		if row.doc_type == "User" and row.name not in fields:
			continue
		own = {"delete"} if cint(row.allow_delete) else set()
		if cint(row.allow_edit) and not cint(row.apply_document_permissions):
			own.add("write")
		found.append(Grant(row.doc_type, ALL_USER_ROLE, frozenset({"create"}), web_form=row.name))
		if own:
			found.append(Grant(row.doc_type, ALL_USER_ROLE, frozenset(own), only_own=True, web_form=row.name))
	return found


def read_steps(doctypes: list[str]) -> list[WorkflowStep]:
	"""Return the transitions of the workflows in force."""
	workflow, step = DocType("Workflow"), DocType("Workflow Transition")
	rows = (
		frappe.qb.from_(step)
		.join(workflow)
		.on((step.parent == workflow.name) & (step.parenttype == "Workflow"))
		.select(workflow.document_type, step.action, step.allowed)
		.where((workflow.is_active == 1) & workflow.document_type.isin(doctypes))
		.orderby(workflow.document_type, step.idx)
	).run()
	return [WorkflowStep(*row) for row in dict.fromkeys(rows)]


def read_restrictions(users: list[str] | None) -> list[Restriction]:
	"""Return the User Permissions of *users* (None: all), of trees with all that is below."""
	filters = {} if users is None else {"user": ("in", users)}
	rows = frappe.get_all(
		"User Permission",
		filters,
		["user", "allow", "for_value", "applicable_for", "hide_descendants"],
		order_by="name",
	)
	below: dict[tuple[str, str], frozenset[str]] = {}
	found: dict[tuple[str, str, str], set[str]] = {}
	for row in rows:
		names = {row.for_value}
		if not cint(row.hide_descendants) and frappe.get_meta(row.allow).is_nested_set():
			key = (row.allow, row.for_value)
			if key not in below:
				below[key] = frozenset(frappe.db.get_descendants(*key))
			names |= below[key]
		found.setdefault((row.user, row.allow, row.applicable_for or ""), set()).update(names)
	return [Restriction(user, allow, frozenset(n), to) for (user, allow, to), n in found.items()]


def read_links(doctypes: list[str]) -> dict[str, frozenset[str]]:
	"""Return what documents of each DocType name, as far as User Permissions on that narrow them."""
	return {
		doctype: frozenset(
			df.options for df in frappe.get_meta(doctype).get_link_fields() if not df.ignore_user_permissions
		)
		for doctype in doctypes
		if frappe.db.exists("DocType", doctype)
	}
