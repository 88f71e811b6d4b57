"""Sales Order: what is ordered and not billed, and the credit check; closing and reopening only change its status."""

from frappe.model.document import Document

from client_ledger.credit.check import check
from client_ledger.site.arguments import in_words


def before_update_after_submit(doc: Document, method: str | None = None) -> None:
	"""Test the credit rules where the items of a submitted order grow. Raises CreditHoldError."""
	in_words(lambda: check.check_change(doc))


def on_update_after_submit(doc: Document, method: str | None = None) -> None:
	"""Let ERPNext's limit checks apply again."""
	check.after_change(doc)
