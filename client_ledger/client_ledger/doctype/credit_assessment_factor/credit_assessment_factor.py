"""Credit Assessment Factor: what one factor of the scorecard gave, and why."""

from client_ledger.site.documents import LedgerDocument


class CreditAssessmentFactor(LedgerDocument):
	"""What one factor of the scorecard gave, and why."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		measure: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		points: DF.Float
		reason: DF.SmallText | None
		value: DF.Float
		weight: DF.Float
	# end: auto-generated types
