"""Warning Setup: early warnings of one company, switched on once somebody has seen what the past would have raised."""

import frappe

from client_ledger.site.doctypes import WARNING_SIGNAL
from client_ledger.site.documents import LedgerDocument


class WarningSetup(LedgerDocument):
	"""Replayed and switched by its buttons."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		company: DF.Link
		enabled: DF.Check
		looked_at: DF.Int
		looked_on: DF.Datetime | None
		night_seconds: DF.Float
		problem: DF.SmallText | None
		replay: DF.LongText | None
		replayed_on: DF.Datetime | None
		score_model: DF.LongText | None
		seconds: DF.Float
		serious_days: DF.Int
		status: DF.Literal["Not Replayed", "Replaying", "Replayed", "Failed"]
		switch_reason: DF.SmallText | None
		switched_by: DF.Link | None
		switched_on: DF.Datetime | None
	# end: auto-generated types

	def onload(self) -> None:
		"""Signals that were switched on or off by hand say so, whatever the replay has found."""
		uses = frappe.get_all(WARNING_SIGNAL, fields=["name", "enabled"], as_list=True, order_by="name")
		self.set_onload("uses", dict(uses))
