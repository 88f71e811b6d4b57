"""Customer Group: its limits hold for all customers in it that have none of their own."""

from frappe.model.document import Document

from client_ledger.credit.limits.erpnext_limit import check_group_limits


def validate(doc: Document, method: str | None = None) -> None:
	"""Limits may be for approval only."""
	check_group_limits(doc)
