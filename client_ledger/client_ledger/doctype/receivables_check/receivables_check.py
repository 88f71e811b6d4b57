"""Receivables Check: one check of a period's list, what it has found, and why that is as it is."""

from client_ledger.site.documents import LedgerDocument


class ReceivablesCheck(LedgerDocument):
	"""Written by the actions of its list alone."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amount: DF.Currency
		check_name: DF.Literal[
			"Receivables Tie to the General Ledger",
			"Client Accounts Agree with the Ledger",
			"Unallocated Receipts",
			"Unallocated Credit Notes",
			"Unmatched Bank Transactions",
			"Unanswered Balance Confirmations",
			"Long-Running Disputes",
			"Customers with a Credit Balance",
			"Shorter Periods Not Approved",
		]
		checked_by: DF.Link | None
		checked_on: DF.Datetime | None
		currency: DF.Link | None
		details: DF.LongText | None
		explained_by: DF.Link | None
		explained_on: DF.Datetime | None
		explanation: DF.SmallText | None
		fingerprint: DF.Data | None
		found: DF.Int
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		state: DF.Literal["OK", "Exception", "Explained"]
	# end: auto-generated types
