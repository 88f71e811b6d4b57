"""Balance Confirmation: what one customer is asked about its balance on a day, and what came of it. See client_ledger.confirmations."""

import frappe
from frappe import _

from client_ledger.ledger.indexes import Index, make_index
from client_ledger.site.documents import LedgerDocument


class BalanceConfirmation(LedgerDocument):
	"""Made by rounds and changed by its actions; people change who looks after it."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		as_of: DF.Date
		base_balance: DF.Currency
		channel: DF.Data | None
		company: DF.Link
		compared_on: DF.Datetime | None
		compared_reply: DF.Link | None
		comparison: DF.JSON | None
		comparison_error: DF.SmallText | None
		comparison_status: DF.Literal["", "Waiting", "Running", "Compared", "Failed"]
		confirmation_key: DF.Data | None
		content_hash: DF.Data | None
		currency: DF.Link
		customer: DF.Link
		customer_name: DF.Data | None
		difference: DF.Currency
		expires_on: DF.Date | None
		figures: DF.Code | None
		form: DF.Literal["Reply Either Way", "Reply Only If You Disagree", "Tell Us Your Balance"]
		has_stated: DF.Check
		language: DF.Link | None
		letter: DF.Attach | None
		link: DF.Link | None
		notice: DF.Link | None
		open_differences: DF.Int
		opened_on: DF.Datetime | None
		our_balance: DF.Currency
		reason: DF.Data | None
		recipients: DF.SmallText | None
		reminded_on: DF.Datetime | None
		reminders: DF.Int
		replied_by: DF.Data | None
		replied_on: DF.Datetime | None
		replied_position: DF.Data | None
		replies: DF.Int
		reply: DF.Link | None
		reply_by: DF.Date | None
		responsible: DF.Link | None
		round: DF.Link | None
		sending_status: DF.Literal[
			"Planned", "Waiting", "Sending", "Sent", "Printed", "Failed", "No Address", "Not Sent"
		]
		sent_on: DF.Datetime | None
		settled_balance: DF.Currency
		settled_by: DF.Link | None
		settled_on: DF.Datetime | None
		signed_balance: DF.Attach | None
		signed_for_them: DF.Data | None
		signed_for_them_on: DF.Datetime | None
		signed_for_us: DF.Data | None
		signed_for_us_on: DF.Datetime | None
		stated_balance: DF.Currency
		stated_on: DF.Datetime | None
		status: DF.Literal[
			"Planned",
			"Awaiting Reply",
			"Confirmed",
			"Under Review",
			"Differences",
			"Settled",
			"No Objection",
			"No Reply",
			"Cancelled",
		]
		status_note: DF.SmallText | None
	# end: auto-generated types

	def before_insert(self) -> None:
		"""Confirmations are planned, never made by hand."""
		if not self.flags.ignore_permissions:
			frappe.throw(
				_("Balance Confirmations are created by a Confirmation Round, not manually."),
				frappe.PermissionError,
			)

	def on_trash(self) -> None:
		"""What a customer was asked and answered stays on record."""
		frappe.throw(_("A confirmation stays on record and cannot be deleted."), frappe.PermissionError)


def on_doctype_update() -> None:
	"""One confirmation per round, customer, company and currency is the database's own rule."""
	make_index(Index("cl_confirmation_key", "Balance Confirmation", ("confirmation_key",), unique=True))
	make_index(Index("cl_confirmation_customer", "Balance Confirmation", ("customer", "company", "as_of")))
	make_index(Index("cl_confirmation_round", "Balance Confirmation", ("round", "status")))
	make_index(Index("cl_confirmation_notice", "Balance Confirmation", ("notice",)))
