"""Collector Team Scope: customers a team looks after."""

from frappe.model.document import Document


class CollectorTeamScope(Document):
	"""Customers a team looks after."""
