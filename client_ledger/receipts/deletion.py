"""What of receipts goes with a customer or a company that is deleted. Announced payments go with collections."""

import frappe

from client_ledger.site.doctypes import PAYER_NAME, RECEIPT_PROPOSAL, RECEIPT_PROPOSAL_ITEM


def delete_of(filters: dict) -> None:
	"""Delete proposals with their rows, and payers' names, of a customer or company."""
	names = frappe.get_all(RECEIPT_PROPOSAL, filters, pluck="name", order_by="name")
	if names:
		frappe.db.delete(RECEIPT_PROPOSAL_ITEM, {"parent": ("in", names), "parenttype": RECEIPT_PROPOSAL})
		frappe.db.delete("ToDo", {"reference_type": RECEIPT_PROPOSAL, "reference_name": ("in", names)})
		frappe.db.delete(RECEIPT_PROPOSAL, {"name": ("in", names)})
	if "customer" in filters:
		frappe.db.delete(PAYER_NAME, {"customer": filters["customer"]})
