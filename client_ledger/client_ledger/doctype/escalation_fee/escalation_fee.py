"""Escalation Fee: what a hand-over costs."""

from frappe.model.document import Document


class EscalationFee(Document):
	"""What a hand-over costs."""
