"""The worklist: who is on it, in which order, and the reasons."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.account import AccountKey
from client_ledger.core.collections.worklist import (
	Measure,
	OffReason,
	WorklistFacts,
	WorklistRule,
	build,
	default_rules,
	off_reason,
	to_chase,
)

TODAY = date(2026, 3, 2)


def facts(name: str = "A", overdue: object = 100, oldest: int = 10, **more) -> WorklistFacts:
	spoken_for = sum(more.get(name, 0) for name in ("disputed", "promised", "handed_over"))
	more.setdefault("collectable", max(Decimal(str(overdue)) - spoken_for, Decimal(0)))
	return WorklistFacts(AccountKey(name, "C"), Decimal(str(overdue)), oldest, **more)


@pytest.mark.parametrize(
	("one", "reason"),
	[
		(facts(overdue=0), OffReason.NOTHING_OVERDUE),
		(facts(disputed=Decimal(100)), OffReason.DISPUTE_OPEN),
		(facts(promised=Decimal(100)), OffReason.PROMISE_RUNNING),
		(facts(collectable=Decimal(0)), OffReason.PAID_SINCE),
		(facts(collectable=Decimal(60)), None),
		(facts(handed_over=Decimal(100)), OffReason.HANDED_OVER),
		(facts(handed_over=Decimal(99)), None),
		(facts(disputed=Decimal(40), promised=Decimal(60)), OffReason.PROMISE_RUNNING),
		(facts(disputed=Decimal(40), promised=Decimal(59)), None),
		(facts(next_follow_up=TODAY + timedelta(days=1)), OffReason.LATER),
		(facts(next_follow_up=TODAY), None),
		(facts(days_since_contact=0), OffReason.DONE_TODAY),
		(facts(overdue=0, promise_due_today=True), None),
		(facts(overdue=0, follow_up_due=True), None),
	],
)
def test_those_whom_one_need_not_call_are_off_the_list(one, reason):
	assert off_reason(one, TODAY) is reason


def test_priority_is_the_sum_of_the_points_of_every_rule_met_and_the_rules_are_the_reason():
	rules = [
		WorklistRule("old", Measure.OLDEST_DAYS, Decimal(31), 15),
		WorklistRule("very old", Measure.OLDEST_DAYS, Decimal(61), 25),
	]
	worklist = build([facts("A", oldest=61), facts("B", oldest=31), facts("C", oldest=30)], rules, TODAY)
	assert [(r.facts.key.customer, r.points, [m.rule.name for m in r.met]) for r in worklist.rows] == [
		("A", 40, ["very old", "old"]),
		("B", 15, ["old"]),
		("C", 0, []),
	]


def test_a_customer_never_contacted_counts_as_long_without_contact():
	rules = [WorklistRule("silent", Measure.DAYS_SINCE_CONTACT, Decimal(14), 10)]
	worklist = build(
		[facts("A"), facts("B", days_since_contact=13), facts("C", days_since_contact=14)], rules, TODAY
	)
	assert {r.facts.key.customer: r.points for r in worklist.rows} == {"A": 10, "B": 0, "C": 10}


def test_without_a_limit_its_use_is_no_reason():
	rules = [WorklistRule("near limit", Measure.LIMIT_UTILISATION, Decimal("0.9"), 10)]
	worklist = build([facts("A"), facts("B", limit_utilisation=0.95)], rules, TODAY)
	assert {r.facts.key.customer: r.points for r in worklist.rows} == {"A": 0, "B": 10}


amount = st.integers(0, 200_000).map(Decimal)
one = st.builds(
	WorklistFacts,
	st.builds(AccountKey, st.text("ABC", min_size=1, max_size=3), st.just("C")),
	amount,
	st.integers(0, 120),
	disputed=amount,
	promised=amount,
	collectable=amount,
	grade_rank=st.integers(0, 5),
	broken_promises=st.integers(0, 3),
	promise_due_today=st.booleans(),
	days_since_contact=st.none() | st.integers(0, 60),
	next_follow_up=st.none() | st.dates(TODAY - timedelta(days=5), TODAY + timedelta(days=5)),
)
many = st.lists(one, max_size=12, unique_by=lambda f: f.key)


@given(many)
def test_everybody_is_on_the_list_or_off_it_with_a_reason(found):
	worklist = build(found, default_rules(), TODAY)
	assert {r.facts.key for r in worklist.rows} | set(worklist.off) == {f.key for f in found}
	assert len(worklist.rows) + len(worklist.off) == len(found)


@given(many, st.randoms())
def test_the_order_does_not_depend_on_the_order_of_the_facts(found, random):
	shuffled = found[:]
	random.shuffle(shuffled)
	rows = [r.facts.key for r in build(found, default_rules(), TODAY).rows]
	assert rows == [r.facts.key for r in build(shuffled, default_rules(), TODAY).rows]


@given(many)
def test_points_are_explained_and_fall_along_the_list(found):
	rows = build(found, default_rules(), TODAY).rows
	assert all(row.points == sum(met.rule.points for met in row.met) for row in rows)
	assert [row.points for row in rows] == sorted((row.points for row in rows), reverse=True)
	assert all(to_chase(row.facts) > 0 or row.facts.promise_due_today for row in rows)
