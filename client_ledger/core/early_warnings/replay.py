"""The past walked through: which warnings there would have been, and what became of them.

	WarningReplay(looks, until).add(customer, events) for each customer, in any order -> result()

Every look sees only what was known on its day. Customers are added one by one and forgotten, so that memory does not grow with the ledger.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from client_ledger.core.credit.lateness import TradeLine
from client_ledger.core.early_warnings.catalogue import CUSTOMER_SIGNALS
from client_ledger.core.early_warnings.episodes import QUIET_DAYS, episode_starts
from client_ledger.core.early_warnings.facts import CompanyDay, WarningEvents, WarningFacts
from client_ledger.core.early_warnings.outcomes import HORIZON_DAYS, WarningOutcome, judged_on
from client_ledger.core.early_warnings.record import (
	JudgedWarning,
	RaisedCounts,
	SignalRecord,
	records,
)
from client_ledger.core.early_warnings.score_rows import ScoreRows
from client_ledger.core.early_warnings.signals import RaisedSignal, Signal, Values, raised
from client_ledger.core.early_warnings.walk import CustomerWalk, Defaults

# A record is of so many days, looked at every week; the score learns from every fourth look.
RECORD_DAYS, LOOK_DAYS, SCORE_EVERY = 730, 7, 4
# Days of history before the first look, and how late counts as serious at least.
FIRST_LOOK_DAYS, LEAST_SERIOUS = 120, 5
_SERIOUS_SHARE = 0.9


class PastWarning(NamedTuple):
	"""A warning there would have been. outcome: None while it is not known (waiting), or nothing fell due. look: its number."""

	signal: str
	subject: Hashable
	start: date
	look: int
	was_bad: bool
	outcome: WarningOutcome | None
	is_waiting: bool


class Turn(NamedTuple):
	"""A customer that was not bad turned bad. warned_by: the signals raised in the ninety days before."""

	subject: Hashable
	bad_on: date
	warned_by: frozenset[str]


@dataclass(frozen=True, slots=True)
class BaseRate:
	"""Of one look: customers not bad whose outcome is known, and how many of them turned bad."""

	customers: int = 0
	bad: int = 0

	@property
	def rate(self) -> float:
		"""Return the share that turned bad, 0 of none."""
		return self.bad / self.customers if self.customers else 0.0


@dataclass(frozen=True, slots=True)
class ReplayResult:
	"""What the past says. now: what is raised on the last look. rows: what the score learns from."""

	looks: Sequence[CompanyDay]
	until: date
	warnings: Sequence[PastWarning]
	base: Sequence[BaseRate]
	turns: Sequence[Turn]
	now: Sequence[RaisedSignal]
	facts_now: Mapping[Hashable, WarningFacts]
	rows: ScoreRows

	def records(
		self, codes: Iterable[str], since: date | None = None, until: date | None = None
	) -> dict[str, SignalRecord]:
		"""Return the record of each signal, of warnings from *since* (by default the first look) to *until*."""
		since = since or (self.looks[0].day if self.looks else self.until)
		until = until or self.until
		judged: dict[str, list[JudgedWarning]] = {}
		others: dict[str, list[int]] = {}
		for one in self.warnings:
			if not since <= one.start <= until:
				continue
			if one.was_bad or one.outcome is None:
				place = 0 if one.was_bad else 1 if one.is_waiting else 2
				others.setdefault(one.signal, [0, 0, 0])[place] += 1
			else:
				judged.setdefault(one.signal, []).append(
					JudgedWarning(one.signal, one.subject, one.start, one.outcome, self.base[one.look].rate)
				)
		counts = {code: RaisedCounts(*row) for code, row in others.items()}
		return records(judged, counts, codes, since, until)

	def caught(self, codes: Iterable[str]) -> tuple[int, int]:
		"""Return how many customers' turns to bad one of the signals was raised before, and of how many."""
		wanted = frozenset(codes)
		return sum(bool(one.warned_by & wanted) for one in self.turns), len(self.turns)


@dataclass(slots=True)
class WarningReplay:
	"""add() customers, then result(). looks: days in order, of `look_days`. parameters: those of the signals, where people set any."""

	looks: Sequence[CompanyDay]
	until: date
	signals: Sequence[Signal] = CUSTOMER_SIGNALS
	parameters: Mapping[str, Values] | None = None
	in_default: Defaults | None = None
	_warnings: list[PastWarning] = field(default_factory=list)
	_base: list[list[int]] = field(default_factory=list)
	_turns: list[Turn] = field(default_factory=list)
	_now: list[RaisedSignal] = field(default_factory=list)
	_facts: dict[Hashable, WarningFacts] = field(default_factory=dict)
	_rows: ScoreRows = field(default_factory=ScoreRows)

	def __post_init__(self):
		self._base = [[0, 0] for _look in self.looks]

	def add(self, customer: Hashable, events: WarningEvents, walk: CustomerWalk | None = None) -> None:
		"""Walk through one customer. events: its own only. walk: where the caller has made it already."""
		walk = walk or CustomerWalk(customer, events)
		seen: dict[str, list[tuple[date, int, bool]]] = {}
		outcomes: list[WarningOutcome | None] = [None] * len(self.looks)
		turned: list[date] = []
		last = len(self.looks) - 1
		for place, look in enumerate(self.looks):
			if not walk.is_known(look.day):
				continue
			facts = walk.at(look, self.in_default)
			outcome = outcomes[place] = walk.outcomes.of(look.day, look.serious_days, self.until)
			self._count(place, look, facts, outcome, turned)
			fired = raised(facts, self.signals, self.parameters)
			for one in fired:
				seen.setdefault(one.signal, []).append((look.day, place, facts.is_bad))
			if place == last:
				self._now += fired
				self._facts[customer] = facts
		self._keep(customer, seen, outcomes)
		self._turns += _turns(customer, turned, seen)

	def _count(
		self,
		place: int,
		look: CompanyDay,
		facts: WarningFacts,
		outcome: WarningOutcome | None,
		turned: list[date],
	) -> None:
		is_final = judged_on(look.day, look.serious_days) <= self.until
		known = outcome if is_final else None
		if known and not facts.is_bad:
			self._base[place][0] += 1
			self._base[place][1] += known.is_bad
			if known.bad_on:
				turned.append(known.bad_on)
		if (len(self.looks) - 1 - place) % SCORE_EVERY == 0:
			self._rows.add(place, facts, known)

	def _keep(
		self,
		customer: Hashable,
		seen: Mapping[str, Sequence[tuple[date, int, bool]]],
		outcomes: Sequence[WarningOutcome | None],
	) -> None:
		for code, days in seen.items():
			by_day = {day: (place, was_bad) for day, place, was_bad in days}
			for start in episode_starts(by_day):
				place, was_bad = by_day[start]
				is_waiting = judged_on(start, self.looks[place].serious_days) > self.until
				outcome = None if is_waiting else outcomes[place]
				self._warnings.append(PastWarning(code, customer, start, place, was_bad, outcome, is_waiting))

	def result(self) -> ReplayResult:
		"""Return what the customers added so far amount to."""
		base = [BaseRate(*counts) for counts in self._base]
		return ReplayResult(
			self.looks, self.until, self._warnings, base, self._turns, self._now, self._facts, self._rows
		)


def _turns(
	customer: Hashable, turned: Iterable[date], seen: Mapping[str, Sequence[tuple[date, int, bool]]]
) -> list[Turn]:
	"""Return the turns to bad; turns within ninety days of each other are one. A signal raised while it was bad warned of nothing."""
	found: list[Turn] = []
	for bad_on in episode_starts(sorted(set(turned)), HORIZON_DAYS):
		since = bad_on - timedelta(days=HORIZON_DAYS + QUIET_DAYS)
		warned = frozenset(
			code
			for code, days in seen.items()
			if any(since <= day < bad_on and not was_bad for day, _place, was_bad in days)
		)
		found.append(Turn(customer, bad_on, warned))
	return found


def look_days(first: date, until: date, days: int = RECORD_DAYS, step: int = LOOK_DAYS) -> list[date]:
	"""Return the days that are looked at: every week of the last two years up to *until*, as far as there is history."""
	earliest = max(first + timedelta(days=FIRST_LOOK_DAYS), until - timedelta(days=days))
	found = []
	day = until
	while day >= earliest:
		found.append(day)
		day -= timedelta(days=step)
	return found[::-1]


def company_days(lines: Iterable[TradeLine], days: Sequence[date]) -> list[CompanyDay]:
	"""Return what is usual on each of *days* (in order). X: nine in ten of all invoices paid by then were no later, at least 5 days."""
	paid = sorted(
		(line.settled_on.toordinal(), line.days_late)
		for line in lines
		if line.settled_on and not line.disputed
	)
	counts: dict[int, int] = {}
	place, found = 0, []
	for day in days:
		while place < len(paid) and paid[place][0] <= day.toordinal():
			counts[paid[place][1]] = counts.get(paid[place][1], 0) + 1
			place += 1
		found.append(CompanyDay(day, max(_quantile(counts, place), LEAST_SERIOUS)))
	return found


def _quantile(counts: Mapping[int, int], total: int) -> int:
	"""Return the days late that nine in ten do not exceed, as core.credit.statistics.upper_quantile does."""
	wanted, passed = min(total - 1, int(_SERIOUS_SHARE * total)), 0
	for days in sorted(counts):
		passed += counts[days]
		if passed > wanted:
			return days
	return 0
