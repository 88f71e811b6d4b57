"""The record: forecasts as they were made, held against what came, strictly in time, lost comparisons too."""

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from client_ledger.core.credit.cash import NEAR_WEEKS, WEEKS
from client_ledger.core.credit.lateness import known
from client_ledger.core.forecast.forecast import make_forecast
from client_ledger.core.forecast.items import CashItem, CashSource
from client_ledger.core.forecast.past import forecast_days, past_record
from client_ledger.core.forecast.record import (
	ForecastRecord,
	MadeForecast,
	Miss,
	Spread,
	WeekForecast,
	first_week_miss,
	forecast_day,
	missing_days,
	monday_of,
)
from client_ledger.core.forecast.totals import WeekRange
from client_ledger.preview.importing.trade_lines import read_trade_lines

from ..credit.ledgers import FIRST, invent

AR_CSV = os.environ.get("CLIENT_LEDGER_AR_CSV")


def made(number: int, expected=100.0, width=20.0, due=150.0, naive=None) -> MadeForecast:
	row = WeekRange(expected - width, expected, expected + width)
	return MadeForecast(
		FIRST + timedelta(days=7 * number),
		(expected,) * WEEKS,
		(row,) * WEEKS,
		(WeekForecast(expected, *row, due, naive),) * WEEKS,
	)


def record(came, number=60, **more) -> ForecastRecord:
	"""Return a record of weekly forecasts; came: forecast -> what came in each of its weeks."""
	found = ForecastRecord()
	for place in range(number):
		found.add(made(place, **more), [came(place)] * WEEKS)
	return found


END = FIRST + timedelta(days=7 * 60)


def test_scores():
	near, later = record(lambda n: 110.0, naive=105.0).scores(END)
	assert near.model.wape == pytest.approx(1 / 11) and near.model.bias == pytest.approx(-1 / 11)
	assert near.due_date.wape == pytest.approx(4 / 11)
	assert near.naive.wape == pytest.approx(0.5 / 11)
	assert (near.covered, near.below, near.above) == (1, 0, 0)
	assert near.gain == pytest.approx(0.75)
	# Ours loses, and says so.
	assert near.lost_to == ["naive"]
	assert (near.forecasts, later.forecasts) == (57, 48)


def test_it_says_where_due_dates_win():
	near, _later = record(lambda n: 150.0).scores(END)
	assert near.lost_to == ["due_date"] and near.above == 1 and near.naive.weeks == 0


def test_no_forecast_no_score():
	near, later = ForecastRecord().scores(END)
	assert near.model.wape is None and near.covered is None and near.lost_to == [] and later.gain is None
	assert ForecastRecord().spread(END) == Spread()
	assert ForecastRecord().naive(END) == [None] * WEEKS


def test_ranges_that_are_too_narrow_are_widened():
	swinging = record(lambda n: 100.0 + (n % 11 - 5) * 12.0)
	spread = swinging.spread(END)
	assert spread.down[0] > 1.5 and spread.up[0] > 1.5
	near = [spread.of(0, row.simulated[0]) for row, _came in swinging.rows]
	within = [
		low <= came[0] <= high for (low, _mid, high), (_row, came) in zip(near, swinging.rows, strict=True)
	]
	assert 0.7 < sum(within) / len(within) < 0.92
	calm = record(lambda n: 100.0 + n % 3).spread(END)
	assert calm.down[0] < 0.8 and calm.up[0] < 0.8


def test_a_spread_keeps_order_and_expects_nothing_below_nothing():
	spread = Spread((3.0, 3.0), (2.0, 2.0))
	low, middle, high = spread.of(0, WeekRange(50.0, 100.0, 120.0))
	assert (low, middle, high) == (0, 100, 140)


def test_forecasts_come_in_order():
	found = record(lambda n: 1.0, number=3)
	with pytest.raises(ValueError):
		found.add(made(2), [0.0] * WEEKS)


def test_the_naive_forecast_is_last_years_week():
	found = record(lambda n: float(n))
	day = FIRST + timedelta(days=7 * 60)
	assert found.naive(day) == [8.0] * WEEKS
	# Before there is a year, the latest forecast some multiple of four weeks ago whose week is over.
	young = record(lambda n: float(n), number=20)
	naive = young.naive(FIRST + timedelta(days=7 * 20))
	assert naive[:4] == [16.0] * 4 and naive[4:8] == [12.0] * 4 and naive[12] == 4.0


def test_nothing_of_the_future_teaches():
	history = invent(1)
	middle = FIRST + timedelta(days=7 * 80)
	whole = past_record(history.lines, history.until)
	shifted = (history.until - middle).days % 7
	middle += timedelta(days=shifted)
	cut = past_record(list(known(history.lines, middle)), middle)
	by_day = {row.day: row for row, _came in whole.rows}
	shared = [row for row, _came in cut.rows if row.day in by_day]
	assert len(shared) > 30
	# Both know the same on the day, and say the same; only the weights' epoch differs.
	for row in shared[-10:]:
		assert row.plain == pytest.approx(by_day[row.day].plain, rel=1e-6)


def test_a_forecast_survives_being_kept():
	row = made(3, naive=7.0)
	assert MadeForecast.from_plain(json.loads(json.dumps(row.as_plain()))) == row
	with pytest.raises(KeyError):
		MadeForecast.from_plain({})


def test_mondays():
	assert monday_of(date(2026, 11, 28)) == date(2026, 11, 23)
	assert forecast_day(date(2026, 11, 23)) == date(2026, 11, 22)
	kept = [date(2026, 11, 1), date(2026, 11, 15)]
	# A Monday that was missed is made up for; the Sunday of today's week is not over before Monday.
	assert missing_days(kept, date(2026, 10, 30), date(2026, 11, 23)) == [
		date(2026, 11, 8),
		date(2026, 11, 22),
	]
	assert missing_days(kept, date(2026, 10, 30), date(2026, 11, 22)) == [date(2026, 11, 8)]


def test_days_of_past_forecasts_end_before_today():
	days = list(forecast_days(FIRST, FIRST + timedelta(days=800), 20))
	assert len(days) == 20 and days[-1] == FIRST + timedelta(days=793)
	assert list(forecast_days(FIRST, FIRST + timedelta(days=60))) == []


# The whole


def test_a_forecast_of_a_ledger_without_history():
	item = CashItem("Ada", "INV-1", 100.0, (0.5, 0.25, *[0.0] * 11), 0)
	found = make_forecast([item], END)
	assert not found.has_history and found.scores is None
	assert found.weeks[0].expected == 50 and found.later == 25
	assert found.weeks[0].naive is None
	assert found.first_days[0] == END + timedelta(days=1)
	assert make_forecast([], END).weeks[0] == (0, 0, 0, 0, 0, None)


def test_large_items_are_named():
	small = [CashItem("Ada", f"I{n}", 10.0, (0.9, *[0.0] * 12), 0) for n in range(50)]
	large = CashItem("Bob", "BIG", 900.0, (0.1, 0.8, *[0.0] * 11), 0)
	found = make_forecast([*small, large], END).large
	assert [(item.reference, item.week, item.probability) for item in found] == [("BIG", 1, 0.8)]
	assert found[0].share == pytest.approx(1.0)


def test_sources_sum_to_the_weeks():
	items = [
		CashItem("Ada", f"I{n}", 100.0, (1 / 13,) * 13, 0, source) for n, source in enumerate(CashSource)
	]
	found = make_forecast(items, END, record(lambda n: 110.0))
	for week in range(WEEKS):
		assert sum(row[week] for row in found.sources.values()) == pytest.approx(found.weeks[week].expected)
	whole = sum(week.expected for week in found.weeks) + found.later
	assert whole == pytest.approx(500, abs=40)


@pytest.fixture(scope="module", params=[1, 2, 3])
def history(request):
	return invent(request.param)


def test_it_beats_the_due_dates_on_invented_ledgers(history):
	found = past_record(history.lines, history.until)
	near, later = found.scores(history.until, FIRST + timedelta(days=365))
	assert near.gain > 0.4 and near.lost_to == [] and later.lost_to == []
	assert 0.7 < near.covered < 0.93
	for row, _came in found.rows:
		for week in row.weeks:
			assert 0 <= week.low <= week.middle <= week.high


@pytest.mark.skipif(not AR_CSV, reason="CLIENT_LEDGER_AR_CSV names no file with the ledger")
def test_the_figures_of_the_documentation():
	lines = [line._replace(disputed=False) for line in read_trade_lines(Path(AR_CSV))]
	until = date(2014, 1, 5)
	near, later = past_record(lines, until).scores(until, date(2013, 1, 1))
	assert near.model.wape == pytest.approx(0.181, abs=0.002)
	assert near.due_date.wape == pytest.approx(0.372, abs=0.005)
	assert near.gain > 0.4
	assert 0.75 <= near.covered <= 0.85
	assert abs(near.model.bias) < 0.02
	assert near.lost_to == [] and later.lost_to == []
	assert near.last == NEAR_WEEKS


@pytest.mark.parametrize(
	("came", "errors", "miss"),
	[
		(49.99, [], Miss.BELOW),
		(150.01, [], Miss.ABOVE),
		(50.0, [], None),
		(150.0, [], None),
		(140.0, [10.0] * 8, Miss.LARGE),
		(140.0, [10.0] * 7, None),
		(120.0, [10.0] * 26, None),
		(140.0, [10.0] * 8 + [50.0] * 26, None),
		(100.0, [0.0] * 8, None),
	],
)
def test_a_week_is_missed_outside_of_its_range_or_by_more_than_twice_the_usual(came, errors, miss):
	weeks = (WeekForecast(100.0, 50.0, 100.0, 150.0, 100.0),) * 13
	made = MadeForecast(FIRST, (100.0,) * 13, (WeekRange(50.0, 100.0, 150.0),) * 13, weeks)
	assert first_week_miss(made, came, errors) is miss
