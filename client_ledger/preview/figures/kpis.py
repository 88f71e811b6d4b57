"""The KPIs of a company in a store: now, over time, and by what its customers have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from client_ledger.core.flows import months_before
from client_ledger.core.kpis.measure import MeasuredKpis, by_dimension, measure, trailing
from client_ledger.core.kpis.rows import Window
from client_ledger.core.marked import marked
from client_ledger.ledger.kpi_book import read_book
from client_ledger.ledger.reader import Ledger
from client_ledger.preview.figures.companies import AccountFigures

MONTHS = 3
LONG_MONTHS = 12
# Month ends of the line over time; a ledger of more customers is read for today only, which needs fewer days.
TRAILING = 12
MOST_CUSTOMERS = 1_500
# What customers are put together by, in the order that is shown.
DIMENSIONS = (
	marked("Customer Group"),
	marked("Territory"),
	marked("Sales Person"),
	marked("Segment"),
	marked("Credit Grade"),
)


@dataclass(slots=True)
class Kinds:
	"""What each customer is, by dimension; taken while accounts are read."""

	found: dict[str, tuple[str, ...]] = field(default_factory=dict)

	def add(self, account: AccountFigures) -> None:
		"""Take in a customer."""
		master = account.master
		grade = account.credit.assessment.grade
		self.found[master.customer] = (
			master.group,
			master.territory,
			master.sales_person,
			account.segment,
			grade,
		)


@dataclass(frozen=True, slots=True)
class CompanyKpis:
	"""now: of the last three months, with changes. year: of the last twelve. over_time: values at past month ends, the oldest first.
	parts: by dimension and value."""

	now: MeasuredKpis
	year: MeasuredKpis
	over_time: Mapping[Window, Mapping[str, Decimal | None]]
	parts: Mapping[str, Mapping[str, MeasuredKpis]]


def windows_of(as_of: date, with_past: bool) -> list[Window]:
	"""Return the windows that a report needs: of today, of the year, and those of past month ends, the oldest first."""
	found = [Window(as_of, MONTHS), Window(as_of, LONG_MONTHS)]
	if with_past:
		ends = [months_before(as_of, ago) - timedelta(days=1) for ago in range(TRAILING - 1, -1, -1)]
		found = [*found, *(Window(end, MONTHS) for end in ends)]
	return found


def company_kpis(
	ledger: Ledger, company: str, as_of: date, kinds: Mapping[str, Sequence[str]]
) -> CompanyKpis:
	"""Return the KPIs of *company*. kinds: of each customer what it is, in the order of DIMENSIONS."""
	windows = windows_of(as_of, len(kinds) <= MOST_CUSTOMERS)
	now, year, *past = windows
	book = read_book(ledger, company, list(kinds), windows)

	def part(place: int) -> dict[str, MeasuredKpis]:
		return by_dimension(book, now, lambda customer: kinds[customer][place] if customer in kinds else "")

	return CompanyKpis(
		measure(book, now),
		measure(book, year, with_changes=False),
		trailing(book, past),
		{name: part(place) for place, name in enumerate(DIMENSIONS)},
	)
