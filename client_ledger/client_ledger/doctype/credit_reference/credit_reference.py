"""Credit Reference: what others say of a customer or stand in for: agency ratings, insurance cover, guarantees."""

from frappe.model.document import Document


class CreditReference(Document):
	"""What others say of a customer or stand in for: agency ratings, insurance cover, guarantees."""
