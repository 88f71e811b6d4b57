"""Escalation Fee: what a hand-over costs."""

from client_ledger.site.documents import LedgerDocument


class EscalationFee(LedgerDocument):
	"""What a hand-over costs."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amount: DF.Currency
		currency: DF.Link | None
		date: DF.Date
		description: DF.Data
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		purchase_invoice: DF.Link | None
	# end: auto-generated types
