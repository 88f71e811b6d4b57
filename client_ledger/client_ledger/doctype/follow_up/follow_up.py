"""Follow Up: a contact with a customer that is to be made, or was: who, when, and what came of it."""

import frappe
from frappe import _

from client_ledger.collections import account_sync, follow_ups, items
from client_ledger.site.doctypes import DONE, OPEN
from client_ledger.site.documents import LedgerDocument


class FollowUp(LedgerDocument):
	"""Its state goes through Frappe's Workflow; done, it has an outcome."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.collection_item.collection_item import CollectionItem

		channel: DF.Literal["Call", "Email", "Visit", "Message", "Letter"]
		communication: DF.Link | None
		company: DF.Link
		contact: DF.Link | None
		customer: DF.Link
		customer_name: DF.Data | None
		dispute: DF.Link | None
		done_by: DF.Link | None
		done_on: DF.Datetime | None
		due_date: DF.Date
		escalated_on: DF.Date | None
		escalated_to: DF.Link | None
		items: DF.Table[CollectionItem]
		next_date: DF.Date | None
		next_follow_up: DF.Link | None
		notes: DF.TextEditor | None
		outcome: DF.Literal[
			"", "Reached", "Promised", "Disputed", "No Answer", "Wrong Contact", "Refuses to Pay", "Referred"
		]
		priority: DF.Literal["Low", "Medium", "High"]
		promise: DF.Link | None
		responsible: DF.Link | None
		source: DF.Literal[
			"Manual",
			"Dunning Step",
			"Broken Promise",
			"Credit Limit",
			"Credit Grade",
			"First Overdue",
			"Regular Visit",
			"Next Date",
			"Remittance Advice",
			"Reconciliation",
			"Customer Portal",
			"Early Warning",
		]
		source_doctype: DF.Link | None
		source_key: DF.Data | None
		source_name: DF.DynamicLink | None
		subject: DF.Data | None
		workflow_state: DF.Link | None
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse an outcome without its next step; fill in what it is about."""
		self.workflow_state = self.workflow_state or OPEN
		before = self.get_doc_before_save()
		if before and before.workflow_state == DONE and self.workflow_state == DONE:
			if (before.outcome, before.done_on) != (self.outcome, self.done_on):
				frappe.throw(_("The outcome of a contact cannot be changed. Log a new contact instead."))
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
			account_sync.sync_accounts([self.customer])
		elif not before or (was, before.due_date) != (self.workflow_state, self.due_date):
			account_sync.sync_accounts([self.customer])

	def after_delete(self) -> None:
		"""The account's next follow-up is another one now."""
		account_sync.sync_accounts([self.customer])
