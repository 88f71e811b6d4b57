"""Dispute Reason: why customers do not pay, in the words the root causes are counted by."""

from frappe.model.document import Document


class DisputeReason(Document):
	"""Why customers do not pay, in the words the root causes are counted by."""
