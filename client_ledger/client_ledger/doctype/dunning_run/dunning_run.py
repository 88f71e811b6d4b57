"""Dunning Run: planning a company's customers for a day, and sending what was approved."""

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.ledger.indexes import Index, make_index
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import filled


class DunningRun(LedgerDocument):
	"""The schedule makes one per company and day; people make others."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		as_of: DF.Date
		company: DF.Link
		customers: DF.Int
		customers_done: DF.Int
		deferred: DF.Int
		error: DF.SmallText | None
		failed: DF.Int
		finished_on: DF.Datetime | None
		origin: DF.Literal["User", "Schedule"]
		pending_ranges: DF.Int
		planned: DF.Int
		planned_on: DF.Datetime | None
		policy: DF.Link | None
		run_key: DF.Data | None
		sent: DF.Int
		skipped: DF.Int
		started_on: DF.Datetime | None
		status: DF.Literal["New", "Planning", "Planned", "Sending", "Done", "Failed"]
		superseded: DF.Int
		time_zone: DF.Data | None
	# end: auto-generated types

	def validate(self) -> None:
		"""A run of people's looks at today or earlier; what is not due yet cannot be sent."""
		if self.is_new():
			self.origin = self.origin if self.flags.ignore_permissions else "User"
			self.status = "New"
		if getdate(self.as_of) > getdate() and self.origin == "User":
			frappe.throw(filled(_("{0} cannot be in the future."), _("As Of")))
		if self.policy:
			company = frappe.db.get_value("Dunning Policy", self.policy, "for_company")
			if company and company != self.company:
				frappe.throw(filled(_("{0} belongs to company {1}."), self.policy, company))

	def on_trash(self) -> None:
		"""What a run has planned stays on record."""
		if frappe.db.exists("Ledger Notice", {"run": self.name}):
			frappe.throw(_("This run has planned notices, which must stay on record."))


def on_doctype_update() -> None:
	"""One scheduled run per company and day."""
	make_index(Index("cl_run_key", "Dunning Run", ("run_key",), unique=True))
