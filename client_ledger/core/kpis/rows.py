"""What KPIs are made of: rows of a ledger, each with its voucher and customer, so that every figure leads back to them.

All amounts in company currency.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import NamedTuple, TypeVar

from client_ledger.core.flows import months_before
from client_ledger.core.money import ZERO


class Cause(str, Enum):
	"""Why a figure is another than a month ago. The value is the English label."""

	BILLING = "Billing"
	PAYMENTS = "Payments"
	CREDIT_NOTES = "Credit Notes"
	OTHER = "Write-offs and Other Entries"
	MIX = "Mix and Time"


class OpenRow(NamedTuple):
	"""What is open of a voucher (of one of its payment terms) on a day: above 0 owed, below 0 the customer's credit."""

	voucher: str
	customer: str
	posted: date
	due: date
	amount: Decimal
	term: str = ""
	disputed: Decimal = ZERO


class SaleRow(NamedTuple):
	"""A credit sale; a credit note has an amount below 0."""

	voucher: str
	customer: str
	posted: date
	amount: Decimal


class InvoiceRow(NamedTuple):
	"""An invoice and the day nothing of it was open any more; None while something is."""

	voucher: str
	customer: str
	posted: date
	due: date
	amount: Decimal
	settled_on: date | None


class MoneyRow(NamedTuple):
	"""Money received, or written off, or spent on collecting: above 0."""

	voucher: str
	customer: str
	posted: date
	amount: Decimal


class PromiseRow(NamedTuple):
	"""A promise that is over. decided_on: the day it was kept or broken."""

	voucher: str
	customer: str
	decided_on: date
	amount: Decimal
	is_kept: bool


class DisputeRow(NamedTuple):
	"""A dispute; closed: None while it is open."""

	voucher: str
	customer: str
	opened: date
	closed: date | None
	amount: Decimal


class MoveRow(NamedTuple):
	"""What moved the open amount of a voucher, by cause: above 0 adds to it."""

	voucher: str
	customer: str
	posted: date
	cause: Cause
	amount: Decimal


Row = TypeVar("Row", bound=NamedTuple)
# The lists of rows that every book has.
_FLOWS = ("sales", "invoices", "receipts", "write_offs", "promises", "disputes", "moves")


@dataclass(frozen=True, slots=True)
class KpiBook:
	"""The rows of one company, or of a part of it, in one currency.

	open_on: what was open at the end of the days that figures are asked for, and of those they start from. invoices, sales: of all
	days up to the last one. costs: None where no time is logged. unrated: vouchers in a currency without a rate: nothing that
	is an amount can then be said. general_ledger: the balance of the receivable accounts on a day, where it is known.
	"""

	open_on: Mapping[date, Sequence[OpenRow]]
	sales: Sequence[SaleRow] = ()
	invoices: Sequence[InvoiceRow] = ()
	receipts: Sequence[MoneyRow] = ()
	write_offs: Sequence[MoneyRow] = ()
	promises: Sequence[PromiseRow] = ()
	disputes: Sequence[DisputeRow] = ()
	costs: Sequence[MoneyRow] | None = None
	moves: Sequence[MoveRow] = ()
	unrated: Sequence[tuple[str, str]] = ()
	general_ledger: Mapping[date, Decimal] = field(default_factory=dict)

	def only(self, wanted: Callable[[str], bool]) -> "KpiBook":
		"""Return the rows of the customers that are *wanted*. What the general ledger says is of all, and left out."""

		def kept(rows: Sequence[Row]) -> list[Row]:
			return [row for row in rows if wanted(row.customer)]

		return replace(
			self,
			open_on={day: kept(rows) for day, rows in self.open_on.items()},
			sales=kept(self.sales),
			invoices=kept(self.invoices),
			receipts=kept(self.receipts),
			write_offs=kept(self.write_offs),
			promises=kept(self.promises),
			disputes=kept(self.disputes),
			costs=None if self.costs is None else kept(self.costs),
			moves=kept(self.moves),
			unrated=[row for row in self.unrated if wanted(row[1])],
			general_ledger={},
		)

	def by(self, key: Callable[[str], Hashable]) -> dict[Hashable, "KpiBook"]:
		"""Return a book per value of a dimension, by value. key: customer -> group, territory, sales person, collector, grade ..."""
		values = {customer: key(customer) for customer in self.customers()}
		parts = sorted(set(values.values()), key=str)

		def split(rows: Sequence[Row]) -> dict[Hashable, list[Row]]:
			found: dict[Hashable, list[Row]] = {part: [] for part in parts}
			for row in rows:
				found[values[row.customer]].append(row)
			return found

		# Each list is gone through once, however many parts there are.
		open_on = {day: split(rows) for day, rows in self.open_on.items()}
		flows = {name: split(getattr(self, name)) for name in _FLOWS}
		costs = None if self.costs is None else split(self.costs)
		unrated: dict[Hashable, list[tuple[str, str]]] = {}
		for row in self.unrated:
			unrated.setdefault(values[row[1]], []).append(row)
		return {
			part: replace(
				self,
				open_on={day: rows[part] for day, rows in open_on.items()},
				**{name: rows[part] for name, rows in flows.items()},
				costs=None if costs is None else costs[part],
				unrated=unrated.get(part, ()),
				general_ledger={},
			)
			for part in parts
		}

	def customers(self) -> set[str]:
		"""Return everybody a row is about."""
		several: list[Iterable[NamedTuple]] = [*self.open_on.values(), self.costs or ()]
		several += [getattr(self, name) for name in _FLOWS]
		return {row.customer for rows in several for row in rows} | {row[1] for row in self.unrated}


class Window(NamedTuple):
	"""The months a figure is about: *months* of them, of which the last one ends with as_of."""

	as_of: date
	months: int = 3

	@property
	def first(self) -> date:
		"""Return its first day."""
		return months_before(self.as_of, self.months - 1)

	@property
	def eve(self) -> date:
		"""Return the day before it, with whose end it starts."""
		return self.first - timedelta(days=1)

	@property
	def days(self) -> int:
		"""Return how many days it has."""
		return (self.as_of - self.eve).days

	@property
	def month_before(self) -> date:
		"""Return the last day of the month before that of as_of."""
		return self.as_of.replace(day=1) - timedelta(days=1)

	@property
	def before(self) -> "Window":
		"""Return the window of a month ago."""
		return Window(self.month_before, self.months)

	def holds(self, day: date) -> bool:
		"""Return whether a day lies in it."""
		return self.eve < day <= self.as_of

	def needs(self) -> set[date]:
		"""Return the days whose open items figures and their changes are made of."""
		return {
			self.as_of,
			self.eve,
			self.month_before,
			self.before.eve,
			self.before.month_before,
		}
