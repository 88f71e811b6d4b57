"""Moves: an invoice or an advance that changes its receivable account and stays what it was.

	entries of journals that touch several accounts  ->  moves  ->  entries and balances as if there were one account

Accounts of one company and currency are one pool: what a voucher has in one of them counts with what it has in the others,
as Invoice Discounting and advances in a separate party account need it. A journal entry that takes an invoice off one
account and charges another without naming the invoice is a move: what is open of the journal entry is open of the invoice.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from client_ledger.core.entries import (
	JOURNAL_ENTRY,
	PAYMENT_ENTRY,
	SALES_INVOICE,
	BalanceKey,
	Entry,
	ReceivableAccount,
	Voucher,
)
from client_ledger.core.money import ZERO

# Sums of what databases store are zero up to this.
_NOTHING = Decimal("0.005")
Owner = tuple[str, Voucher]


class Move(NamedTuple):
	"""A journal entry that moved what a customer owes (own positive) or has on account to other accounts.

	own: what it booked of its own, company currency. carried: what that was before and how much of it (positive), the
	one that is due last first: money that comes settles the others before.
	"""

	customer: str
	voucher: Voucher
	own: Decimal
	carried: tuple[tuple[Voucher, Decimal], ...]

	def parts(self, left: Decimal) -> tuple[list[tuple[Voucher, Decimal]], Decimal]:
		"""Return how much of each carried voucher is open while *left* of the journal's own amount is, and the rest."""
		sign = 1 if self.own > 0 else -1
		rest, found = left * sign, []
		for voucher, most in self.carried:
			part = min(max(rest, ZERO), most)
			rest -= part
			if part:
				found.append((voucher, part * sign))
		return found, rest * sign


def pools_of(accounts: Mapping[str, ReceivableAccount]) -> dict[str, str]:
	"""Return for each account the first of its company and currency: what counts as one account with it."""
	first: dict[tuple[str, str], str] = {}
	for name in sorted(accounts):
		first.setdefault((accounts[name].company, accounts[name].currency), name)
	return {name: first[account.company, account.currency] for name, account in accounts.items()}


def pooled(key: BalanceKey, pools: Mapping[str, str]) -> BalanceKey:
	"""Return *key* with the account it counts as."""
	pool = pools.get(key.account, key.account)
	return key if pool == key.account else BalanceKey(key.customer, pool, key.voucher)


def crossing(entries: Iterable[Entry], doctype: str = JOURNAL_ENTRY) -> dict[Owner, list[Entry]]:
	"""Return the entries of each voucher of *doctype* that touches several accounts of one customer."""
	found: dict[Owner, list[Entry]] = {}
	for entry in entries:
		if entry.voucher.doctype == doctype:
			found.setdefault((entry.customer, entry.voucher), []).append(entry)
	return {owner: rows for owner, rows in found.items() if len({row.account for row in rows}) > 1}


def find_moves(
	entries: Iterable[Entry], days: Mapping[Voucher, date], booked: Collection[str] = ()
) -> list[Move]:
	"""Return the moves among *entries*; one that moves what another moved comes before that other.

	days: when the vouchers that may be carried are due; what is not named there cannot be carried. booked: journal
	entries that book a debt of their own, with a bill number and a due date, or a revaluation.
	"""
	found: dict[Owner, tuple[Decimal, dict[Voucher, Decimal]]] = {}
	for (customer, voucher), rows in crossing(entries).items():
		if voucher.name in booked or abs(sum((row.base_amount for row in rows), ZERO)) >= _NOTHING:
			continue
		sums: dict[Voucher, Decimal] = {}
		for row in rows:
			sums[row.against] = sums.get(row.against, ZERO) + row.base_amount
		own = sums.pop(voucher, ZERO)
		sources = {v: -amount if own > 0 else amount for v, amount in sums.items() if amount * own < 0}
		if abs(own) >= _NOTHING and all(source in days for source in sources):
			found[customer, voucher] = own, sources

	def due(customer: str, voucher: Voucher, above: tuple[Voucher, ...] = ()) -> date:
		"""Return when a voucher is due: a journal that moved others when the first of them is."""
		inner = found.get((customer, voucher)) if voucher not in above else None
		if inner is None:
			return days[voucher]
		return min(due(customer, source, (*above, voucher)) for source in inner[1])

	moves = {
		(customer, voucher): Move(
			customer,
			voucher,
			own,
			_carried(abs(own), sources, {source: due(customer, source, (voucher,)) for source in sources}),
		)
		for (customer, voucher), (own, sources) in found.items()
	}
	return _latest_first(moves)


def _carried(
	own: Decimal, sources: Mapping[Voucher, Decimal], days: Mapping[Voucher, date]
) -> tuple[tuple[Voucher, Decimal], ...]:
	"""Return what of *sources* is carried: where the journal settles some of them too, those that were due first."""
	settled = sum(sources.values(), ZERO) - own
	carried = []
	for voucher in sorted(sources, key=lambda v: (days[v], v)):
		used = min(max(settled, ZERO), sources[voucher])
		settled -= used
		if used < sources[voucher]:
			carried.append((voucher, sources[voucher] - used))
	return tuple(reversed(carried))


def _latest_first(moves: Mapping[Owner, Move]) -> list[Move]:
	left, ordered = dict(moves), []
	while left:
		carried = {(move.customer, voucher) for move in left.values() for voucher, _most in move.carried}
		free = [owner for owner in left if owner not in carried] or list(left)
		ordered += [left.pop(owner) for owner in free]
	return ordered


def unmoved(entries: Iterable[Entry], moves: Sequence[Move], pools: Mapping[str, str]) -> list[Entry]:
	"""Return *entries* as if every pool were one account and nothing had been moved.

	entries: of the vouchers that are asked about, all that are against them or against one of *moves*.
	"""
	book: dict[Owner, list[Entry]] = {}
	for entry in entries:
		pool = pools.get(entry.account, entry.account)
		kept = entry if pool == entry.account else entry._replace(account=pool)
		book.setdefault((entry.customer, entry.against), []).append(kept)
	for move in moves:
		_undo(book, move)
	return [entry for rows in book.values() for entry in rows]


def _undo(book: dict[Owner, list[Entry]], move: Move) -> None:
	"""Take a move out of *book*: what was against it is against what it carried."""
	customer, journal = move.customer, move.voucher
	for voucher, most in move.carried:
		rows = book.get((customer, voucher), [])
		moved = [row for row in rows if row.voucher == journal]
		if moved:
			rest = sum((row.base_amount for row in moved), ZERO) + (most if move.own > 0 else -most)
			rows[:] = [row for row in rows if row.voucher != journal]
			if abs(rest) >= _NOTHING:
				rows.append(_part(moved[0], voucher, rest))
	left, stays = move.own, []
	for entry in sorted(book.pop((customer, journal), ()), key=lambda row: row.posting_date):
		if entry.voucher == journal:
			continue
		before, own_before = move.parts(left)
		left += entry.base_amount
		after, own_after = move.parts(left)
		changes = dict(after)
		for voucher, part in before:
			changes[voucher] = changes.get(voucher, ZERO) - part
		for voucher, change in changes.items():
			if change:
				book.setdefault((customer, voucher), []).append(_part(entry, voucher, change))
		if own_after != own_before:
			stays.append(_part(entry, journal, own_after - own_before))
	if stays:
		book[customer, journal] = stays


def _part(entry: Entry, against: Voucher, base_amount: Decimal) -> Entry:
	"""Return so much of *entry*, against another voucher."""
	return entry._replace(
		against=against,
		amount=scaled(entry.amount, entry.base_amount, base_amount),
		base_amount=base_amount,
	)


def scaled(amount: Decimal, base_amount: Decimal, part: Decimal) -> Decimal:
	"""Return what *part* of *base_amount* is of *amount*."""
	return part if amount == base_amount or not base_amount else amount * part / base_amount


def received_on(entries: Iterable[Entry], days: Mapping[Voucher, date]) -> dict[Owner, date]:
	"""Return the day the money of vouchers came that touch several accounts, where later entries passed it on.

	days: of what journal entries took money from, where *entries* do not hold it. A payment came on the first of its days, whenever it was taken from the advances; a journal entry that takes an
	advance from another account passes on what came with that.
	"""
	rows = list(entries)
	found = {
		owner: min(row.posting_date for row in own) for owner, own in crossing(rows, PAYMENT_ENTRY).items()
	}
	first: dict[Owner, date] = {}
	for row in rows:
		owner = (row.customer, row.voucher)
		first[owner] = min(first.get(owner, row.posting_date), row.posting_date)
	journals = sorted(crossing(rows).items(), key=lambda item: item[1][0].posting_date)
	for (customer, voucher), own in journals:
		taken = [
			found.get((customer, row.against)) or first.get((customer, row.against)) or days.get(row.against)
			for row in own
			if row.amount > 0 and row.against.doctype != SALES_INVOICE and row.against != voucher
		]
		came = [day for day in taken if day]
		if came and abs(sum((row.base_amount for row in own), ZERO)) < _NOTHING:
			found[customer, voucher] = max(came)
	return found
