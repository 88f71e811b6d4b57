"""Statement Run: the statements of one schedule for one period, and how far they are."""

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.ledger.indexes import Index, make_index
from client_ledger.site.access import check_company
from client_ledger.site.doctypes import CUSTOMER_STATEMENT, STATEMENT_SCHEDULE
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import filled
from client_ledger.statement_runs import schedules


class StatementRun(LedgerDocument):
	"""The schedule makes one per period; people make those of earlier periods."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		as_of: DF.Date
		company: DF.Link | None
		elsewhere: DF.Int
		error: DF.SmallText | None
		failed: DF.Int
		finished_on: DF.Datetime | None
		from_date: DF.Date | None
		no_address: DF.Int
		origin: DF.Literal["User", "Schedule"]
		planned: DF.Int
		planned_on: DF.Datetime | None
		run_key: DF.Data | None
		schedule: DF.Link
		sent: DF.Int
		started_on: DF.Datetime | None
		status: DF.Literal["New", "Planning", "Planned", "Sending", "Done", "Failed"]
		stopped: DF.Int
		under_minimum: DF.Int
		zero: DF.Int
	# end: auto-generated types

	def before_validate(self) -> None:
		"""Take what follows from the schedule and the closing day."""
		if not self.is_new() or self.flags.ignore_permissions:
			return
		schedule = frappe.get_doc(STATEMENT_SCHEDULE, self.schedule)
		check_company(schedule.company)
		period = schedules.period_on(schedule, getdate(self.as_of))
		if not period:
			frappe.throw(
				filled(_("No period of {0} ends on {1}."), schedule.name, frappe.format(self.as_of, "Date"))
			)
		if period.as_of >= getdate():
			frappe.throw(_("This period has not ended yet. Select an earlier closing day."))
		self.company, self.from_date = schedule.company, period.from_date
		self.origin, self.status = "User", "New"
		self.run_key = schedules.run_key(schedule.name, period)
		if other := frappe.db.get_value(self.doctype, {"run_key": self.run_key}):
			frappe.throw(
				filled(
					_("{0} is the run of this period."), frappe.utils.get_link_to_form(self.doctype, other)
				)
			)

	def on_trash(self) -> None:
		"""What a run has planned stays on record."""
		if frappe.db.exists(CUSTOMER_STATEMENT, {"run": self.name}):
			frappe.throw(_("This run has planned statements, which must stay on record."))


def on_doctype_update() -> None:
	"""One run per schedule and period."""
	make_index(Index("cl_statement_run_key", "Statement Run", ("run_key",), unique=True))
