"""Delivery Note: what is delivered and not billed; closing and reopening only change its status."""

from frappe.model.document import Document

from client_ledger.accounts.stale import mark_stale


def on_change(doc: Document, method: str | None = None) -> None:
	"""A submitted or cancelled document changes its customer's account; a draft does not."""
	if doc.docstatus:
		mark_stale([doc.customer])
