"""Promises: decided by the money that came, checked against a slow day-by-day reading."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.collections.promises import (
	Instalment,
	Promise,
	PromisedItem,
	PromiseStatus,
	Receipt,
	check_promise,
	outcome,
	reliability,
)
from client_ledger.core.entries import Voucher

DAY = date(2026, 3, 2)
ONE, TWO, OTHER = (Voucher("Sales Invoice", name) for name in ("SI-1", "SI-2", "SI-9"))


def money(value: object) -> Decimal:
	return Decimal(str(value))


def promise(*parts: tuple[int, object], items: object = None, **options) -> Promise:
	"""A promise made on DAY: (days from then, amount) per instalment."""
	instalments = tuple(Instalment(DAY + timedelta(days=days), money(amount)) for days, amount in parts)
	total = sum((part.amount for part in instalments), Decimal(0))
	return Promise(DAY, instalments, items or (PromisedItem(ONE, None, total),), **options)


def receipt(days: int, amount: object, against: Voucher | None = ONE) -> Receipt:
	return Receipt(DAY + timedelta(days=days), money(amount), against)


def status(made: Promise, receipts: list[Receipt], owed: object, days: int) -> PromiseStatus:
	return outcome(made, receipts, money(owed), DAY + timedelta(days=days)).status


def test_a_promise_runs_until_its_date_and_is_broken_the_day_after():
	made = promise((10, 100))
	assert status(made, [], 100, 10) is PromiseStatus.RUNNING
	assert status(made, [], 100, 11) is PromiseStatus.BROKEN


def test_grace_days_and_tolerance():
	made = promise((10, 100), grace=3, tolerance=money("0.01"))
	assert status(made, [receipt(13, 99)], 1, 13) is PromiseStatus.KEPT
	assert status(made, [receipt(14, 99)], 1, 14) is PromiseStatus.BROKEN
	assert status(made, [receipt(13, 98)], 2, 14) is PromiseStatus.PARTLY_KEPT


def test_money_that_came_before_the_promise_or_for_another_invoice_does_not_count():
	made = promise((10, 100))
	assert status(made, [receipt(-1, 100), receipt(5, 100, OTHER)], 100, 11) is PromiseStatus.BROKEN


def test_money_on_account_counts():
	assert status(promise((10, 100)), [receipt(5, 100, None)], 100, 11) is PromiseStatus.KEPT


def test_instalments_are_paid_in_order_and_one_missed_breaks_the_plan_at_once():
	made = promise((10, 50), (20, 50))
	assert status(made, [receipt(9, 50)], 50, 15) is PromiseStatus.RUNNING
	assert status(made, [receipt(9, 50)], 50, 21) is PromiseStatus.PARTLY_KEPT
	assert status(made, [], 100, 11) is PromiseStatus.BROKEN
	found = outcome(made, [receipt(12, 100)], money(0), DAY + timedelta(days=30))
	assert [part.status for part in found.instalments] == [PromiseStatus.BROKEN, PromiseStatus.KEPT]
	assert [part.days_late for part in found.instalments] == [2, 0]
	assert found.status is PromiseStatus.PARTLY_KEPT


def test_what_was_credited_instead_is_not_held_against_anybody():
	made = promise((10, 100))
	assert status(made, [], 0, 11) is PromiseStatus.SETTLED_OTHERWISE
	assert status(made, [receipt(8, 60)], 0, 11) is PromiseStatus.KEPT


def test_missing_is_what_was_due_and_did_not_come():
	found = outcome(promise((10, 100)), [receipt(9, 30)], money(70), DAY + timedelta(days=11))
	assert (found.received, found.missing, found.next_due) == (30, 70, None)


@pytest.mark.parametrize(
	("made", "owed", "key", "row"),
	[
		(promise((10, 100)), 100, None, None),
		(promise((-1, 100)), 100, "instalment_in_the_past", 1),
		(promise((10, 0)), 100, "instalment_amount", 1),
		(promise((10, 50), (5, 50)), 100, "instalments_out_of_order", 2),
		(promise((10, 101)), 100, "more_than_owed", 0),
		(promise((10, 50), items=(PromisedItem(ONE, None, money(60)),)), 100, "plan_does_not_sum", 0),
	],
)
def test_bad_promises_are_refused_naming_the_row(made, owed, key, row):
	problems = check_promise(made, money(owed), DAY)
	assert [(p.key, p.row) for p in problems] == ([(key, row)] if key else [])


def test_a_promise_about_nothing_is_refused():
	made = Promise(DAY, (), ())
	assert {p.key for p in check_promise(made, money(5), DAY)} == {"no_items", "no_instalments"}


amounts = st.integers(1, 50).map(Decimal)
plans = st.lists(
	st.tuples(st.integers(0, 40), amounts), min_size=1, max_size=4, unique_by=lambda p: p[0]
).map(lambda parts: promise(*sorted(parts)))
receipts = st.lists(
	st.builds(receipt, st.integers(-5, 60), st.integers(1, 80), st.sampled_from([ONE, OTHER, None])),
	max_size=6,
)


def slow_state(made: Promise, received: list[Receipt], today: date) -> PromiseStatus:
	"""Walk through the days; nothing is ever owed less than promised."""
	decided = {}
	day = made.made_on
	while day <= today:
		money_in = sum(
			r.amount for r in received if made.made_on <= r.posted <= day and r.against in (None, ONE)
		)
		needed = Decimal(0)
		for part in made.instalments:
			before, needed = needed, needed + part.amount
			if part in decided:
				continue
			if day <= part.due and money_in >= needed:
				decided[part] = PromiseStatus.KEPT
			elif day > part.due:
				# What came by its date, yesterday at the latest.
				on_time = sum(
					r.amount
					for r in received
					if made.made_on <= r.posted <= part.due and r.against in (None, ONE)
				)
				decided[part] = PromiseStatus.PARTLY_KEPT if on_time > before else PromiseStatus.BROKEN
		day += timedelta(days=1)
	found = [decided.get(part, PromiseStatus.RUNNING) for part in made.instalments]
	if any(s in (PromiseStatus.BROKEN, PromiseStatus.PARTLY_KEPT) for s in found):
		some = PromiseStatus.PARTLY_KEPT in found or PromiseStatus.KEPT in found
		return PromiseStatus.PARTLY_KEPT if some else PromiseStatus.BROKEN
	return PromiseStatus.RUNNING if PromiseStatus.RUNNING in found else PromiseStatus.KEPT


@given(plans, receipts, st.integers(0, 70))
def test_the_outcome_is_that_of_a_day_by_day_reading(made, received, days):
	today = DAY + timedelta(days=days)
	assert outcome(made, received, made.amount, today).status is slow_state(made, received, today)


@given(plans, receipts, st.integers(0, 70), st.integers(1, 80))
def test_more_money_never_makes_a_promise_worse(made, received, days, more):
	today = DAY + timedelta(days=days)
	rank = [PromiseStatus.BROKEN, PromiseStatus.PARTLY_KEPT, PromiseStatus.RUNNING, PromiseStatus.KEPT]
	without = outcome(made, received, made.amount, today).status
	with_more = outcome(made, [*received, receipt(0, more)], made.amount, today).status
	assert rank.index(with_more) >= rank.index(without)


@given(st.lists(st.tuples(plans, receipts), max_size=5))
def test_reliability_lies_between_0_and_100_and_counts_what_is_over(made):
	found = [outcome(p, r, p.amount, p.last_day + timedelta(days=1)) for p, r in made]
	result = reliability(found)
	assert result.number == len(made) == result.kept + result.partly_kept + result.broken
	assert (result.score is None) == (not made)
	if made:
		assert 0 <= result.score <= 100


def test_reliability_of_plain_cases():
	late = DAY + timedelta(days=60)
	kept = outcome(promise((10, 100)), [receipt(10, 100)], money(0), late)
	broken = outcome(promise((10, 100)), [], money(100), late)
	assert reliability([kept]).score == 100
	assert reliability([broken]).score == 10
	assert reliability([kept, broken]).score == 55
