"""Settlements: when each invoice was really paid, and how late."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol

from client_ledger.core.entries import BalanceKey, Entry
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
	entries: Iterable[Entry], invoices: Mapping[str, Invoice], precision: int = 2
) -> list[Settlement]:
	"""Return the settlement of every invoice in *invoices* (credit notes left out) that *entries* touch.

	entries: in any order. An invoice settled by a payment dated before it is settled on its own date.
	"""
	by_key: dict[BalanceKey, list[Entry]] = {}
	for entry in entries:
		by_key.setdefault(BalanceKey(entry.customer, entry.account, entry.against), []).append(entry)
	smallest = unit(precision)
	found = []
	for key, rows in by_key.items():
		invoice = invoices.get(key.voucher.name)
		if invoice is None or invoice.return_against or invoice.amount <= 0:
			continue
		rows.sort(key=lambda entry: entry.posting_date)
		outstanding, settled_on = run_down(rows, smallest)
		if settled_on:
			settled_on = max(settled_on, invoice.posting_date)
		found.append(Settlement(key, invoice, outstanding, settled_on))
	return found


def run_down(entries: Iterable[Entry], smallest: Decimal) -> tuple[Decimal, date | None]:
	"""Return what is open after *entries* (by date) and since when nothing is; None while something is."""
	outstanding, settled_on = ZERO, None
	for entry in entries:
		outstanding += entry.amount
		if outstanding >= smallest:
			settled_on = None
		elif settled_on is None:
			settled_on = entry.posting_date
	return outstanding, settled_on


def average_days_late(found: Iterable[Settled], since: date, until: date) -> tuple[Decimal | None, int]:
	"""Return (mean days late, number) over invoices settled in [since, until]; (None, 0) where there are none."""
	late = [s.days_late for s in found if s.settled_on and since <= s.settled_on <= until]
	return (Decimal(sum(late)) / len(late), len(late)) if late else (None, 0)


def average_days_to_pay(found: Iterable[Settled], since: date, until: date) -> Decimal | None:
	"""Return the mean days from invoice to settlement over invoices settled in [since, until], None for none."""
	days = [s.days_to_pay for s in found if s.settled_on and since <= s.settled_on <= until]
	return Decimal(sum(days)) / len(days) if days else None
