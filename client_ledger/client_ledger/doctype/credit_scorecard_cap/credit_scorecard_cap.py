"""Credit Scorecard Cap: no better than a grade while the oldest item is that old."""

from client_ledger.site.documents import LedgerDocument


class CreditScorecardCap(LedgerDocument):
	"""No better than a grade while the oldest item is that old."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		days: DF.Int
		grade: DF.Link
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
	# end: auto-generated types
