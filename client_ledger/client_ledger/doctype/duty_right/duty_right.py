"""Duty Right: one way of doing a duty."""

from client_ledger.site.documents import LedgerDocument


class DutyRight(LedgerDocument):
	"""A right on a DocType, an action of its workflow, or an action of the Client Ledger."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		document_type: DF.Link
		own_action: DF.Literal[
			"",
			"Release Hold",
			"Approve Credit Limit",
			"Approve Notices",
			"Settle Dispute",
			"Receive by Journal Entry",
			"Pay by Journal Entry",
			"Write Off by Journal Entry",
			"Allocate Receipts",
		]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		permission: DF.Literal["Create", "Write", "Submit", "Cancel", "Delete"]
		where_field: DF.Data | None
		where_value: DF.Data | None
		workflow_action: DF.Link | None
	# end: auto-generated types
