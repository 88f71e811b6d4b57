"""Collection Rule: what makes a customer worth a call today, and how many points it gives."""

from frappe.model.document import Document


class CollectionRule(Document):
	"""What makes a customer worth a call today, and how many points it gives."""
