"""Collector Team: who looks after which customers, in which shares, and who stands in."""

from frappe.model.document import Document


class CollectorTeam(Document):
	"""Who looks after which customers, in which shares, and who stands in."""
