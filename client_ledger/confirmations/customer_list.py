"""The confirmations of a customer as its Ledger tab lists them: the newest few, each with what became of it."""

from typing import Any

import frappe
from frappe.utils import cint, flt

from client_ledger.core.confirmations.answers import ConfirmationStatus
from client_ledger.site.doctypes import BALANCE_CONFIRMATION

MOST = 6
FIELDS = [
	"name", "as_of", "currency", "our_balance", "has_stated", "stated_balance", "status", "open_differences", "replied_on",
]  # fmt: skip


def of_customer(customer: str, company: str, most: int = MOST) -> list[dict[str, Any]]:
	"""Return a customer's confirmations with a company that the user may list, the newest first; cancelled ones are left out."""
	if not frappe.has_permission(BALANCE_CONFIRMATION, "read"):
		return []
	rows = frappe.get_list(
		BALANCE_CONFIRMATION,
		{"customer": customer, "company": company, "status": ("!=", ConfirmationStatus.CANCELLED.value)},
		FIELDS,
		order_by="as_of desc, name desc",
		limit_page_length=most,
	)
	return [
		{
			"name": row.name,
			"as_of": str(row.as_of),
			"currency": row.currency,
			"ours": flt(row.our_balance),
			"theirs": flt(row.stated_balance) if cint(row.has_stated) else None,
			"status": row.status,
			"open": cint(row.open_differences),
			"replied_on": str(row.replied_on) if row.replied_on else None,
		}
		for row in rows
	]
