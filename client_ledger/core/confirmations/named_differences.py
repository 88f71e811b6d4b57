"""What a customer says without a ledger of its own, as two sides to compare: a balance, and differences that it names.

Everything it names no difference for it has accepted: that stands in the opening balance of both sides. What its balance is
beyond that stays visible as not on the list.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from client_ledger.core.money import ZERO
from client_ledger.core.reconciliation.lines import BookedLine, LedgerSide
from client_ledger.core.reconciliation.numbers import keys_of_number, letters_and_digits


class NamedKind(str, Enum):
	"""What a customer says of a line. The value is the English label."""

	NOT_IN_THEIR_BOOKS = "Not in Our Books"
	NOT_IN_OURS = "Not in Your Statement"
	OTHER_AMOUNT = "Other Amount"
	OTHER = "Other"


@dataclass(frozen=True, slots=True)
class NamedDifference:
	"""One difference that a customer names. id: the same in every run. amount: without a sign that means anything."""

	id: str
	kind: NamedKind
	number: str = ""
	day: date | None = None
	amount: Decimal = ZERO
	remark: str = ""


@dataclass(frozen=True, slots=True)
class AnsweredSides:
	"""Our side and theirs. unknown: the numbers of documents named that we do not have."""

	ours: LedgerSide
	theirs: LedgerSide
	unknown: tuple[str, ...] = ()


def answered_sides(
	ours: LedgerSide,
	named: Sequence[NamedDifference],
	currency: str,
	as_of: date,
	balance: Decimal | None,
) -> AnsweredSides:
	"""Return the two sides of an answer. balance: what the customer says it owes, None where it does not say."""
	found = _Lines(ours.lines)
	kept: list[BookedLine] = []
	theirs: list[BookedLine] = []
	unsigned: list[NamedDifference] = []
	unknown: list[str] = []
	for one in named:
		line = found.take(one.number)
		if line and one.kind is NamedKind.NOT_IN_THEIR_BOOKS:
			kept.append(line)
		elif line and one.kind is NamedKind.OTHER_AMOUNT:
			kept.append(line)
			theirs.append(_theirs(one, line.date, _signed_as(line.amount, one.amount), currency))
		elif one.kind in (NamedKind.NOT_IN_OURS, NamedKind.OTHER_AMOUNT) and one.amount:
			if line:
				kept.append(line)
			unsigned.append(one)
		elif one.number:
			unknown.append(one.number)
	opening = ours.balance(currency) - sum((line.amount for line in kept), ZERO)
	reached = opening + sum((line.amount for line in theirs), ZERO)
	sign = _sign(reached, balance)
	theirs += [
		_theirs(one, one.day or as_of, one.amount if one.amount < 0 else sign * one.amount, currency)
		for one in unsigned
	]
	stated: Mapping[str, Decimal] = {} if balance is None else {currency: balance}
	return AnsweredSides(
		LedgerSide(tuple(kept), {currency: opening}),
		LedgerSide(tuple(theirs), {currency: opening}, stated),
		tuple(unknown),
	)


def _sign(reached: Decimal, balance: Decimal | None) -> int:
	"""Return which way lines work that only they have: towards the balance they state; else they are payments."""
	return 1 if balance is not None and balance > reached else -1


def _signed_as(ours: Decimal, amount: Decimal) -> Decimal:
	return abs(amount) if ours > 0 else -abs(amount)


def _theirs(one: NamedDifference, day: date, amount: Decimal, currency: str) -> BookedLine:
	return BookedLine(one.id, one.day or day, amount, currency, one.number, (), one.remark)


class _Lines:
	"""Lines of ours by their numbers, each given out once."""

	def __init__(self, lines: Iterable[BookedLine]):
		self.lines = list(lines)
		self.taken: set[str] = set()

	def take(self, number: str) -> BookedLine | None:
		"""Return the one line with this number, however it is written; None where there is none or several."""
		if not number:
			return None
		plain, digits = letters_and_digits(number), keys_of_number(number).digits
		for fits in (
			lambda line: letters_and_digits(line.number) == plain,
			lambda line: plain in {letters_and_digits(one) for one in line.references},
			lambda line: bool(keys_of_number(line.number).digits & digits),
		):
			found = [line for line in self.lines if line.id not in self.taken and fits(line)]
			if len(found) == 1:
				self.taken.add(found[0].id)
				return found[0]
			if found:
				return None
		return None
