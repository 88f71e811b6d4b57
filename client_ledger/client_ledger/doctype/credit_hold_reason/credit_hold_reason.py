"""Credit Hold Reason: a rule that a document did not pass, with its figures."""

import frappe
from frappe.model.document import Document

from client_ledger.credit.check import messages


class CreditHoldReason(Document):
	"""A rule that a document did not pass, with its figures."""

	@property
	def message(self) -> str:
		"""What happened, in the reader's language; what is stored are the figures."""
		if not self.figures:
			return ""
		return messages.stored_text(self.figures, self.rule, self._currency())

	def _currency(self) -> str | None:
		hold = self.get("parent_doc")
		return hold.currency if hold else frappe.db.get_value("Credit Hold", self.parent, "currency")
