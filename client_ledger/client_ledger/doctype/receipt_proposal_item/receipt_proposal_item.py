"""Receipt Proposal Item: what of an open item a receipt is proposed to pay."""

from client_ledger.site.documents import LedgerDocument


class ReceiptProposalItem(LedgerDocument):
	"""What of an open item a receipt is proposed to pay."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amount: DF.Currency
		currency: DF.Link | None
		due_date: DF.Date | None
		outstanding: DF.Currency
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		payment_term: DF.Data | None
		voucher_no: DF.DynamicLink
		voucher_type: DF.Link
	# end: auto-generated types
