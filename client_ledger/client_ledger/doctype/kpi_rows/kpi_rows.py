"""KPI Rows: the rows that an input of a month end's KPIs is the sum of, as they were when it was stored."""

import frappe
from frappe import _

from client_ledger.ledger.indexes import Index, make_index
from client_ledger.site.documents import LedgerDocument


class KPIRows(LedgerDocument):
	"""Written once in bulk; nobody may change or delete them."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		as_of: DF.Date
		company: DF.Link
		fingerprint: DF.Data | None
		input_name: DF.Data
		month_end: DF.Link
		number: DF.Int
		packed: DF.LongText | None
		total: DF.Float
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse every change: what was stored then was stored."""
		frappe.throw(
			_("KPI rows are stored with their month end and cannot be changed."), frappe.PermissionError
		)

	def on_trash(self) -> None:
		"""Refuse to be deleted."""
		frappe.throw(_("Month ends stay on record and cannot be deleted."), frappe.PermissionError)


def on_doctype_update() -> None:
	"""One set per month end and input."""
	make_index(Index("cl_kpi_rows", "KPI Rows", ("month_end", "input_name"), unique=True))
