"""Credit Assessment Factor: what one factor of the scorecard gave, and why."""

from frappe.model.document import Document


class CreditAssessmentFactor(Document):
	"""What one factor of the scorecard gave, and why."""
