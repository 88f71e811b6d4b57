"""KPI Month End: the KPIs of a company, or of a part of it, at a month's end, stored once and held against the ledger afterwards."""

import frappe
from frappe import _

from client_ledger.kpis.form import shown
from client_ledger.ledger.indexes import Index, make_index
from client_ledger.site.documents import LedgerDocument


class KPIMonthEnd(LedgerDocument):
	"""Written in bulk by client_ledger/kpis/store.py; everything in it is set by jobs and actions."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		as_of: DF.Date
		changed_on: DF.Datetime | None
		changed_vouchers: DF.Int
		changes: DF.LongText | None
		company: DF.Link
		compared_on: DF.Datetime | None
		currency: DF.Link | None
		dimension: DF.Literal[
			"", "Customer Group", "Territory", "Sales Person", "Collector", "Segment", "Credit Grade"
		]
		dimension_value: DF.Data | None
		figures: DF.LongText | None
		fingerprint: DF.Data | None
		general_ledger: DF.Currency
		gl_difference: DF.Currency
		members_as_of: DF.Date | None
		overdue: DF.Currency
		receivable: DF.Currency
		received: DF.Currency
		review: DF.SmallText | None
		reviewed_by: DF.Link | None
		reviewed_on: DF.Datetime | None
		sales: DF.Currency
		status: DF.Literal["Unchanged", "Changed", "Reviewed"]
		stored_on: DF.Datetime | None
		tie_status: DF.Literal["", "Ties", "Differs"]
		title: DF.Data | None
		unallocated: DF.Currency
	# end: auto-generated types

	def before_insert(self) -> None:
		"""Refuse month ends that are entered by hand: they would have no rows."""
		if not self.flags.by_action:
			frappe.throw(
				_(
					"Month ends are stored with their figures by the nightly job. Use Store Missing Months on the page KPIs."
				),
				frappe.PermissionError,
			)

	def onload(self) -> None:
		"""Tell the form the KPIs, what has changed, and what the user may do; what is kept as text stays here."""
		self.set_onload("shown", shown(self))

	def on_trash(self) -> None:
		"""Refuse to be deleted."""
		frappe.throw(_("Month ends stay on record and cannot be deleted."), frappe.PermissionError)


def on_doctype_update() -> None:
	"""One per company, month and part, whoever stores it."""
	fields = ("company", "as_of", "dimension", "dimension_value")
	make_index(Index("cl_kpi_month_end", "KPI Month End", fields, unique=True))
