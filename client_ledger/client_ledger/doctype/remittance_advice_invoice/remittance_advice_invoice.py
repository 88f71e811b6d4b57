"""Remittance Advice Invoice: what of an invoice a payment is announced for."""

from client_ledger.site.documents import LedgerDocument


class RemittanceAdviceInvoice(LedgerDocument):
	"""What of an invoice a payment is announced for."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amount: DF.Currency
		currency: DF.Link | None
		due_date: DF.Date | None
		is_assumed: DF.Check
		outstanding: DF.Currency
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		sales_invoice: DF.Link
	# end: auto-generated types
