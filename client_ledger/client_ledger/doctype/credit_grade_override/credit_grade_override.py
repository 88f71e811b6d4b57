"""Credit Grade Override: another grade than the assessed one, for a while and for a reason, approved by another person."""

from frappe.model.document import Document


class CreditGradeOverride(Document):
	"""Another grade than the assessed one, for a while and for a reason, approved by another person."""
