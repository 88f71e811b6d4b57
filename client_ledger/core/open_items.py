"""Open items: from balances per voucher to what a customer owes, each with its due date.

	balances per voucher  ->  route those whose voucher is not in the ledger yet  ->  split by payment terms

A balance belongs to the voucher its entries are against. Where that voucher has no entry of its own
(an advance on an order, a payment dated before its invoice), the entries count for their own vouchers.
This is the meaning ERPNext's Accounts Receivable gives to the payment ledger.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from client_ledger.core.entries import (
	SALES_INVOICE,
	BalanceKey,
	Entry,
	ReceivableAccount,
	Voucher,
)
from client_ledger.core.money import ZERO, unit
from client_ledger.core.terms import Term, split_outstanding


class Invoice(NamedTuple):
	"""What the ledger needs of a submitted sales invoice.

	`pays_original` marks a credit note that settles the invoice it returns, so that payments against
	the note count for that invoice. `amount` is in the currency of `account`.
	"""

	name: str
	posting_date: date
	due_date: date | None
	customer: str
	account: str
	amount: Decimal
	base_amount: Decimal
	return_against: str | None = None
	pays_original: bool = False


class Balance(NamedTuple):
	"""Sum of all entries of a customer, in one account, against one voucher."""

	key: BalanceKey
	amount: Decimal
	base_amount: Decimal


class Origin(NamedTuple):
	"""When a voucher entered the customer's account, and for how much (its first entry and its own amount)."""

	posting_date: date
	amount: Decimal
	base_amount: Decimal
	due_date: date | None = None


@dataclass(slots=True)
class LedgerFacts:
	"""All that is needed to resolve balances into open items, as of one date."""

	accounts: Mapping[str, ReceivableAccount]
	balances: Iterable[Balance]
	invoices: Mapping[str, Invoice] = field(default_factory=dict)
	origins: Mapping[BalanceKey, Origin] = field(default_factory=dict)
	entries: Mapping[BalanceKey, list[Entry]] = field(default_factory=dict)
	terms: Mapping[str, list[Term]] = field(default_factory=dict)
	revaluations: frozenset[str] = frozenset()


class OpenItem(NamedTuple):
	"""An amount still open: one term of an invoice, an unallocated payment, a credit.

	Positive amounts are owed by the customer, negative ones are credits. `amount` and `outstanding` are
	in `currency` (the account's), the base ones in company currency. `due_date` falls back to the posting
	date where a voucher has none.
	"""

	company: str
	customer: str
	account: str
	currency: str
	voucher: Voucher
	posting_date: date
	due_date: date
	amount: Decimal
	base_amount: Decimal
	outstanding: Decimal
	base_outstanding: Decimal
	term: str | None = None

	def days_overdue(self, as_of: date) -> int:
		"""Return days past the due date on *as_of*; negative while not due."""
		return (as_of - self.due_date).days

	@property
	def is_credit(self) -> bool:
		"""True for money the customer has with us: unallocated payments, credit notes, overpayments."""
		return self.base_outstanding < 0


def find_origin(facts: LedgerFacts, key: BalanceKey) -> Origin | None:
	"""Return when and how the voucher of *key* entered the ledger, or None if it has not (yet).

	An invoice's entries may bear another customer or account than its document does now: they count, with
	the document's due date.
	"""
	invoice = facts.invoices.get(key.voucher.name) if key.voucher.doctype == SALES_INVOICE else None
	if invoice and invoice.customer == key.customer and invoice.account == key.account:
		return Origin(invoice.posting_date, invoice.amount, invoice.base_amount, invoice.due_date)
	origin = facts.origins.get(key)
	return origin._replace(due_date=invoice.due_date) if invoice and origin else origin


def resolve(facts: LedgerFacts, precision: int = 2, by_terms: bool = True) -> list[OpenItem]:
	"""Return the open items of *facts*, ordered by customer, due date and voucher.

	precision: decimals at which an amount counts as zero. by_terms: one item per payment term
	(otherwise one per voucher, due with its last term). An item open only in company currency is left out,
	unless it is a revaluation, as in ERPNext's report.
	"""
	totals: dict[BalanceKey, tuple[Decimal, Decimal]] = {}
	origins: dict[BalanceKey, Origin] = {}
	strays: dict[BalanceKey, list[Entry]] = defaultdict(list)

	def add(key: BalanceKey, amount: Decimal, base_amount: Decimal) -> None:
		before = totals.get(key)
		totals[key] = (before[0] + amount, before[1] + base_amount) if before else (amount, base_amount)

	for key, amount, base_amount in facts.balances:
		target = _target(facts, key)
		if origin := find_origin(facts, target):
			origins[target] = origin
			add(target, amount, base_amount)
			continue
		for entry in facts.entries.get(key, ()):
			own = key._replace(voucher=entry.voucher)
			strays[own].append(entry)
			add(own, entry.amount, entry.base_amount)

	smallest = unit(precision)
	items: list[OpenItem] = []
	for key, (amount, base_amount) in totals.items():
		base = base_amount.quantize(smallest, ROUND_HALF_UP)
		if not base:
			continue
		outstanding = base if amount is base_amount else amount.quantize(smallest, ROUND_HALF_UP)
		if outstanding or key.voucher.name in facts.revaluations:
			origin = origins.get(key) or find_origin(facts, key) or _first_seen(strays[key])
			items.extend(_items(facts, key, origin, outstanding, base, by_terms))
	items.sort(key=lambda item: (item.customer, item.due_date, item.posting_date, item.voucher))
	return items


def _target(facts: LedgerFacts, key: BalanceKey) -> BalanceKey:
	"""Return the key itself or, for a credit note that settles its invoice, that invoice's."""
	if key.voucher.doctype == SALES_INVOICE:
		invoice = facts.invoices.get(key.voucher.name)
		if invoice and invoice.pays_original and invoice.return_against:
			return key._replace(voucher=Voucher(SALES_INVOICE, invoice.return_against))
	return key


def _items(
	facts: LedgerFacts,
	key: BalanceKey,
	origin: Origin,
	outstanding: Decimal,
	base_outstanding: Decimal,
	by_terms: bool,
) -> Sequence[OpenItem]:
	terms = facts.terms.get(key.voucher.name) if by_terms and key.voucher.doctype == SALES_INVOICE else None
	if terms:
		return _terms(facts, key, origin, terms, outstanding, base_outstanding)
	account = facts.accounts[key.account]
	return (
		OpenItem(
			account.company,
			key.customer,
			key.account,
			account.currency,
			key.voucher,
			origin.posting_date,
			origin.due_date or origin.posting_date,
			origin.amount,
			origin.base_amount,
			outstanding,
			base_outstanding,
		),
	)


def _terms(
	facts: LedgerFacts,
	key: BalanceKey,
	origin: Origin,
	terms: list[Term],
	outstanding: Decimal,
	base_outstanding: Decimal,
) -> list[OpenItem]:
	"""Return one item per payment term still open, and one for what was paid beyond all of them."""
	credited, base_credited = credited_by(facts.entries.get(key, ()))
	due_dates = [term.due_date for term in terms]
	parts = split_outstanding(
		outstanding, [t.amount for t in terms], [t.paid for t in terms], due_dates, credited
	)
	base_parts = split_outstanding(
		base_outstanding,
		[t.base_amount for t in terms],
		[t.base_paid for t in terms],
		due_dates,
		base_credited,
	)
	rows = [
		(term.due_date, term.amount, term.base_amount, part, base_part, term.name)
		for term, part, base_part in zip(terms, parts.open_amounts, base_parts.open_amounts, strict=True)
		if part or base_part
	]
	if parts.excess or base_parts.excess:
		due_date = origin.due_date or origin.posting_date
		rows.append((due_date, ZERO, ZERO, parts.excess, base_parts.excess, None))
	account = facts.accounts[key.account]
	start = (account.company, key.customer, key.account, account.currency, key.voucher, origin.posting_date)
	return [OpenItem(*start, *row) for row in rows]


def credited_by(entries: Iterable[Entry]) -> tuple[Decimal, Decimal]:
	"""Return what other invoices' entries (credit notes) take off, as positive amounts."""
	notes = [
		e
		for e in entries
		if e.voucher.doctype == SALES_INVOICE and e.voucher != e.against and e.base_amount < 0
	]
	return -sum((e.amount for e in notes), ZERO), -sum((e.base_amount for e in notes), ZERO)


def _first_seen(entries: list[Entry]) -> Origin:
	"""Return the origin of a voucher known only through its entries against something not in the ledger."""
	return Origin(
		min(entry.posting_date for entry in entries),
		sum((entry.amount for entry in entries), ZERO),
		sum((entry.base_amount for entry in entries), ZERO),
	)
