"""Receivables Check List: what was checked of a company's receivables at the end of a period, who did it, and who approved it."""

import frappe
from frappe import _

from client_ledger.ledger.indexes import Index, make_index
from client_ledger.period_checks.form import shown
from client_ledger.site.documents import LedgerDocument


class ReceivablesCheckList(LedgerDocument):
	"""One per company and period. Everything in it is set by its actions, see client_ledger/period_checks/decisions.py."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.receivables_check.receivables_check import ReceivablesCheck

		approved_by: DF.Link | None
		approved_on: DF.Datetime | None
		changed_on: DF.Datetime | None
		changes: DF.LongText | None
		checks: DF.Table[ReceivablesCheck]
		company: DF.Link
		due_date: DF.Date | None
		exceptions: DF.Int
		from_date: DF.Date | None
		history: DF.LongText | None
		makers: DF.SmallText | None
		period_kind: DF.Literal["Month", "Quarter", "Year"]
		prepared_by: DF.Link | None
		prepared_on: DF.Datetime | None
		read_on: DF.Datetime | None
		status: DF.Literal["Open", "Prepared", "Approved", "Reopened"]
		title: DF.Data | None
		to_date: DF.Date | None
		unexplained: DF.Int
	# end: auto-generated types

	def before_insert(self) -> None:
		"""Refuse a list that is entered by hand: it would have no figures."""
		if not self.flags.by_action:
			frappe.throw(
				_("A check list is made with its figures. Use Create Check List in the list."),
				frappe.PermissionError,
			)

	def onload(self) -> None:
		"""Tell the form what was found, with the documents behind it, and what the user may do."""
		self.set_onload("shown", shown(self))

	def on_trash(self) -> None:
		"""Refuse to be deleted."""
		frappe.throw(_("Check lists stay on record and cannot be deleted."), frappe.PermissionError)


def on_doctype_update() -> None:
	"""One list per company and period, whoever makes it."""
	fields = ("company", "period_kind", "to_date")
	make_index(Index("cl_check_list_period", "Receivables Check List", fields, unique=True))
