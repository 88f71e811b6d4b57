"""Credit Scorecard Factor: one component of a scorecard."""

from frappe.model.document import Document


class CreditScorecardFactor(Document):
	"""One component of a scorecard."""
