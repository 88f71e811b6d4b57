"""The limit in force: how much a customer may owe on a date, and how that came about.

	no credit  >  temporary limit  >  the customer's own  >  its group's  >  the company's  ->  references raise, then cap it

A limit of 0 means unlimited where ERPNext keeps it; that nothing may be owed only "no credit" can say.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from client_ledger.core.money import ZERO


class LimitState(str, Enum):
	"""Whether there is a limit. The value is the English label."""

	UNLIMITED = "Unlimited"
	LIMITED = "Limited"
	NO_CREDIT = "No Credit"


class LimitSource(str, Enum):
	"""Where a limit comes from, or what changed it. The value is the English label."""

	NO_CREDIT = "No Credit"
	TEMPORARY = "Temporary Limit"
	CUSTOMER = "Customer"
	GROUP = "Customer Group"
	COMPANY = "Company"
	NONE = "No Limit Set"
	RAISE = "Raised by Credit Reference"
	CAP = "Capped by Credit Reference"


@dataclass(frozen=True, slots=True)
class LimitRow:
	"""A limit granted for a while: a temporary one, or no credit at all (amount None). valid_to None: open end."""

	name: str
	amount: Decimal | None
	valid_from: date
	valid_to: date | None

	def in_force(self, on: date) -> bool:
		"""Return whether it holds on that day, first and last day included."""
		return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class ReferenceRow:
	"""What others stand in for or recommend: raises the limit by the amount, or caps it."""

	name: str
	raises: bool
	amount: Decimal
	valid_from: date
	valid_to: date

	def in_force(self, on: date) -> bool:
		"""Return whether it holds on that day."""
		return self.valid_from <= on <= self.valid_to


@dataclass(frozen=True, slots=True)
class LimitSources:
	"""Everything a limit is made of. ERPNext's own amounts are 0 where they set none.

	group is 0 as well where the group bypasses the check.
	"""

	temporary: tuple[LimitRow, ...] = ()
	no_credit: tuple[LimitRow, ...] = ()
	customer: Decimal = ZERO
	group: Decimal = ZERO
	company: Decimal = ZERO
	references: tuple[ReferenceRow, ...] = ()


@dataclass(frozen=True, slots=True)
class LimitStep:
	"""One step on the way to the limit: where it came from, the limit after it, the document behind it."""

	source: LimitSource
	amount: Decimal | None
	document: str | None = None


@dataclass(frozen=True, slots=True)
class Limit:
	"""The limit on a date. amount: None when unlimited, 0 for no credit. valid_to: when something in it ends."""

	state: LimitState
	amount: Decimal | None
	source: LimitSource
	valid_to: date | None = None
	steps: tuple[LimitStep, ...] = ()

	def free(self, exposure: Decimal) -> Decimal | None:
		"""Return what may still be owed besides *exposure*, None when unlimited; negative when over."""
		return None if self.amount is None else self.amount - exposure


UNLIMITED = Limit(LimitState.UNLIMITED, None, LimitSource.NONE, None, (LimitStep(LimitSource.NONE, None),))


def effective_limit(sources: LimitSources, on: date) -> Limit:
	"""Return the limit in force on a day. Of several rows of one kind the one that began last counts."""
	barred = _latest(sources.no_credit, on)
	if barred:
		step = LimitStep(LimitSource.NO_CREDIT, ZERO, barred.name)
		return Limit(LimitState.NO_CREDIT, ZERO, LimitSource.NO_CREDIT, barred.valid_to, (step,))
	first, ends = _granted(sources, on)
	steps, amount = [first], first.amount
	references = [row for row in sources.references if row.in_force(on)]
	for row in sorted(references, key=lambda row: (not row.raises, row.name)):
		if row.raises and amount is not None:
			amount += row.amount
			steps.append(LimitStep(LimitSource.RAISE, amount, row.name))
			ends.append(row.valid_to)
		elif not row.raises and (amount is None or row.amount < amount):
			amount = row.amount
			steps.append(LimitStep(LimitSource.CAP, amount, row.name))
			ends.append(row.valid_to)
	state = LimitState.UNLIMITED if amount is None else LimitState.LIMITED
	return Limit(state, amount, steps[-1].source, min(ends, default=None), tuple(steps))


def own_limit(stored: Decimal, due: Iterable[LimitRow], on: date) -> Decimal:
	"""Return the customer's own limit: the one stored in ERPNext, or what is approved and was to replace it by now."""
	latest = _latest(due, on)
	return latest.amount if latest else stored


def _granted(sources: LimitSources, on: date) -> tuple[LimitStep, list[date]]:
	"""Return the limit before references, and when it ends."""
	temporary = _latest(sources.temporary, on)
	if temporary:
		ends = [temporary.valid_to] if temporary.valid_to else []
		return LimitStep(LimitSource.TEMPORARY, temporary.amount, temporary.name), ends
	for source, amount in (
		(LimitSource.CUSTOMER, sources.customer),
		(LimitSource.GROUP, sources.group),
		(LimitSource.COMPANY, sources.company),
	):
		if amount > 0:
			return LimitStep(source, amount), []
	return LimitStep(LimitSource.NONE, None), []


def _latest(rows: Iterable[LimitRow], on: date) -> LimitRow | None:
	found = [row for row in rows if row.in_force(on)]
	return max(found, key=lambda row: (row.valid_from, row.name)) if found else None


def overlapping(new: LimitRow, others: Iterable[LimitRow]) -> list[LimitRow]:
	"""Return those of *others* that hold on a day on which *new* holds too."""
	last = new.valid_to or date.max
	return [
		row
		for row in others
		if row.name != new.name and row.valid_from <= last and new.valid_from <= (row.valid_to or date.max)
	]


def recommended(sales_of_year: Decimal, months: float) -> Decimal:
	"""Return the limit a grade recommends: *months* times the average monthly sales of twelve months."""
	return max(sales_of_year, ZERO) / 12 * Decimal(str(months))
