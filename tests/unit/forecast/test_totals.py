"""P10, P50, P90 of a week's total, and scenarios: what must hold whatever the items are."""

import random
from datetime import date, timedelta
from itertools import accumulate, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client_ledger.core.credit.histogram import learn
from client_ledger.core.forecast import scenarios
from client_ledger.core.forecast.forecast import corrected_totals, make_forecast
from client_ledger.core.forecast.items import CashItem, CashSource, ItemBuilder
from client_ledger.core.forecast.record import ForecastRecord, MadeForecast, WeekForecast
from client_ledger.core.forecast.totals import (
	Precision,
	WeekRange,
	cumulative_ranges,
	expected_totals,
	simulate,
	week_ranges,
)

from ..credit.ledgers import invent, line

WEEKS = 6
QUICK = Precision(draws=120, largest=40)
# The end of the last of the weeks that `teacher` is about.
AFTER = date(2025, 10, 12)


def items(seed: int, number: int = 60) -> list[CashItem]:
	rng = random.Random(seed)
	found = []
	for place in range(number):
		raw = [rng.random() for _week in range(WEEKS + 1)]
		shares = tuple(share / sum(raw) for share in raw[:WEEKS])
		source = rng.choice(list(CashSource))
		found.append(
			CashItem(
				f"C{place % 9}",
				f"I{place}",
				round(rng.lognormvariate(5, 1), 2),
				shares,
				place % 8 or None,
				source,
			)
		)
	return found


seeds = st.integers(0, 9_999)


@settings(max_examples=20)
@given(seeds, st.integers(0, 80))
def test_ranges_are_in_order_and_never_negative(seed, number):
	for low, middle, high in week_ranges(items(seed, number), WEEKS, precision=QUICK):
		assert 0 <= low <= middle <= high


@settings(max_examples=15)
@given(seeds)
def test_no_more_comes_than_is_owed(seed):
	found = items(seed)
	owed = sum(item.amount for item in found if item)
	draws = simulate(found, WEEKS, precision=Precision(120, 1_000))
	assert all(sum(week[draw] for week in draws) <= owed + 1e-6 for draw in range(120))


@settings(max_examples=10)
@given(seeds)
def test_the_mean_of_the_draws_is_what_is_expected(seed):
	found = items(seed, 300)
	expected, _later = expected_totals(found, WEEKS)
	for precision in (Precision(400, 1_000), Precision(400, 60)):
		draws = simulate(found, WEEKS, precision=precision)
		for week in range(WEEKS):
			assert sum(draws[week]) / 400 == pytest.approx(expected[week], rel=0.06)


def test_a_few_large_and_all_one_by_one_say_the_same():
	found = items(5, 400)
	exact = week_ranges(found, WEEKS, precision=Precision(600, 1_000))
	rough = week_ranges(found, WEEKS, precision=Precision(600, 100))
	for one, other in zip(exact, rough, strict=True):
		assert one == pytest.approx(other, rel=0.08)


def test_the_same_items_give_the_same_ranges():
	found = items(7)
	assert week_ranges(found, WEEKS) == week_ranges(list(reversed(found)), WEEKS)


def test_correlated_lateness_widens_the_range():
	found = items(2, 500)
	alone, together = (
		week_ranges(found, WEEKS, precision=Precision(400, 1_000, common, 0.0)) for common in (0.0, 0.3)
	)
	assert sum(row.high - row.low for row in together) > 1.5 * sum(row.high - row.low for row in alone)


def test_one_sure_item_has_no_range():
	(row, *_rest) = week_ranges([CashItem("Ada", "I", 100.0, (1.0, 0.0), 0)], 2, precision=QUICK)
	assert row == (100, 100, 100)


def test_one_item_comes_or_not():
	(row,) = week_ranges([CashItem("Ada", "I", 100.0, (0.5,), 0)], 1, precision=QUICK)
	assert (row.low, row.high) == (0, 100)


def test_nothing_owed_brings_nothing():
	assert week_ranges([], 2) == [(0, 0, 0)] * 2


def test_only_what_was_tested_is_corrected():
	shares = (1.0,)
	invoice = CashItem("Ada", "I", 100.0, shares, 0)
	order = CashItem("Ada", "O", 100.0, shares, 0, CashSource.ORDER)
	assert week_ranges([invoice, order], 1, [0.5], QUICK)[0].middle == 150


# Scenarios


@settings(max_examples=15)
@given(seeds)
def test_without_a_customer_no_week_brings_more(seed):
	found = items(seed)
	fewer = scenarios.without_customer(found, "C3")
	for now, then in zip(
		week_ranges(found, WEEKS, precision=QUICK), week_ranges(fewer, WEEKS, precision=QUICK), strict=True
	):
		assert all(after <= before for before, after in zip(now, then, strict=True))
	before, _later = expected_totals(found, WEEKS)
	after, _later = expected_totals(fewer, WEEKS)
	own, _later = expected_totals([item for item in found if item.customer == "C3"], WEEKS)
	assert after == pytest.approx([b - o for b, o in zip(before, own, strict=True)])


@settings(max_examples=15)
@given(seeds, st.lists(st.integers(0, 50), min_size=2, max_size=4).map(sorted))
def test_the_later_the_less_has_come_by_any_week(seed, delays):
	found = items(seed)
	precision = Precision(120, 1_000)
	ranges = [cumulative_ranges(scenarios.later(found, days), WEEKS, precision=precision) for days in delays]
	sums = [list(accumulate(expected_totals(scenarios.later(found, days), WEEKS)[0])) for days in delays]
	for sooner, later in pairwise(ranges):
		for now, then in zip(sooner, later, strict=True):
			assert all(after <= before + 1e-6 for before, after in zip(now, then, strict=True))
	for sooner, later in pairwise(sums):
		assert all(after <= before + 1e-6 for before, after in zip(sooner, later, strict=True))


def test_a_delay_of_whole_weeks_moves_weeks():
	item = CashItem("Ada", "I", 100.0, (0.5, 0.3, 0.1), 0)
	assert scenarios.later([item], 7)[0].shares == (0, 0.5, 0.3)
	assert scenarios.later([item], 0)[0].shares == item.shares
	assert scenarios.later([item], 0)[0] == item
	with pytest.raises(ValueError):
		scenarios.later([item], -1)


def test_a_grade_worse_pays_no_sooner():
	history = invent(4)
	day = history.until
	lateness = learn(history.lines, day)
	means = {name: habit.mean if habit.pays else 60 for name, habit in history.habits.items()}
	grades = {name: "ABC"[min(max(int((mean + 2) // 6), 0), 2)] for name, mean in means.items()}
	spread = scenarios.a_grade_worse(lateness, grades, "ABC")
	usual, worse = ItemBuilder(lateness, day, 13), ItemBuilder(lateness, day, 13, spread)
	lost = 0.0
	for customer, grade in grades.items():
		for age in (-20, 0, 10):
			now = list(accumulate(usual.shares(customer, age)))
			then = list(accumulate(worse.shares(customer, age)))
			assert all(after <= before + 1e-9 for before, after in zip(now, then, strict=True))
			if grade == "C":
				assert then == pytest.approx(now)
			lost += sum(now) - sum(then)
	assert lost > 1


def test_a_grade_nobody_has_is_passed_over():
	lines = [line("Good", due=7 * n, late=0) for n in range(9)] + [
		line("Bad", due=7 * n, late=20) for n in range(9)
	]
	lateness = learn(lines, max(found.settled_on for found in lines))
	spread = scenarios.a_grade_worse(lateness, {"Good": "A", "Bad": "D"}, "ABCDE")
	own = lateness.of("Good")
	assert sum(spread("Good", own, -5, 2)) < sum(own.weekly(-5, 2))
	assert spread("Bad", lateness.of("Bad"), 0, 2) == lateness.of("Bad").weekly(0, 2)
	assert spread("New", own, -5, 2) == own.weekly(-5, 2)


def tiny(seed: int) -> list[CashItem]:
	"""One to six items, most of them likely to come soon: the ledgers whose corrections bring more than there is."""
	rng = random.Random(seed)
	found = []
	for place in range(rng.randint(1, 6)):
		raw = [rng.random() ** 4 for _week in range(13)] + [rng.random() * 0.01]
		shares = tuple(share / sum(raw) for share in raw[:13])
		source = rng.choice(list(CashSource))
		found.append(
			CashItem(
				f"C{place % 2}", f"I{place}", round(rng.lognormvariate(5, 2), 2), shares, place % 13, source
			)
		)
	return found


def teacher(seed: int) -> ForecastRecord:
	"""A record in which much more came than was forecast, of some weeks more than of others."""
	rng, record = random.Random(seed), ForecastRecord()
	near, later = rng.choice((0.5, 1.0, 2.0, 3.5)), rng.choice((0.5, 1.0, 2.0, 3.5))
	for number in range(40):
		plain = [100.0] * 13
		range_ = WeekRange(50.0, 100.0, 150.0)
		weeks = tuple(WeekForecast(100.0, 50.0, 100.0, 150.0, 300.0) for _week in plain)
		made = MadeForecast(
			date(2025, 1, 5) + timedelta(days=7 * number), tuple(plain), (range_,) * 13, weeks
		)
		record.add(made, [100 * (near if week < 4 else later) for week in range(13)])
	return record


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_thirteen_weeks_bring_no_more_than_there_is_whatever_past_forecasts_taught(seed):
	found, record = tiny(seed), teacher(seed)
	made = make_forecast(found, AFTER, record, precision=QUICK)
	there = sum(item.amount for item in found)
	expected = [week.expected for week in made.weeks]
	assert sum(expected) <= there + 1e-6 and made.later >= 0
	assert sum(expected) + made.later == pytest.approx(there)
	assert sum(map(sum, made.sources.values())) == pytest.approx(sum(expected))
	for source, weeks in made.sources.items():
		assert sum(weeks) <= sum(item.amount for item in found if item.source is source) + 1e-6
	for week in made.weeks:
		assert 0 <= week.low <= week.middle <= week.high <= there + 1e-6
	for changed in (scenarios.later(found, 9), scenarios.without_customer(found, "C0")):
		weeks = scenarios.no_more_than(expected, corrected_totals(changed, made.correction))
		assert min(weeks) >= 0
		for less, more in zip(accumulate(weeks), accumulate(expected), strict=True):
			assert less <= more + 1e-6


def test_corrections_that_bring_more_than_there_is_are_what_the_test_above_is_about():
	factors = [max(teacher(seed).correction(AFTER).factors) for seed in range(6)]
	assert max(factors) > 3
