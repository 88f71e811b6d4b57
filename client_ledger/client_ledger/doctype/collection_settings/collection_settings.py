"""Collection Settings: how promises are judged, who sees whom, and which follow-ups are made by themselves."""

from frappe.model.document import Document


class CollectionSettings(Document):
	"""How promises are judged, who sees whom, and which follow-ups are made by themselves."""
