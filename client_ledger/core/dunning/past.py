"""The past of a ledger as the replay wants it: what was open of each invoice, or term of one, from which day on."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from client_ledger.core.dunning.plan import DueItemKey
from client_ledger.core.dunning.replay import PastItem
from client_ledger.core.entries import SALES_INVOICE, Entry, ReceivableAccount, Voucher
from client_ledger.core.money import ZERO
from client_ledger.core.open_items import Invoice, credited_by
from client_ledger.core.outbox.message import Party
from client_ledger.core.settlement import in_currency_of
from client_ledger.core.terms import Term, split_outstanding

# An invoice's terms as they stood from which day on, what payments named them for included.
TermsByDay = Sequence[tuple[date, Sequence[Term]]]


class _State(NamedTuple):
	"""What the ledger said of an invoice after a day: what was open, and what credit notes had taken off."""

	amount: Decimal = ZERO
	base: Decimal = ZERO
	credited: Decimal = ZERO
	base_credited: Decimal = ZERO

	def after(self, entry: Entry) -> "_State":
		credited, base_credited = credited_by((entry,))
		return _State(
			self.amount + entry.amount,
			self.base + entry.base_amount,
			self.credited + credited,
			self.base_credited + base_credited,
		)


def past_items(
	entries: Iterable[Entry],
	invoices: Mapping[str, Invoice],
	accounts: Mapping[str, ReceivableAccount],
	terms: Mapping[str, TermsByDay] | None = None,
) -> list[PastItem]:
	"""Return every invoice of *entries*, one item per due date of its terms; credit notes lower what they return.

	entries: with no moves between accounts among them.
	"""
	against = sorted(
		(entry for entry in entries if entry.against.doctype == SALES_INVOICE),
		key=lambda e: (e.customer, e.against.name, e.posting_date),
	)
	found: list[PastItem] = []
	for (customer, name), rows in groupby(against, key=lambda e: (e.customer, e.against.name)):
		group = list(rows)
		invoice = invoices.get(name)
		if invoice and not invoice.return_against and invoice.amount > 0:
			account = accounts.get(invoice.account) or accounts[group[0].account]
			party = Party(customer, account.company, account.currency)
			states = _states(invoice, [in_currency_of(invoice, entry, accounts) for entry in group])
			if by_day := (terms or {}).get(name):
				found += _by_due_date(party, invoice, states, by_day)
			else:
				found.append(_whole(party, invoice, states))
	return found


def _states(invoice: Invoice, entries: Iterable[Entry]) -> dict[date, _State]:
	"""Return what was open after each day that changed it; entries by date."""
	found: dict[date, _State] = {}
	state = _State()
	for entry in entries:
		state = state.after(entry)
		# Money that came before the invoice counts from the day the invoice was written.
		found[max(entry.posting_date, invoice.posting_date)] = state
	return found


def _whole(party: Party, invoice: Invoice, states: Mapping[date, _State]) -> PastItem:
	"""Return an invoice that is due on one day."""
	changes = tuple((day, state.amount, state.base) for day, state in states.items())
	return _item(party, invoice, invoice.due_date or invoice.posting_date, changes)


def _by_due_date(
	party: Party, invoice: Invoice, states: Mapping[date, _State], by_day: TermsByDay
) -> list[PastItem]:
	"""Return an invoice's terms, those that are due on one day together, split as its open items are."""
	changes: dict[date, list[tuple[date, Decimal, Decimal]]] = {}
	days = sorted({*states, *(max(day, invoice.posting_date) for day, _terms in by_day)})
	for day in days:
		known = [state for since, state in states.items() if since <= day]
		terms = [rows for since, rows in by_day if since <= day][-1]
		for due_date, (amount, base) in _split(known[-1] if known else _State(), terms).items():
			changes.setdefault(due_date, []).append((day, amount, base))
	return [_item(party, invoice, due_date, tuple(rows)) for due_date, rows in changes.items()]


def _split(state: _State, terms: Sequence[Term]) -> dict[date, tuple[Decimal, Decimal]]:
	"""Return what is open per due date, in both currencies."""
	due_dates = [term.due_date for term in terms]
	amounts = split_outstanding(
		state.amount, [t.amount for t in terms], [t.paid for t in terms], due_dates, state.credited
	)
	bases = split_outstanding(
		state.base,
		[t.base_amount for t in terms],
		[t.base_paid for t in terms],
		due_dates,
		state.base_credited,
	)
	found: dict[date, tuple[Decimal, Decimal]] = {}
	for due_date, amount, base in zip(due_dates, amounts.open_amounts, bases.open_amounts, strict=True):
		before = found.get(due_date, (ZERO, ZERO))
		found[due_date] = (before[0] + amount, before[1] + base)
	return found


def _item(
	party: Party, invoice: Invoice, due_date: date, changes: tuple[tuple[date, Decimal, Decimal], ...]
) -> PastItem:
	key = DueItemKey(Voucher(SALES_INVOICE, invoice.name), due_date)
	return PastItem(party, key, invoice.posting_date, changes)
