"""Money at the bank that is booked nowhere yet: Bank Transactions that are not reconciled, by customer.

A transaction counts once: not where its payment is booked already and only waits to be reconciled with it, and for one
customer only, whichever of its invoices it names.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import frappe

from client_ledger.core.amount_due import is_owed, party_of
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.open_items import OpenItem
from client_ledger.core.outbox.message import Party
from client_ledger.site.refresh_queue import mark_stale

_WORDS = re.compile(r"[^\s,;:()]+")
# A payment that is booked and not reconciled: customer, company and ledger account, with the amounts received there.
_Place = tuple[str, str, str]


@dataclass
class BankReceipts:
	"""named: transactions that name the customer. unnamed: the others, by the words of their text.

	booked: payments that are booked and may be the same money.
	"""

	named: Sequence[frappe._dict] = ()
	unnamed: dict[tuple[str, str, str], list[frappe._dict]] = field(default_factory=dict)
	booked: dict[_Place, Counter] = field(default_factory=dict)

	@classmethod
	def read(cls, customers: Sequence[str] | None, companies: Sequence[str]) -> "BankReceipts":
		"""Return the receipts of *companies* that may be of *customers* (None: of any)."""
		bank, account = frappe.qb.DocType("Bank Transaction"), frappe.qb.DocType("Bank Account")
		query = (
			frappe.qb.from_(bank)
			.left_join(account)
			.on(account.name == bank.bank_account)
			.select(
				bank.name, bank.party, bank.company, bank.currency, bank.unallocated_amount, account.account,
				bank.description, bank.reference_number,
			)
			.where((bank.docstatus == 1) & (bank.deposit > 0) & (bank.unallocated_amount > 0))
			.where(bank.company.isin(list(companies)))
			.orderby(bank.date)
			.orderby(bank.name)
		)  # fmt: skip
		named = query.where((bank.party_type == "Customer") & (bank.party != ""))
		if customers is not None:
			named = named.where(bank.party.isin(list(customers)))
		rows = named.run(as_dict=True)
		found = cls(rows)
		for row in query.where(bank.party.isnull() | (bank.party == "")).run(as_dict=True):
			for word in words_of(row):
				found.unnamed.setdefault((row.company, row.currency, word), []).append(row)
		if rows or found.unnamed:
			found.booked = _booked(customers, companies)
		return found

	def of(self, items: Iterable[OpenItem]) -> Mapping[Party, Decimal]:
		"""Return the receipts per party, those included whose text names one of the invoices among *items*."""
		found: dict[Party, Decimal] = {}
		booked = {place: Counter(amounts) for place, amounts in self.booked.items()}
		used: set[str] = set()

		def count(party: Party, row: frappe._dict) -> None:
			if row.name in used:
				return
			used.add(row.name)
			amount, amounts = as_money(row.unallocated_amount), booked.get((*party[:2], row.account or ""))
			if amounts and amounts[amount]:
				amounts[amount] -= 1
				return
			found[party] = found.get(party, ZERO) + amount

		for row in self.named:
			count(Party(row.party, row.company, row.currency), row)
		for item in filter(is_owed, items) if self.unnamed else ():
			for row in self.unnamed.get((item.company, item.currency, item.voucher.name), ()):
				count(party_of(item), row)
		return found


def words_of(row: Mapping[str, Any]) -> set[str]:
	"""Return the words of a transaction's text, of which one may be an invoice."""
	texts = (row.get("description"), row.get("reference_number"))
	return {word for text in texts if text for word in _WORDS.findall(text)}


def _booked(customers: Sequence[str] | None, companies: Sequence[str]) -> dict[_Place, Counter]:
	filters: dict[str, Any] = {
		"docstatus": 1,
		"party_type": "Customer",
		"payment_type": "Receive",
		"company": ("in", list(companies)),
		"clearance_date": ("is", "not set"),
	}
	if customers is not None:
		filters["party"] = ("in", list(customers))
	found: dict[_Place, Counter] = {}
	for row in frappe.get_all(
		"Payment Entry", filters, ["party", "company", "paid_to", "received_amount"], order_by="name"
	):
		place = (row.party, row.company, row.paid_to)
		found.setdefault(place, Counter())[as_money(row.received_amount)] += 1
	return found


def changed(doc: "frappe.model.document.Document") -> None:
	"""A Bank Transaction came, was reconciled or went: what its customers are asked for may be another amount."""
	if doc.party_type == "Customer" and doc.party:
		mark_stale([doc.party])
	elif words := words_of(doc.as_dict()):
		filters = {"name": ("in", sorted(words)), "docstatus": 1}
		mark_stale(frappe.get_all("Sales Invoice", filters, pluck="customer", order_by="name"))
