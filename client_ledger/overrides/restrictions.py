"""The list of User Permissions: Frappe's own functions, followed by a look for conflicts of duties.

Frappe deletes what they lift past its documents, so that no event of theirs is called.
"""

import frappe
from frappe import _
from frappe.core.doctype.user_permission import user_permission as frappes

from client_ledger.core.marked import marked
from client_ledger.duties.changes import look, told
from client_ledger.site.arguments import Unfit, a_count, a_flag, a_name, arguments, some_names, some_rows
from client_ledger.site.requirements import OneOf, requires

MANAGER = OneOf(("System Manager",))
ROW = some_rows(
	user=a_name,
	doctype=a_name,
	docname=a_name,
	is_default=a_flag,
	apply_to_all_doctypes=a_count,
	applicable_doctypes=some_names,
	hide_descendants=a_flag,
)


def _a_restriction(value: object) -> dict:
	"""Return what the list's dialog sends of one User Permission."""
	(row,) = ROW(f"[{value}]" if isinstance(value, str) else [value])
	for field in ("user", "doctype", "docname"):
		if not row.get(field):
			raise Unfit(_("Choose whom it narrows, and to what."))
	return {**row, "applicable_doctypes": row.get("applicable_doctypes") or []}


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(MANAGER)
def clear_user_permissions(user: str, for_doctype: str) -> int:
	"""Lift all that narrows a user by a DocType, and warn of the conflicts that makes; return how many."""
	lifted = frappes.clear_user_permissions(user, for_doctype)
	look(told(marked("User Permissions of {0}"), user), [user])
	return lifted


@frappe.whitelist(methods=["POST"])
@arguments(data=_a_restriction)
@requires(MANAGER)
def add_user_permissions(data: dict | str) -> int:
	"""Narrow a user otherwise than before, and warn of the conflicts that makes; return 1 where something has changed."""
	changed = frappes.add_user_permissions(data)
	look(told(marked("User Permissions of {0}"), data["user"]), [data["user"]])
	return changed
