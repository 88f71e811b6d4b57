"""Controls of habits: nights, days off and round amounts, each person measured by what that person usually does.

A month is compared with the person's other months. Entries of one night or day off count once, and one amount for one customer
counts once, so that a busy evening or a price is no accusation. Exact tests; of all people and months tested, no more than the
accepted share of what is reported may be chance (Benjamini and Hochberg).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from client_ledger.core.controls.chance import discoveries, larger_share, more_often
from client_ledger.core.controls.changes import period_end
from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.control import (
	MOST_DOCUMENTS,
	ControlFinding,
	ControlScope,
	FindingSeverity,
	Values,
	control,
	finding_key,
	parameter,
)
from client_ledger.core.controls.facts import ORDER, FactKind
from client_ledger.core.entries import Voucher
from client_ledger.core.marked import marked
from client_ledger.core.money import ZERO
from client_ledger.core.reconciliation.matches import Because

_DAY = timedelta(days=1)
# Of a person less than this is no habit yet.
_FEWEST_ENTRIES, _FEWEST_DAYS = 60, 90

NIGHTS = marked(
	"{0} entered {1} documents in {2} nights of {3}, and in {4} nights of the other {5} days looked at; chance: {6} %."
)
DAYS_OFF = marked(
	"{0} entered {1} documents on {2} days off (weekends, holidays) of {3}, and on {4} days off of the other {5} looked at; chance: {6} %."
)
ROUND = marked("{0} entered {1} round amounts among {2} in {3}, and {4} among {5} otherwise; chance: {6} %.")

RATE = parameter(
	"rate", marked("Accepted False Discovery Rate (%)"), 2, "0.1", 20, marked("percent"), whole=False
)
FEWEST = parameter("fewest", marked("Minimum per Month"), 3, 2, 10, marked("times"))
_NEEDS = (FactKind.INVOICES, FactKind.RECEIPTS, FactKind.ORDERS, FactKind.WRITE_OFFS, FactKind.EDITS)
_SOURCE = marked(
	"ISA 240 (A45): entries at unusual times; exact conditional test of two rates (Przyborowski and Wilenski 1940)"
)
_MENDED = marked("Compared with the person's other months it no longer stands out.")


class _Entered(NamedTuple):
	document: Voucher
	at: datetime
	person: str
	amount: Decimal


def _entries(facts: ControlFacts) -> Iterator[_Entered]:
	for one in chain(facts.invoices, facts.receipts):
		if one.created and one.owner:
			yield _Entered(one.voucher, one.created, one.owner, one.base_amount)
	for one in facts.orders:
		if one.created and one.owner:
			yield _Entered(Voucher(ORDER, one.name), one.created, one.owner, one.base_amount)
	for one in facts.write_offs:
		if one.created and one.owner:
			yield _Entered(one.document, one.created, one.owner, one.base_amount)
	for one in facts.edits:
		yield _Entered(one.document, one.at, one.person, one.base_amount)


_Month = tuple[int, int]


@dataclass(slots=True)
class _Habit:
	"""What a person entered: how much, from when to when, and what of it at unusual times, by month."""

	entries: dict[_Month, int] = field(default_factory=lambda: defaultdict(int))
	days: dict[_Month, set[date]] = field(default_factory=lambda: defaultdict(set))
	unusual: dict[_Month, list[_Entered]] = field(default_factory=lambda: defaultdict(list))
	first: date = date.max
	last: date = date.min

	def add(self, day: date) -> None:
		"""Count one entry of a day."""
		self.entries[day.year, day.month] += 1
		if day < self.first:
			self.first = day
		if day > self.last:
			self.last = day


@dataclass(frozen=True, slots=True)
class _Compared:
	person: str
	month: _Month
	entries: list[_Entered]
	counts: tuple[int, int, int]
	chance: float


def _habits(facts: ControlFacts, of_night: tuple[int, int] | None) -> dict[str, _Habit]:
	"""Return what people entered by night, from one hour until another, or on days off where no hours are given."""
	found: dict[str, _Habit] = defaultdict(_Habit)
	off: dict[date, bool] = {}
	for entry in _entries(facts):
		person = entry.person
		if facts.is_system(person):
			continue
		clock = facts.clock_of(entry.at, person)
		day = clock.date()
		habit = found[person]
		habit.add(day)
		if of_night:
			begins, ends = of_night
			if clock.hour < ends:
				day -= _DAY
			elif clock.hour < begins:
				continue
		else:
			if day not in off:
				off[day] = facts.is_day_off(day)
			if not off[day]:
				continue
		month = (day.year, day.month)
		habit.days[month].add(day)
		habit.unusual[month].append(entry)
	return found


def _months(facts: ControlFacts, habit: _Habit, days_off: bool) -> dict[_Month, int]:
	"""Return how many days of each month the person could have: all of them, or the days off only."""
	found: dict[_Month, int] = {}
	day = habit.first
	while day <= habit.last:
		end = min(period_end(day), habit.last)
		if days_off:
			count = sum(facts.is_day_off(day + n * _DAY) for n in range((end - day).days + 1))
		else:
			count = (end - day).days + 1
		found[day.year, day.month] = count
		day = end + _DAY
	return found


def _compare(facts: ControlFacts, of_night: tuple[int, int] | None) -> Iterator[_Compared]:
	"""Yield each person's months beside the others of the same person."""
	for person, habit in _habits(facts, of_night).items():
		exposure = _months(facts, habit, of_night is None)
		whole, all_days = sum(exposure.values()), sum(len(days) for days in habit.days.values())
		total = sum(habit.entries.values())
		for month, days in exposure.items():
			if (
				total - habit.entries[month] < _FEWEST_ENTRIES
				or (habit.last - habit.first).days - 30 < _FEWEST_DAYS
			):
				continue
			hits = len(habit.days.get(month, ()))
			# The night before a month's first entry may belong to it; it is at most one.
			hits = min(hits, days)
			others, rest = all_days - hits, whole - days
			yield _Compared(
				person,
				month,
				habit.unusual.get(month, []),
				(hits, others, rest),
				more_often(hits, days, others, rest) if hits else 1.0,
			)


def _unusual(
	code: str, message: str, facts: ControlFacts, values: Values, of_night: tuple[int, int] | None
) -> Iterator[ControlFinding]:
	compared = list(_compare(facts, of_night))
	for place in discoveries([one.chance for one in compared], float(values["rate"]) / 100):
		one = compared[place]
		hits, others, rest = one.counts
		if hits < int(values["fewest"]):
			continue
		month = date(*one.month, 1)
		shown = f"{one.chance * 100:.2g}"
		reason = Because(message, (one.person, len(one.entries), hits, f"{month:%Y-%m}", others, rest, shown))
		yield ControlFinding(
			code,
			finding_key(code, one.person, f"{month:%Y-%m}"),
			max(facts.day_of(entry.at) for entry in one.entries),
			reason,
			FindingSeverity.MEDIUM,
			tuple(dict.fromkeys(entry.document for entry in one.entries))[:MOST_DOCUMENTS],
			sum((abs(entry.amount) for entry in one.entries), ZERO),
			"",
			one.person,
		)


@control(
	"nights",
	name=marked("Entries at Night"),
	risk=marked("What nobody is to see is entered when nobody is there."),
	source=_SOURCE,
	mended=_MENDED,
	scope=ControlScope.COMPANY,
	needs=_NEEDS,
	parameters=(
		parameter("begins", marked("Night Begins (Hour)"), 22, 19, 23, marked("o'clock")),
		parameter("ends", marked("Night Ends (Hour)"), 6, 3, 8, marked("o'clock")),
		FEWEST,
		RATE,
	),
)
def nights(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield people and months with more nights than these people usually have, by their own clocks."""
	hours = (int(values["begins"]), int(values["ends"]))
	return _unusual("nights", NIGHTS, facts, values, hours)


@control(
	"days_off",
	name=marked("Entries on Weekends and Holidays"),
	risk=marked("What nobody is to see is entered when nobody is there."),
	source=_SOURCE,
	mended=_MENDED,
	scope=ControlScope.COMPANY,
	needs=_NEEDS,
	parameters=(FEWEST, RATE),
)
def days_off(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield people and months with more days off worked than these people usually have."""
	return _unusual("days_off", DAYS_OFF, facts, values, None)


def is_round(amount: Decimal) -> bool:
	"""Return whether an amount of 100 or more has two digits at most that are not zero in the end, as 1,500 has."""
	amount = abs(amount)
	if amount < 100:
		return False
	return amount % (Decimal(10) ** (amount.adjusted() - 1)) == 0


@control(
	"round_amounts",
	name=marked("Round Amounts"),
	risk=marked("Invented amounts are often round ones."),
	source=marked(
		"Nigrini, Forensic Analytics (2020): round numbers; Fisher's exact test against the person's other months"
	),
	mended=_MENDED,
	scope=ControlScope.COMPANY,
	needs=(FactKind.INVOICES, FactKind.WRITE_OFFS),
	parameters=(FEWEST, RATE),
)
def round_amounts(facts: ControlFacts, values: Values) -> Iterable[ControlFinding]:
	"""Yield people and months with a larger share of round amounts than usual; receipts, whose amounts others choose, left out."""
	months: dict[str, dict[_Month, dict[tuple[str, Decimal], Voucher]]] = defaultdict(
		lambda: defaultdict(dict)
	)
	for person, customer, day, amount, document in _amounts(facts):
		if not facts.is_system(person):
			months[person][day.year, day.month].setdefault((customer, amount), document)
	tested = []
	for person, found in months.items():
		total = sum(map(len, found.values()))
		round_ones = {month: [key for key in parts if is_round(key[1])] for month, parts in found.items()}
		all_round = sum(map(len, round_ones.values()))
		for month, parts in found.items():
			rest = total - len(parts)
			if rest >= _FEWEST_ENTRIES and len(found) > 3:
				hits = len(round_ones[month])
				chance = larger_share(hits, len(parts), all_round - hits, rest)
				tested.append((chance, person, month, (hits, len(parts), all_round - hits, rest)))
	for place in discoveries([one[0] for one in tested], float(values["rate"]) / 100):
		chance, person, month, (hits, size, others, rest) = tested[place]
		if hits < int(values["fewest"]):
			continue
		name = f"{date(*month, 1):%Y-%m}"
		chosen = {key: document for key, document in months[person][month].items() if is_round(key[1])}
		yield ControlFinding(
			"round_amounts",
			finding_key("round_amounts", person, name),
			min(period_end(date(*month, 1)), facts.today),
			Because(ROUND, (person, hits, size, name, others, rest, f"{chance * 100:.2g}")),
			FindingSeverity.LOW,
			tuple(chosen.values())[:MOST_DOCUMENTS],
			sum((abs(amount) for _customer, amount in chosen), ZERO),
			"",
			person,
		)


def _amounts(facts: ControlFacts) -> Iterator[tuple[str, str, date, Decimal, Voucher]]:
	for one in facts.invoices:
		if one.owner:
			yield one.owner, one.customer, one.date, one.amount, one.voucher
	for one in facts.write_offs:
		if one.owner:
			yield one.owner, one.customer, one.date, one.base_amount, one.document
