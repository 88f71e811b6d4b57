"""Sales Invoice: it is kept in the archive, and a credit note ends the dispute it settles. The rest is in selling.py."""

from frappe.model.document import Document

from client_ledger.archive import invoices
from client_ledger.collections import disputes


def on_submit(doc: Document, method: str | None = None) -> None:
	"""Keep the invoice; end the dispute that a credit note settles."""
	invoices.keep_submitted(doc)
	if doc.is_return:
		disputes.credited_by(doc)


def on_cancel(doc: Document, method: str | None = None) -> None:
	"""Keep that it is cancelled."""
	invoices.keep_cancelled(doc)
