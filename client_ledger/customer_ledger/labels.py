"""Texts of the ledger in the user's language."""

from frappe import _

from client_ledger.core.status import ItemStatus


def status_text(status: ItemStatus, days_late: int | None) -> str:
	"""Return an item's status as people say it, with the days it is overdue."""
	if status is ItemStatus.OVERDUE and days_late:
		return _("Overdue by {0} days").format(days_late)
	return {
		ItemStatus.PAID: _("Paid"),
		ItemStatus.PART_PAID: _("Part Paid"),
		ItemStatus.NOT_DUE: _("Not Due"),
		ItemStatus.OVERDUE: _("Overdue"),
		ItemStatus.CREDIT: _("Credit"),
		ItemStatus.SETTLED: _("Settled"),
	}[status]
