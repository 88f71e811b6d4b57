"""Company: its accounts go with it."""

import frappe
from frappe.model.document import Document

from client_ledger.accounts.store import ACCOUNT


def on_trash(doc: Document, method: str | None = None) -> None:
	"""There may be one account per customer: they go in one statement."""
	frappe.db.delete(ACCOUNT, {"company": doc.name})
