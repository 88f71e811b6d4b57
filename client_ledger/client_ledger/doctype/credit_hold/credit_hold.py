"""Credit Hold: a document that stays a draft until it is released, and what became of it."""

import frappe
from frappe import _

from client_ledger.credit.check.actions import can_submit
from client_ledger.credit.check.approvers import can_decide
from client_ledger.site.documents import LedgerDocument


class CreditHold(LedgerDocument):
	"""Written by the check and by decisions, never by hand."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from client_ledger.client_ledger.doctype.credit_hold_reason.credit_hold_reason import CreditHoldReason

		amount: DF.Currency
		company: DF.Link
		credit_limit: DF.Currency
		currency: DF.Link | None
		customer: DF.Link
		customer_name: DF.Data | None
		decided_by: DF.Link | None
		decided_on: DF.Datetime | None
		decision_reason: DF.SmallText | None
		document_owner: DF.Link | None
		evaluated_on: DF.Datetime | None
		exposure: DF.Currency
		grade: DF.Link | None
		held_by: DF.Link | None
		held_on: DF.Datetime | None
		open_key: DF.Data | None
		parties: DF.SmallText | None
		reasons: DF.Table[CreditHoldReason]
		reference_doctype: DF.Link
		reference_name: DF.DynamicLink
		released_amount: DF.Currency
		released_until: DF.Date | None
		status: DF.Literal["On Hold", "Released", "Cleared", "Rejected", "Submitted", "Withdrawn"]
	# end: auto-generated types

	def onload(self) -> None:
		"""Tell the form whether this user may decide, and submit the document then."""
		self.set_onload("may_decide", can_decide(self))
		self.set_onload("may_submit", can_submit(self))

	def validate(self) -> None:
		"""Refuse changes by hand: a hold is decided on with its buttons."""
		if not self.flags.ignore_permissions:
			frappe.throw(
				_("A Credit Hold cannot be edited. Use its Release and Reject buttons."),
				frappe.PermissionError,
			)


def on_doctype_update() -> None:
	"""The queue is read by document and by status."""
	frappe.db.add_index("Credit Hold", ["reference_doctype", "reference_name"], "cl_credit_hold_document")
	frappe.db.add_index("Credit Hold", ["customer", "company", "status"], "cl_credit_hold_customer")
