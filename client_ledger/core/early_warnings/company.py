"""A company's receivables over time: summed up customer by customer, then looked at as a whole.

	CompanyTotals(days).add(walk) for each customer  ->  company_facts(totals, day)  ->  company signals
	                                                 ->  company_records(totals)     ->  what became of them

A company turned bad where of what fell due in the ninety days after, the share paid more than X days late was a quarter higher, and two points more,
than on average in the periods before. Its months are too few to test anything: the record counts, and says so.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import heappushpop, nlargest
from statistics import fmean, pstdev
from typing import NamedTuple

from client_ledger.core.early_warnings.company_signals import COMPANY_SIGNALS
from client_ledger.core.early_warnings.episodes import QUIET_DAYS, episode_starts
from client_ledger.core.early_warnings.facts import CompanyFacts
from client_ledger.core.early_warnings.outcomes import HORIZON_DAYS, judged_on
from client_ledger.core.early_warnings.record import SignalRecord, SignalVerdict
from client_ledger.core.early_warnings.signals import RaisedSignal, Signal, Values, raised
from client_ledger.core.early_warnings.walk import CustomerWalk

MONTH_DAYS, MONTHS, QUARTER_DAYS, YEAR_DAYS = 30, 12, 90, 365
# How many debtors concentration counts.
LARGEST = 5
_HIGHER, _POINTS = 1.25, 0.02
_LEAST_PERIODS = 3


@dataclass(slots=True)
class _DayTotals:
	"""Sums of one day."""

	receivable: float = 0.0
	overdue: float = 0.0
	sales: float = 0.0
	quarter_sales: float = 0.0
	sales_year_ago: float = 0.0
	due: float = 0.0
	late: float = 0.0
	customers: int = 0
	largest: list[tuple[float, str, Hashable]] = field(default_factory=list)

	@property
	def overdue_share(self) -> float:
		return self.overdue / self.receivable if self.receivable else 0.0

	@property
	def dso(self) -> float | None:
		return self.receivable / self.quarter_sales * QUARTER_DAYS if self.quarter_sales > 0 else None

	@property
	def largest_share(self) -> float:
		return min(sum(row[0] for row in self.largest) / self.receivable, 1.0) if self.receivable else 0.0

	@property
	def late_share(self) -> float | None:
		return self.late / self.due if self.due else None


class CompanyTotals:
	"""add() each customer's walk. months: how many steps of thirty days before *until* are looked at."""

	def __init__(self, until: date, serious_days: int, months: int = 37):
		self.until, self.serious_days = until, serious_days
		self.days = [until - timedelta(days=MONTH_DAYS * ago) for ago in range(months - 1, -1, -1)]
		self.first: date | None = None
		self._totals = [_DayTotals() for _day in self.days]

	def add(self, walk: CustomerWalk) -> None:
		"""Add a customer."""
		first = walk.first_day
		if first is None:
			return
		self.first = min(self.first, first) if self.first else first
		for day, totals in zip(self.days, self._totals, strict=True):
			if first > day:
				continue
			owed = walk.balance(day)
			totals.receivable += owed
			totals.overdue += walk.overdue(day)
			totals.sales += walk.billed(day - timedelta(days=MONTH_DAYS), day)
			totals.quarter_sales += walk.billed(day - timedelta(days=QUARTER_DAYS), day)
			year_ago = day - timedelta(days=YEAR_DAYS)
			totals.sales_year_ago += walk.billed(year_ago - timedelta(days=MONTH_DAYS), year_ago)
			due, late = walk.outcomes.fallen_due(day, self.serious_days)
			totals.due += due
			totals.late += late
			if owed > 0:
				totals.customers += 1
				_keep_largest(totals.largest, (owed, str(walk.customer), walk.customer))

	def known(self) -> list[tuple[date, _DayTotals]]:
		"""Return the days from the first full quarter of the history on."""
		if self.first is None:
			return []
		start = self.first + timedelta(days=QUARTER_DAYS)
		return [row for row in zip(self.days, self._totals, strict=True) if row[0] >= start]


def _keep_largest(kept: list[tuple[float, str, Hashable]], row: tuple[float, str, Hashable]) -> None:
	if len(kept) < LARGEST:
		kept.append(row)
		kept.sort()
	else:
		heappushpop(kept, row)


def company_facts(totals: CompanyTotals, day: date | None = None) -> CompanyFacts:
	"""Return what is known of the company at the end of *day*, one of the days of *totals* (by default the last one)."""
	day = day or totals.until
	rows = totals.known()
	now = next((row for at, row in rows if at == day), None)
	if now is None:
		return CompanyFacts(day)
	before = [row for at, row in rows if day - timedelta(days=MONTH_DAYS * MONTHS) <= at < day]
	has_year = totals.first <= day - timedelta(days=YEAR_DAYS + MONTH_DAYS)
	shares, spread_shares = _usual(row.overdue_share for row in before)
	sales, spread_sales = _usual(row.sales for row in before)
	dso, spread_dso = _usual(row.dso for row in before if row.dso is not None)
	largest, _spread = _usual(row.largest_share for row in before)
	return CompanyFacts(
		day,
		months=len(before),
		customers=now.customers,
		receivable=round(now.receivable, 2),
		overdue_share=now.overdue_share,
		usual_overdue_share=shares,
		spread_overdue_share=spread_shares,
		sales=now.sales,
		usual_sales=sales,
		spread_sales=spread_sales,
		sales_year_ago=now.sales_year_ago if has_year else None,
		dso=now.dso,
		usual_dso=dso,
		spread_dso=spread_dso,
		largest_share=now.largest_share,
		usual_largest_share=largest,
		largest=tuple((customer, owed) for owed, _name, customer in nlargest(LARGEST, now.largest)),
	)


def _usual(values: Iterable[float]) -> tuple[float, float]:
	"""Return mean and standard deviation, 0 of nothing."""
	found = list(values)
	return (fmean(found), pstdev(found)) if found else (0.0, 0.0)


class PastCompanyWarning(NamedTuple):
	"""A warning there would have been. turned_bad: None while its ninety days are not over, or nothing is known to compare with."""

	signal: str
	start: date
	turned_bad: bool | None


def company_warnings(
	totals: CompanyTotals,
	signals: Sequence[Signal] = COMPANY_SIGNALS,
	parameters: Mapping[str, Values] | None = None,
) -> tuple[list[PastCompanyWarning], list[RaisedSignal]]:
	"""Return the warnings of the past, and what is raised on the last day."""
	seen: dict[str, list[date]] = {}
	now: list[RaisedSignal] = []
	for day in totals.days:
		now = raised(company_facts(totals, day), signals, parameters)
		for one in now:
			seen.setdefault(one.signal, []).append(day)
	outcomes = _outcomes(totals)
	found = [
		PastCompanyWarning(code, start, outcomes.get(start))
		for code, days in seen.items()
		for start in episode_starts(days, QUIET_DAYS + 1)
	]
	return found, now


def _outcomes(totals: CompanyTotals) -> dict[date, bool]:
	"""Return for each day whether more than usual of what fell due in the ninety days after was seriously late."""
	shares = {day: row.late_share for day, row in totals.known() if row.late_share is not None}
	found = {}
	for day in shares:
		after = day + timedelta(days=HORIZON_DAYS)
		if after not in shares or judged_on(day, totals.serious_days) > totals.until:
			continue
		# Periods that were judged by then.
		known = day - timedelta(days=totals.serious_days + 1)
		before = [share for at, share in shares.items() if known - timedelta(days=365) <= at <= known]
		if len(before) >= _LEAST_PERIODS:
			usual = fmean(before)
			found[day] = shares[after] > max(_HIGHER * usual, usual + _POINTS)
	return found


def company_records(
	totals: CompanyTotals, past: Iterable[PastCompanyWarning], signals: Sequence[Signal] = COMPANY_SIGNALS
) -> dict[str, SignalRecord]:
	"""Return the record of each of the company's signals over the days of *totals*. The verdict is always that there are too few."""
	outcomes = _outcomes(totals)
	base = sum(outcomes.values()) / len(outcomes) if outcomes else 0.0
	since = min(outcomes, default=totals.until)
	found = {}
	past = [one for one in past if one.start >= since]
	for one in signals:
		own = [row for row in past if row.signal == one.code]
		judged = [row for row in own if row.turned_bad is not None]
		found[one.code] = SignalRecord(
			one.code,
			since,
			totals.until,
			raised=len(own),
			judged=len(judged),
			bad=sum(row.turned_bad for row in judged),
			base_rate=base,
			waiting=len(own) - len(judged),
			customers=1,
			verdict=SignalVerdict.TOO_FEW,
		)
	return found
