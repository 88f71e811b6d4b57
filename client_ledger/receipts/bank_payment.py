"""A bank transaction booked as a Payment Entry for its invoices, and reconciled with it by ERPNext's bank reconciliation."""

import json
from decimal import Decimal

import frappe
from erpnext.accounts.doctype.bank_reconciliation_tool.bank_reconciliation_tool import (
	create_payment_entry_bts,
	reconcile_vouchers,
)
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from client_ledger.core.entries import SALES_INVOICE
from client_ledger.core.money import as_money
from client_ledger.core.open_items import OpenItem
from client_ledger.receipts.allocation import ReceiptAllocation
from client_ledger.receipts.items import by_voucher
from client_ledger.receipts.settings import accounts_of
from client_ledger.receipts.statuses import BANK_TRANSACTION, PAYMENT_ENTRY
from client_ledger.site.messages import bold, filled


def pay(allocation: ReceiptAllocation) -> str:
	"""Book a bank transaction as a payment of its invoices and reconcile the two; return the payment.

	ERPNext asks for its own rights and refuses in its own words: a closed period, a frozen account.
	"""
	payment = _draft(allocation)
	_refer(payment, allocation)
	_deduct(payment, allocation)
	payment.insert()
	_check(payment, allocation)
	payment.submit()
	voucher = {
		"payment_doctype": PAYMENT_ENTRY,
		"payment_name": payment.name,
		"amount": float(allocation.amount),
	}
	reconcile_vouchers(allocation.receipt, json.dumps([voucher]))
	left = frappe.db.get_value(BANK_TRANSACTION, allocation.receipt, "unallocated_amount")
	if flt(left, 6) > 0:
		frappe.throw(
			filled(
				_("ERPNext did not reconcile {0} with its payment. Nothing was booked; reconcile it there."),
				bold(allocation.receipt),
			)
		)
	return payment.name


def _draft(allocation: ReceiptAllocation) -> Document:
	"""Return ERPNext's own payment for the bank transaction, in the account of the invoices."""
	bank = frappe.db.get_value(
		BANK_TRANSACTION, allocation.receipt, ["date", "reference_number", "bank_account"], as_dict=True
	)
	payment = create_payment_entry_bts(
		allocation.receipt,
		reference_number=(bank.reference_number or allocation.receipt)[:140],
		reference_date=bank.date,
		party_type="Customer",
		party=allocation.customer,
		posting_date=bank.date,
		mode_of_payment=accounts_of(allocation.company).mode_of_payment,
		cost_center=frappe.get_cached_value("Company", allocation.company, "cost_center"),
		allow_edit=True,
	)
	if payment.paid_from != allocation.account:
		payment.paid_from = allocation.account
		payment.paid_from_account_currency = frappe.get_cached_value(
			"Account", allocation.account, "account_currency"
		)
	if payment.paid_from_account_currency != allocation.currency:
		frappe.throw(
			filled(
				_("{0} is in {1}, the account {2} in {3}. Book it in ERPNext."),
				bold(allocation.receipt),
				allocation.currency,
				allocation.account,
				payment.paid_from_account_currency,
			)
		)
	amount = float(allocation.amount)
	payment.update({"paid_amount": amount, "received_amount": amount, "bank_account": bank.bank_account})
	return payment


def _refer(payment: Document, allocation: ReceiptAllocation) -> None:
	"""Refer to the invoices; by term where their template says that payments are allocated by terms."""
	by_term = [pair for pair in allocation.amounts if pair[0].term and _is_by_term(pair[0])]
	whole = [pair for pair in allocation.amounts if pair not in by_term]
	for item, amount in by_term:
		_append(payment, *item.voucher, amount, item.term)
	for (doctype, name), amount in by_voucher(whole).items():
		_append(payment, doctype, name, amount)


def _is_by_term(item: OpenItem) -> bool:
	if item.voucher.doctype != SALES_INVOICE:
		return False
	template = frappe.db.get_value(SALES_INVOICE, item.voucher.name, "payment_terms_template")
	field = "allocate_payment_based_on_payment_terms"
	return bool(template and frappe.db.get_value("Payment Terms Template", template, field))


def _append(payment: Document, doctype: str, name: str, amount: Decimal, term: str | None = None) -> None:
	payment.append(
		"references",
		{
			"reference_doctype": doctype,
			"reference_name": name,
			"allocated_amount": float(amount),
			"payment_term": term,
		},
	)


def _deduct(payment: Document, allocation: ReceiptAllocation) -> None:
	"""Book what is withheld as a deduction, in company currency."""
	if allocation.withheld <= 0:
		return
	rate = flt(payment.source_exchange_rate) or 1.0
	payment.append(
		"deductions",
		{
			"account": allocation.withheld_account(),
			"cost_center": frappe.get_cached_value("Company", allocation.company, "cost_center"),
			"amount": flt(
				float(allocation.withheld) * rate, frappe.get_precision("Payment Entry Deduction", "amount")
			),
			"description": _(allocation.withheld_as),
		},
	)


def _check(payment: Document, allocation: ReceiptAllocation) -> None:
	"""Refuse where ERPNext's payment allocates anything else than was proposed."""
	total = sum((as_money(flt(row.allocated_amount)) for row in payment.references), Decimal(0))
	if total != sum((amount for _item, amount in allocation.amounts), Decimal(0)):
		frappe.throw(
			filled(
				_("ERPNext would allocate {0} instead of what is proposed. Book {1} there."),
				total,
				bold(allocation.receipt),
			)
		)
