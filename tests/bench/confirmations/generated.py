"""A two-sided ledger made by the generator of the benchmark, ours in the Payment Ledger and theirs in an upload."""

from dataclasses import replace
from datetime import timedelta

import frappe
from frappe.model.document import Document
from frappe.utils import getdate

from benchmarks.reconciliation_ledgers import USUAL, two_ledgers
from client_ledger.core.reconciliation.lines import BookedLine, LineKind
from client_ledger.site.rows import bulk_insert
from tests.bench import factories as f
from tests.bench.confirmations.comparing import COMPANY, ago, make_confirmation, row_of_line, upload

DOCTYPES = {LineKind.INVOICE: "Sales Invoice", LineKind.CREDIT_NOTE: "Sales Invoice"}


def booked_two_sided(customer: str, lines: int, seed: int = 7) -> tuple[Document, Document, int]:
	"""Return a confirmation, the answer with the other side's ledger, and how many lines we have.

	Ours are written as rows of both ledgers: the documents themselves would take an hour.
	"""
	f.make_company()
	f.make_customer(customer)
	ledgers = two_ledgers(seed, replace(USUAL, invoices=int(lines * 0.75)))
	as_of = getdate(ago(5))
	shift = as_of - ledgers.as_of
	ours = [_moved(line, shift) for line in ledgers.ours]
	theirs = [_moved(line, shift) for line in ledgers.theirs]
	_book(customer, ours)
	doc = make_confirmation(customer, str(as_of))
	return doc, upload(doc, [row_of_line(line) for line in theirs], "ledger.xlsx"), len(ours)


def _moved(line: BookedLine, shift: timedelta) -> BookedLine:
	return replace(line, date=line.date + shift, currency=f.CURRENCY)


def _book(customer: str, lines: list[BookedLine]) -> None:
	account = f.make_receivable(COMPANY)
	entries, gl = [], []
	for place, line in enumerate(lines):
		doctype = DOCTYPES.get(line.kind, "Payment Entry")
		name = line.number or f"GEN-{place}"
		amount = float(line.amount)
		entries.append(
			{
				"posting_date": line.date,
				"company": COMPANY,
				"account_type": "Receivable",
				"account": account,
				"party_type": "Customer",
				"party": customer,
				"voucher_type": doctype,
				"voucher_no": name,
				"against_voucher_type": doctype,
				"against_voucher_no": name,
				"amount": amount,
				"amount_in_account_currency": amount,
				"account_currency": f.CURRENCY,
				"delinked": 0,
				"docstatus": 1,
			}
		)
		gl.append(
			{
				"posting_date": line.date,
				"company": COMPANY,
				"account": account,
				"account_currency": f.CURRENCY,
				"party_type": "Customer",
				"party": customer,
				"voucher_type": doctype,
				"voucher_no": name,
				"debit": max(amount, 0),
				"credit": max(-amount, 0),
				"debit_in_account_currency": max(amount, 0),
				"credit_in_account_currency": max(-amount, 0),
				"is_cancelled": 0,
				"docstatus": 1,
			}
		)
	bulk_insert("Payment Ledger Entry", entries)
	bulk_insert("GL Entry", gl)
	assert frappe.db.count("GL Entry", {"party": customer}) == len(lines)
