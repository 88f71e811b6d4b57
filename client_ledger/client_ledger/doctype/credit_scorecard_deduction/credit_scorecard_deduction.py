"""Credit Scorecard Deduction: points taken off by judgement."""

from frappe.model.document import Document


class CreditScorecardDeduction(Document):
	"""Points taken off by judgement."""
