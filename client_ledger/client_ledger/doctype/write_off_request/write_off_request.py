"""Write Off Request: a loss, requested by one person and approved by another, posted as a journal entry."""

from frappe.model.document import Document


class WriteOffRequest(Document):
	"""A loss, requested by one person and approved by another, posted as a journal entry."""
