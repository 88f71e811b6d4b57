"""Ledger Dispute: amounts a customer refuses to pay and why; they are not chased until it ends."""

from frappe.model.document import Document


class LedgerDispute(Document):
	"""Amounts a customer refuses to pay and why; they are not chased until it ends."""
