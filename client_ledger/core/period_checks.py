"""Check lists of a period: which periods there are, what is checked in each, and what a list still needs before it is approved.

period -> checks of its kind -> figures read -> OK or Exception -> explained -> prepared by one -> approved by another
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import NamedTuple

from client_ledger.core.money import ZERO
from client_ledger.core.statements.periods import LAST_MONTH, Cycle, Frequency, Period

_DAY = timedelta(days=1)
_A_YEAR_AND_MORE = timedelta(days=370)
# After a long outage, older lists are made by hand if they are still wanted.
MOST_CAUGHT_UP = 12


class PeriodKind(str, Enum):
	"""How long a period is."""

	MONTH, QUARTER, YEAR = "Month", "Quarter", "Year"

	@property
	def frequency(self) -> Frequency:
		"""How often such a period ends."""
		return {
			"Month": Frequency.MONTHLY,
			"Quarter": Frequency.QUARTERLY,
			"Year": Frequency.YEARLY,
		}[self.value]

	@property
	def shorter(self) -> "PeriodKind | None":
		"""The kind of the periods whose lists are to be approved before one of this kind; None for a month."""
		return {"Quarter": PeriodKind.MONTH, "Year": PeriodKind.QUARTER}.get(self.value)

	@property
	def days_to_approve(self) -> int:
		"""Days after its end by which a period's list is to be approved."""
		return {"Month": 10, "Quarter": 20, "Year": 45}[self.value]


class ListStatus(str, Enum):
	"""How far a check list is."""

	OPEN, PREPARED, APPROVED, REOPENED = "Open", "Prepared", "Approved", "Reopened"


class CheckState(str, Enum):
	"""What a check came to. EXPLAINED: an exception that somebody has explained."""

	OK, EXCEPTION, EXPLAINED = "OK", "Exception", "Explained"


class ListAction(str, Enum):
	"""What people do with a list."""

	READ, EXPLAIN, PREPARE, APPROVE, REOPEN = "Read", "Explain", "Prepare", "Approve", "Reopen"


# The statuses in which each action is possible.
_BEFORE_PREPARING = (ListStatus.OPEN, ListStatus.REOPENED)
POSSIBLE: Mapping[ListAction, tuple[ListStatus, ...]] = {
	ListAction.READ: _BEFORE_PREPARING,
	ListAction.EXPLAIN: _BEFORE_PREPARING,
	ListAction.PREPARE: _BEFORE_PREPARING,
	ListAction.APPROVE: (ListStatus.PREPARED,),
	ListAction.REOPEN: (ListStatus.PREPARED, ListStatus.APPROVED),
}


class PeriodCheck(str, Enum):
	"""What is checked. Figures are as of the period's end, but those of CLIENT_ACCOUNTS, which are as of the day they are read."""

	GENERAL_LEDGER = "Receivables Tie to the General Ledger"
	CLIENT_ACCOUNTS = "Client Accounts Agree with the Ledger"
	RECEIPTS = "Unallocated Receipts"
	CREDIT_NOTES = "Unallocated Credit Notes"
	BANK = "Unmatched Bank Transactions"
	CONFIRMATIONS = "Unanswered Balance Confirmations"
	DISPUTES = "Long-Running Disputes"
	CREDIT_BALANCES = "Customers with a Credit Balance"
	SHORTER_LISTS = "Shorter Periods Not Approved"


def checks_of(kind: PeriodKind) -> tuple[PeriodCheck, ...]:
	"""Return what is checked for a period of *kind*, in the order in which it is shown."""
	return tuple(check for check in PeriodCheck if kind.shorter or check is not PeriodCheck.SHORTER_LISTS)


# --- periods ---


def period_of(kind: PeriodKind, day: date, last_month: int = LAST_MONTH) -> Period:
	"""Return the period that *day* is in. last_month: of the company's year, 1 to 12."""
	return next(_cycle(kind, last_month).ended(day, day + _A_YEAR_AND_MORE))


def ended_periods(
	kind: PeriodKind, today: date, last_month: int = LAST_MONTH, made_until: date | None = None
) -> list[Period]:
	"""Return the periods that need a list, the oldest first: those that ended before *today* and after *made_until*.

	made_until: the end of the last period that has a list; None: only the last period is returned, not the whole past.
	"""
	cycle, yesterday = _cycle(kind, last_month), today - _DAY
	if made_until is None:
		return [cycle.last_before(today)]
	return list(cycle.ended(made_until + _DAY, yesterday))[-MOST_CAUGHT_UP:]


def due_date(kind: PeriodKind, period: Period) -> date:
	"""Return the day by which the list of a period is to be approved."""
	return period.as_of + timedelta(days=kind.days_to_approve)


def title(kind: PeriodKind, period: Period) -> str:
	"""Return a period in figures, the same in every language: 2026-10, or 2026-07 – 2026-09."""
	first, last = f"{period.from_date:%Y-%m}", f"{period.as_of:%Y-%m}"
	return last if kind is PeriodKind.MONTH else f"{first} – {last}"


def _cycle(kind: PeriodKind, last_month: int) -> Cycle:
	return Cycle(kind.frequency, last_month=last_month)


# --- figures ---


class Figure(NamedTuple):
	"""What a check found: how many, what they come to in company currency, and a fingerprint of which they are."""

	check: PeriodCheck
	found: int
	amount: Decimal = ZERO
	fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class CheckRow:
	"""A check as its list holds it."""

	figure: Figure
	state: CheckState
	explanation: str = ""


class FigureChange(NamedTuple):
	"""A check whose figure is another one than the list holds."""

	was: Figure
	now: Figure


def fingerprint(things: Iterable[Sequence[object]]) -> str:
	"""Return a short text that is another one where other things were found, whatever their order; empty for none."""
	lines = sorted("|".join(str(part) for part in thing) for thing in things)
	return sha256("\n".join(lines).encode()).hexdigest()[:16] if lines else ""


def state_of(figure: Figure, before: CheckRow | None = None) -> CheckState:
	"""Return the state of a check that was read. before: the row it had; an explanation holds for the same figure only."""
	if not figure.found:
		return CheckState.OK
	explained = before and before.state is CheckState.EXPLAINED and before.figure == figure
	return CheckState.EXPLAINED if explained else CheckState.EXCEPTION


def unexplained(rows: Iterable[CheckRow]) -> list[PeriodCheck]:
	"""Return the exceptions that nobody has explained: a list with any cannot be prepared."""
	return [row.figure.check for row in rows if row.state is CheckState.EXCEPTION]


def changes(rows: Iterable[CheckRow], figures: Iterable[Figure]) -> list[FigureChange]:
	"""Return the checks whose figures are no longer those of the list; what *figures* does not hold is not compared."""
	now = {figure.check: figure for figure in figures}
	return [
		FigureChange(row.figure, now[row.figure.check])
		for row in rows
		if row.figure.check in now and now[row.figure.check] != row.figure
	]


def is_late(status: ListStatus, due: date, today: date) -> bool:
	"""Return whether a list should have been approved by *today*."""
	return status is not ListStatus.APPROVED and due < today
