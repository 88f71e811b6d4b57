"""Promise Instalment: an amount promised for a date, and what became of it."""

from frappe.model.document import Document


class PromiseInstalment(Document):
	"""An amount promised for a date, and what became of it."""
