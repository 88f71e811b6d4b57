"""The worklist: whom to contact today, in which order, and why.

	account facts -> off the list (one need not call) or the rules that are met -> priority = sum of their points

As in SAP Collections Management, the rules that gave points are the reason to call.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from client_ledger.core.account import AccountKey
from client_ledger.core.money import ZERO


class Measure(str, Enum):
	"""What a rule looks at: the value is the field of Facts."""

	OVERDUE = "overdue"
	OLDEST_DAYS = "oldest_days"
	GRADE_RANK = "grade_rank"
	BROKEN_PROMISES = "broken_promises"
	PROMISE_DUE = "promise_due_today"
	DUNNING_LEVEL = "dunning_level"
	LIMIT_UTILISATION = "limit_utilisation"
	DAYS_SINCE_CONTACT = "days_since_contact"
	FOLLOW_UP_DUE = "follow_up_due"
	FIRST_OVERDUE_LARGE = "first_overdue_large"


class OffReason(str, Enum):
	"""Why a customer is not on the list today. The value is the English label."""

	NOTHING_OVERDUE = "Nothing Overdue"
	PROMISE_RUNNING = "Promise Open"
	DISPUTE_OPEN = "All Overdue Items Disputed"
	HANDED_OVER = "Referred to Lawyer or Collection Agency"
	PAID_SINCE = "Overdue Items Covered by Payments"
	LATER = "Follow Up Planned for Later"
	DONE_TODAY = "Contacted Today"


@dataclass(frozen=True, slots=True)
class WorklistFacts:
	"""What is known of an account today. Amounts in company currency, days as whole numbers.

	overdue: past due. disputed, handed_over, promised: of what is overdue. collectable: what is left of it after those and
	after what is on account, as `client_ledger.core.amount_due` says.
	grade_rank: 1 is the best grade, 0 unknown. limit_utilisation: exposure / limit, None without a limit.
	days_since_contact: None where there never was one. next_follow_up: when somebody means to act again.
	"""

	key: AccountKey
	overdue: Decimal
	oldest_days: int
	disputed: Decimal = ZERO
	handed_over: Decimal = ZERO
	promised: Decimal = ZERO
	collectable: Decimal = ZERO
	grade_rank: int = 0
	broken_promises: int = 0
	promise_due_today: bool = False
	dunning_level: int = 0
	limit_utilisation: float | None = None
	days_since_contact: int | None = None
	next_follow_up: date | None = None
	follow_up_due: bool = False
	first_overdue_large: bool = False


class WorklistRule(NamedTuple):
	"""`points` where the measure is at least `minimum` (a yes counts as 1)."""

	name: str
	measure: Measure
	minimum: Decimal
	points: int


class MetRule(NamedTuple):
	"""A rule that is met, with the value that met it."""

	rule: WorklistRule
	value: Decimal


class WorklistRow(NamedTuple):
	"""An account on today's list: its points and the rules they came from, most points first."""

	facts: WorklistFacts
	points: int
	met: tuple[MetRule, ...]


@dataclass(frozen=True, slots=True)
class Worklist:
	"""Today's list in order, and who is off it and why."""

	rows: list[WorklistRow]
	off: dict[AccountKey, OffReason]


# A rule, what it looks at, and the least that meets it.
_Test = tuple[WorklistRule, Callable[[WorklistFacts], Any], Decimal | int]

# So many days an overdue item of a large customer is its first.
FRESH_DAYS = 14
# Never contacted: as if the last contact were this long ago.
NEVER_CONTACTED = 9999


def build(facts: Iterable[WorklistFacts], rules: Iterable[WorklistRule], today: date) -> Worklist:
	"""Return today's worklist. Highest points first; then the largest amount one may chase, then by name."""
	# In the order in which the rules that are met are told, so that no row needs a sorting of its own.
	tests = [_test(rule) for rule in sorted(rules, key=lambda rule: (-rule.points, rule.name))]
	rows, off = [], {}
	for one in facts:
		reason = off_reason(one, today)
		if reason:
			off[one.key] = reason
			continue
		points, met = _met(one, tests)
		order = (-points, -to_chase(one), one.key.customer, one.key.company)
		rows.append((order, WorklistRow(one, points, met)))
	rows.sort(key=itemgetter(0))
	return Worklist([row for _order, row in rows], off)


def to_chase(facts: WorklistFacts) -> Decimal:
	"""Return what is overdue and neither disputed, handed over, promised nor covered by money on account."""
	return max(facts.collectable, ZERO)


def off_reason(facts: WorklistFacts, today: date) -> OffReason | None:
	"""Return why one need not contact this customer today, None if one should.

	A promise that falls due today and a follow-up that is due are reasons to act whatever else holds.
	"""
	if facts.promise_due_today or facts.follow_up_due:
		return None
	if facts.overdue <= 0:
		return OffReason.NOTHING_OVERDUE
	if facts.days_since_contact == 0:
		return OffReason.DONE_TODAY
	if facts.next_follow_up and facts.next_follow_up > today:
		return OffReason.LATER
	left = facts.overdue
	for amount, reason in (
		(facts.disputed, OffReason.DISPUTE_OPEN),
		(facts.handed_over, OffReason.HANDED_OVER),
		(facts.promised, OffReason.PROMISE_RUNNING),
	):
		left -= amount
		if left <= 0:
			return reason
	return OffReason.PAID_SINCE if to_chase(facts) <= 0 else None


def _met(facts: WorklistFacts, tests: Sequence[_Test]) -> tuple[int, tuple[MetRule, ...]]:
	"""Return the points of an account and the rules that are met."""
	points, met = 0, []
	for rule, value_of, minimum in tests:
		value = value_of(facts)
		if value is not None and value >= minimum:
			points += rule.points
			met.append(MetRule(rule, Decimal(value)))
	return points, tuple(met)


def _test(rule: WorklistRule) -> _Test:
	"""Return a rule ready to be held against thousands of accounts: whole numbers are compared as such."""
	is_whole = rule.minimum == rule.minimum.to_integral_value()
	return (
		rule,
		_VALUES.get(rule.measure) or attrgetter(rule.measure.value),
		(int(rule.minimum) if is_whole else rule.minimum),
	)


def _days_since_contact(facts: WorklistFacts) -> int:
	return NEVER_CONTACTED if facts.days_since_contact is None else facts.days_since_contact


def _limit_utilisation(facts: WorklistFacts) -> Decimal | None:
	"""A float is what it is written as."""
	used = facts.limit_utilisation
	return None if used is None else Decimal(str(used))


_VALUES: Mapping[Measure, Callable[[WorklistFacts], Decimal | int | None]] = {
	Measure.OVERDUE: to_chase,
	Measure.DAYS_SINCE_CONTACT: _days_since_contact,
	Measure.LIMIT_UTILISATION: _limit_utilisation,
}


DEFAULT_RULES: Mapping[str, tuple[Measure, str, int]] = {
	"Promise Due Today": (Measure.PROMISE_DUE, "1", 40),
	"Broken Promise": (Measure.BROKEN_PROMISES, "1", 35),
	"Follow Up Due": (Measure.FOLLOW_UP_DUE, "1", 30),
	"First Overdue of a Large Customer": (Measure.FIRST_OVERDUE_LARGE, "1", 25),
	"Oldest Item over 60 Days": (Measure.OLDEST_DAYS, "61", 25),
	"Oldest Item over 30 Days": (Measure.OLDEST_DAYS, "31", 15),
	"Overdue over 100,000": (Measure.OVERDUE, "100000", 30),
	"Overdue over 10,000": (Measure.OVERDUE, "10000", 20),
	"Grade D or E": (Measure.GRADE_RANK, "4", 15),
	"Dunned Twice or More": (Measure.DUNNING_LEVEL, "2", 15),
	"High Limit Utilisation": (Measure.LIMIT_UTILISATION, "0.9", 10),
	"No Contact for Two Weeks": (Measure.DAYS_SINCE_CONTACT, "14", 10),
}


def default_rules() -> tuple[WorklistRule, ...]:
	"""Return the rules that are shipped."""
	return tuple(
		WorklistRule(name, measure, Decimal(minimum), points)
		for name, (measure, minimum, points) in DEFAULT_RULES.items()
	)
