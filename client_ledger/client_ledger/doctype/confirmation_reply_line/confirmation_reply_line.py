"""Confirmation Reply Line: one difference that the customer states."""

from client_ledger.site.documents import LedgerDocument


class ConfirmationReplyLine(LedgerDocument):
	"""A document, day and amount by the customer's books."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amount: DF.Currency
		currency: DF.Link | None
		date: DF.Date | None
		kind: DF.Literal["Not in Our Books", "Not in Your Statement", "Other Amount", "Other"]
		number: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		remark: DF.Data | None
	# end: auto-generated types
