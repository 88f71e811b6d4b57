"""Collector Team Member: a collector, with the share of the work and who stands in."""

from frappe.model.document import Document


class CollectorTeamMember(Document):
	"""A collector, with the share of the work and who stands in."""
