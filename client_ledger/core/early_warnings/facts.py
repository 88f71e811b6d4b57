"""What signals are shown: what happened with a customer, and what that amounts to at the end of a day.

	WarningEvents (a company's events)  ->  walk.CustomerWalk.at(day)  ->  WarningFacts  ->  signals.raised
	                                    ->  company_facts              ->  CompanyFacts

Amounts are floats in company currency: they are compared, not booked. Days are dates; what is not known is empty, and signals
that would need it stay silent.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import NamedTuple

from client_ledger.core.credit.lateness import TradeLine

# Days looked at as "lately", and what is compared with it as "before".
RECENT_DAYS, BEFORE_DAYS, ORDER_DAYS, YEAR_DAYS = 90, 365, 60, 365


class DatedAmount(NamedTuple):
	"""Something that happened with a customer on a day. reference: the document's name, an invoice's for a part payment."""

	customer: Hashable
	day: date
	amount: float = 0.0
	reference: str = ""


class SentStatement(NamedTuple):
	"""A statement or reminder that can be seen to be read. read_on: None while it is not."""

	customer: Hashable
	sent_on: date
	read_on: date | None = None


class GivenLimit(NamedTuple):
	"""A credit limit from a day on, None for no limit."""

	customer: Hashable
	day: date
	limit: float | None


class GivenGrade(NamedTuple):
	"""A grade as it was given on a day. place: 0 for the best one, None for unrated. score: points, None for unrated."""

	customer: Hashable
	day: date
	grade: str
	place: int | None
	score: float | None
	is_capped: bool = False


class SharedData(NamedTuple):
	"""What two customers have in common, such as a bank account. what: an English word marked for translation."""

	customer: Hashable
	other: Hashable
	what: str
	since: date | None = None


@dataclass(frozen=True, slots=True)
class WarningEvents:
	"""What happened with the customers of one company (or some of them), in any order.

	lines: invoices. parts: payments that left something of their invoice open (reference: the invoice). orders: without any of a
	customer its invoices stand for them. credit_notes, disputes: on the day they came. broken_promises: on the day they were
	broken. exposures: what a customer owed with what was ordered and not billed, on the days it was read; without any it is the balance.
	defaults: insolvency, collection agency, write-off; whoever is long overdue counts as in default besides.
	"""

	lines: Sequence[TradeLine] = ()
	parts: Sequence[DatedAmount] = ()
	orders: Sequence[DatedAmount] = ()
	credit_notes: Sequence[DatedAmount] = ()
	disputes: Sequence[DatedAmount] = ()
	broken_promises: Sequence[DatedAmount] = ()
	exposures: Sequence[DatedAmount] = ()
	defaults: Sequence[DatedAmount] = ()
	statements: Sequence[SentStatement] = ()
	limits: Sequence[GivenLimit] = ()
	grades: Sequence[GivenGrade] = ()
	shared: Sequence[SharedData] = ()


def by_customer(events: WarningEvents) -> Iterator[tuple[Hashable, WarningEvents]]:
	"""Yield each customer that has an invoice, with its own events."""
	found: dict[Hashable, dict[str, list]] = {line.customer: {} for line in events.lines}
	for kind in fields(WarningEvents):
		for one in getattr(events, kind.name):
			if one.customer in found:
				found[one.customer].setdefault(kind.name, []).append(one)
	for customer, rows in found.items():
		yield customer, WarningEvents(**rows)


class CompanyDay(NamedTuple):
	"""What is usual in the company at the end of a day. serious_days: X, paid more than X days late is seriously late."""

	day: date
	serious_days: int


@dataclass(frozen=True, slots=True)
class WarningFacts:
	"""What is known of a customer at the end of *day*.

	Payments: recent_* of the last 90 days, with open items later than usual at their present age; before_* of the year before those: number,
	mean days late, standard deviation. drift: their difference in standard errors. year_*: settled in the last year, late of
	them by more than five days, and the latest one's days late.
	Open: balance, its usual_balance (mean at the ends of the twelve months before), overdue, overdue_before (30 days ago), rolled (of that
	still open), oldest_days (days past due, 0 if none is), oldest_amount, not_due.
	Parts: payments in part and in full, recent and before. Orders: number in the last 60 days and in the year before, days since
	the last. Billed, contested (credit notes and disputes), credited: recent and before.
	grade_*: now and 90 days ago, place 0 for the best. limit: None for none. shared_with: customers in default with what is shared.
	bad_share: of the amount that fell due in the last 90 days, what was paid more than X days late or is open as long; of the
	balance, what is open as long, where that is more. is_bad: that is a quarter or more. known_lines: invoices ever.
	"""

	customer: Hashable
	day: date
	known_lines: int = 0
	serious_days: int = 0
	recent_count: int = 0
	recent_late: float = 0.0
	before_count: int = 0
	before_late: float = 0.0
	before_spread: float = 0.0
	drift: float = 0.0
	year_count: int = 0
	year_late_count: int = 0
	year_latest: int = 0
	balance: float = 0.0
	usual_balance: float = 0.0
	overdue: float = 0.0
	overdue_before: float = 0.0
	rolled: float = 0.0
	oldest_days: int = 0
	oldest_amount: float = 0.0
	parts_recent: int = 0
	full_recent: int = 0
	parts_before: int = 0
	full_before: int = 0
	orders_recent: int = 0
	orders_before: int = 0
	order_days: int = 0
	last_order_days: int | None = None
	billed_recent: int = 0
	billed_before: int = 0
	contested_recent: int = 0
	contested_before: int = 0
	credited_recent: float = 0.0
	broken_recent: int = 0
	broken_amount: float = 0.0
	unread: int = 0
	read_before: int = 0
	limit: float | None = None
	exposure: float = 0.0
	grade: str = ""
	grade_place: int | None = None
	grade_before: str = ""
	place_before: int | None = None
	is_capped: bool = False
	was_capped: bool = False
	score: float | None = None
	shared_with: tuple[tuple[Hashable, str], ...] = ()
	bad_share: float = 0.0
	is_bad: bool = False

	@property
	def utilisation(self) -> float | None:
		"""Return exposure / limit, None without a limit."""
		return self.exposure / self.limit if self.limit else None

	@property
	def slower(self) -> float:
		"""Return by how many days the customer pays later than before; 0 where either is not known."""
		return self.recent_late - self.before_late if self.recent_count and self.before_count else 0.0


@dataclass(frozen=True, slots=True)
class CompanyFacts:
	"""What is known of a company at the end of *day*; each with its usual value, the mean at the ends of the twelve months before.

	overdue_share: of the receivable (0 to 1). sales: of the last 30 days. dso: days. largest_share: of the five largest debtors.
	spread_*: standard deviation of the twelve. months: how many of the twelve are known. customers: those who owe anything.
	"""

	day: date
	months: int = 0
	customers: int = 0
	receivable: float = 0.0
	overdue_share: float = 0.0
	usual_overdue_share: float = 0.0
	spread_overdue_share: float = 0.0
	sales: float = 0.0
	usual_sales: float = 0.0
	spread_sales: float = 0.0
	sales_year_ago: float | None = None
	dso: float | None = None
	usual_dso: float = 0.0
	spread_dso: float = 0.0
	largest_share: float = 0.0
	usual_largest_share: float = 0.0
	largest: tuple[tuple[Hashable, float], ...] = ()
