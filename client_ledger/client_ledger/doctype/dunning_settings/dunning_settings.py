"""Dunning Settings: the stop switch, and how the work is cut up."""

import frappe
from frappe import _
from frappe.utils import cint

from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import bold, filled


class DunningSettings(LedgerDocument):
	"""For the whole site."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		customers_per_job: DF.Int
		doubt_minutes: DF.Int
		messages_per_commit: DF.Int
		most_attempts: DF.Int
		paused: DF.Check
		shipped: DF.Check
	# end: auto-generated types

	def validate(self) -> None:
		"""Raise frappe.ValidationError for figures that make no sense."""
		for field in ("customers_per_job", "messages_per_commit", "most_attempts", "doubt_minutes"):
			if cint(self.get(field)) < 1:
				frappe.throw(filled(_("{0} must be at least 1."), bold(_(self.meta.get_label(field)))))
