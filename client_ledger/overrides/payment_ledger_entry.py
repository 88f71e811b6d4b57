"""Payment Ledger Entry: every way money moves ends in one - vouchers, cancellations, reconciliations, reposts."""

from frappe.model.document import Document

from client_ledger.accounts.stale import mark_stale


def on_submit(doc: Document, method: str | None = None) -> None:
	"""The balance of the entry's customer has changed."""
	if doc.party_type == "Customer":
		mark_stale([doc.party])
