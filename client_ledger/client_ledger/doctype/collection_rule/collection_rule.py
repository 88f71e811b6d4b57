"""Collection Rule: what makes a customer worth a call today, and how many points it gives."""

import frappe
from frappe import _
from frappe.utils import cint, flt

from client_ledger.site.documents import LedgerDocument
from client_ledger.site.messages import filled


class CollectionRule(LedgerDocument):
	"""Points of all rules that are met add up to a customer's priority."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		call_script: DF.TextEditor | None
		enabled: DF.Check
		measure: DF.Literal[
			"Collectable Overdue",
			"Oldest Item (Days)",
			"Grade Rank",
			"Broken Promises",
			"Promise Due Today",
			"Dunning Level",
			"Limit Used (%)",
			"Days Since Last Contact",
			"Follow Up Due",
			"First Overdue of a Large Customer",
		]
		minimum: DF.Float
		points: DF.Int
		sequence: DF.Int
		title: DF.Data
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse a rule that says nothing."""
		if not cint(self.points):
			frappe.throw(_("A rule with 0 points has no effect. Disable it instead."))
		if flt(self.minimum) < 0:
			frappe.throw(filled(_("{0} cannot be negative."), _("Minimum Value")))
