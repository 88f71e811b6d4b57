"""Texts of the ledger in the user's language."""

from frappe import _

from client_ledger.core.status import ItemStatus


class StatusTexts:
	"""Statuses as people say them, translated once for the many lines of a ledger."""

	def __init__(self) -> None:
		self.overdue_by = _("Overdue by {0} days")
		self.disputed = _("Disputed")
		self.plain = {
			ItemStatus.PAID: _("Paid"),
			ItemStatus.PART_PAID: _("Partly Paid"),
			ItemStatus.NOT_DUE: _("Not Due"),
			ItemStatus.OVERDUE: _("Overdue"),
			ItemStatus.CREDIT: _("Credit"),
			ItemStatus.SETTLED: _("Settled", context="Client Ledger"),
		}

	def of(self, status: ItemStatus, days_late: int | None, is_disputed: bool = False) -> str:
		"""Return the text of *status*, with the days where it is overdue, and that it is in dispute."""
		if status is ItemStatus.OVERDUE and days_late:
			text = self.overdue_by.format(days_late)
		else:
			text = self.plain[status]
		return f"{text} · {self.disputed}" if is_disputed else text
