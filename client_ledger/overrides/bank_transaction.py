"""Bank Transaction: money that arrived and is not booked yet lowers what its customer is asked for."""

from frappe.model.document import Document

from client_ledger.collections import bank_receipts
from client_ledger.receipts import jobs


def on_change(doc: Document, method: str | None = None) -> None:
	"""A submitted, reconciled or cancelled transaction changes its customer's account and the receipts without an invoice; a
	draft does not."""
	if doc.docstatus:
		bank_receipts.changed(doc)
		jobs.transaction_changed(doc)
