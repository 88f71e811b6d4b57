"""Credit Hold Reason: a rule that a document did not pass, with its figures."""

import frappe

from client_ledger.credit.check import messages
from client_ledger.site.documents import LedgerDocument


class CreditHoldReason(LedgerDocument):
	"""A rule that a document did not pass, with its figures."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		action: DF.Literal["Warn", "Hold"]
		figures: DF.SmallText | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		rule: DF.Link | None
	# end: auto-generated types

	@property
	def message(self) -> str:
		"""What happened, in the reader's language; what is stored are the figures."""
		if not self.figures:
			return ""
		return messages.stored_text(self.figures, self.rule, self._currency())

	def _currency(self) -> str | None:
		hold = self.get("parent_doc")
		return hold.currency if hold else frappe.db.get_value("Credit Hold", self.parent, "currency")
