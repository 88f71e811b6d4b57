"""Looking for a payment that the customer has made and we have not: among receipts without invoice and unmatched bank transactions.

What the user may not list is not found for that user.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import getdate

from client_ledger.confirmations import comparison_rows
from client_ledger.core.marked import marked
from client_ledger.core.money import as_money
from client_ledger.core.reconciliation.lines import Side
from client_ledger.core.reconciliation.numbers import letters_and_digits

MOST = 20
# So many days before and after the day in the customer's list.
WINDOW_DAYS = 60
# What a bank may keep of a payment.
FEE_SHARE = Decimal("0.02")
SAME_AMOUNT, LESS_FEE, SAME_NUMBER, SAME_CUSTOMER = (
	marked("Same amount"),
	marked("Amount less a fee"),
	marked("Same number"),
	marked("Same customer"),
)


def candidates(doc: Document, row: frappe._dict) -> list[dict[str, Any]]:
	"""Return the payments that may be the one of a difference, the likeliest first: {doctype, name, date, amount, why, ...}."""
	lines = [line for line in comparison_rows.lines_of_match(row) if line.side == Side.THEIRS.value]
	amount = abs(sum((as_money(line.amount) for line in lines), Decimal(0)))
	if not amount:
		amount = abs(as_money(row.difference))
	day = getdate(lines[0].date) if lines and lines[0].date else getdate(doc.as_of)
	words = {
		letters_and_digits(word)
		for line in lines
		for word in (line.number, *(line.line_references or "").split("\n"))
	}
	words = {word for word in words if word and len(word) > 3}
	found = []
	for one in (*_payment_entries(doc, day), *_bank_transactions(doc, day)):
		why = _why(one, amount, words, doc.customer)
		if why and (one["party"] in (doc.customer, None, "") or SAME_AMOUNT in why):
			found.append({**one, "why": why, "days": abs((getdate(one["date"]) - day).days)})
	found.sort(key=lambda one: (-_weight(one["why"]), one["days"], one["doctype"], one["name"]))
	return [{**one, "date": str(one["date"])} for one in found[:MOST]]


def _why(one: dict[str, Any], amount: Decimal, words: set[str], customer: str) -> list[str]:
	"""Return why a payment may be the one; nothing where its amount and its text say nothing."""
	found = []
	amounts = [as_money(one["amount"]), as_money(one["free"])]
	if amount in amounts:
		found.append(SAME_AMOUNT)
	elif any(amount > part >= amount * (1 - FEE_SHARE) for part in amounts):
		found.append(LESS_FEE)
	text = letters_and_digits(" ".join(filter(None, (one["reference"], one["text"]))))
	if any(word in text for word in words):
		found.append(SAME_NUMBER)
	if found and one["party"] == customer:
		found.append(SAME_CUSTOMER)
	return found


def _weight(why: list[str]) -> int:
	weights = {SAME_NUMBER: 4, SAME_AMOUNT: 3, LESS_FEE: 1, SAME_CUSTOMER: 2}
	return sum(weights[one] for one in why)


def _between(day: date) -> tuple[str, list[str]]:
	return "between", [
		str(frappe.utils.add_days(day, -WINDOW_DAYS)),
		str(frappe.utils.add_days(day, WINDOW_DAYS)),
	]


def _payment_entries(doc: Document, day: date) -> Iterable[dict[str, Any]]:
	"""Yield receipts of the company that no invoice has: unallocated, or drafts that nobody has submitted."""
	if not frappe.has_permission("Payment Entry", "read"):
		return
	fields = [
		"name",
		"posting_date",
		"paid_amount",
		"unallocated_amount",
		"party",
		"reference_no",
		"docstatus",
		"remarks",
	]
	rows = frappe.get_list(
		"Payment Entry",
		filters={
			"company": doc.company,
			"payment_type": "Receive",
			"party_type": "Customer",
			"docstatus": ("<", 2),
			"paid_from_account_currency": doc.currency,
			"posting_date": _between(day),
		},
		or_filters=[["unallocated_amount", ">", 0], ["docstatus", "=", 0]],
		fields=fields,
		order_by="posting_date, name",
		limit_page_length=0,
	)
	for row in rows:
		yield {
			"doctype": "Payment Entry",
			"name": row.name,
			"date": row.posting_date,
			"amount": row.paid_amount,
			"free": row.unallocated_amount or row.paid_amount,
			"party": row.party,
			"reference": row.reference_no,
			"text": row.remarks,
			"is_draft": row.docstatus == 0,
		}


def _bank_transactions(doc: Document, day: date) -> Iterable[dict[str, Any]]:
	"""Yield receipts at the bank that are booked nowhere."""
	if not frappe.has_permission("Bank Transaction", "read"):
		return
	rows = frappe.get_list(
		"Bank Transaction",
		filters={
			"company": doc.company,
			"currency": doc.currency,
			"docstatus": 1,
			"deposit": (">", 0),
			"unallocated_amount": (">", 0),
			"date": _between(day),
		},
		fields=[
			"name",
			"date",
			"deposit",
			"unallocated_amount",
			"party_type",
			"party",
			"reference_number",
			"description",
		],
		order_by="date, name",
		limit_page_length=0,
	)
	for row in rows:
		yield {
			"doctype": "Bank Transaction",
			"name": row.name,
			"date": row.date,
			"amount": row.deposit,
			"free": row.unallocated_amount,
			"party": row.party if row.party_type == "Customer" else None,
			"reference": row.reference_number,
			"text": row.description,
			"is_draft": False,
		}
