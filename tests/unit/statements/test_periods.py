"""Periods of statements: they follow one another without a gap, whatever the calendar."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.statements.periods import ClosingDay, Cycle, Frequency, Period


def weekday(day: date) -> bool:
	return day.weekday() < 5


def ends(cycle: Cycle, since: date, until: date) -> list[str]:
	return [str(period.as_of) for period in cycle.ended(since, until, weekday)]


YEAR = date(2026, 1, 1), date(2026, 12, 31)


@pytest.mark.parametrize(
	("cycle", "expected"),
	[
		(Cycle(Frequency.QUARTERLY), ["2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31"]),
		(Cycle(Frequency.QUARTERLY, last_month=1), ["2026-01-31", "2026-04-30", "2026-07-31", "2026-10-31"]),
		(Cycle(Frequency.YEARLY, last_month=3), ["2026-03-31"]),
		# 31 January and 31 May are a Saturday and a Sunday, 28 February a Saturday.
		(
			Cycle(Frequency.QUARTERLY, ClosingDay.LAST_WORKING_DAY, last_month=2),
			["2026-02-27", "2026-05-29", "2026-08-31", "2026-11-30"],
		),
		(Cycle(Frequency.QUARTERLY, ClosingDay.DAY_OF_MONTH, 31, 2), ["2026-02-28", "2026-05-31", "2026-08-31", "2026-11-30"]),
	],
)  # fmt: skip
def test_when_periods_end(cycle: Cycle, expected: list[str]):
	assert ends(cycle, *YEAR) == expected


def test_a_month_without_a_working_day_ends_on_its_last_day():
	cycle = Cycle(closing=ClosingDay.LAST_WORKING_DAY)
	found = cycle.ended(date(2026, 2, 1), date(2026, 2, 28), lambda _day: False)
	assert list(found) == [Period(date(2026, 2, 1), date(2026, 2, 28))]


@given(
	st.builds(
		Cycle, st.sampled_from(Frequency), st.sampled_from(ClosingDay), st.integers(1, 31), st.integers(1, 12)
	),
	st.dates(date(2000, 1, 1), date(2060, 1, 1)),
	st.integers(0, 400),
)
def test_periods_follow_one_another(cycle: Cycle, since: date, days: int):
	until = since + timedelta(days=days)
	found = list(cycle.ended(since, until, weekday))
	assert all(since <= period.as_of <= until and period.from_date <= period.as_of for period in found)
	for one, following in itertools.pairwise(found):
		assert following.from_date == one.as_of + timedelta(days=1)
	assert len({(period.as_of.year, period.as_of.month) for period in found}) == len(found)
	# Looked at day by day it is the same: no period is lost between two nights.
	by_night = [
		period for n in range(days + 1) for period in cycle.ended(*[since + timedelta(n)] * 2, weekday)
	]
	assert by_night == found
	last = cycle.last_before(until + timedelta(days=1), weekday)
	assert not found or found[-1] == last
