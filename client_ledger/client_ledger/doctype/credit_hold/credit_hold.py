"""Credit Hold: a document that stays a draft until it is released, and what became of it."""

from frappe.model.document import Document


class CreditHold(Document):
	"""A document that stays a draft until it is released, and what became of it."""
