"""Ledger Dispute: amounts a customer refuses to pay and why; they are not chased until it ends."""

from frappe import _
from frappe.model.document import Document

from client_ledger.collections import account_sync, assignment, disputes, items
from client_ledger.site.refresh_queue import mark_stale

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
		if self.state in disputes.RUNNING_STATES:
			what = f"{self.customer_name or self.customer}: {_(self.reason)}"
			assignment.bring_in_line(self, what, self.due_date)
		else:
			assignment.close(self.doctype, self.name)
		account_sync.bring_in_line([self.customer])
		mark_stale([self.customer])

	def after_delete(self) -> None:
		"""The account forgets it."""
		account_sync.bring_in_line([self.customer])
