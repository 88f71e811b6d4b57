"""Months that are kept one by one: windows put together from them are those measured at once; rows come back as they went in."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from client_ledger.core.kpis.definitions import DEFINITIONS
from client_ledger.core.kpis.formulas import MissingReason
from client_ledger.core.kpis.inputs import InputRow, summed
from client_ledger.core.kpis.measure import measure
from client_ledger.core.kpis.months import (
	MonthFigures,
	consecutive,
	is_of_the_window,
	month_figures,
	window_inputs,
	window_kpis,
	window_values,
)
from client_ledger.core.kpis.row_sets import changed_rows, row_sets, rows_of, set_names
from client_ledger.core.kpis.rows import Window
from client_ledger.core.money import rounded
from tests.unit.kpis.books import END, invent

LENGTHS = (1, 2, 3, 12)


def ends(count: int) -> list[date]:
	found = [END]
	while len(found) < count:
		found.append(Window(found[-1], 1).eve)
	return found


def kept_months(book, count: int) -> list[MonthFigures]:
	found = []
	for end in ends(count):
		measured = measure(book, Window(end, 1))
		figures = month_figures(measured, summed(measured.rows, measured.window), book.costs is not None)
		found.append(MonthFigures.from_text(figures.as_text()))
	return found


@pytest.fixture(scope="module", params=[3, 11, 29])
def books(request):
	windows = [Window(end, 1) for end in ends(14)] + [Window(END, length) for length in LENGTHS]
	return invent(request.param, windows)


def close(left: Decimal, right: Decimal) -> bool:
	return abs(left - right) < Decimal("1e-15")


@pytest.mark.parametrize("length", LENGTHS)
def test_a_window_of_kept_months_is_the_window_measured_at_once(books, length):
	months = kept_months(books, 14)
	measured = measure(books, Window(END, length))
	for kpi, expected in zip(window_kpis(months, length), measured.kpis, strict=True):
		key = expected.definition.key
		assert kpi.definition.key == key
		assert (kpi.shown, kpi.missing, kpi.about) == (expected.shown, expected.missing, expected.about), key
		assert (kpi.change is None) == (expected.change is None), key
		if kpi.change:
			assert close(kpi.change.before, expected.change.before), key
			assert list(kpi.change.parts) == list(expected.change.parts), key
			for cause, amount in expected.change.parts.items():
				assert close(kpi.change.parts[cause], amount), (key, cause)
			parts = kpi.change.shown(kpi.value)
			assert sum(parts.values()) == kpi.shown - rounded(kpi.change.before, 2)
	assert any(kpi.change for kpi in measured.kpis)


@pytest.mark.parametrize("length", LENGTHS)
def test_values_of_inputs_alone_are_the_same(books, length):
	months = kept_months(books, 14)
	whole = {kpi.definition.key: kpi for kpi in window_kpis(months, length)}
	bare = [MonthFigures.from_text(month.as_text(), inputs_only=True) for month in months]
	assert not bare[0].kpis
	keys = [key for key in whole if key != "concentration"]
	for key, kpi in window_values(bare, length, keys).items():
		assert (kpi.shown, kpi.missing) == (whole[key].shown, whole[key].missing), key


def test_inputs_of_a_window_add_up(books):
	months = kept_months(books, 4)
	found = window_inputs(months, 3)
	expected = summed(measure(books, Window(END, 3)).rows, Window(END, 3))
	for name, amount in expected.items():
		if not name.startswith("owed:"):
			assert found.get(name, 0) == amount, name


def test_without_the_month_before_there_is_no_change_and_no_longer_window(books):
	months = kept_months(books, 3)
	kpis = window_kpis(months, 3)
	assert all(kpi.change is None for kpi in kpis if is_of_the_window(kpi.definition))
	assert any(kpi.change for kpi in kpis)
	with pytest.raises(ValueError, match="only 3"):
		window_kpis(months, 4)
	with_a_gap = [months[0], months[2]]
	assert consecutive(with_a_gap) == 1
	with pytest.raises(ValueError, match="only 1"):
		window_inputs(with_a_gap, 2)


def test_parts_add_up_to_the_whole_and_each_list_is_split_once(books):
	parts = books.by(lambda customer: customer[-1])
	assert sum(len(part.sales) for part in parts.values()) == len(books.sales)
	window = Window(END, 1)
	whole = measure(books, window).of("receivable").value
	assert sum(measure(part, window).of("receivable").value for part in parts.values()) == whole
	one = books.only(lambda customer: customer[-1] == "3")
	assert measure(parts["3"], window).kpis == measure(one, window).kpis


def test_a_currency_without_a_rate_and_no_time_logged_are_kept(books):
	from dataclasses import replace

	book = replace(books, unrated=[("INV-9", "C01")], costs=None)
	months = kept_months(book, 5)
	for length in (1, 3):
		found = {kpi.definition.key: kpi for kpi in window_kpis(months, length)}
		assert found["dso"].missing is MissingReason.NO_RATE
		assert found["dso"].about == ("INV-9",)
		assert found["promise_kept_rate"].missing is not MissingReason.NO_RATE
	unlogged = kept_months(replace(books, costs=None), 4)
	cost = {kpi.definition.key: kpi for kpi in window_kpis(unlogged, 3)}["cost_per_collected"]
	assert cost.missing is MissingReason.NO_TIME_LOGGED


def test_a_longer_window_is_no_month(books):
	measured = measure(books, Window(END, 3))
	with pytest.raises(ValueError, match="one by one"):
		month_figures(measured, {}, True)
	with pytest.raises(ValueError):
		MonthFigures.from_text("{}")
	with pytest.raises(ValueError):
		MonthFigures.from_text("nothing")


def test_rows_come_back_and_the_same_rows_give_the_same_text(books):
	measured = measure(books, Window(END, 1))
	sets = {one.input: one for one in row_sets(measured.rows)}
	again = {one.input: one for one in row_sets(reversed(measured.rows))}
	assert sets == again
	found = summed(measured.rows, measured.window)
	for name, kept in sets.items():
		rows = list(rows_of(name, kept.text))
		assert len(rows) == kept.number
		assert sum(row.amount for row in rows) == kept.total == found[name]
		assert sorted(rows) == sorted(row for row in measured.rows if row.input == name)
	assert not any(name.startswith(("owed:", "aged:", "sales:")) for name in sets)
	with pytest.raises(ValueError):
		list(rows_of("sales", "no text"))


def test_every_kpi_has_rows_to_show():
	for definition in DEFINITIONS:
		names = set_names(definition.inputs)
		assert names, definition.key
		assert not {"days", "months"} & set(names)


def test_a_changed_row_is_named():
	day = END - timedelta(days=3)
	stored = [InputRow("sales", "A", "C", day, Decimal(5)), InputRow("sales", "B", "C", day, Decimal(1))]
	now = [InputRow("sales", "A", "C", day, Decimal(5)), InputRow("sales", "B", "C", day, Decimal(2))]
	now.append(InputRow("sales", "D", "C", day, Decimal(7)))
	assert [tuple(change) for change in changed_rows("sales", stored, now)] == [
		("sales", "B", "", 1, 2),
		("sales", "D", "", 0, 7),
	]
	assert changed_rows("sales", stored, reversed(stored)) == []
