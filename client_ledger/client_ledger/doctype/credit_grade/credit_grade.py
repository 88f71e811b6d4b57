"""Credit Grade: how good a customer pays, and the policy that follows from it."""

from client_ledger.site.documents import LedgerDocument


class CreditGrade(LedgerDocument):
	"""How good a customer pays, and the policy that follows from it."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		color: DF.Literal["green", "blue", "yellow", "orange", "red", "gray"]
		description: DF.SmallText | None
		follow_up_days: DF.Int
		grade: DF.Data
		limit_months: DF.Float
		order_action: DF.Literal["Off", "Warn", "Hold"]
		payment_terms_template: DF.Link | None
		prepayment_percent: DF.Percent
		sequence: DF.Int
	# end: auto-generated types
