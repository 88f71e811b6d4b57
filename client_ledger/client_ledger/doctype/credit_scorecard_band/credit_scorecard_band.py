"""Credit Scorecard Band: the scores of one grade, from the best to the worst."""

from frappe.model.document import Document


class CreditScorecardBand(Document):
	"""The scores of one grade, from the best to the worst."""
