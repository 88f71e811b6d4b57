"""Promise to Pay: what a customer promised to pay and when; the ledger decides what becomes of it."""

from frappe.model.document import Document


class PromisetoPay(Document):
	"""What a customer promised to pay and when; the ledger decides what becomes of it."""
