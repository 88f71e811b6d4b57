"""Credit Scorecard Factor: one component of a scorecard."""

from client_ledger.site.documents import LedgerDocument


class CreditScorecardFactor(LedgerDocument):
	"""One component of a scorecard."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		curve: DF.SmallText
		measure: DF.Literal[
			"due_date_share",
			"on_time_share",
			"average_days_late",
			"serious_share",
			"oldest_days",
			"settled",
			"trend",
		]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		weight: DF.Float
	# end: auto-generated types
