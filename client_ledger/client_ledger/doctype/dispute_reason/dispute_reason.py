"""Dispute Reason: why customers do not pay, in the words the root causes are counted by."""

from client_ledger.site.documents import LedgerDocument


class DisputeReason(LedgerDocument):
	"""Why customers do not pay, in the words the root causes are counted by."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		assign_to: DF.Link | None
		category: DF.Literal["Billing Error", "Delivery", "Price", "Missing Document", "Quality", "Other"]
		days_to_settle: DF.Int
		description: DF.SmallText | None
		enabled: DF.Check
		reason: DF.Data
	# end: auto-generated types
