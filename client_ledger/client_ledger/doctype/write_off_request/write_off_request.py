"""Write Off Request: a loss, requested by one person and approved by another, posted as a journal entry."""

from frappe.model.document import Document

from client_ledger.collections import write_offs
from client_ledger.site.approvals import check_approver, note_request


class WriteOffRequest(Document):
	"""Submitting it is approving it."""

	# What an approver approves: whoever changes one of these has requested it.
	REQUESTED = ("customer", "company", "amount", "posting_date", "write_off_account", "reason")

	def validate(self) -> None:
		"""Refuse what is not open, and say which row it is."""
		if not self.docstatus:
			write_offs.prepare(self)
			note_request(self)

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
