"""What waits for a person in receipts, for the home page: money that has no invoice yet."""

from collections.abc import Sequence

import frappe
from frappe.utils import flt

from client_ledger.receipts.statuses import PROPOSED, WAITING
from client_ledger.site.doctypes import RECEIPT_PROPOSAL
from client_ledger.site.visible import may_list, summed, sums


def receipts(companies: Sequence[str], most: int) -> dict | None:
	"""Return the receipts without an invoice, those with a proposal first; None where the list is closed to the user."""
	if not may_list(RECEIPT_PROPOSAL):
		return None
	counted = sums(RECEIPT_PROPOSAL, companies, "base_amount", lambda row: row.status.isin(WAITING))
	rows = frappe.get_list(
		RECEIPT_PROPOSAL,
		{"company": ("in", companies), "status": ("in", WAITING)},
		["name", "customer", "customer_name", "payer_name", "company", "currency", "amount", "status", "confidence",
		 "found_by", "receipt_date", "receipt"],
		order_by="receipt_date, name",
		limit_page_length=0 if most <= 0 else most * 4,
	)  # fmt: skip
	rows = sorted(rows, key=lambda row: (row.status != PROPOSED, row.receipt_date, row.name))[:most]
	return {
		**summed(counted),
		"rows": [{**row, "amount": flt(row.amount), "receipt_date": str(row.receipt_date)} for row in rows],
	}
