"""Promise to Pay: what a customer promised to pay and when; the ledger decides what becomes of it."""

import frappe
from frappe import _
from frappe.model.document import Document

from client_ledger.collections import account_sync, items, promises

AGREED = ("customer", "company", "currency", "made_on", "tolerance", "grace_days")


class PromisetoPay(Document):
	"""Once taken it stands: it is kept, broken or cancelled, and another one is taken."""

	def validate(self) -> None:
		"""Refuse a promise nobody can keep: in the past, over what is owed, or that does not add up."""
		if self.is_new():
			promises.prepare(self)
			return
		advice = _("A promise stands as it was taken. Cancel it and take a new one.")
		items.check_unchanged(self, AGREED, advice)
		before = self.get_doc_before_save()
		plan = [(str(row.due_date), frappe.utils.flt(row.amount, 6)) for row in self.instalments]
		if before and plan != [
			(str(row.due_date), frappe.utils.flt(row.amount, 6)) for row in before.instalments
		]:
			frappe.throw(advice)

	def on_update(self) -> None:
		"""The account shows it."""
		account_sync.bring_in_line([self.customer])

	def after_delete(self) -> None:
		"""The account forgets it."""
		account_sync.bring_in_line([self.customer])
