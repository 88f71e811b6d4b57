"""Follow Up: a contact with a customer that is to be made, or was: who, when, and what came of it."""

from frappe.model.document import Document


class FollowUp(Document):
	"""A contact with a customer that is to be made, or was: who, when, and what came of it."""
