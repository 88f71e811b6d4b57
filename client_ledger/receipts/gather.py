"""What a company has received without an invoice: Payment Entries on account, Bank Transactions that are not matched.

A bank transaction whose payment is booked and only waits to be reconciled with the bank is told apart: to propose it would pay twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import frappe
from frappe.utils import flt, getdate

from client_ledger.collections import announced
from client_ledger.core.entries import SALES_INVOICE
from client_ledger.core.money import as_money
from client_ledger.core.receipts.items import AnnouncedPayment, IncomingReceipt
from client_ledger.core.reconciliation.numbers import letters_and_digits
from client_ledger.receipts.items import OpenItems, id_of
from client_ledger.receipts.statuses import BANK_TRANSACTION, PAYMENT_ENTRY

# A payment and its line at the bank are so many days apart at most.
BOOKED_DAYS = 10
LEAST_OF_A_REFERENCE = 5


@dataclass(frozen=True, slots=True)
class Source:
	"""A receipt without invoice as ERPNext has it. booked_as: the payment that it only has to be reconciled with."""

	doctype: str
	name: str
	receipt: IncomingReceipt
	rate: Decimal | None = None
	booked_as: str | None = None

	@property
	def key(self) -> str:
		"""Return what its proposal is known by."""
		return key_of(self.doctype, self.name)


def key_of(doctype: str, name: str) -> str:
	"""Return what the proposal of a receipt is known by; it is the receipt's id in the core too."""
	return f"{doctype}|{name}"


def receipts(company: str, advices: Sequence[frappe._dict] = ()) -> list[Source]:
	"""Return everything that *company* has received without an invoice."""
	found = [*on_account(company), *at_bank(company)]
	return [replace(one, receipt=_known_by_advice(one.receipt, advices)) for one in found]


def on_account(company: str, name: str | None = None) -> list[Source]:
	"""Return the receipts on account of a company (or the one of a name), in the currency of the customer's account."""
	filters = {
		"docstatus": 1,
		"payment_type": "Receive",
		"party_type": "Customer",
		"company": company,
		"unallocated_amount": (">", 0),
	}
	rows = frappe.get_all(
		PAYMENT_ENTRY,
		{**filters, "name": name} if name else filters,
		["name", "posting_date", "party", "paid_from_account_currency", "unallocated_amount", "reference_no",
		 "remarks", "custom_remarks", "source_exchange_rate"],
		order_by="posting_date, name",
	)  # fmt: skip
	return [
		Source(
			PAYMENT_ENTRY,
			row.name,
			IncomingReceipt(
				key_of(PAYMENT_ENTRY, row.name),
				getdate(row.posting_date),
				as_money(flt(row.unallocated_amount)),
				row.paid_from_account_currency,
				# ERPNext's own remarks name other numbers.
				" ".join(filter(None, (row.reference_no, row.remarks if row.custom_remarks else None))),
				customer=row.party,
			),
			as_money(flt(row.source_exchange_rate)),
		)
		for row in rows
	]


def at_bank(company: str, name: str | None = None) -> list[Source]:
	"""Return the deposits of a company (or the one of a name) that are not matched, in the currency of the bank account."""
	bank, account = frappe.qb.DocType(BANK_TRANSACTION), frappe.qb.DocType("Bank Account")
	query = (
		frappe.qb.from_(bank)
		.join(account)
		.on(account.name == bank.bank_account)
		.select(
			bank.name, bank.date, bank.currency, bank.unallocated_amount, bank.description, bank.reference_number,
			bank.party_type, bank.party, bank.bank_party_name, bank.bank_party_iban,
			bank.bank_party_account_number, account.account,
		)
		.where((bank.docstatus == 1) & (bank.deposit > 0) & (bank.unallocated_amount > 0))
		.where((bank.company == company) & account.account.isnotnull())
		.orderby(bank.date)
		.orderby(bank.name)
	)  # fmt: skip
	if name:
		query = query.where(bank.name == name)
	rows = [row for row in query.run(as_dict=True) if not row.party or row.party_type == "Customer"]
	booked = _Booked(company, {row.account for row in rows})
	return [
		Source(
			BANK_TRANSACTION,
			row.name,
			IncomingReceipt(
				key_of(BANK_TRANSACTION, row.name),
				getdate(row.date),
				as_money(flt(row.unallocated_amount)),
				row.currency,
				" ".join(filter(None, (row.description, row.reference_number))),
				row.bank_party_name or "",
				row.bank_party_iban or row.bank_party_account_number or "",
				row.party or None,
			),
			booked_as=booked.take(row),
		)
		for row in rows
	]


class _Booked:
	"""The payments into bank accounts that are not reconciled with the bank yet, each taken once."""

	def __init__(self, company: str, accounts: Iterable[str]):
		self._rows: dict[tuple[str, Decimal], list[frappe._dict]] = defaultdict(list)
		rows = frappe.get_all(
			PAYMENT_ENTRY,
			{
				"docstatus": 1,
				"company": company,
				"party_type": "Customer",
				"payment_type": "Receive",
				"paid_to": ("in", sorted(accounts)),
				"clearance_date": ("is", "not set"),
			},
			["name", "party", "paid_to", "received_amount", "posting_date", "reference_date"],
			order_by="posting_date, name",
		)
		for row in rows:
			self._rows[row.paid_to, as_money(flt(row.received_amount))].append(row)

	def take(self, row: frappe._dict) -> str | None:
		"""Return the payment that a bank transaction is, None where it is booked nowhere."""
		same = self._rows[row.account, as_money(flt(row.unallocated_amount))]
		for place, payment in enumerate(same):
			days = [getdate(day) for day in (payment.posting_date, payment.reference_date) if day]
			near = any(abs((day - getdate(row.date)).days) <= BOOKED_DAYS for day in days)
			if near and row.party in (None, "", payment.party):
				return same.pop(place).name
		return None


def announced_payments(advices: Sequence[frappe._dict], items: OpenItems) -> list[AnnouncedPayment]:
	"""Return announced payments for the core, with the invoices their customers named."""
	return [
		AnnouncedPayment(
			row.name,
			row.customer,
			getdate(row.payment_date),
			as_money(flt(row.amount)),
			row.currency,
			row.reference or "",
			tuple(_named(row, items)),
		)
		for row in advices
	]


def _named(row: frappe._dict, items: OpenItems) -> Iterable[tuple[str, Decimal]]:
	for line in row.lines:
		left = as_money(flt(line.amount))
		terms = items.of_voucher(SALES_INVOICE, line.sales_invoice)
		if line.is_assumed:
			continue
		if not terms:
			# Paid meanwhile: the advice is not about what is open.
			yield f"{line.sales_invoice}|paid", left
		for item in terms:
			part = min(left, item.outstanding)
			if part > 0:
				yield id_of(item), part
				left -= part


def _known_by_advice(receipt: IncomingReceipt, advices: Sequence[frappe._dict]) -> IncomingReceipt:
	"""Return a receipt with the one customer that has announced it by reference and amount, without naming invoices."""
	if receipt.customer:
		return receipt
	text = letters_and_digits(receipt.text)
	customers = {
		row.customer
		for row in advices
		if (row.currency, as_money(flt(row.amount))) == (receipt.currency, receipt.amount)
		and is_reference(row.reference)
		and letters_and_digits(row.reference) in text
		and all(line.is_assumed for line in row.lines)
	}
	return replace(receipt, customer=customers.pop()) if len(customers) == 1 else receipt


def is_reference(reference: str | None) -> bool:
	"""Return whether a reference tells a payment from others: a word alone does not."""
	plain = letters_and_digits(reference or "")
	return len(plain) >= LEAST_OF_A_REFERENCE and any(map(str.isdigit, plain))


def waiting_advices(company: str) -> list[frappe._dict]:
	"""Return the announced payments of a company whose money may still come."""
	statuses = (announced.ANNOUNCED, announced.RECEIVED, "Not Received")
	return [row for row in announced.stored(None, statuses) if row.company == company]
