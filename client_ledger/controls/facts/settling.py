"""What settles invoices and uses up receipts, by the payment ledger: which voucher takes how much from which other one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from sys import intern

import frappe
from frappe.query_builder import DocType
from pypika.queries import QueryBuilder

from client_ledger.controls.facts.window import FactWindow, by_name, money, rows_of
from client_ledger.core.controls.facts import AllocationFact
from client_ledger.core.entries import JOURNAL_ENTRY, PAYMENT_ENTRY, SALES_INVOICE

ENTRY = "Payment Ledger Entry"
_KINDS = (PAYMENT_ENTRY, JOURNAL_ENTRY)


@dataclass(frozen=True, slots=True)
class SettledBy:
	"""What a voucher takes from invoices in the account of one customer."""

	doctype: str
	name: str
	customer: str


Settled = dict[SettledBy, tuple[AllocationFact, ...]]


def read_settled(window: FactWindow) -> Settled:
	"""Return what payments and journal entries take from invoices of the window, from what is open, and from each other."""
	if not window.parts or not window.accounts:
		return {}
	entry, invoice = DocType(ENTRY), DocType(SALES_INVOICE)
	lately = entry.posting_date >= window.since
	if window.old:
		lately |= (invoice.posting_date >= window.since) | (invoice.outstanding_amount != 0)
		lately |= entry.against_voucher_type != SALES_INVOICE
	query = _query(window).where(lately)
	if window.customers is not None:
		query = query.where(window.of_customers(entry.party))
	return _summed(rows_of(window, query, entry.name))


def read_settled_by(doctype: str, names: Sequence[str], window: FactWindow) -> Settled:
	"""Return what some payments or journal entries take from invoices and others, and others from them."""
	if not window.accounts:
		return {}
	entry = DocType(ENTRY)
	query, known = _query(window), set(names)
	rows = {
		row[0]: row for row in by_name(query.where(entry.voucher_type == doctype), entry.voucher_no, names)
	}
	used = query.where(entry.against_voucher_type == doctype)
	rows |= {row[0]: row for row in by_name(used, entry.against_voucher_no, names)}
	settled = _summed(rows.values())
	return {key: parts for key, parts in settled.items() if key.doctype == doctype and key.name in known}


def _summed(rows: Iterable[tuple]) -> Settled:
	sums: dict[SettledBy, dict[str, list]] = defaultdict(dict)
	for row in rows:
		_name, doctype, name, party, against_type, against, customer, amount, posted, entered = row
		if against_type != SALES_INVOICE:
			customer = party
			if (amount or 0) > 0:
				# Debited against a receipt, such as money paid back: it uses up that one.
				doctype, name, against_type, against, amount = against_type, against, doctype, name, -amount
		elif customer is None:
			continue
		key = SettledBy(intern(doctype), name, intern(party))
		# What is allocated in a later step is in the ledger since then.
		since = max(posted, entered.date())
		part = sums[key].setdefault(against, [customer, 0.0, since, against_type])
		part[1] -= amount or 0
		part[2] = min(part[2], since)
	return {
		key: tuple(
			AllocationFact(other, intern(customer), money(amount), on, intern(kind))
			for other, (customer, amount, on, kind) in parts.items()
			if round(amount, 6)
		)
		for key, parts in sums.items()
	}


def _query(window: FactWindow) -> QueryBuilder:
	entry, invoice = DocType(ENTRY), DocType(SALES_INVOICE)
	return (
		frappe.qb.from_(entry)
		.left_join(invoice)
		.on((invoice.name == entry.against_voucher_no) & (entry.against_voucher_type == SALES_INVOICE))
		.select(
			entry.name,
			entry.voucher_type,
			entry.voucher_no,
			entry.party,
			entry.against_voucher_type,
			entry.against_voucher_no,
			invoice.customer,
			entry.amount_in_account_currency,
			entry.posting_date,
			entry.creation,
		)
		.where((entry.delinked == 0) & (entry.party_type == "Customer") & entry.account.isin(window.accounts))
		.where(entry.voucher_type.isin(_KINDS) & (entry.voucher_no != entry.against_voucher_no))
		.where(entry.against_voucher_type.isin((SALES_INVOICE, *_KINDS)))
	)


def allocated(parts: tuple[AllocationFact, ...], day: date, entered: date) -> tuple[AllocationFact, ...]:
	"""Return a receipt's allocations, those made when it was entered since its own day."""
	return tuple(one if one.on > entered else replace(one, on=min(one.on, day)) for one in parts)
