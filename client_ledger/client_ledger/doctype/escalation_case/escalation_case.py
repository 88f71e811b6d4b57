"""Escalation Case: what is handed over to a lawyer or an agency: checklist, evidence, fees."""

from frappe import _
from frappe.model.document import Document

from client_ledger.collections import account_sync, cases, items

CLAIMED = ("customer", "company", "currency", "opened_on")


class EscalationCase(Document):
	"""Prepared along its checklist, then handed over; the ledger says what of it is recovered."""

	def validate(self) -> None:
		"""Refuse a second case about the same customer, and changes of what is handed over."""
		before = self.get_doc_before_save()
		if self.is_new() or not before:
			cases.prepare(self)
		elif before.state != cases.PREPARING:
			items.check_unchanged(self, CLAIMED, _("What was handed over stands."))
		elif items.rows_of(before) != items.rows_of(self):
			items.fill_in(self)
			self.amount = sum(row.amount for row in self.items)
		cases.tick(self)

	def on_update(self) -> None:
		"""Take what is handed over off the worklist, and put back what came back."""
		account_sync.bring_in_line([self.customer])

	def after_delete(self) -> None:
		"""Nothing is handed over by a case that is gone."""
		account_sync.bring_in_line([self.customer])
