"""Escalation Case: what is handed over to a lawyer or an agency: checklist, evidence, fees."""

from frappe.model.document import Document


class EscalationCase(Document):
	"""What is handed over to a lawyer or an agency: checklist, evidence, fees."""
