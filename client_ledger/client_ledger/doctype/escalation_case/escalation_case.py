"""Escalation Case: what is handed over to a lawyer or an agency: checklist, evidence, fees."""

from frappe import _

from client_ledger.collections import account_sync, cases, items
from client_ledger.site.documents import LedgerDocument

CLAIMED = ("customer", "company", "currency", "opened_on")


class EscalationCase(LedgerDocument):
	"""Prepared along its checklist, then handed over; the ledger says what of it is recovered."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.collection_item.collection_item import CollectionItem
		from client_ledger.client_ledger.doctype.escalation_fee.escalation_fee import EscalationFee
		from client_ledger.client_ledger.doctype.escalation_task.escalation_task import EscalationTask

		agency: DF.Link | None
		amount: DF.Currency
		checklist: DF.Table[EscalationTask]
		closed_on: DF.Date | None
		company: DF.Link
		currency: DF.Link
		customer: DF.Link
		customer_name: DF.Data | None
		evidence: DF.Attach | None
		evidence_made_on: DF.Datetime | None
		fees: DF.Table[EscalationFee]
		handed_over_on: DF.Date | None
		items: DF.Table[CollectionItem]
		kind: DF.Literal["Legal", "Collection Agency"]
		notes: DF.TextEditor | None
		notice: DF.Link | None
		opened_on: DF.Date
		recovered: DF.Currency
		responsible: DF.Link | None
		status: DF.Literal["Preparing", "Referred", "Recovered", "Written Off", "Cancelled"]
		total_fees: DF.Currency
		write_off: DF.Link | None
	# end: auto-generated types

	def validate(self) -> None:
		"""Refuse a second case about the same customer, and changes of what is handed over."""
		before = self.get_doc_before_save()
		if self.is_new() or not before:
			cases.prepare(self)
		elif before.status != cases.PREPARING:
			items.check_unchanged(
				self, CLAIMED, _("Items cannot be changed after the case has been referred.")
			)
		elif items.rows_of(before) != items.rows_of(self):
			items.fill_in(self)
			self.amount = sum(row.amount for row in self.items)
		cases.tick(self)

	def on_update(self) -> None:
		"""Take what is handed over off the worklist, and put back what came back."""
		account_sync.sync_accounts([self.customer])

	def after_delete(self) -> None:
		"""Nothing is handed over by a case that is gone."""
		account_sync.sync_accounts([self.customer])
