"""Expected cash corrected by how past forecasts did: where it wins, strictly in time, weeks 1 to 4 apart from the later."""

from datetime import timedelta

import pytest

from client_ledger.core.credit.cash import (
	NEAR_WEEKS,
	WEEKS,
	CashCorrection,
	CashTrackRecord,
	ExpectedCash,
	PastForecast,
	learn_correction,
	past_forecasts,
)
from client_ledger.core.credit.histogram import DEFAULT_SETTINGS
from client_ledger.core.credit.payment_replay import PaymentReplay

from .ledgers import FIRST, invent


def forecasts(number=40, near=2.0, later=1.0, due_date=3.0):
	"""Weekly forecasts that are *near* and *later* times what comes, a hundred a week."""
	return [
		PastForecast(
			FIRST + timedelta(days=7 * i),
			[100.0 * near] * NEAR_WEEKS + [100.0 * later] * (WEEKS - NEAR_WEEKS),
			[100.0 * due_date] * WEEKS,
			[100.0] * WEEKS,
		)
		for i in range(number)
	]


END = FIRST + timedelta(days=7 * 40)


def test_what_is_forecast_twice_too_high_is_halved():
	found = learn_correction(forecasts(), END)
	assert found.factors == pytest.approx([0.5] * NEAR_WEEKS + [1.0] * (WEEKS - NEAR_WEEKS))
	assert (found.near.wape, found.near.wape_corrected) == pytest.approx((1.0, 0.0))
	assert found.near.corrects and not found.later.corrects
	assert not found.near.due_date_wins and not found.later.due_date_wins


def test_it_says_where_the_due_dates_win():
	found = learn_correction(forecasts(near=1.0, later=1.5, due_date=1.0), END)
	assert found.near.wape == 0 and not found.near.due_date_wins
	# Corrected, the later weeks are right too.
	assert found.later.corrects and not found.later.due_date_wins
	swinging = [
		row._replace(expected=[amount * (1.5 if i % 2 else 0.5) for amount in row.expected])
		for i, row in enumerate(forecasts(near=1.0, due_date=1.1))
	]
	found = learn_correction(swinging, END)
	assert found.near.due_date_wins and found.later.due_date_wins


def test_too_few_forecasts_correct_nothing():
	assert learn_correction(forecasts(9), END).factors == (1.0,) * WEEKS
	assert learn_correction([], END) == CashCorrection()
	# A week that is not over says nothing of itself.
	assert learn_correction(forecasts(40), FIRST + timedelta(days=7 * 5)).factors == (1.0,) * WEEKS


def test_a_correction_moves_cash_and_loses_none():
	forecast = ExpectedCash([100.0] * WEEKS, 50.0)
	found = CashCorrection((0.5,) * NEAR_WEEKS + (1.0,) * (WEEKS - NEAR_WEEKS)).corrected(forecast)
	assert found.weeks[:5] == [50, 50, 50, 50, 100]
	assert sum(found.weeks) + found.later == pytest.approx(sum(forecast.weeks) + forecast.later)
	assert CashCorrection().corrected(forecast) == forecast


def test_nothing_of_the_future_enters_a_correction():
	rows = forecasts()
	day = rows[25].day
	changed = [
		row._replace(
			received=[
				amount if row.is_complete(week, day) else 9999.0 for week, amount in enumerate(row.received)
			]
		)
		for row in rows
	]
	before, after = CashTrackRecord(), CashTrackRecord()
	for one, other in zip(rows[:26], changed[:26], strict=True):
		before.add(one)
		after.add(other)
	assert before.correction(day) == after.correction(day)


def test_forecasts_of_a_replay_are_of_what_was_open():
	world = invent(5, customers=25, days=420)
	days = [world.until - timedelta(days=7 * ago) for ago in range(20, 0, -1)]
	for row in past_forecasts(PaymentReplay(world.lines, DEFAULT_SETTINGS), days):
		owed = sum(
			li.amount
			for li in world.lines
			if li.issued <= row.day and (li.settled_on is None or li.settled_on > row.day)
		)
		assert sum(row.expected) <= owed + 1e-6
		assert sum(row.received) <= owed + 1e-6
		assert sum(row.by_due_date) == pytest.approx(owed)
