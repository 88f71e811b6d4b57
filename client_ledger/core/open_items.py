"""Open items: from balances per voucher to what a customer owes, each with its due date.

	balances per voucher  ->  route those whose voucher is not in the ledger yet  ->  undo moves between accounts
	->  split by payment terms

A voucher is one item in each currency, whichever receivable accounts of the company it is in. A balance belongs to the voucher its entries are against. Where that voucher has no entry of its own
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
from client_ledger.core.moves import Move, pooled, pools_of, scaled
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
	"""All that is needed to resolve balances into open items, as of one date.

	origins: by pooled key. moves: one that moves what another moved comes before that other.
	"""

	accounts: Mapping[str, ReceivableAccount]
	balances: Iterable[Balance]
	invoices: Mapping[str, Invoice] = field(default_factory=dict)
	origins: Mapping[BalanceKey, Origin] = field(default_factory=dict)
	entries: Mapping[BalanceKey, list[Entry]] = field(default_factory=dict)
	terms: Mapping[str, list[Term]] = field(default_factory=dict)
	revaluations: frozenset[str] = frozenset()
	moves: Sequence[Move] = ()
	pools: Mapping[str, str] = field(init=False)

	def __post_init__(self) -> None:
		self.pools = pools_of(self.accounts)


class OpenItem(NamedTuple):
	"""An amount still open: one term of an invoice, an unallocated payment, a credit.

	`account` is the one it is in, or most of it.

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
	"""Return when and how the voucher of *key* (pooled) entered the ledger, or None if it has not (yet).

	An invoice is the same in every receivable account of its company. Its entries may bear another customer or company
	than its document does now: they count, with the document's due date.
	"""
	invoice = facts.invoices.get(key.voucher.name) if key.voucher.doctype == SALES_INVOICE else None
	if invoice and is_of(facts, invoice, key):
		return Origin(invoice.posting_date, invoice.amount, invoice.base_amount, invoice.due_date)
	origin = facts.origins.get(key)
	return origin._replace(due_date=invoice.due_date) if invoice and origin else origin


def is_of(facts: LedgerFacts, invoice: Invoice, key: BalanceKey) -> bool:
	"""Return whether *key* is a balance of *invoice*: of its customer, in a receivable account of its company."""
	if invoice.customer != key.customer:
		return False
	own, other = facts.accounts.get(invoice.account), facts.accounts.get(key.account)
	return invoice.account == key.account or bool(own and other and own.company == other.company)


def resolve(facts: LedgerFacts, precision: int = 2, by_terms: bool = True) -> list[OpenItem]:
	"""Return the open items of *facts*, ordered by customer, due date and voucher.

	precision: decimals at which an amount counts as zero. by_terms: one item per payment term
	(otherwise one per voucher, due with its last term). An item open only in company currency is left out,
	unless it is a revaluation, as in ERPNext's report.
	"""
	sums = _Sums()
	origins: dict[BalanceKey, Origin] = {}
	strays: dict[BalanceKey, list[Entry]] = defaultdict(list)
	for key, amount, base_amount in facts.balances:
		target = _target(facts, pooled(key, facts.pools))
		if origin := find_origin(facts, target):
			origins[target] = origin
			sums.add(target, key.account, amount, base_amount)
			continue
		for entry in facts.entries.get(key, ()):
			own = target._replace(voucher=entry.voucher)
			strays[own].append(entry)
			sums.add(own, key.account, entry.amount, entry.base_amount)
	for move in facts.moves:
		_undo(facts, move, sums, origins)

	smallest = unit(precision)
	items: list[OpenItem] = []
	for key, account, amount, base_amount in sums.found():
		base = base_amount.quantize(smallest, ROUND_HALF_UP)
		if not base:
			continue
		outstanding = base if amount is base_amount else amount.quantize(smallest, ROUND_HALF_UP)
		if outstanding or key.voucher.name in facts.revaluations:
			origin = origins.get(key) or find_origin(facts, key) or _first_seen(strays[key])
			items.extend(_items(facts, key, account, origin, outstanding, base, by_terms))
	items.sort(key=lambda item: (item.customer, item.due_date, item.posting_date, item.voucher))
	return items


class _Sums:
	"""What is open of each voucher in a pool of accounts, and in which of them it is."""

	def __init__(self):
		self.totals: dict[BalanceKey, tuple[Decimal, Decimal, str]] = {}
		# Only of those in several accounts: what is in each, company currency.
		self.shares: dict[BalanceKey, dict[str, Decimal]] = {}

	def add(self, key: BalanceKey, account: str, amount: Decimal, base_amount: Decimal) -> None:
		before = self.totals.get(key)
		if before is None:
			self.totals[key] = (amount, base_amount, account)
			return
		shares = self.shares.get(key)
		if shares is None and before[2] != account:
			shares = self.shares[key] = {before[2]: before[1]}
		if shares is not None:
			shares[account] = shares.get(account, ZERO) + base_amount
		self.totals[key] = (before[0] + amount, before[1] + base_amount, before[2])

	def take(self, key: BalanceKey) -> tuple[Decimal, Decimal, str] | None:
		"""Remove what is open of a voucher and return it with the account it is in."""
		found = self.totals.pop(key, None)
		if found is None:
			return None
		return found[0], found[1], _main(self.shares.pop(key, {}), found[1]) or found[2]

	def found(self) -> Iterable[tuple[BalanceKey, str, Decimal, Decimal]]:
		"""Yield each voucher's pooled key, the account it is in or most of it, and what is open."""
		passed = self._passed_on()
		for key in sorted(key for key in self.totals if key[:2] in passed) if passed else ():
			shares = self.shares.get(key) or {self.totals[key][2]: self.totals[key][1]}
			self.shares[key] = _follow(shares, passed[key[:2]])
		for key, (amount, base_amount, first) in self.totals.items():
			yield key, _main(self.shares.get(key, {}), base_amount) or first, amount, base_amount

	def _passed_on(self) -> dict[tuple[str, str], dict[str, Decimal]]:
		"""Return per customer and pool what documents passed from account to account that keep nothing themselves, such as
		an invoice discounting."""
		passed: dict[tuple[str, str], dict[str, Decimal]] = {}
		for key, shares in self.shares.items():
			if key in self.totals and not self.totals[key][1]:
				sums = passed.setdefault(key[:2], {})
				for account, share in shares.items():
					sums[account] = sums.get(account, ZERO) + share
		return passed


def _main(shares: Mapping[str, Decimal], total: Decimal) -> str | None:
	"""Return the account with most of *total*."""
	sign = -1 if total < 0 else 1
	return max(sorted(shares), key=lambda account: shares[account] * sign, default=None)


def _follow(shares: Mapping[str, Decimal], passed: dict[str, Decimal]) -> dict[str, Decimal]:
	"""Return *shares* where they are after *passed*, of which what is used is taken."""
	found = dict(shares)
	for source in sorted(shares):
		for target in sorted(passed):
			step = min(found[source], -passed[source] if source in passed else ZERO, passed[target])
			if step > 0:
				found[source] -= step
				found[target] = found.get(target, ZERO) + step
				passed[source] += step
				passed[target] -= step
	return found


def _undo(facts: LedgerFacts, move: Move, sums: _Sums, origins: dict[BalanceKey, Origin]) -> None:
	"""Give what is open of a journal that moved vouchers to those."""
	for pool in sorted(set(facts.pools.values())):
		key = BalanceKey(move.customer, pool, move.voucher)
		open_amounts = sums.take(key)
		if open_amounts is None:
			continue
		amount, base_amount, account = open_amounts
		parts, rest = move.parts(base_amount)
		for voucher, part in parts:
			target = key._replace(voucher=voucher)
			if origin := find_origin(facts, target):
				origins[target] = origin
				sums.add(target, account, scaled(amount, base_amount, part), part)
			else:
				rest += part
		if rest:
			sums.add(key, account, scaled(amount, base_amount, rest), rest)


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
	account_name: str,
	origin: Origin,
	outstanding: Decimal,
	base_outstanding: Decimal,
	by_terms: bool,
) -> Sequence[OpenItem]:
	account = facts.accounts[account_name]
	invoice = facts.invoices.get(key.voucher.name) if key.voucher.doctype == SALES_INVOICE else None
	is_foreign = bool(invoice and facts.pools.get(invoice.account, key.account) != key.account)
	terms = facts.terms.get(key.voucher.name) if by_terms and key.voucher.doctype == SALES_INVOICE else None
	if terms:
		return _terms(facts, key, account, origin, terms, outstanding, base_outstanding, is_foreign)
	if is_foreign:
		origin = origin._replace(amount=outstanding, base_amount=base_outstanding)
	return (
		OpenItem(
			account.company,
			key.customer,
			account.name,
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
	account: ReceivableAccount,
	origin: Origin,
	terms: list[Term],
	outstanding: Decimal,
	base_outstanding: Decimal,
	is_foreign: bool,
) -> list[OpenItem]:
	"""Return one item per payment term still open, and one for what was paid beyond all of them.

	is_foreign: the account is in another currency than the invoice's: the terms' amounts are read at the rate of what is open.
	"""
	against = (
		facts.entries.get(key._replace(account=name), ())
		for name, pool in facts.pools.items()
		if pool == key.account
	)
	credited, base_credited = credited_by(entry for entries in against for entry in entries)
	if is_foreign:
		terms = [_in_account(term, outstanding, base_outstanding) for term in terms]
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
	start = (account.company, key.customer, account.name, account.currency, key.voucher, origin.posting_date)
	return [OpenItem(*start, *row) for row in rows]


def _in_account(term: Term, outstanding: Decimal, base_outstanding: Decimal) -> Term:
	"""Return *term* with its amounts in the currency of what is open."""
	amount = scaled(outstanding, base_outstanding, term.base_amount)
	return term._replace(amount=amount, paid=scaled(outstanding, base_outstanding, term.base_paid))


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
