"""Customer Credit Limit: a row of ERPNext's limits, saved or deleted past its customer or group."""

from frappe.model.document import Document

from client_ledger.credit.limits.erpnext_limit import check_limit_row


def before_validate(doc: Document, method: str | None = None) -> None:
	"""Limits may be for approval only."""
	check_limit_row(doc)


def on_trash(doc: Document, method: str | None = None) -> None:
	"""Limits may be for approval only."""
	check_limit_row(doc)
