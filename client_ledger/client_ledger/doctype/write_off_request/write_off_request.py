"""Write Off Request: a loss, requested by one person and approved by another, posted as a journal entry."""

from client_ledger.collections import write_offs
from client_ledger.site.approvals import ask_approvers, check_approver, note_request
from client_ledger.site.documents import LedgerDocument


class WriteOffRequest(LedgerDocument):
	"""Submitting it is approving it."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.collection_item.collection_item import CollectionItem

		amended_from: DF.Link | None
		amount: DF.Currency
		approved_by: DF.Link | None
		approved_on: DF.Datetime | None
		base_amount: DF.Currency
		company: DF.Link
		cost_center: DF.Link | None
		currency: DF.Link
		customer: DF.Link
		customer_name: DF.Data | None
		escalation_case: DF.Link | None
		items: DF.Table[CollectionItem]
		journal_entry: DF.Link | None
		makers: DF.SmallText | None
		posting_date: DF.Date
		reason: DF.SmallText
		requested_by: DF.Link | None
		write_off_account: DF.Link | None
	# end: auto-generated types

	# What an approver approves: whoever changes one of these has requested it.
	REQUESTED = ("customer", "company", "amount", "posting_date", "write_off_account", "reason")

	def validate(self) -> None:
		"""Refuse what is not open, and say which row it is."""
		if not self.docstatus:
			write_offs.prepare(self)
			note_request(self)

	def after_insert(self) -> None:
		"""Those who may approve are told."""
		ask_approvers(self)

	def before_submit(self) -> None:
		"""Only somebody else approves it, and only what is still open."""
		write_offs.prepare(self)
		check_approver(self)

	def on_submit(self) -> None:
		"""Post it."""
		write_offs.posted(self)

	def on_cancel(self) -> None:
		"""Take the journal entry back."""
		write_offs.take_back(self)
