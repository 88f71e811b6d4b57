"""Credit Assessment: how a customer pays, in points with their reasons, a grade and what would lift it."""

from frappe.model.document import Document


class CreditAssessment(Document):
	"""How a customer pays, in points with their reasons, a grade and what would lift it."""
