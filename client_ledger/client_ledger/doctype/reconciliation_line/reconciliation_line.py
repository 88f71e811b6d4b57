"""Reconciliation Line: a line of ours or of the customer's in a comparison, its match or difference, and the next step."""

import frappe
from frappe import _

from client_ledger.ledger.indexes import Index, make_index
from client_ledger.site.documents import LedgerDocument


class ReconciliationLine(LedgerDocument):
	"""Written by the comparison of a Balance Confirmation."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amount: DF.Currency
		by_person: DF.Check
		company: DF.Link
		confidence: DF.Data | None
		confirmation: DF.Link
		currency: DF.Link
		customer: DF.Link
		customer_name: DF.Data | None
		date: DF.Date | None
		decided_by: DF.Link | None
		difference: DF.Currency
		difference_kind: DF.Literal[
			"",
			"Amount Differs",
			"Ours Only",
			"Theirs Only",
			"In Transit (Cut-Off)",
			"Before the Lists",
			"Not on the List",
		]
		done: DF.Check
		done_by: DF.Link | None
		done_note: DF.SmallText | None
		done_on: DF.Datetime | None
		due_date: DF.Date | None
		found_by: DF.Data | None
		kind: DF.Data | None
		line_id: DF.Data | None
		line_key: DF.Data | None
		line_no: DF.Int
		line_references: DF.SmallText | None
		look_again_on: DF.Date | None
		match_no: DF.Int
		next_step: DF.Data | None
		number: DF.Data | None
		reason: DF.SmallText | None
		reason_values: DF.JSON | None
		reply: DF.Link | None
		side: DF.Literal["", "Ours", "Theirs"]
		step_doctype: DF.Link | None
		step_name: DF.DynamicLink | None
		text: DF.SmallText | None
		voucher_no: DF.DynamicLink | None
		voucher_type: DF.Link | None
	# end: auto-generated types

	def before_insert(self) -> None:
		"""Lines are compared, never made by hand."""
		if not self.flags.ignore_permissions:
			frappe.throw(
				_("Reconciliation Lines are created by a comparison, not manually."), frappe.PermissionError
			)


def on_doctype_update() -> None:
	"""A confirmation shows its lines by match."""
	make_index(Index("cl_reconciliation_line", "Reconciliation Line", ("confirmation", "match_no")))
	make_index(Index("cl_reconciliation_key", "Reconciliation Line", ("line_key",), unique=True))
