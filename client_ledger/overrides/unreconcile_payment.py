"""Unreconcile Payment: unlinking rewrites ledger entries in place, without an event of their own."""

from frappe.model.document import Document

from client_ledger.core.entries import SALES_INVOICE
from client_ledger.dunning.dunning_status import invoice_changed
from client_ledger.site.open_voucher_cache import forget_on_commit
from client_ledger.site.refresh_queue import mark_stale


def on_submit(doc: Document, method: str | None = None) -> None:
	"""The payment is unallocated again and the invoices are open again."""
	customers = {row.party for row in doc.allocations if row.party_type == "Customer"}
	mark_stale(customers)
	forget_on_commit(*customers)
	for row in doc.allocations:
		if row.reference_doctype == SALES_INVOICE:
			invoice_changed(row.reference_name)
