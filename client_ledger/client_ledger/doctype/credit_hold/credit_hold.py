"""Credit Hold: a document that stays a draft until it is released, and what became of it."""

import frappe
from frappe import _
from frappe.model.document import Document

from client_ledger.credit.check.approvers import may_decide


class CreditHold(Document):
	"""Written by the check and by decisions, never by hand."""

	def onload(self) -> None:
		"""Tell the form whether this user may decide, and whether the document is still a draft."""
		self.set_onload("may_decide", may_decide(self))

	def validate(self) -> None:
		"""Refuse changes by hand: a hold is decided on with its buttons."""
		if not self.flags.ignore_permissions:
			frappe.throw(
				_("A Credit Hold cannot be edited. Release or reject it with its buttons."),
				frappe.PermissionError,
			)


def on_doctype_update() -> None:
	"""The queue is read by document and by status."""
	frappe.db.add_index("Credit Hold", ["reference_doctype", "reference_name"], "cl_credit_hold_document")
	frappe.db.add_index("Credit Hold", ["customer", "company", "status"], "cl_credit_hold_customer")
