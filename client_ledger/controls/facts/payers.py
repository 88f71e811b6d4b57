"""Whose money a receipt is, by what others than our books say: the bank's line, the customer's advice, the account it came from."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import frappe
from frappe.query_builder import DocType, Field
from pypika.queries import QueryBuilder
from pypika.terms import ValueWrapper

from client_ledger.controls.facts.window import FactWindow, by_name, rows_of
from client_ledger.core.controls.master_data import plain_characters
from client_ledger.core.entries import PAYMENT_ENTRY
from client_ledger.core.reconciliation.numbers import letters_and_digits
from client_ledger.site.doctypes import PAYER_NAME, REMITTANCE_ADVICE

Known = dict[str, str]


def read_payers(window: FactWindow, doctype: str, names: Sequence[str]) -> Known:
	"""Return the customers who paid receipts, by the receipts' names; those of whom nobody else says it are not among them."""
	if window.in_turn:
		return window.once(f"payers of {doctype}", lambda: _payers(window, doctype, None))
	return _payers(window, doctype, names)


def _payers(window: FactWindow, doctype: str, names: Sequence[str] | None) -> Known:
	found = _by_account(names) if doctype == PAYMENT_ENTRY else {}
	found.update(_by_advice(doctype, names))
	found.update(_by_bank(window, doctype, names))
	return found


def _rows(query: QueryBuilder, field: Field, names: Sequence[str] | None) -> Iterable[tuple]:
	return query.run() if names is None else by_name(query, field, names)


def _by_account(names: Sequence[str] | None) -> Known:
	payment, account = DocType(PAYMENT_ENTRY), DocType("Bank Account")
	query = (
		frappe.qb.from_(payment)
		.join(account)
		.on(account.name == payment.party_bank_account)
		.select(payment.name, account.party)
		.where((account.party_type == "Customer") & (account.party != payment.party))
	)
	return dict(_rows(query, payment.name, names))


def _by_advice(doctype: str, names: Sequence[str] | None) -> Known:
	advice = DocType(REMITTANCE_ADVICE)
	query = (
		frappe.qb.from_(advice).select(advice.receipt, advice.customer).where(advice.receipt_type == doctype)
	)
	return dict(_rows(query, advice.receipt, names))


def _by_bank(window: FactWindow, doctype: str, names: Sequence[str] | None) -> Known:
	row, line, receipt = DocType("Bank Transaction Payments"), DocType("Bank Transaction"), DocType(doctype)
	party = receipt.party if doctype == PAYMENT_ENTRY else ValueWrapper("")
	query = (
		frappe.qb.from_(row)
		.join(line)
		.on(line.name == row.parent)
		.join(receipt)
		.on(receipt.name == row.payment_entry)
		.select(
			row.name,
			row.payment_entry,
			party,
			line.party_type,
			line.party,
			line.bank_party_name,
			line.bank_party_iban,
			line.bank_party_account_number,
		)
		.where((row.payment_document == doctype) & (line.docstatus == 1) & (line.company == window.company))
	)
	everybody = replace(window, customers=None)
	rows = rows_of(everybody, query, row.name) if names is None else by_name(query, row.payment_entry, names)
	accounts = payers = None
	found = {}
	for _row, name, booked, kind, party, said, iban, number in rows:
		if accounts is None:
			accounts, payers = _known_accounts(), _known_names()
		told = (
			accounts.get(letters_and_digits(iban or ""))
			or accounts.get(letters_and_digits(number or ""))
			or payers.get(plain_characters(said or ""))
			or (party if kind == "Customer" else "")
		)
		if told and told != booked:
			found[name] = told
	return found


def _known_accounts() -> Known:
	"""Return customers by the accounts they pay from; an account of several tells of none."""
	pairs = [
		(number, row.party)
		for row in frappe.get_all(
			"Bank Account",
			{"party_type": "Customer", "party": ("is", "set")},
			["party", "iban", "bank_account_no"],
		)
		for number in (row.iban, row.bank_account_no)
	]
	pairs += [(row.payer_account, row.customer) for row in _confirmed()]
	return _unique(pairs)


def _known_names() -> Known:
	"""Return customers by the names they pay under: confirmed ones, and their own; a name of several tells of none."""
	confirmed = _unique([(row.payer_name, row.customer) for row in _confirmed()], plain_characters)
	rows = frappe.get_all("Customer", {}, ["name", "customer_name"], order_by="name")
	own = [(text, row.name) for row in rows for text in {row.name, row.customer_name}]
	return {**_unique(own, plain_characters), **confirmed}


def _confirmed() -> list:
	return frappe.get_all(PAYER_NAME, {}, ["customer", "payer_name", "payer_account"], order_by="name")


def _unique(
	pairs: Sequence[tuple[str | None, str]], plain: Callable[[str], str] = letters_and_digits
) -> Known:
	found: dict[str, set[str]] = {}
	for text, customer in pairs:
		if key := plain(text or ""):
			found.setdefault(key, set()).add(customer)
	return {key: customers.pop() for key, customers in found.items() if len(customers) == 1}
