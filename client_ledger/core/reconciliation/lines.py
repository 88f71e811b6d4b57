"""The lines of a ledger as either side keeps it, and what is asked of a comparison. Amounts are signed as ours are:
what adds to the debt of the customer is positive, on both sides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import Enum

from client_ledger.core.money import ZERO


class LineKind(str, Enum):
	"""What a line is. The value is the English label."""

	INVOICE = "Invoice"
	CREDIT_NOTE = "Credit Note"
	PAYMENT = "Payment"


class Side(str, Enum):
	"""Whose list a line stands on."""

	OURS = "Ours"
	THEIRS = "Theirs"

	@property
	def other(self) -> "Side":
		"""Return the other side."""
		return Side.THEIRS if self is Side.OURS else Side.OURS


@dataclass(frozen=True, slots=True)
class BookedLine:
	"""One line of a list. id: unique on its side, the same in every run. number: of its document.

	references: further numbers, such as the order's, the customer's own, those of what it settles. kind: None where the
	list does not say; the sign is then all that is known.
	"""

	id: str
	date: date
	amount: Decimal
	currency: str
	number: str = ""
	references: tuple[str, ...] = ()
	text: str = ""
	kind: LineKind | None = None

	@property
	def is_payment(self) -> bool:
		"""Return whether it is a payment, or may be: it takes from the debt and is not said to be a credit note."""
		return self.kind is LineKind.PAYMENT or (self.kind is None and self.amount < 0)


@dataclass(frozen=True, slots=True)
class LedgerSide:
	"""One side's list. opening, closing: balances that it states, per currency. begins, ends: the days it covers, where known.

	Where a closing balance is stated, it is the side's balance, whether the lines add up to it or not.
	"""

	lines: Sequence[BookedLine]
	opening: Mapping[str, Decimal] = field(default_factory=dict)
	closing: Mapping[str, Decimal] = field(default_factory=dict)
	begins: date | None = None
	ends: date | None = None

	def balance(self, currency: str) -> Decimal:
		"""Return what the side says is owed: as stated, else opening and lines together."""
		return self.closing[currency] if currency in self.closing else self.added_up(currency)

	def added_up(self, currency: str) -> Decimal:
		"""Return opening balance and lines together."""
		lines = sum((line.amount for line in self.lines if line.currency == currency), ZERO)
		return self.opening.get(currency, ZERO) + lines

	def currencies(self) -> set[str]:
		"""Return the currencies of lines and stated balances."""
		return {*(line.currency for line in self.lines), *self.opening, *self.closing}

	def turned(self) -> "LedgerSide":
		"""Return the side with all its amounts the other way round."""
		return replace(
			self,
			lines=tuple(replace(line, amount=-line.amount) for line in self.lines),
			opening={currency: -amount for currency, amount in self.opening.items()},
			closing={currency: -amount for currency, amount in self.closing.items()},
		)

	def in_currency(self, currency: str) -> "LedgerSide":
		"""Return the side with *currency* wherever none is said."""
		return replace(
			self,
			lines=tuple(replace(line, currency=line.currency or currency) for line in self.lines),
			opening={name or currency: amount for name, amount in self.opening.items()},
			closing={name or currency: amount for name, amount in self.closing.items()},
		)


@dataclass(frozen=True, slots=True)
class MatchSettings:
	"""What a company says of a comparison, per call.

	as_of: the day of the comparison. tolerance: what two amounts may differ by and still agree. window_days: how far apart
	two lines may be dated where no number joins them. transit_days: how long before the end a line may be on its way.
	fee_share: the largest part of a payment that a bank keeps. most_steps: of one search for several lines that make up one.
	"""

	as_of: date
	tolerance: Decimal = ZERO
	window_days: int = 45
	transit_days: int = 10
	fee_share: Decimal = Decimal("0.02")
	most_steps: int = 20_000


@dataclass(frozen=True, slots=True)
class Decisions:
	"""What people decided, by the ids of lines; it always wins. joined: (ours, theirs) that are one business, whatever
	the amounts; one of the two may be empty: those lines have no counterpart. kept_apart: (one of ours, one of theirs) that are
	never matched, not within several either.
	"""

	joined: Sequence[tuple[Sequence[str], Sequence[str]]] = ()
	kept_apart: Sequence[tuple[str, str]] = ()
