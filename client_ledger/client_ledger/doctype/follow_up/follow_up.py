"""Follow Up: a contact with a customer that is to be made, or was: who, when, and what came of it."""

import frappe
from frappe import _
from frappe.model.document import Document

from client_ledger.collections import account_sync, follow_ups, items
from client_ledger.site.doctypes import DONE, OPEN


class FollowUp(Document):
	"""Its state goes through the host's Workflow; done, it has an outcome."""

	def validate(self) -> None:
		"""Refuse an outcome without its next step; fill in what it is about."""
		self.workflow_state = self.workflow_state or OPEN
		before = self.get_doc_before_save()
		if before and before.workflow_state == DONE and self.workflow_state == DONE:
			if (before.outcome, before.done_on) != (self.outcome, self.done_on):
				frappe.throw(_("What came of a contact is on record; log another one."))
		if self.items and self.is_new():
			items.fill_in(self)
		if self.workflow_state == DONE:
			follow_ups.check_outcome(self)
			self.done_on = self.done_on or frappe.utils.now_datetime()
			self.done_by = self.done_by or frappe.session.user
		else:
			self.update({"done_on": None, "done_by": None})

	def on_update(self) -> None:
		"""Assign it, and do what its outcome asks for."""
		before = self.get_doc_before_save()
		was = before.workflow_state if before else None
		follow_ups.assign(self)
		if self.workflow_state == DONE and was != DONE:
			follow_ups.on_done(self)
		elif not before or (was, before.due_date) != (self.workflow_state, self.due_date):
			account_sync.bring_in_line([self.customer])

	def after_delete(self) -> None:
		"""The account's next follow-up is another one now."""
		account_sync.bring_in_line([self.customer])
