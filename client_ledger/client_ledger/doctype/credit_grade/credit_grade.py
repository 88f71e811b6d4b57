"""Credit Grade: how good a customer pays, and the policy that follows from it."""

from frappe.model.document import Document


class CreditGrade(Document):
	"""How good a customer pays, and the policy that follows from it."""
