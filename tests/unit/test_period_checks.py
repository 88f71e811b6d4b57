"""Check lists of a period: periods and their ends, what is explained, and what has changed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.period_checks import (
	POSSIBLE,
	CheckRow,
	CheckState,
	Figure,
	ListAction,
	ListStatus,
	PeriodCheck,
	PeriodKind,
	changes,
	checks_of,
	due_date,
	ended_periods,
	fingerprint,
	is_late,
	period_of,
	state_of,
	title,
	unexplained,
)
from client_ledger.core.statements.periods import Period

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
KINDS = st.sampled_from(PeriodKind)
MONTHS = st.integers(1, 12)
RECEIPTS = Figure(PeriodCheck.RECEIPTS, 2, Decimal("150.00"), "abc")


@given(KINDS, DAYS, MONTHS)
def test_a_day_is_in_its_period_and_the_next_one_follows_it(kind, day, last_month):
	period = period_of(kind, day, last_month)
	assert period.from_date <= day <= period.as_of
	assert (period.as_of + timedelta(days=1)).day == 1 and period.from_date.day == 1
	following = period_of(kind, period.as_of + timedelta(days=1), last_month)
	assert following.from_date == period.as_of + timedelta(days=1)


@given(KINDS, DAYS, MONTHS)
def test_only_periods_that_have_ended_get_a_list_and_each_one_gets_it(kind, today, last_month):
	(last,) = ended_periods(kind, today, last_month)
	assert last.as_of < today <= period_of(kind, today, last_month).as_of
	assert ended_periods(kind, today, last_month, last.as_of) == []
	before = period_of(kind, last.from_date - timedelta(days=1), last_month)
	assert ended_periods(kind, today, last_month, before.as_of) == [last]
	long_ago = ended_periods(kind, today, last_month, last.as_of - timedelta(days=365 * 20))
	assert long_ago[-1] == last and len(long_ago) == 12


@pytest.mark.parametrize(
	("kind", "last_month", "first", "last", "text"),
	[
		(PeriodKind.MONTH, 12, date(2026, 10, 1), date(2026, 10, 31), "2026-10"),
		(PeriodKind.QUARTER, 12, date(2026, 7, 1), date(2026, 9, 30), "2026-07 – 2026-09"),
		(PeriodKind.QUARTER, 2, date(2026, 6, 1), date(2026, 8, 31), "2026-06 – 2026-08"),
		(PeriodKind.YEAR, 12, date(2025, 1, 1), date(2025, 12, 31), "2025-01 – 2025-12"),
		(PeriodKind.YEAR, 3, date(2025, 4, 1), date(2026, 3, 31), "2025-04 – 2026-03"),
	],
)
def test_the_last_period_by_the_company_s_year(kind, last_month, first, last, text):
	(found,) = ended_periods(kind, date(2026, 11, 28), last_month)
	assert found == Period(first, last)
	assert title(kind, found) == text
	assert is_late(ListStatus.PREPARED, due_date(kind, found), date(2026, 11, 28)) is True
	assert is_late(ListStatus.APPROVED, due_date(kind, found), date(2026, 11, 28)) is False


def test_a_month_asks_for_no_shorter_lists_and_everything_else_is_checked_always():
	month = checks_of(PeriodKind.MONTH)
	assert PeriodCheck.SHORTER_LISTS not in month
	for kind in (PeriodKind.QUARTER, PeriodKind.YEAR):
		assert checks_of(kind) == (*month, PeriodCheck.SHORTER_LISTS)


def test_an_explanation_holds_for_its_figure_only():
	nothing = Figure(PeriodCheck.RECEIPTS, 0)
	explained = CheckRow(RECEIPTS, CheckState.EXPLAINED, "The bank has asked the payer")
	assert state_of(nothing) is CheckState.OK
	assert state_of(nothing, explained) is CheckState.OK
	assert state_of(RECEIPTS) is CheckState.EXCEPTION
	assert state_of(RECEIPTS, explained) is CheckState.EXPLAINED
	assert state_of(RECEIPTS, CheckRow(RECEIPTS, CheckState.EXCEPTION, "x")) is CheckState.EXCEPTION
	for other in (
		RECEIPTS._replace(found=3),
		RECEIPTS._replace(amount=Decimal("150.01")),
		RECEIPTS._replace(fingerprint="other documents"),
	):
		assert state_of(other, explained) is CheckState.EXCEPTION


def test_what_is_not_explained_and_what_has_changed():
	bank = Figure(PeriodCheck.BANK, 1, Decimal(7), "b")
	rows = [CheckRow(RECEIPTS, CheckState.EXPLAINED, "x"), CheckRow(bank, CheckState.EXCEPTION)]
	assert unexplained(rows) == [PeriodCheck.BANK]
	assert changes(rows, [RECEIPTS, bank]) == []
	more = bank._replace(found=2)
	assert [tuple(one) for one in changes(rows, [RECEIPTS, more])] == [(bank, more)]
	assert changes(rows, [RECEIPTS]) == [], "what was not read is not compared"


def test_nothing_is_done_twice_and_nothing_changes_after_it_is_signed():
	for action in (ListAction.READ, ListAction.EXPLAIN, ListAction.PREPARE):
		assert set(POSSIBLE[action]) == {ListStatus.OPEN, ListStatus.REOPENED}
	assert set(POSSIBLE) == set(ListAction)
	assert not set(POSSIBLE[ListAction.APPROVE]) & set(POSSIBLE[ListAction.PREPARE])
	for status in (ListStatus.PREPARED, ListStatus.APPROVED):
		assert status in POSSIBLE[ListAction.REOPEN]


@given(st.lists(st.tuples(st.text(max_size=5), st.integers()), max_size=6), st.randoms())
def test_a_fingerprint_tells_other_things_and_not_their_order(things, random):
	mixed = list(things)
	random.shuffle(mixed)
	assert fingerprint(mixed) == fingerprint(things)
	assert bool(fingerprint(things)) == bool(things)
	assert fingerprint([*things, ("one more", 0)]) != fingerprint(things)
