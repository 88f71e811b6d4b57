"""What a user looks for in a ledger: a text, in the documents that user may read, or an amount."""

from collections.abc import Iterable

import frappe

from client_ledger.ledger.reader import SearchTerm
from client_ledger.site.request import LedgerRequest

SHORTEST, LONGEST = 2, 140
# More documents than this hold a text that says nothing.
MOST = 5000
# Where a document says what it is about, beside its name.
_TEXTS = {
	"Sales Invoice": ("po_no", "remarks"),
	"Payment Entry": ("reference_no", "remarks"),
	"Journal Entry": ("cheque_no", "bill_no", "user_remark", "remark"),
}


def search_term(request: LedgerRequest, text: str | None) -> SearchTerm | None:
	"""Return what the user looks for; None where that is nothing."""
	text = (text or "").strip()[:LONGEST]
	if not text:
		return None
	amount = amount_of(text)
	if len(text) < SHORTEST:
		return SearchTerm(text, amount=amount)
	names = {name for doctype in _TEXTS for name in _documents(doctype, request, text)}
	return SearchTerm(text, frozenset(names), amount)


def _documents(doctype: str, request: LedgerRequest, text: str) -> Iterable[str]:
	"""Return the names of the customer's documents that the user may read and that hold *text*."""
	if not frappe.has_permission(doctype, "read"):
		return []
	return frappe.get_list(
		doctype,
		filters={"docstatus": 1, "company": request.company, **_of_customer(doctype, request.customer)},
		or_filters=[[doctype, field, "like", f"%{text}%"] for field in _TEXTS[doctype]],
		pluck="name",
		order_by="name",
		limit_page_length=MOST,
	)


def _of_customer(doctype: str, customer: str) -> dict:
	if doctype == "Sales Invoice":
		return {"customer": customer}
	if doctype == "Payment Entry":
		return {"party_type": "Customer", "party": customer}
	entries = {"party_type": "Customer", "party": customer, "voucher_type": doctype, "delinked": 0}
	names = frappe.get_all("Payment Ledger Entry", entries, pluck="voucher_no", distinct=True, order_by=None)
	return {"name": ("in", names or [""])}


def amount_of(text: str) -> float | None:
	"""Return the amount that *text* is, with or without separators of thousands; None where it is none."""
	try:
		amount = abs(float(text.replace(",", "").replace(" ", "")))
	except ValueError:
		return None
	return amount if amount < float("inf") else None
