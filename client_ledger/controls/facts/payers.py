"""Whose money a receipt is, by what others than our books say: the bank's line, the customer's advice, the account it came from."""

from collections.abc import Callable, Sequence

import frappe
from frappe.query_builder import DocType

from client_ledger.controls.facts.window import by_name
from client_ledger.core.controls.master_data import plain_characters
from client_ledger.core.reconciliation.numbers import letters_and_digits
from client_ledger.site.doctypes import PAYER_NAME, REMITTANCE_ADVICE

Known = dict[str, str]


def read_payers(doctype: str, names: Sequence[str]) -> dict[str, str]:
	"""Return the customers who paid receipts, by the receipts' names; those of whom nobody else says it are not among them."""
	found = _by_account(names) if doctype == "Payment Entry" else {}
	found.update(_by_advice(doctype, names))
	found.update(_by_bank(doctype, names))
	return found


def _by_account(names: Sequence[str]) -> dict[str, str]:
	payment, account = DocType("Payment Entry"), DocType("Bank Account")
	query = (
		frappe.qb.from_(payment)
		.join(account)
		.on(account.name == payment.party_bank_account)
		.select(payment.name, account.party)
		.where((account.party_type == "Customer") & (account.party != ""))
	)
	return dict(by_name(query, payment.name, names))


def _by_advice(doctype: str, names: Sequence[str]) -> dict[str, str]:
	advice = DocType(REMITTANCE_ADVICE)
	query = (
		frappe.qb.from_(advice).select(advice.receipt, advice.customer).where(advice.receipt_type == doctype)
	)
	return dict(by_name(query, advice.receipt, names))


def _by_bank(doctype: str, names: Sequence[str]) -> dict[str, str]:
	row, line = DocType("Bank Transaction Payments"), DocType("Bank Transaction")
	query = (
		frappe.qb.from_(row)
		.join(line)
		.on(line.name == row.parent)
		.select(
			row.payment_entry,
			line.party_type,
			line.party,
			line.bank_party_name,
			line.bank_party_iban,
			line.bank_party_account_number,
		)
		.where((row.payment_document == doctype) & (line.docstatus == 1))
	)
	rows = list(by_name(query, row.payment_entry, names))
	if not rows:
		return {}
	accounts, payers = _known_accounts(), _known_names()
	found = {}
	for name, kind, party, said, iban, number in rows:
		told = (
			accounts.get(letters_and_digits(iban or ""))
			or accounts.get(letters_and_digits(number or ""))
			or payers.get(plain_characters(said or ""))
			or (party if kind == "Customer" else "")
		)
		if told:
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
	return _unique([(row.payer_name, row.customer) for row in _confirmed()], plain_characters)


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
