"""Credit rules: what is held, what is warned of, what passes, and that the message has its figures."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.credit.exposure import Exposure
from client_ledger.core.credit.limits import Limit, LimitSource, LimitState
from client_ledger.core.credit.rules import (
	Action,
	CheckFacts,
	CheckRule,
	DunningHold,
	Kind,
	Release,
	RuleType,
	evaluate,
)

TODAY = date(2026, 5, 10)
UNLIMITED = Limit(LimitState.UNLIMITED, None, LimitSource.NONE)


def limit(amount: object) -> Limit:
	return Limit(LimitState.LIMITED, Decimal(str(amount)), LimitSource.CUSTOMER)


def facts(owed: object = 0, addition: object = 100, **more) -> CheckFacts:
	values = {
		"kind": Kind.ORDER,
		"today": TODAY,
		"limit": UNLIMITED,
		"amount": Decimal(str(addition)),
		**more,
	}
	return CheckFacts(exposure=Exposure(Decimal(str(owed))), addition=Decimal(str(addition)), **values)


def rule(kind: RuleType, action: Action = Action.HOLD, **more) -> CheckRule:
	return CheckRule(kind.value, kind, action, **more)


OVER = rule(RuleType.OVER_LIMIT)


@pytest.mark.parametrize(
	("owed", "addition", "held"), [(0, 100, False), (1, 100, True), (101, 0, True), (-50, 150, False)]
)
def test_over_limit_counts_what_the_document_adds(owed, addition, held):
	verdict = evaluate([OVER], facts(owed, addition, limit=limit(100)))
	assert (verdict.action is Action.HOLD) == held


def test_the_finding_carries_the_figures():
	(found,) = evaluate([OVER], facts(80, 30, limit=limit(100))).findings
	assert found.figures == {"exposure": 110, "limit": 100, "over": 10, "addition": 30, "percent": 100}


def test_a_margin_over_the_limit():
	loose = rule(RuleType.OVER_LIMIT, percent=Decimal(110))
	assert not evaluate([loose], facts(80, 30, limit=limit(100))).findings
	assert evaluate([loose], facts(80, 31, limit=limit(100))).findings


def test_no_credit_holds_the_smallest_order_and_an_unlimited_customer_is_never_over():
	barred = Limit(LimitState.NO_CREDIT, Decimal(0), LimitSource.NO_CREDIT)
	assert evaluate([rule(RuleType.NO_CREDIT)], facts(0, "0.01", limit=barred)).holds
	assert not evaluate([rule(RuleType.NO_CREDIT)], facts(-5, 5, limit=barred)).findings, "paid in advance"
	assert not evaluate([OVER, rule(RuleType.NO_CREDIT)], facts(10**9, 1)).findings


def test_overdue_needs_age_amount_and_share():
	overdue = rule(RuleType.OVERDUE, days=30, amount=Decimal(50), percent=Decimal(10))
	late = {"overdue": Decimal(60), "oldest_days": 31, "balance": Decimal(100)}
	assert evaluate([overdue], facts(**late)).holds
	for change in ({"oldest_days": 30}, {"overdue": Decimal(50)}, {"balance": Decimal(600)}):
		assert not evaluate([overdue], facts(**{**late, **change})).findings, change


def test_actions_per_grade():
	graded = rule(RuleType.OLDEST_ITEM, Action.HOLD, days=60, by_grade={"A": Action.WARN, "B": Action.OFF})
	actions = {g: evaluate([graded], facts(oldest_days=61, grade=g)).action for g in "ABC"}
	assert actions == {"A": Action.WARN, "B": Action.OFF, "C": Action.HOLD}


def test_the_rule_grade_takes_the_grades_own_action():
	grade = rule(RuleType.GRADE, Action.OFF)
	assert evaluate([grade], facts(grade="E", grade_action=Action.HOLD)).holds
	assert not evaluate([grade], facts(grade="A", grade_action=Action.OFF)).findings
	own = rule(RuleType.GRADE, Action.OFF, by_grade={"E": Action.WARN})
	assert evaluate([own], facts(grade="E", grade_action=Action.HOLD)).action is Action.WARN


def test_an_expired_assessment_and_none_at_all():
	expired = rule(RuleType.EXPIRED_ASSESSMENT, days=5)
	assert not evaluate([expired], facts(assessment_valid_to=TODAY - timedelta(days=5))).findings
	assert evaluate([expired], facts(assessment_valid_to=TODAY - timedelta(days=6))).findings
	assert not evaluate([expired], facts()).findings


@pytest.mark.parametrize(
	("kind", "fact"),
	[(RuleType.BROKEN_PROMISE, "broken_promises"), (RuleType.DUNNING_LEVEL, "dunning_level")],
)
def test_counts_of_other_parts(kind, fact):
	counted = rule(kind, count=2)
	assert not evaluate([counted], facts(**{fact: 1})).findings
	assert evaluate([counted], facts(**{fact: 2})).findings


def test_a_dunning_step_that_holds():
	step = DunningHold("abc", "Final Notice", TODAY, Decimal(100))
	rules = [rule(RuleType.DUNNING_STEP)]
	assert not evaluate(rules, facts()).findings
	(finding,) = evaluate(rules, facts(dunning_hold=step)).holds
	assert finding.figures == {"notice": "abc", "step": "Final Notice", "on": TODAY, "amount": Decimal(100)}


def test_the_hosts_own_overdue_limit():
	host = rule(RuleType.HOST_OVERDUE_LIMIT)
	assert not evaluate([host], facts(overdue=Decimal(99))).findings
	assert evaluate([host], facts(overdue=Decimal(99), host_overdue_limit=Decimal(50))).findings


def test_a_rule_may_look_at_some_documents_only():
	orders = rule(RuleType.OVER_LIMIT, kinds=frozenset({Kind.ORDER}))
	assert not evaluate([orders], facts(100, 1, limit=limit(100), kind=Kind.DELIVERY)).findings


def test_rules_are_tested_in_order_and_all_findings_are_told():
	warn = rule(RuleType.OLDEST_ITEM, Action.WARN)
	verdict = evaluate([warn, OVER], facts(100, 1, limit=limit(100), oldest_days=1))
	assert [f.type for f in verdict.findings] == [RuleType.OLDEST_ITEM, RuleType.OVER_LIMIT]
	assert verdict.action is Action.HOLD
	assert [f.type for f in verdict.holds] == [RuleType.OVER_LIMIT]
	assert verdict.softened().action is Action.WARN


def test_what_is_paid_for_passes():
	every = [rule(kind) for kind in RuleType]
	worst = {"oldest_days": 99, "overdue": Decimal(9), "grade": "E", "grade_action": Action.HOLD}
	verdict = evaluate(every, facts(999, 1, limit=limit(1), covered=True, **worst))
	assert (verdict.action, verdict.covered) == (Action.OFF, True)


amount = st.integers(-500, 500)


@given(amount, st.integers(0, 500), st.integers(1, 500), st.integers(0, 400))
def test_splitting_an_order_passes_nothing_that_the_whole_does_not(owed, order, bound, part):
	part = min(part, order)
	whole = evaluate([OVER], facts(owed, order, limit=limit(bound))).action
	first = evaluate([OVER], facts(owed, part, limit=limit(bound))).action
	second = evaluate([OVER], facts(owed + part, order - part, limit=limit(bound))).action
	if whole is Action.HOLD:
		assert Action.HOLD in (first, second)


@given(amount, st.integers(0, 500), st.integers(1, 500), st.integers(0, 100))
def test_owing_more_never_helps(owed, addition, bound, more):
	before = evaluate([OVER], facts(owed, addition, limit=limit(bound))).action
	after = evaluate([OVER], facts(owed + more, addition, limit=limit(bound))).action
	assert not (before is Action.HOLD and after is Action.OFF)


def test_a_release_is_bound_to_its_document_customer_company_amount_and_days():
	order = ("Sales Order", "SO-1")
	release = Release(order, "A", "C", Decimal(100), TODAY)
	assert release.covers(order, "A", "C", Decimal(100), TODAY)
	for changed in (
		(("Sales Order", "SO-1-1"), "A", "C", Decimal(100), TODAY),
		(order, "B", "C", Decimal(100), TODAY),
		(order, "A", "D", Decimal(100), TODAY),
		(order, "A", "C", Decimal("100.01"), TODAY),
		(order, "A", "C", Decimal(100), TODAY + timedelta(days=1)),
	):
		assert not release.covers(*changed), changed


def test_what_follows_from_a_released_order_passes_until_its_grace_ends():
	order, other = ("Sales Order", "SO-1"), ("Sales Order", "SO-2")
	release = Release(order, "A", "C", Decimal(100), TODAY)
	whole, nothing = Decimal(100), Decimal(0)
	assert release.covers_what_follows([order, order], "A", "C", whole, nothing, TODAY)
	assert release.covers_what_follows([order], "A", "C", whole, Decimal("0.01"), TODAY)
	tomorrow = TODAY + timedelta(days=1)
	assert not release.covers_what_follows([order], "A", "C", whole, nothing, tomorrow)
	assert not release.covers_what_follows([order, other], "A", "C", whole, nothing, TODAY)
	assert not release.covers_what_follows([], "A", "C", whole, nothing, TODAY)
	assert not release.covers_what_follows([order], "A", "C", Decimal(101), nothing, TODAY)
	assert not release.covers_what_follows([order], "A", "C", whole, Decimal("0.02"), TODAY)


def test_a_verdict_says_which_rules_were_tested():
	off = rule(RuleType.OLDEST_ITEM, Action.OFF)
	invoices = rule(RuleType.OVERDUE, kinds=frozenset({Kind.INVOICE}))
	verdict = evaluate([OVER, off, invoices], facts(limit=limit(1)))
	assert verdict.tested == verdict.softened().tested == {RuleType.OVER_LIMIT}
	assert evaluate([OVER], facts(covered=True)).tested == frozenset()
