"""Credit Limit: a change of what a customer may owe, requested by one person and approved by another."""

from frappe.model.document import Document


class CreditLimit(Document):
	"""A change of what a customer may owe, requested by one person and approved by another."""
