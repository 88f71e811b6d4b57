"""Movements: the ledger as a customer reads it, one line per voucher and currency, with a running balance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from client_ledger.core.entries import PAYMENT_ENTRY, Entry, ReceivableAccount, Voucher
from client_ledger.core.money import ZERO
from client_ledger.core.open_items import Invoice, OpenItem
from client_ledger.core.status import ItemStatus, item_status


@dataclass(frozen=True, slots=True)
class Movement:
	"""One voucher's effect on a customer's account.

	`debit`, `credit` and `balance` are in `currency`; `balance` runs over all accounts of that currency.
	`base_balance` runs over everything, in company currency. `against` are the other vouchers it settles. What it only
	moves from one account to another is neither debit nor credit; `account` is the one that most of it is in.
	`is_move`: it did nothing but that.
	"""

	posting_date: date
	company: str
	account: str
	currency: str
	voucher: Voucher
	debit: Decimal
	credit: Decimal
	base_debit: Decimal
	base_credit: Decimal
	balance: Decimal
	base_balance: Decimal
	against: tuple[Voucher, ...] = ()
	is_move: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
	"""Balance before the first movement: per currency, and in company currency."""

	by_currency: dict[str, Decimal]
	base: Decimal


def ledger_order(entry: Entry) -> tuple:
	"""Sort key of the ledger: by date, on one day invoices before payments before journals."""
	return (entry.posting_date, _DescendingText(entry.voucher.doctype), entry.voucher.name, entry.account)


class _DescendingText(str):
	def __lt__(self, other: str) -> bool:
		return str.__gt__(self, other)


def movements(
	entries: Iterable[Entry], accounts: dict[str, ReceivableAccount], opening: Opening
) -> list[Movement]:
	"""Return the movements of *entries*, which must be in ledger order, oldest first."""
	balances, base_balance = dict(opening.by_currency), opening.base
	found: list[Movement] = []
	for group in _by_voucher(entries, accounts):
		account, (debit, credit), (base_debit, base_credit) = _moved(group, accounts)
		balances[account.currency] = balances.get(account.currency, ZERO) + debit - credit
		base_balance += base_debit - base_credit
		found.append(
			Movement(
				group[0].posting_date,
				account.company,
				account.name,
				account.currency,
				group[0].voucher,
				debit,
				credit,
				base_debit,
				base_credit,
				balances[account.currency],
				base_balance,
				_settled_by(group),
				_crosses(group) and not (debit or credit or base_debit or base_credit),
			)
		)
	return found


def _by_voucher(entries: Iterable[Entry], accounts: dict[str, ReceivableAccount]) -> Iterable[list[Entry]]:
	"""Yield the entries of each voucher and day, those in accounts of one currency together."""
	for _voucher, group in groupby(entries, key=lambda entry: (entry.posting_date, entry.voucher)):
		by_currency: dict[tuple[str, str], list[Entry]] = {}
		for entry in group:
			account = accounts[entry.account]
			by_currency.setdefault((account.company, account.currency), []).append(entry)
		yield from by_currency.values()


def _moved(
	group: list[Entry], accounts: dict[str, ReceivableAccount]
) -> tuple[ReceivableAccount, tuple[Decimal, Decimal], tuple[Decimal, Decimal]]:
	"""Return a voucher's account, and debit and credit in its currency and in the company's."""
	amounts, bases = [entry.amount for entry in group], [entry.base_amount for entry in group]
	if not _crosses(group):
		return accounts[group[0].account], _sides(amounts), _sides(bases)
	sums: dict[str, Decimal] = {}
	for entry in group:
		sums[entry.account] = sums.get(entry.account, ZERO) + entry.base_amount
	account = max(sorted(sums), key=lambda name: abs(sums[name]))
	return accounts[account], _sides([sum(amounts, ZERO)]), _sides([sum(bases, ZERO)])


def _crosses(group: list[Entry]) -> bool:
	"""Return whether entries of one voucher pass something on: from one account to another, or from an advance to what it pays."""
	return any(
		entry.account != group[0].account
		or (entry.voucher.doctype == PAYMENT_ENTRY and entry.voucher == entry.against and entry.amount > 0)
		for entry in group
	)


def _sides(amounts: list[Decimal]) -> tuple[Decimal, Decimal]:
	"""Return (debit, credit). A voucher with both, such as an invoice paid at the counter, shows both."""
	return sum((a for a in amounts if a > 0), ZERO), -sum((a for a in amounts if a < 0), ZERO)


def _settled_by(group: list[Entry]) -> tuple[Voucher, ...]:
	# Sorted, since databases return the entries of one voucher in no order of their own.
	return tuple(sorted({entry.against for entry in group if entry.against != entry.voucher}))


@dataclass(frozen=True, slots=True)
class LedgerLine:
	"""A movement with where it stands on the as-of date.

	outstanding: what of the voucher is still open (account currency; negative: not yet allocated).
	due_date: of the oldest open term, or the invoice's. days_late: days from due date to settlement, or to
	the as-of date while open; None where there is no due date, negative when early.
	"""

	movement: Movement
	status: ItemStatus
	outstanding: Decimal
	base_outstanding: Decimal
	due_date: date | None
	settled_on: date | None
	days_late: int | None


def describe(
	movement: Movement,
	open_items: list[OpenItem],
	invoice: Invoice | None,
	settled_on: date | None,
	as_of: date,
) -> LedgerLine:
	"""Return *movement* with its status.

	open_items: those of the movement's voucher and currency. invoice: where the voucher is a sales invoice.
	settled_on: the day the invoice was paid in full, None while open or for other vouchers. What is open of a voucher is
	said where it entered the ledger, not once more where it was moved later.
	"""
	if movement.is_move:
		open_items = [item for item in open_items if item.posting_date >= movement.posting_date]
	outstanding = sum((item.outstanding for item in open_items), ZERO)
	base = sum((item.base_outstanding for item in open_items), ZERO)
	due_date = invoice.due_date if invoice and not invoice.return_against else None
	if open_items and outstanding > 0:
		due_date = min(item.due_date for item in open_items if item.outstanding > 0)
	amount = invoice.amount if invoice else movement.debit - movement.credit
	status = item_status(amount, outstanding, due_date or movement.posting_date, as_of)
	if movement.is_move and not outstanding:
		status = ItemStatus.SETTLED
	until = settled_on if settled_on and not outstanding else as_of if outstanding > 0 else None
	days_late = (until - due_date).days if until and due_date else None
	return LedgerLine(movement, status, outstanding, base, due_date, settled_on, days_late)


def ledger_place(posting_date: date, doctype: str, name: str) -> tuple:
	"""Return the sort key of a voucher in the ledger, oldest first: on one day invoices before payments before journals."""
	return (posting_date, tuple(-ord(letter) for letter in doctype), name)


def item_place(item: OpenItem) -> tuple:
	"""Return the sort key of an open item in the ledger: its voucher's, then its due date."""
	return (*ledger_place(item.posting_date, *item.voucher), item.due_date)


def with_balance(items: Iterable[OpenItem]) -> Iterable[tuple[OpenItem, Decimal, Decimal]]:
	"""Yield each item with the running sum in its currency and in company currency."""
	sums: dict[str, Decimal] = {}
	base = ZERO
	for item in items:
		sums[item.currency] = sums.get(item.currency, ZERO) + item.outstanding
		base += item.base_outstanding
		yield item, sums[item.currency], base
