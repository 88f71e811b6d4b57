"""The Role Permissions Manager: Frappe's own functions, followed by a look for conflicts of duties.

Frappe 15 writes permissions past their documents, so that no event of theirs is called.
"""

from collections.abc import Callable

import frappe
from frappe import _
from frappe.core.page.permission_manager import permission_manager as frappes

from client_ledger.core.marked import marked
from client_ledger.duties.changes import is_watched, look, told
from client_ledger.site.arguments import a_flag, arguments
from client_ledger.site.messages import bold, filled
from client_ledger.site.requirements import OneOf, requires

MANAGER = OneOf(("System Manager",))


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(MANAGER)
def add(parent: str, role: str, permlevel: int) -> None:
	"""Add a row of permissions to a DocType, and warn of the conflicts it makes."""
	_require(parent, role)
	_then_look(parent, lambda: frappes.add(parent, role, permlevel))


@frappe.whitelist(methods=["POST"])
@arguments(value=a_flag, if_owner=a_flag)
@requires(MANAGER)
def update(
	doctype: str,
	role: str,
	permlevel: int,
	ptype: str,
	value: int | str | None = None,
	if_owner: int | str = 0,
) -> str | None:
	"""Change a right of a role, and warn of the conflicts it makes; return "refresh" where the page is to be read again."""
	_require(doctype, role)
	meta = frappe.get_meta("Custom DocPerm")
	if not (meta.has_field(ptype) and meta.get_field(ptype).fieldtype == "Check"):
		frappe.throw(filled(_("{0} is not a right. Choose one of those that the page shows."), bold(ptype)))
	return _then_look(
		doctype,
		lambda: frappes.update(doctype, role, permlevel, ptype, _as_sent(value), if_owner=_as_sent(if_owner)),
	)


@frappe.whitelist(methods=["POST"])
@arguments(if_owner=a_flag)
@requires(MANAGER)
def remove(doctype: str, role: str, permlevel: int, if_owner: int | str = 0) -> None:
	"""Take a row of permissions away, and close the conflicts that ends."""
	_require(doctype, role)
	_then_look(doctype, lambda: frappes.remove(doctype, role, permlevel, _as_sent(if_owner)))


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(MANAGER)
def reset(doctype: str) -> None:
	"""Put a DocType's own permissions back, and warn of the conflicts that makes."""
	_require(doctype)
	_then_look(doctype, lambda: frappes.reset(doctype))


def _require(doctype: str, role: str | None = None) -> None:
	"""Raise frappe.ValidationError for what there is not, which Frappe would write nevertheless."""
	for kind, name in (("DocType", doctype), ("Role", role)):
		if name is not None and not frappe.db.exists(kind, name):
			frappe.throw(filled(_("{0} {1} does not exist."), _(kind), bold(name)))


def _as_sent(flag: int | str | None) -> str:
	"""Return a flag as the page sends it, which Frappe's function compares with."""
	return "1" if flag else "0"


def _then_look(doctype: str, change: Callable[[], str | None]) -> str | None:
	done = change()
	if is_watched(doctype):
		look(told(marked("Permissions of {0}"), doctype))
	return done
