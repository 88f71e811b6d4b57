"""Confirmation Reply: one answer to a Balance Confirmation, as it came in. See client_ledger.confirmations."""

import frappe
from frappe import _

from client_ledger.ledger.indexes import Index, make_index
from client_ledger.site.documents import LedgerDocument


class ConfirmationReply(LedgerDocument):
	"""Never overwritten: a further answer is a further document."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.confirmation_reply_line.confirmation_reply_line import (
			ConfirmationReplyLine,
		)

		answer: DF.Literal["Confirmed", "Other Balance", "Differences", "Ledger Uploaded"]
		balance: DF.Currency
		company: DF.Link
		confirmation: DF.Link
		currency: DF.Link
		customer: DF.Link
		customer_name: DF.Data | None
		declared_name: DF.Data | None
		declared_position: DF.Data | None
		error: DF.Text | None
		file: DF.Attach | None
		file_digest: DF.Data | None
		file_name: DF.Data | None
		file_size: DF.Int
		from_date: DF.Date | None
		has_balance: DF.Check
		ip_address: DF.Data | None
		job_token: DF.Data | None
		language: DF.Link | None
		lines: DF.Table[ConfirmationReplyLine]
		link: DF.Link | None
		not_counted_because: DF.SmallText | None
		origin: DF.Literal["Link", "Portal", "User"]
		processing: DF.Literal["", "Waiting", "Reading", "Read", "Failed"]
		read_note: DF.SmallText | None
		read_on: DF.Datetime | None
		remark: DF.Text | None
		replied_on: DF.Datetime | None
		rows_read: DF.Int
		state: DF.Literal["Counted", "Replaced", "Not Counted"]
		to_date: DF.Date | None
		user: DF.Link | None
	# end: auto-generated types

	def before_insert(self) -> None:
		"""Replies come through the customer's page, or the buttons of the confirmation."""
		if not self.flags.ignore_permissions:
			frappe.throw(
				_("Replies are entered on their Balance Confirmation, not manually."), frappe.PermissionError
			)

	def on_trash(self) -> None:
		"""What a customer answered stays on record."""
		frappe.throw(_("A reply stays on record and cannot be deleted."), frappe.PermissionError)


def on_doctype_update() -> None:
	"""A confirmation shows its replies."""
	make_index(Index("cl_reply_confirmation", "Confirmation Reply", ("confirmation", "replied_on")))
