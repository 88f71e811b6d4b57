"""Archive Rule: a kind of entry that is not kept, or kept for another time than the others."""

from client_ledger.site.documents import LedgerDocument


class ArchiveRule(LedgerDocument):
	"""A row of Client Ledger Settings."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		keep: DF.Check
		kind: DF.Literal[
			"Invoice",
			"Invoice PDF",
			"Invoice Cancelled",
			"Statement",
			"Letter",
			"Message Returned",
			"Balance Confirmation",
			"Reply",
			"Signed Balance",
			"Receivables Check List",
		]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		retention_years: DF.Int
	# end: auto-generated types
