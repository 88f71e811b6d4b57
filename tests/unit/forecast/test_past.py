"""What came of what was known on a day: parts on their days, orders from their own day on."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.credit.cash import WEEKS, received_by_week
from client_ledger.core.credit.lateness import TradeLine
from client_ledger.core.forecast.past import came_by_week, open_on, owed_on
from client_ledger.core.forecast.record import ForecastRecord
from client_ledger.core.forecast.scenarios import weeks_later

from .test_record import END, made

DAY = date(2026, 3, 1)


def on(days: int) -> date:
	return DAY + timedelta(days=days)


def line(reference: str, issued: int, settled: int | None, amount: float = 100.0) -> TradeLine:
	return TradeLine(
		"C", reference, on(issued), on(issued + 30), amount, None if settled is None else on(settled)
	)


PARTS = {"part": ((on(-5), 30.0), (on(3), 20.0), (on(20), 50.0)), "open": ((on(8), 40.0),)}


def test_what_was_paid_before_is_not_owed_and_what_is_paid_later_comes_on_its_days():
	lines = [line("part", -40, 20), line("open", -40, None), line("once", -40, 10)]
	owed = owed_on(lines, DAY, PARTS)
	assert [one.amount for one in owed] == [70, 100, 100]
	came = came_by_week(lines, DAY, PARTS)
	assert came[:4] == [20, 140, 50, 0] and sum(came) == 210


def test_an_invoice_that_was_paid_before_it_was_settled_on_paper_is_owed_no_more():
	assert owed_on([line("part", -40, 20, 30.0)], DAY, PARTS) == []


def test_without_parts_it_is_what_was_settled():
	lines = [line("a", -40, 1), line("b", -40, 7), line("c", -40, 8), line("d", -40, 91), line("e", -40, 92)]
	assert came_by_week(lines, DAY) == received_by_week(lines, DAY)
	assert came_by_week(lines, DAY)[:2] == [200, 100] and came_by_week(lines, DAY)[-1] == 100


def test_what_becomes_an_invoice_later_is_known_from_its_order_on():
	lines = [line("before", -5, None), line("ordered", 5, 50), line("new", 5, 50), line("paid", -50, -1)]
	since = {"ordered": on(-1), "new": on(1)}
	assert [one.reference for one in open_on(lines, DAY, since)] == ["before", "ordered"]
	assert [one.reference for one in open_on(lines, DAY)] == ["before"]
	assert [one.reference for one in open_on([line("today", 0, 0)], on(-1), {"today": on(-1)})] == ["today"]


@given(
	st.lists(st.tuples(st.integers(-80, 0), st.integers(1, 120) | st.none(), st.floats(1, 1e6)), max_size=8),
	st.integers(0, WEEKS),
)
def test_no_more_comes_than_is_owed(rows, weeks):
	lines = [line(str(number), *row) for number, row in enumerate(rows)]
	came = came_by_week(lines, DAY, {}, weeks)
	assert len(came) == weeks and sum(came) <= sum(one.amount for one in lines) + 1e-6


def test_the_next_forecast_is_corrected_by_what_came_of_invoices_alone():
	"""Orders among the items must not make open invoices look better than they are."""
	whole, invoices = ForecastRecord(), ForecastRecord()
	for number in range(60):
		whole.add(made(number), [180.0] * WEEKS, [110.0] * WEEKS)
		invoices.add(made(number), [110.0] * WEEKS)
	assert whole.correction(END).factors == invoices.correction(END).factors
	assert whole.scores(END)[0].came > invoices.scores(END)[0].came


@given(st.lists(st.floats(0, 1e6), min_size=WEEKS, max_size=WEEKS), st.integers(0, 200))
def test_later_is_never_sooner(weeks, days):
	moved = weeks_later(weeks, days)
	for end in range(1, WEEKS + 1):
		assert sum(moved[:end]) <= sum(weeks[:end]) + 1e-3
	if not days:
		assert list(moved) == pytest.approx(weeks)
