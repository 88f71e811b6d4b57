"""Claims given up within invoices and payments; those of journal entries are in journals.py."""

from collections.abc import Iterator
from dataclasses import replace
from sys import intern

import frappe
from frappe.query_builder import DocType

from client_ledger.controls.facts.window import FactWindow, money, rows_of
from client_ledger.core.controls.facts import WriteOffFact
from client_ledger.core.entries import PAYMENT_ENTRY, SALES_INVOICE, Voucher
from client_ledger.site.doctypes import COLLECTION_SETTINGS

# Accounts of a company that take differences which nobody has given up.
_DIFFERENCES = (
	"exchange_gain_loss_account",
	"unrealized_exchange_gain_loss_account",
	"round_off_account",
	"default_discount_account",
)


def read_write_offs(window: FactWindow) -> list[WriteOffFact]:
	"""Return what invoices write off themselves, and what payments deduct to an account of expenses."""
	if not window.in_turn:
		return [*_of_invoices(window), *_of_payments(window)]
	everybody = replace(window, customers=None)
	found = window.once("write-offs", lambda: [*_of_invoices(everybody), *_of_payments(everybody)])
	return [one for one in found if window.customers is None or one.customer in window.customers]


def _of_invoices(window: FactWindow) -> Iterator[WriteOffFact]:
	invoice = DocType(SALES_INVOICE)
	query = (
		frappe.qb.from_(invoice)
		.select(
			invoice.name,
			invoice.customer,
			invoice.posting_date,
			invoice.base_write_off_amount,
			invoice.creation,
			invoice.owner,
		)
		.where((invoice.company == window.company) & (invoice.docstatus == 1))
		.where((invoice.base_write_off_amount != 0) & window.moved(invoice, "posting_date"))
	)
	if window.customers is not None:
		query = query.where(window.of_customers(invoice.customer))
	for row in rows_of(window, query, invoice.name):
		yield _fact(SALES_INVOICE, *row)


def _of_payments(window: FactWindow) -> Iterator[WriteOffFact]:
	payment, row, account = DocType(PAYMENT_ENTRY), DocType("Payment Entry Deduction"), DocType("Account")
	query = (
		frappe.qb.from_(row)
		.join(payment)
		.on(row.parent == payment.name)
		.join(account)
		.on(account.name == row.account)
		.select(
			row.name,
			payment.name,
			payment.party,
			payment.posting_date,
			row.amount,
			payment.creation,
			payment.owner,
		)
		.where((payment.company == window.company) & (payment.docstatus == 1))
		.where((payment.party_type == "Customer") & (payment.payment_type == "Receive"))
		.where((row.amount > 0) & (account.root_type == "Expense"))
		.where(row.account.notin(differences(window.company)) & window.moved(payment, "posting_date"))
	)
	if window.customers is not None:
		query = query.where(window.of_customers(payment.party))
	sums: dict[str, list] = {}
	for _row, name, *rest in rows_of(window, query, row.name):
		if name in sums:
			sums[name][2] += rest[2]
		else:
			sums[name] = rest
	for name, rest in sums.items():
		yield _fact(PAYMENT_ENTRY, name, *rest)


def _fact(
	doctype: str, name: str, customer: str, day: object, amount: float, entered: object, owner: str
) -> WriteOffFact:
	return WriteOffFact(
		document=Voucher(doctype, name),
		customer=intern(customer),
		date=day,
		base_amount=money(amount),
		created=entered,
		owner=intern(owner or ""),
	)


def differences(company: str) -> list[str]:
	"""Return the accounts of exchange differences, rounding, discounts and bank fees."""
	found = [frappe.get_cached_value("Company", company, name) for name in _DIFFERENCES]
	for row in frappe.get_cached_doc(COLLECTION_SETTINGS).get("receipt_accounts") or ():
		found += [row.discount_account, row.fee_account]
	return [name for name in found if name] or [""]
