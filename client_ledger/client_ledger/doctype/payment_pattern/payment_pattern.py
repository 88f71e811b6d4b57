"""Payment Pattern: how late the customers of a company pay, learnt once a night, for the expected dates of open items."""

import frappe
from frappe import _

from client_ledger.site.documents import LedgerDocument


class PaymentPattern(LedgerDocument):
	"""One per company, written by the nightly job; it may not be changed by anybody."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		as_of: DF.Date
		company: DF.Link
		date_model: DF.LongText | None
		half_life: DF.Float
		measures: DF.LongText | None
		p_late: DF.Percent
		payments: DF.Int
		prior_strength: DF.Float
		shares: DF.LongText | None
		weekly_hazard: DF.Float
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse every change: it is learnt, never entered."""
		frappe.throw(
			_("Payment Patterns are calculated and cannot be entered manually."), frappe.PermissionError
		)
