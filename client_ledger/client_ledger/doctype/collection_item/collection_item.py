"""Collection Item: an open item, or part of its amount, that something is about."""

from frappe.model.document import Document


class CollectionItem(Document):
	"""An open item, or part of its amount, that something is about."""
