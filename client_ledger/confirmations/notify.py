"""Who is told of replies: whoever is responsible for the confirmation, else who planned its round."""

from collections.abc import Callable

import frappe
from frappe import _

from client_ledger.site.doctypes import BALANCE_CONFIRMATION, CONFIRMATION_ROUND
from client_ledger.site.notify import notify


def people_of(confirmation: str) -> list[str]:
	"""Return who is told of a confirmation, as far as they may read it."""
	row = frappe.db.get_value(BALANCE_CONFIRMATION, confirmation, ["responsible", "round"], as_dict=True)
	planner = frappe.db.get_value(CONFIRMATION_ROUND, row.round, "planned_by") if row.round else None
	found = [user for user in dict.fromkeys((row.responsible, planner)) if user]
	return [
		user
		for user in found
		if frappe.has_permission(BALANCE_CONFIRMATION, "read", doc=confirmation, user=user)
	]


def answered(confirmation: str) -> None:
	"""Tell them that a customer has answered."""
	_tell(confirmation, lambda: _("A customer has answered: {0}."))


def not_counted(confirmation: str) -> None:
	"""Tell them of a further answer, or of one that came too late."""
	_tell(
		confirmation,
		lambda: _("A further or late reply came in and does not count. Decide which one counts: {0}."),
	)


def unreadable(confirmation: str) -> None:
	"""Tell them that a customer's ledger could not be read."""
	_tell(confirmation, lambda: _("The ledger that a customer uploaded could not be read: {0}."))


def cancelled(confirmation: str) -> None:
	"""Tell them that a confirmation no longer stands, since its customer was merged."""
	_tell(
		confirmation,
		lambda: _(
			"The customer was merged, so this confirmation no longer stands. Plan its round again: {0}."
		),
	)


def _tell(confirmation: str, text: Callable[[], str]) -> None:
	notify(people_of(confirmation), BALANCE_CONFIRMATION, confirmation, text)
