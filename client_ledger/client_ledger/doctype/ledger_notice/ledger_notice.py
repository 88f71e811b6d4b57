"""Ledger Notice: one message to one customer, written down before it is sent. See client_ledger.outbox."""

import frappe
from frappe import _
from frappe.utils import cint

from client_ledger.ledger.indexes import Index, make_index
from client_ledger.outbox import access
from client_ledger.outbox.notice_status import UNDECIDED
from client_ledger.site.documents import LedgerDocument

WAIVER = ("waive_charges", "waive_reason")


class LedgerNotice(LedgerDocument):
	"""Made by planning. People approve, reject, and waive charges; nothing else of it can be changed by hand."""

	restores_owned = True

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.ledger_notice_item.ledger_notice_item import LedgerNoticeItem

		approved_by: DF.Link | None
		approved_on: DF.Datetime | None
		as_of: DF.Date | None
		attempts: DF.Int
		base_total: DF.Currency
		cc: DF.SmallText | None
		channel: DF.Literal["Email", "SMS", "Letter", "Call", "Visit", "Referral"]
		communication: DF.Link | None
		company: DF.Link
		confirmation: DF.Link | None
		contact_on: DF.Date | None
		currency: DF.Link | None
		customer: DF.Link
		customer_name: DF.Data | None
		data_on: DF.Datetime | None
		day_key: DF.Data | None
		deferred_until: DF.Datetime | None
		dunning: DF.Link | None
		edited_by: DF.Link | None
		edited_figures: DF.Data | None
		edited_message: DF.LongText | None
		edited_on: DF.Datetime | None
		edited_subject: DF.Data | None
		email_queue: DF.Data | None
		fee: DF.Currency
		follow_up: DF.Link | None
		hold_lift_reason: DF.Data | None
		hold_lifted_by: DF.Link | None
		hold_lifted_on: DF.Datetime | None
		holds: DF.Check
		interest: DF.Currency
		items: DF.Table[LedgerNoticeItem]
		items_total: DF.Currency
		kind: DF.Literal["Reminder", "Acknowledgement", "Statement", "Confirmation", "Document"]
		language: DF.Link | None
		letter: DF.Attach | None
		level: DF.Int
		message: DF.LongText | None
		next_attempt: DF.Datetime | None
		notice_key: DF.Data | None
		oldest_due_date: DF.Date | None
		on_account: DF.Currency
		open_key: DF.Data | None
		planned_on: DF.Datetime | None
		policy: DF.Link | None
		policy_version: DF.Int
		reason: DF.Data | None
		reason_detail: DF.SmallText | None
		recipients: DF.SmallText | None
		run: DF.Link | None
		sending_on: DF.Datetime | None
		sent_on: DF.Datetime | None
		stage_before: DF.Data | None
		statement: DF.Link | None
		status: DF.Literal[
			"Planned", "Approved", "Deferred", "Sending", "Sent", "Failed", "Skipped", "Cancelled"
		]
		step: DF.Int
		step_name: DF.Data | None
		subject: DF.Data | None
		superseded_by: DF.Link | None
		taken_back: DF.Int
		todo: DF.Link | None
		total: DF.Currency
		trial: DF.Link | None
		trial_arm: DF.Literal["", "As Ever", "Varied"]
		waive_charges: DF.Check
		waive_reason: DF.Data | None
	# end: auto-generated types

	def before_insert(self) -> None:
		"""Notices are planned, never made by hand."""
		frappe.throw(
			_("Ledger Notices are created by a Dunning Run and cannot be created manually."),
			frappe.PermissionError,
		)

	def validate(self) -> None:
		"""Take everything but the waiver from the stored row; who may waive is decided here."""
		stored = frappe.db.get_value(self.doctype, self.name, "*", as_dict=True)
		for field in self.meta.fields:
			if field.fieldname in stored and field.fieldname not in WAIVER:
				self.set(field.fieldname, stored[field.fieldname])
		self.set("items", frappe.get_doc(self.doctype, self.name).items)
		if all(self.get(field) == stored[field] for field in WAIVER):
			return
		access.require("decide", self.company)
		if self.status not in {status.value for status in UNDECIDED}:
			frappe.throw(_("This notice has been sent; its fee and interest can no longer be waived."))
		if cint(self.waive_charges) and not (self.waive_reason or "").strip():
			frappe.throw(_("Enter a reason for waiving fee and interest."))


def on_doctype_update() -> None:
	"""What keeps a notice from going out twice is in the database itself."""
	for key in ("notice_key", "open_key", "day_key"):
		make_index(Index(f"cl_{key}", "Ledger Notice", (key,), unique=True))
	make_index(Index("cl_notice_party", "Ledger Notice", ("customer", "company", "status", "contact_on")))
	make_index(Index("cl_notice_turn", "Ledger Notice", ("status", "deferred_until", "next_attempt")))
