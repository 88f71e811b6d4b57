"""Ledger Dispute: amounts a customer refuses to pay and why; they are not chased until it ends."""

from frappe import _

from client_ledger.collections import account_sync, assignment, disputes, items
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.refresh_queue import mark_stale

CLAIMED = ("customer", "company", "currency", "opened_on")


class LedgerDispute(LedgerDocument):
	"""What is claimed stands; reason, owner and due date may change while it runs."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.collection_item.collection_item import CollectionItem

		amount: DF.Currency
		base_amount: DF.Currency
		company: DF.Link
		contact: DF.Link | None
		credit_note: DF.Link | None
		currency: DF.Link
		customer: DF.Link
		customer_name: DF.Data | None
		details: DF.TextEditor | None
		due_date: DF.Date | None
		follow_up: DF.Link | None
		items: DF.Table[CollectionItem]
		opened_on: DF.Date
		reason: DF.Link
		resolution: DF.SmallText | None
		resolved_by: DF.Link | None
		resolved_on: DF.Date | None
		responsible: DF.Link | None
		status: DF.Literal[
			"Open", "In Review", "Credited", "Accepted", "Rejected", "Short Payment Accepted", "Cancelled"
		]
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse what claims the same money twice, or changes what was claimed."""
		if self.is_new():
			disputes.prepare(self)
		else:
			items.check_unchanged(
				self, CLAIMED, _("Disputed items cannot be changed. Resolve this dispute and open a new one.")
			)

	def on_update(self) -> None:
		"""Update the account; assign the dispute to its owner."""
		if self.status in disputes.RUNNING_STATUSES:
			what = f"{self.customer_name or self.customer}: {_(self.reason)}"
			assignment.sync_assignment(self, what, self.due_date)
		else:
			assignment.close(self.doctype, self.name)
		account_sync.sync_accounts([self.customer])
		mark_stale([self.customer])

	def after_delete(self) -> None:
		"""The account forgets it."""
		account_sync.sync_accounts([self.customer])
