"""Ledger Dispute: amounts a customer refuses to pay and why; they are not chased until it ends."""

import frappe
from frappe import _
from frappe.desk.form import assign_to
from frappe.model.document import Document

from client_ledger.accounts.stale import mark_stale
from client_ledger.collections import account_fields, disputes, items

CLAIMED = ("customer", "company", "currency", "opened_on")


class LedgerDispute(Document):
	"""What is claimed stands; reason, owner and due date may change while it runs."""

	def validate(self) -> None:
		"""Refuse what claims the same money twice, or changes what was claimed."""
		if self.is_new():
			disputes.prepare(self)
		else:
			items.check_unchanged(
				self, CLAIMED, _("What is disputed stands. End this dispute and open another one.")
			)

	def on_update(self) -> None:
		"""The account shows it; its owner is told."""
		before = self.get_doc_before_save()
		runs = self.state in disputes.RUNNING_STATES
		if not runs:
			assign_to.close_all_assignments(self.doctype, self.name, ignore_permissions=True)
		elif self.responsible and (not before or before.responsible != self.responsible):
			self._hand_to_owner(before)
		account_fields.bring_in_line([self.customer])
		mark_stale([self.customer])

	def _hand_to_owner(self, before: Document | None) -> None:
		if before and before.responsible:
			assign_to.remove(self.doctype, self.name, before.responsible, ignore_permissions=True)
		if frappe.db.get_value("User", self.responsible, "enabled"):
			assign_to.add(
				{
					"assign_to": [self.responsible],
					"doctype": self.doctype,
					"name": self.name,
					"description": f"{self.customer_name or self.customer}: {_(self.reason)}",
					"date": self.due_date,
				},
				ignore_permissions=True,
			)

	def after_delete(self) -> None:
		"""The account forgets it."""
		account_fields.bring_in_line([self.customer])
