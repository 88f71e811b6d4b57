"""Credit rules: what an order, a delivery or an invoice has to pass, tested in order.

	facts (exposure, limit, position, grade, what the document adds) + rules -> findings -> hold, warn or pass

Money received, credit notes and returns are never tested. A document that its customer's money already covers
passes whatever else holds. Findings are a key and figures; credit.check.messages words them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple

from client_ledger.core.credit.exposure import Exposure
from client_ledger.core.credit.limits import Limit, LimitState
from client_ledger.core.money import ZERO


class Action(str, Enum):
	"""What a rule does. The value is the English label."""

	OFF = "Off"
	WARN = "Warn"
	HOLD = "Hold"


class Kind(str, Enum):
	"""What is being submitted."""

	ORDER = "Sales Order"
	DELIVERY = "Delivery Note"
	INVOICE = "Sales Invoice"


class RuleType(str, Enum):
	"""What a rule tests. The value is the English label."""

	NO_CREDIT = "No Credit"
	OVER_LIMIT = "Over Limit"
	OVERDUE = "Overdue"
	OLDEST_ITEM = "Oldest Item"
	GRADE = "Credit Grade"
	EXPIRED_ASSESSMENT = "Expired Assessment"
	HOST_OVERDUE_LIMIT = "ERPNext Overdue Limit"
	BROKEN_PROMISE = "Broken Promise"
	DUNNING_LEVEL = "Dunning Level"
	DUNNING_STEP = "Dunning Step"


@dataclass(frozen=True, slots=True)
class CheckRule:
	"""One test. action: for grades not in `by_grade`; the rule Grade takes each grade's own action from the facts.

	percent: of the limit (Over Limit), of the balance (Overdue). days, amount, count: a rule is met by more than these
	(count: by at least that many).
	"""

	name: str
	type: RuleType
	action: Action
	by_grade: Mapping[str, Action] = field(default_factory=dict)
	kinds: frozenset[Kind] = frozenset(Kind)
	percent: Decimal = Decimal(100)
	days: int = 0
	amount: Decimal = ZERO
	count: int = 1


class DunningHold(NamedTuple):
	"""A dunning step that holds until what it asked for is paid. amount: what of that is open, company currency."""

	notice: str
	step: str
	on: date
	amount: Decimal


@dataclass(frozen=True, slots=True)
class CheckFacts:
	"""What is known when a document is submitted, all who share the limit together, company currency.

	addition: what the document adds to the exposure. amount: its own total. covered: it is paid for already.
	overdue, oldest_days, balance: of the open items. grade_action: what the grade's own policy says.
	assessment_valid_to: None where there is none. host_overdue_limit: ERPNext's own, 0 where it has none.
	"""

	kind: Kind
	today: date
	exposure: Exposure
	limit: Limit
	addition: Decimal
	amount: Decimal
	covered: bool = False
	overdue: Decimal = ZERO
	oldest_days: int = 0
	balance: Decimal = ZERO
	grade: str = "Unrated"
	grade_action: Action = Action.OFF
	assessment_valid_to: date | None = None
	host_overdue_limit: Decimal = ZERO
	broken_promises: int = 0
	dunning_level: int = 0
	dunning_hold: DunningHold | None = None

	@property
	def exposure_after(self) -> Decimal:
		"""Exposure once the document is submitted."""
		return self.exposure.total + self.addition


class Finding(NamedTuple):
	"""A rule that is not passed: what it does, and the figures it was decided on."""

	rule: str
	type: RuleType
	action: Action
	figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CheckVerdict:
	"""What becomes of a document. covered: it passes because it is paid for. tested: the types of rules it had to pass."""

	findings: tuple[Finding, ...]
	covered: bool = False
	tested: frozenset[RuleType] = frozenset()

	@property
	def action(self) -> Action:
		"""The strictest action of all findings."""
		actions = {finding.action for finding in self.findings}
		return Action.HOLD if Action.HOLD in actions else Action.WARN if actions else Action.OFF

	@property
	def holds(self) -> tuple[Finding, ...]:
		"""Findings that hold the document, in the order of their rules."""
		return tuple(finding for finding in self.findings if finding.action is Action.HOLD)

	def softened(self) -> "CheckVerdict":
		"""Return the verdict where rules only ever warn."""
		return replace(self, findings=tuple(f._replace(action=Action.WARN) for f in self.findings))


def evaluate(rules: Iterable[CheckRule], facts: CheckFacts) -> CheckVerdict:
	"""Return the verdict on a document. rules: in the order they are tested."""
	if facts.covered:
		return CheckVerdict((), covered=True)
	findings, tested = [], set()
	for rule in rules:
		action = _action(rule, facts)
		if action is Action.OFF or facts.kind not in rule.kinds:
			continue
		tested.add(rule.type)
		figures = _TESTS[rule.type](rule, facts)
		if figures is not None:
			findings.append(Finding(rule.name, rule.type, action, figures))
	return CheckVerdict(tuple(findings), tested=frozenset(tested))


def _action(rule: CheckRule, facts: CheckFacts) -> Action:
	if rule.type is RuleType.GRADE:
		return rule.by_grade.get(facts.grade, facts.grade_action)
	return rule.by_grade.get(facts.grade, rule.action)


def _no_credit(rule: CheckRule, facts: CheckFacts) -> dict[str, Any] | None:
	if facts.limit.state is not LimitState.NO_CREDIT or facts.exposure_after <= 0:
		return None
	return {"exposure": facts.exposure_after, "amount": facts.amount}


def _over_limit(rule: CheckRule, facts: CheckFacts) -> dict[str, Any] | None:
	if facts.limit.state is not LimitState.LIMITED:
		return None
	allowed = facts.limit.amount * rule.percent / 100
	if facts.exposure_after <= allowed:
		return None
	return {
		"exposure": facts.exposure_after,
		"limit": facts.limit.amount,
		"over": facts.exposure_after - facts.limit.amount,
		"addition": facts.addition,
		"percent": rule.percent,
	}


def _overdue(rule: CheckRule, facts: CheckFacts) -> dict[str, Any] | None:
	"""All that is set must be met: so old, so much, and such a share of what is owed."""
	if facts.oldest_days <= rule.days or facts.overdue <= rule.amount or facts.overdue <= 0:
		return None
	percent = facts.overdue / facts.balance * 100 if facts.balance > 0 else Decimal(100)
	if rule.percent and percent <= rule.percent:
		return None
	return {"overdue": facts.overdue, "days": facts.oldest_days, "percent": percent}


def _oldest_item(rule: CheckRule, facts: CheckFacts) -> dict[str, Any] | None:
	if facts.oldest_days <= rule.days:
		return None
	return {"days": facts.oldest_days, "allowed": rule.days}


def _grade(rule: CheckRule, facts: CheckFacts) -> dict[str, Any] | None:
	return {"grade": facts.grade}


def _expired_assessment(rule: CheckRule, facts: CheckFacts) -> dict[str, Any] | None:
	valid_to = facts.assessment_valid_to
	if valid_to is None or (facts.today - valid_to).days <= rule.days:
		return None
	return {"valid_to": valid_to, "days": (facts.today - valid_to).days}


def _host_overdue_limit(rule: CheckRule, facts: CheckFacts) -> dict[str, Any] | None:
	if facts.host_overdue_limit <= 0 or facts.overdue <= facts.host_overdue_limit:
		return None
	return {"overdue": facts.overdue, "limit": facts.host_overdue_limit}


def _broken_promise(rule: CheckRule, facts: CheckFacts) -> dict[str, Any] | None:
	if facts.broken_promises < max(rule.count, 1):
		return None
	return {"count": facts.broken_promises}


def _dunning_level(rule: CheckRule, facts: CheckFacts) -> dict[str, Any] | None:
	if facts.dunning_level < max(rule.count, 1):
		return None
	return {"level": facts.dunning_level}


def _dunning_step(rule: CheckRule, facts: CheckFacts) -> dict[str, Any] | None:
	return facts.dunning_hold._asdict() if facts.dunning_hold else None


_TESTS = {
	RuleType.NO_CREDIT: _no_credit,
	RuleType.OVER_LIMIT: _over_limit,
	RuleType.OVERDUE: _overdue,
	RuleType.OLDEST_ITEM: _oldest_item,
	RuleType.GRADE: _grade,
	RuleType.EXPIRED_ASSESSMENT: _expired_assessment,
	RuleType.HOST_OVERDUE_LIMIT: _host_overdue_limit,
	RuleType.BROKEN_PROMISE: _broken_promise,
	RuleType.DUNNING_LEVEL: _dunning_level,
	RuleType.DUNNING_STEP: _dunning_step,
}


# ERPNext rounds how much of an order is billed; what so little exceeds it does not.
ROUNDING = Decimal("0.0001")


def adds_nothing(addition: Decimal, amount: Decimal) -> bool:
	"""Return whether *addition* to the exposure is none, but for rounding, of a document over *amount*."""
	return addition <= amount * ROUNDING


@dataclass(frozen=True, slots=True)
class Release:
	"""A release of a held document: for whom and how much, and until when it and what is made from it passes."""

	document: tuple[str, str]
	customer: str
	company: str
	amount: Decimal
	until: date

	def covers(
		self, document: tuple[str, str], customer: str, company: str, amount: Decimal, today: date
	) -> bool:
		"""Return whether the document itself may pass: the same customer and company, and no larger than it was."""
		return self.document == document and self._allows(customer, company, amount, today)

	def covers_what_follows(
		self,
		origins: Iterable[tuple[str, str]],
		customer: str,
		company: str,
		amount: Decimal,
		addition: Decimal,
		today: date,
	) -> bool:
		"""Return whether a document may pass that is made only from the released one and asks for no more than that."""
		return (
			set(origins) == {self.document}
			and adds_nothing(addition, amount)
			and self._allows(customer, company, amount, today)
		)

	def _allows(self, customer: str, company: str, amount: Decimal, today: date) -> bool:
		return (
			(self.customer, self.company) == (customer, company)
			and amount <= self.amount
			and today <= self.until
		)
