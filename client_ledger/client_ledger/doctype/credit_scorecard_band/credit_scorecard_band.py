"""Credit Scorecard Band: the scores of one grade, from the best to the worst."""

from client_ledger.site.documents import LedgerDocument


class CreditScorecardBand(LedgerDocument):
	"""The scores of one grade, from the best to the worst."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		grade: DF.Link
		maximum: DF.Float
		minimum: DF.Float
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
	# end: auto-generated types
