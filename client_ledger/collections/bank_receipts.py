"""Money at the bank that is booked nowhere yet: Bank Transactions that are not reconciled, by customer.

A transaction is of the customer it names, else of the one whose open invoice its text names, else of the one that it is proposed
for and surely is. It counts once, and not at
all where its payment is booked already and only waits to be reconciled with it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe
from pypika import Criterion, Table

from client_ledger.collections import announced
from client_ledger.core.entries import SALES_INVOICE
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.outbox.message import Party
from client_ledger.ledger.database import chunks
from client_ledger.site.doctypes import RECEIPT_PROPOSAL
from client_ledger.site.refresh_queue import mark_stale

_WORDS = re.compile(r"[^\s,;:()]+")
# Of so few customers with so few open invoices, those are sought in the texts of the transactions.
FEW = 5
MOST_SOUGHT = 60


def receipts_of(customers: Sequence[str] | None, companies: Sequence[str]) -> dict[Party, Decimal]:
	"""Return what has arrived from *customers* (None: from all) for *companies* and is booked nowhere, per party."""
	wanted = None if customers is None else set(customers)
	waited_for = announced.receipts_waited_for(companies)
	found_rows = [row for row in _transactions(customers, companies) if row.name not in waited_for]
	rows = [row for row in found_rows if wanted is None or row.customer in wanted]
	booked = _booked({row.customer for row in rows}, companies)
	found: dict[Party, Decimal] = {}
	for row in rows:
		amount = as_money(row.unallocated_amount)
		amounts = booked.get((row.customer, row.company, row.account))
		if amounts and amounts[amount]:
			amounts[amount] -= 1
			continue
		party = Party(row.customer, row.company, row.currency)
		found[party] = found.get(party, ZERO) + amount
	return found


def _transactions(customers: Sequence[str] | None, companies: Sequence[str]) -> list[frappe._dict]:
	"""Return the receipts that are not reconciled and whose customer is known, the oldest first; all of *customers*'."""
	bank, account = frappe.qb.DocType("Bank Transaction"), frappe.qb.DocType("Bank Account")
	query = (
		frappe.qb.from_(bank)
		.left_join(account)
		.on(account.name == bank.bank_account)
		.select(
			bank.name, bank.party_type, bank.party, bank.company, bank.currency, bank.unallocated_amount,
			account.account, bank.description, bank.reference_number,
		)
		.where((bank.docstatus == 1) & (bank.deposit > 0) & (bank.unallocated_amount > 0))
		.where(bank.company.isin(list(companies)))
		.orderby(bank.date)
		.orderby(bank.name)
	)  # fmt: skip
	proposed = _surely_of(customers, companies)
	if customers is not None:
		query = query.where(_may_be_of(bank, customers) | bank.name.isin(sorted(proposed) or [""]))
	rows = query.run(as_dict=True)
	unnamed = {row.name: words_of(row) for row in rows if not row.party}
	owners = _owners({word for words in unnamed.values() for word in words})
	for row in rows:
		if row.party:
			row.customer = row.party if row.party_type == "Customer" else None
		else:
			named = (owners.get((row.company, word)) for word in sorted(unnamed[row.name]))
			row.customer = next((customer for customer in named if customer), proposed.get(row.name))
	return [row for row in rows if row.customer]


def _surely_of(customers: Sequence[str] | None, companies: Sequence[str]) -> dict[str, str]:
	"""Return the customers of transactions by what is proposed for them, where that is sure."""
	filters = {
		"receipt_type": "Bank Transaction",
		"status": "Proposed",
		"confidence": "Sure",
		"company": ("in", list(companies)),
		"customer": ("is", "set") if customers is None else ("in", list(customers)),
	}
	rows = frappe.get_all(RECEIPT_PROPOSAL, filters, ["receipt", "customer"], order_by="name")
	return {row.receipt: row.customer for row in rows}


def _may_be_of(bank: Table, customers: Sequence[str]) -> Criterion:
	"""Return what a transaction of one of *customers* meets, so that one customer's tab does not read everybody's."""
	nobody = bank.party.isnull() | (bank.party == "")
	own = bank.party.isin(list(customers) or [""])
	if len(customers) > FEW:
		return own | nobody
	filters = {"customer": ("in", list(customers)), "docstatus": 1, "outstanding_amount": (">", 0)}
	invoices = frappe.get_all(SALES_INVOICE, filters, pluck="name", order_by="name", limit=MOST_SOUGHT + 1)
	if len(invoices) > MOST_SOUGHT:
		return own | nobody
	texts = (bank.description, bank.reference_number)
	named = [text.like(f"%{name}%") for name in invoices for text in texts]
	return own | (nobody & Criterion.any(named)) if named else own


def _owners(words: Iterable[str]) -> dict[tuple[str, str], str]:
	"""Return the customers of the open invoices among *words*, by company and invoice."""
	return {
		(row.company, row.name): row.customer
		for part in chunks(sorted(words))
		for row in frappe.get_all(
			SALES_INVOICE,
			{"name": ("in", part), "docstatus": 1, "outstanding_amount": (">", 0)},
			["name", "company", "customer"],
			order_by="name",
		)
	}


def words_of(row: Mapping[str, Any]) -> set[str]:
	"""Return the words of a transaction's text, of which one may be an invoice."""
	texts = (row.get("description"), row.get("reference_number"))
	return {word for text in texts if text for word in _WORDS.findall(text)}


def _booked(
	customers: Iterable[str], companies: Sequence[str]
) -> dict[tuple[str, str, str], Counter[Decimal]]:
	"""Return the payments that are booked and not reconciled: by customer, company and ledger account, their amounts."""
	found: dict[tuple[str, str, str], Counter[Decimal]] = {}
	for part in chunks(sorted(customers)):
		rows = frappe.get_all(
			"Payment Entry",
			{
				"docstatus": 1,
				"party_type": "Customer",
				"party": ("in", part),
				"payment_type": "Receive",
				"company": ("in", list(companies)),
				"clearance_date": ("is", "not set"),
			},
			["party", "company", "paid_to", "received_amount"],
			order_by="name",
		)
		for row in rows:
			place = (row.party, row.company, row.paid_to)
			found.setdefault(place, Counter())[as_money(row.received_amount)] += 1
	return found


def changed(doc: "frappe.model.document.Document") -> None:
	"""A Bank Transaction came, was reconciled or went: what its customers are asked for may be another amount."""
	if doc.party:
		mark_stale([doc.party] if doc.party_type == "Customer" else [])
	elif words := words_of(doc.as_dict()):
		mark_stale(set(_owners(words).values()))
