"""Procedure Step: what somebody does, and until when."""

from client_ledger.site.documents import LedgerDocument


class ProcedureStep(LedgerDocument):
	"""One instruction for one role."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		deadline: DF.Int
		deadline_unit: DF.Literal["Hours", "Days", "Working Days"]
		instruction: DF.SmallText
		measured_by: DF.Literal[
			"",
			"Deliveries Invoiced",
			"Bank Transactions Recorded",
			"Receipts Allocated",
			"Ledger Updated",
			"Month's Check List Approved",
			"Month's Statements Sent",
			"Credit Limits Decided",
			"Due Notices Decided",
			"Follow-Ups Done",
			"Disputes Resolved",
			"Write-Offs Decided",
			"Backup Restored on Trial",
		]
		opens: DF.DynamicLink | None
		opens_type: DF.Literal["", "DocType", "Report", "Page"]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		role: DF.Link
	# end: auto-generated types
