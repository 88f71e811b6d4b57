"""Sales Invoice: a credit note ends the dispute it settles. The rest is in selling.py."""

from frappe.model.document import Document

from client_ledger.collections import disputes


def on_submit(doc: Document, method: str | None = None) -> None:
	"""End the dispute that a credit note settles."""
	if doc.is_return:
		disputes.credited_by(doc)
