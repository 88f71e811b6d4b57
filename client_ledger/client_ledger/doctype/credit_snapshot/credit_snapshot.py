"""Credit Snapshot: the grade a customer had at a month's end, never computed again, to be held against what came."""

import frappe
from frappe import _
from frappe.model.document import Document


class CreditSnapshot(Document):
	"""Written once in bulk; it may not be changed by anybody."""

	def validate(self) -> None:
		"""Refuse every change: what was said then was said."""
		frappe.throw(_("A Credit Snapshot cannot be made or changed by hand."), frappe.PermissionError)
