"""Unreconcile Payment: unlinking rewrites ledger entries in place, without an event of their own."""

from frappe.model.document import Document

from client_ledger.accounts.stale import mark_stale
from client_ledger.core.entries import SALES_INVOICE
from client_ledger.dunning.resolution import invoice_changed


def on_submit(doc: Document, method: str | None = None) -> None:
	"""The payment is unallocated again and the invoices are open again."""
	mark_stale(row.party for row in doc.allocations if row.party_type == "Customer")
	for row in doc.allocations:
		if row.reference_doctype == SALES_INVOICE:
			invoice_changed(row.reference_name)
