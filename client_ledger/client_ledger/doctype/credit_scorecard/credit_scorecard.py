"""Credit Scorecard: what is graded, how much it counts and where grades begin; submitting a version puts it in force."""

from frappe.model.document import Document


class CreditScorecard(Document):
	"""What is graded, how much it counts and where grades begin; submitting a version puts it in force."""
