"""Lateness: what is known of an invoice on a date, and how many days late it was, or is by now.

d = day of settlement - effective due date, where the effective due date is the due date rolled forward over
weekends and holidays, and the day of settlement is the one on which the outstanding amount fell to zero.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from client_ledger.core.settlement import Settlement

SATURDAY, SUNDAY = 5, 6
# A calendar without any business day would roll without end.
_LONGEST_CLOSURE = 366
RESIDUE = 0.01


class TradeLine(NamedTuple):
	"""One invoice as credit grading sees it.

	customer: whoever is graded, a name or a customer with a company. due: the effective due date.
	amount: in company currency, only used as a weight. settled_on: None while open.
	disputed: left out of what is learned; its state is shown apart. outstanding: what of an open line is
	left of the amount by now (None: all of it).
	"""

	customer: Hashable
	reference: str
	issued: date
	due: date
	amount: float
	settled_on: date | None = None
	disputed: bool = False
	outstanding: float | None = None

	@property
	def is_residue(self) -> bool:
		"""True for an open rest too small (1 % of the invoice) to say anything of the customer."""
		return self.outstanding is not None and self.outstanding <= RESIDUE * self.amount

	@property
	def days_late(self) -> int | None:
		"""Days from the effective due date to settlement, negative when early; None while open."""
		return None if self.settled_on is None else (self.settled_on - self.due).days

	@property
	def open_amount(self) -> float:
		"""What is outstanding; the whole amount of a line that was settled later, seen from a day before that."""
		return self.amount if self.outstanding is None or self.settled_on is not None else self.outstanding

	def age(self, as_of: date) -> int:
		"""Return days past the effective due date on *as_of*, negative while not due."""
		return (as_of - self.due).days


@dataclass(frozen=True)
class Calendar:
	"""Days on which nobody pays: weekdays (Monday is 0) and single holidays."""

	holidays: frozenset[date] = frozenset()
	weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})
	_rolled: dict[date, date] = field(default_factory=dict, init=False, repr=False, compare=False)

	def effective(self, due: date) -> date:
		"""Return *due*, or the first business day after it. Raises ValueError when there is none for a year."""
		found = self._rolled.get(due)
		if found is None:
			found = self._rolled[due] = self._roll(due)
		return found

	def _roll(self, due: date) -> date:
		for days in range(_LONGEST_CLOSURE):
			day = due + timedelta(days=days)
			if day.weekday() not in self.weekend and day not in self.holidays:
				return day
		raise ValueError(f"no business day within a year of {due}")


BUSINESS_DAYS = Calendar()
EVERY_DAY = Calendar(weekend=frozenset())


def trade_lines(
	found: Iterable[Settlement], calendar: Calendar = BUSINESS_DAYS, disputed: Collection[str] = ()
) -> list[TradeLine]:
	"""Return the trade lines of settlements, per customer. disputed: names of the invoices in dispute."""
	return [_trade_line(settled, calendar, settled.invoice.name in disputed) for settled in found]


def _trade_line(settled: Settlement, calendar: Calendar, disputed: bool) -> TradeLine:
	invoice = settled.invoice
	amount = float(invoice.base_amount)
	left = float(settled.outstanding / invoice.amount) if settled.settled_on is None else 0.0
	return TradeLine(
		settled.key.customer,
		invoice.name,
		invoice.posting_date,
		calendar.effective(invoice.due_date or invoice.posting_date),
		amount,
		settled.settled_on,
		disputed,
		amount * left,
	)


def known(lines: Iterable[TradeLine], as_of: date) -> Iterator[TradeLine]:
	"""Yield *lines* as they stood at the end of *as_of*: later invoices unknown, later settlements not made."""
	for line in lines:
		if line.issued > as_of:
			continue
		if line.settled_on is not None and line.settled_on > as_of:
			line = line._replace(settled_on=None, outstanding=None)
		yield line
