"""Credit Hold Reason: a rule that a document did not pass, with its figures."""

from frappe.model.document import Document


class CreditHoldReason(Document):
	"""A rule that a document did not pass, with its figures."""
