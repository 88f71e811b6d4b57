"""Credit Rule Action: what a rule does for customers of one grade."""

from client_ledger.site.documents import LedgerDocument


class CreditRuleAction(LedgerDocument):
	"""What a rule does for customers of one grade."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		action: DF.Literal["Off", "Warn", "Hold"]
		grade: DF.Link
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
	# end: auto-generated types
