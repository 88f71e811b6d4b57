"""The warning at the moment when a change of rights makes a conflict: on the screen of who makes it, and to who manages users."""

from collections.abc import Sequence

import frappe
from frappe import _
from frappe.utils.user import get_users_with_role
from markupsafe import Markup

from client_ledger.site.doctypes import DUTY_CONFLICT
from client_ledger.site.messages import bold, filled
from client_ledger.site.notify import MOST_READERS, notify, notify_later

# Conflicts of one change that are told one by one; of more, the first ones and how many there are.
SHOWN = 10


def warn(names: Sequence[str]) -> None:
	"""Show new conflicts to who makes the change, and have the other System Managers notified after this transaction."""
	if not names:
		return
	rows = _rows(names[:SHOWN])
	lines = [_line(row) for row in rows]
	if len(names) > SHOWN:
		lines.append(filled(_("and {0} more"), len(names) - SHOWN))
	frappe.msgprint(
		Markup("{}<ul>{}</ul>{}").format(
			_("This change lets one person do what two should do:"),
			Markup("").join(Markup("<li>{}</li>").format(line) for line in lines),
			_("Take one of the roles back, or request a Duty Mitigation with an end."),
		),
		title=_("Conflict of Duties"),
		indicator="orange",
	)
	notify_later(
		"client_ledger.duties.warning.tell_managers", names=list(names), changed_by=frappe.session.user
	)


def tell_managers(names: Sequence[str], changed_by: str) -> None:
	"""Notify System Managers of new conflicts, but for who made them: once for all that one change has made."""
	managers = [user for user in sorted(get_users_with_role("System Manager")) if user != changed_by]
	if rows := _rows(names):
		row, others = rows[0], len(rows) - 1
		notify(managers[:MOST_READERS], DUTY_CONFLICT, row.name, lambda: _subject(row, others))


def tell_reopened(names: Sequence[str]) -> None:
	"""Notify System Managers of conflicts whose mitigation has ended, once for all of them."""
	managers = sorted(get_users_with_role("System Manager"))[:MOST_READERS]
	if rows := _rows(names):
		row, others = rows[0], len(rows) - 1
		notify(managers, DUTY_CONFLICT, row.name, lambda: _reopened(row, others))


def _reopened(row: frappe._dict, others: int) -> str:
	who, rule = bold(_kept(row.user_full_name or row.user)), _kept(_(row.duty_rule))
	if others:
		text = _("{0} is open again: the mitigation of {1} for {2} has ended, and {3} more have.")
	else:
		text = _("{0} is open again: the mitigation of {1} for {2} has ended.")
	return str(filled(text, Markup("{0}"), who, rule, others))


def _subject(row: frappe._dict, others: int) -> str:
	who, rule = bold(_kept(row.user_full_name or row.user)), _kept(_(row.duty_rule))
	if others:
		text = _("{0}: {1} could do both duties of {2}, and {3} more conflicts were found.")
	else:
		text = _("{0}: {1} could do both duties of {2}.")
	# What notify fills in is the document.
	return str(filled(text, Markup("{0}"), who, rule, others))


def _kept(text: str) -> str:
	"""Return a text whose braces stay when the sentence is filled in once more."""
	return text.replace("{", "{{").replace("}", "}}")


def _line(row: frappe._dict) -> Markup:
	return filled(
		_("{0}: {1} (through {2}) and {3} (through {4}). {5}"),
		bold(row.user_full_name or row.user),
		_(row.first_duty),
		row.first_through,
		_(row.second_duty),
		row.second_through,
		_(row.risk or ""),
	)


def _rows(names: Sequence[str]) -> list[frappe._dict]:
	return frappe.get_all(
		DUTY_CONFLICT,
		{"name": ("in", list(names))},
		[
			*("name", "user", "user_full_name", "duty_rule", "risk"),
			*("first_duty", "first_through", "second_duty", "second_through"),
		],
		order_by="user, duty_rule",
	)
