"""Receipts without an invoice: money at the bank and on account of customers who owe, and what ERPNext says is open."""

from decimal import Decimal

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, flt, nowdate

from client_ledger.receipts import applying, proposals
from client_ledger.receipts.gather import key_of
from client_ledger.site.doctypes import RECEIPT_PROPOSAL
from tests.bench import factories as f

COMPANY = f.COMPANY
BANK = "Receipts Test Bank"


def ago(days: int) -> str:
	return add_days(nowdate(), -days)


def bank_account(company: str = COMPANY, account: str | None = None) -> str:
	"""Return a bank account of the company, for the ledger account given (default: its bank)."""
	account = account or frappe.get_cached_value("Company", company, "default_bank_account")
	found = frappe.db.get_value("Bank Account", {"company": company, "account": account, "bank": BANK})
	if found:
		return found
	if not frappe.db.exists("Bank", BANK):
		frappe.get_doc({"doctype": "Bank", "bank_name": BANK}).insert()
	row = {"doctype": "Bank Account", "account_name": account, "bank": BANK, "company": company}
	return frappe.get_doc({**row, "is_company_account": 1, "account": account}).insert().name


def deposit(amount: float, text: str = "", days: int = 0, currency: str = "USD", **fields) -> Document:
	"""Return a submitted bank transaction of money that came."""
	row = {
		"doctype": "Bank Transaction",
		"date": ago(days),
		"bank_account": fields.pop("bank", None) or bank_account(),
		"company": COMPANY,
		"deposit": amount,
		"unallocated_amount": amount,
		"currency": currency,
		"description": text,
		**fields,
	}
	return frappe.get_doc(row).insert().submit()


def owing(name: str, *amounts: float, days: int = 20, **fields) -> list[Document]:
	"""Return an invoice of a customer for each amount, overdue by *days*."""
	f.make_company()
	f.make_customer(name)
	return [f.make_invoice(name, amount, ago(days + 30), due_date=ago(days), **fields) for amount in amounts]


def proposed(receipt: Document, company: str = COMPANY) -> Document:
	"""Propose anew and return the proposal of a receipt."""
	proposals.refresh(company)
	return stored(receipt)


def stored(receipt: Document) -> Document:
	return frappe.get_doc(RECEIPT_PROPOSAL, {"receipt_key": key_of(receipt.doctype, receipt.name)})


def applied(receipt: Document) -> Document:
	"""Propose, apply, and return the proposal."""
	doc = proposed(receipt)
	applying.apply(doc.name)
	return doc.reload()


def outstanding(*invoices: Document) -> list[float]:
	"""Return what ERPNext says is open of each invoice."""
	return [flt(frappe.db.get_value("Sales Invoice", one.name, "outstanding_amount"), 2) for one in invoices]


def ledger_open(invoice: Document) -> float:
	"""Return what the Payment Ledger says is open of an invoice."""
	rows = frappe.get_all(
		"Payment Ledger Entry",
		{"against_voucher_no": invoice.name, "delinked": 0},
		pluck="amount_in_account_currency",
	)
	return flt(sum(rows), 2)


def gl_balance(account: str, **where) -> float:
	"""Return the General Ledger's balance of an account, in company currency."""
	rows = frappe.get_all("GL Entry", {"account": account, "is_cancelled": 0, **where}, ["debit", "credit"])
	return flt(sum(row.debit - row.credit for row in rows), 2)


def rows(doc: Document) -> list[tuple[str, Decimal]]:
	return [(row.voucher_no, flt(row.amount, 2)) for row in doc.items]


def use(**values) -> None:
	"""Set Collection Settings for this test."""
	settings = frappe.get_doc("Collection Settings")
	settings.update(values)
	settings.save()
	frappe.clear_document_cache("Collection Settings", "Collection Settings")
