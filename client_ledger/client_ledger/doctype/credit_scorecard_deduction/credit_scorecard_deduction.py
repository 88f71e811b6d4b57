"""Credit Scorecard Deduction: points taken off by judgement."""

from client_ledger.site.documents import LedgerDocument


class CreditScorecardDeduction(LedgerDocument):
	"""Points taken off by judgement."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		curve: DF.SmallText
		maximum: DF.Float
		measure: DF.Literal["broken_promises", "limit_utilisation"]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
	# end: auto-generated types
