"""Credit Rule Action: what a rule does for customers of one grade."""

from frappe.model.document import Document


class CreditRuleAction(Document):
	"""What a rule does for customers of one grade."""
