"""Credit Rule: one test at the submit of orders, deliveries and invoices: off, warn or hold, per grade."""

from frappe.model.document import Document


class CreditRule(Document):
	"""One test at the submit of orders, deliveries and invoices: off, warn or hold, per grade."""
