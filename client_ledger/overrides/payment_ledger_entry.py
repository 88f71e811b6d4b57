"""Payment Ledger Entry: every way money moves ends in one - vouchers, cancellations, reconciliations, reposts."""

from frappe.model.document import Document

from client_ledger.core.entries import SALES_INVOICE
from client_ledger.dunning.dunning_status import invoice_changed
from client_ledger.site.refresh_queue import mark_stale


def on_submit(doc: Document, method: str | None = None) -> None:
	"""The balance of the entry's customer has changed, and that of the invoice it is against."""
	if doc.party_type == "Customer":
		mark_stale([doc.party])
		if doc.against_voucher_type == SALES_INVOICE and doc.against_voucher_no != doc.voucher_no:
			invoice_changed(doc.against_voucher_no)
