"""Payment Entry: the last payment, which term of an invoice it was for, and receipts on account."""

from frappe.model.document import Document

from client_ledger.receipts import jobs
from client_ledger.site.refresh_queue import mark_stale


def on_change(doc: Document, method: str | None = None) -> None:
	"""A submitted or cancelled payment changes its customer's account; a draft does not."""
	if doc.docstatus and doc.party_type == "Customer":
		mark_stale([doc.party])
		jobs.payment_changed(doc)
