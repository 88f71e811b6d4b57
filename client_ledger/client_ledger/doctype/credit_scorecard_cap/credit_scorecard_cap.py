"""Credit Scorecard Cap: no better than a grade while the oldest item is that old."""

from frappe.model.document import Document


class CreditScorecardCap(Document):
	"""No better than a grade while the oldest item is that old."""
