"""Escalation Task: a line of a case's checklist."""

from frappe.model.document import Document


class EscalationTask(Document):
	"""A line of a case's checklist."""
