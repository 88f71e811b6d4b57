"""Payment Pattern: how late the customers of a company pay, learnt once a night, for the expected dates of open items."""

import frappe
from frappe import _
from frappe.model.document import Document


class PaymentPattern(Document):
	"""One per company, written by the nightly job; it may not be changed by anybody."""

	def validate(self) -> None:
		"""Refuse every change: it is learnt, never entered."""
		frappe.throw(_("A Payment Pattern is learnt, not entered."), frappe.PermissionError)
