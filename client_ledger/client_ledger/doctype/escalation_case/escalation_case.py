"""Escalation Case: what is handed over to a lawyer or an agency: checklist, evidence, fees."""

from frappe import _
from frappe.model.document import Document

from client_ledger.collections import escalation, items

CLAIMED = ("customer", "company", "currency", "opened_on")


class EscalationCase(Document):
	"""Prepared along its checklist, then handed over; the ledger says what of it is recovered."""

	def validate(self) -> None:
		"""Refuse a second case about the same customer, and changes of what is handed over."""
		if self.is_new():
			escalation.prepare(self)
		elif (self.get_doc_before_save() or self).state != escalation.PREPARING:
			items.check_unchanged(self, CLAIMED, _("What was handed over stands."))
		else:
			items.fill_in(self)
			self.amount = sum(row.amount for row in self.items)
		escalation.tick(self)
