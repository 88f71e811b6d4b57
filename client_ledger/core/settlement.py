"""Settlements: when each invoice was really paid, and how late."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple, Protocol

from client_ledger.core.entries import SALES_INVOICE, BalanceKey, Entry, ReceivableAccount, Voucher
from client_ledger.core.money import ZERO, unit
from client_ledger.core.open_items import Invoice


class Settled(Protocol):
	"""What averages need of an invoice: when it was settled, and how long that took (days; None while open)."""

	@property
	def settled_on(self) -> date | None: ...

	@property
	def days_late(self) -> int | None: ...

	@property
	def days_to_pay(self) -> int | None: ...


class Settlement(NamedTuple):
	"""An invoice and the day its outstanding amount fell to zero and stayed there (None while open)."""

	key: BalanceKey
	invoice: Invoice
	outstanding: Decimal
	settled_on: date | None

	@property
	def days_late(self) -> int | None:
		"""Days from the due date to settlement, negative when early; None while open."""
		if self.settled_on is None:
			return None
		return (self.settled_on - (self.invoice.due_date or self.invoice.posting_date)).days

	@property
	def days_to_pay(self) -> int | None:
		"""Days from the invoice to settlement; None while open."""
		return None if self.settled_on is None else (self.settled_on - self.invoice.posting_date).days


def settlements(
	entries: Iterable[Entry],
	invoices: Mapping[str, Invoice],
	precision: int = 2,
	accounts: Mapping[str, ReceivableAccount] | None = None,
	received: Mapping[tuple[str, Voucher], date] | None = None,
) -> list[Settlement]:
	"""Return the settlement of every invoice in *invoices* (credit notes left out) that *entries* touch.

	entries: in any order, with no moves between accounts among them. An invoice settled by a payment dated before it is
	settled on its own date. accounts: needed where an invoice's entries are in accounts of several currencies. received:
	when the money of vouchers came, where that is not the day of their entries.
	"""
	by_invoice: dict[tuple[str, str], list[Entry]] = {}
	for entry in entries:
		if entry.against.doctype == SALES_INVOICE:
			by_invoice.setdefault((entry.customer, entry.against.name), []).append(entry)
	smallest = unit(precision)
	found = []
	for (customer, name), rows in by_invoice.items():
		invoice = invoices.get(name)
		if invoice is None or invoice.return_against or invoice.amount <= 0:
			continue
		rows = [in_currency_of(invoice, entry, accounts or {}) for entry in rows]
		outstanding, settled_on = run_down(in_order(rows, received or {}), smallest)
		if settled_on:
			settled_on = max(settled_on, invoice.posting_date)
		key = BalanceKey(customer, invoice.account, Voucher(SALES_INVOICE, name))
		found.append(Settlement(key, invoice, outstanding, settled_on))
	return found


def in_currency_of(invoice: Invoice, entry: Entry, accounts: Mapping[str, ReceivableAccount]) -> Entry:
	"""Return an entry against *invoice* with its amount in the currency of the invoice's account, at the invoice's rate."""
	own, other = accounts.get(invoice.account), accounts.get(entry.account)
	if own is None or other is None or own.currency == other.currency or not invoice.base_amount:
		return entry
	return entry._replace(amount=entry.base_amount * invoice.amount / invoice.base_amount)


def in_order(entries: Iterable[Entry], received: Mapping[tuple[str, Voucher], date]) -> list[Entry]:
	"""Return *entries* by date, each on the day its money came where that was before."""
	dated = []
	for entry in entries:
		came = received.get((entry.customer, entry.voucher))
		dated.append(entry._replace(posting_date=came) if came and came < entry.posting_date else entry)
	return sorted(dated, key=lambda entry: entry.posting_date)


def run_down(entries: Iterable[Entry], smallest: Decimal) -> tuple[Decimal, date | None]:
	"""Return what is open after *entries* (by date) and since when nothing is; None while something is.

	What counts is how a day ends: documents of one day are in no order.
	"""
	outstanding, settled_on = ZERO, None
	for day, rows in groupby(entries, key=lambda entry: entry.posting_date):
		outstanding += sum((entry.amount for entry in rows), ZERO)
		if outstanding >= smallest:
			settled_on = None
		elif settled_on is None:
			settled_on = day
	return outstanding, settled_on


def average_days_late(found: Iterable[Settled], since: date, until: date) -> tuple[Decimal | None, int]:
	"""Return (mean days late, number) over invoices settled in [since, until]; (None, 0) where there are none."""
	late = [s.days_late for s in found if s.settled_on and since <= s.settled_on <= until]
	return (Decimal(sum(late)) / len(late), len(late)) if late else (None, 0)


def average_days_to_pay(found: Iterable[Settled], since: date, until: date) -> Decimal | None:
	"""Return the mean days from invoice to settlement over invoices settled in [since, until], None for none."""
	days = [s.days_to_pay for s in found if s.settled_on and since <= s.settled_on <= until]
	return Decimal(sum(days)) / len(days) if days else None
