"""Credit Snapshot: the grade a customer had at a month's end, never computed again, to be held against what came."""

import frappe
from frappe import _

from client_ledger.site.documents import LedgerDocument


class CreditSnapshot(LedgerDocument):
	"""Written once in bulk; it may not be changed by anybody."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		as_of: DF.Date
		company: DF.Link
		customer: DF.Link
		grade: DF.Data | None
		inputs: DF.LongText | None
		on_time_ratio: DF.Float
		p_late: DF.Float
		p_serious: DF.Float
		score: DF.Float
		serious_days: DF.Int
		settled: DF.Int
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse every change: what was said then was said."""
		frappe.throw(
			_("Credit Snapshots are created automatically and cannot be changed."), frappe.PermissionError
		)
