"""Credit Snapshot: the grade a customer had at a month's end, never computed again, to be held against what came."""

from frappe.model.document import Document


class CreditSnapshot(Document):
	"""The grade a customer had at a month's end, never computed again, to be held against what came."""
