"""What must hold of any ledger: parts sum to wholes, causes to changes, rows to inputs; a stored month names what changed in it."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client_ledger.core.kpis.definitions import DEFINITIONS
from client_ledger.core.kpis.inputs import BUCKETS, inputs
from client_ledger.core.kpis.measure import by_dimension, measure, trailing
from client_ledger.core.kpis.month_ends import MonthEnd, month_end, recompute
from client_ledger.core.kpis.rows import Cause, KpiBook, MoveRow, SaleRow, Window
from client_ledger.core.money import rounded
from client_ledger.paper.kpi_workbook import write_kpi_workbook

from .books import END, cents, invent, open_rows
from .spreadsheet import recalculated

WINDOWS = [Window(END, 3), Window(END, 12), Window(END, 1), Window(date(2026, 4, 17), 3)]
seeds = st.integers(0, 10_000)


@pytest.fixture(scope="module")
def book():
	return invent(1, WINDOWS)


@settings(max_examples=15)
@given(seeds, st.sampled_from(WINDOWS))
def test_parts_sum_to_wholes(seed, window):
	found = inputs(invent(seed, [window]), window)
	aged = [found.get(f"aged:{name}", Decimal(0)) for name in BUCKETS]
	assert sum(aged) == found["receivable"] == found.get("current", 0) + found.get("overdue", 0)
	assert aged[0] == found.get("current", 0)
	assert sum(amount for name, amount in found.items() if name.startswith("owed:")) == found["receivable"]
	months = [found.get(f"sales:{place}", Decimal(0)) for place in range(24)]
	assert sum(months[: window.months]) == found["sales"]
	assert sum(found[f"days:{place}"] for place in range(window.months)) == found["days"]


@settings(max_examples=15)
@given(seeds)
def test_they_tie_to_the_general_ledger(seed):
	assert measure(invent(seed, WINDOWS), WINDOWS[0]).tie.difference == 0


@settings(max_examples=15)
@given(seeds, st.sampled_from(WINDOWS))
def test_dso_is_best_possible_and_delinquent(seed, window):
	found = measure(invent(seed, [window]), window, with_changes=False)
	dso, best, delinquent = (
		found.of(key).value for key in ("dso", "best_possible_dso", "average_days_delinquent")
	)
	if dso is not None:
		assert abs(dso - best - delinquent) < Decimal("1e-20") and delinquent >= 0


@settings(max_examples=15)
@given(seeds, st.sampled_from(WINDOWS))
def test_causes_add_up_to_the_change_exactly(seed, window):
	book = invent(seed, [window])
	now = measure(book, window)
	before = measure_before(book, window)
	for kpi in now.kpis:
		if kpi.change is None:
			continue
		was = before[kpi.definition.key]
		assert kpi.change.before == was
		assert abs(was + kpi.change.total - kpi.value) < Decimal("1e-18")
		shown = kpi.change.shown(kpi.value)
		assert sum(shown.values()) == kpi.shown - rounded(was, 2)
		assert all(abs(shown[cause] - kpi.change.parts[cause]) <= Decimal("0.02") for cause in Cause)


def measure_before(book, window):
	"""Return the values of a month ago, from a book that knows no later day."""
	earlier = window.before
	found = {}
	values = inputs(book, earlier)
	for definition in DEFINITIONS:
		try:
			found[definition.key] = definition.compute(values)
		except Exception:
			found[definition.key] = None
	return found


def test_a_cause_is_what_it_says(book):
	"""Without the payments of the month, payments explain nothing and the receivable is higher by them."""
	window = WINDOWS[0]
	found = measure(book, window).of("receivable")
	billed = sum(
		move.amount
		for move in book.moves
		if window.month_before < move.posted <= END and move.cause is Cause.BILLING
	)
	assert found.change.parts[Cause.BILLING] == billed
	assert found.change.parts[Cause.PAYMENTS] < 0
	assert found.change.parts[Cause.MIX] == 0
	# Nothing is billed or paid in a share that only the calendar moves.
	current = measure(book, window).of("current_share").change
	assert current.parts[Cause.MIX] < 0 < current.parts[Cause.BILLING]


def test_rows_lead_to_every_figure(book):
	found = measure(book, WINDOWS[0])
	for kpi in found.kpis:
		sums: dict[str, Decimal] = {}
		for row in found.drill(kpi):
			sums[row.input] = sums.get(row.input, Decimal(0)) + row.amount
		for name, amount in kpi.inputs.items():
			if not name.startswith(("days", "months")) or name == "days_late":
				assert sums.get(name, Decimal(0)) == amount


def test_dimensions_are_parts_of_the_whole(book):
	window = WINDOWS[0]
	parts = by_dimension(book, window, lambda customer: "odd" if int(customer[1:]) % 2 else "even")
	whole = measure(book, window, with_changes=False)
	assert list(parts) == ["even", "odd"]
	assert sum(part.of("receivable").value for part in parts.values()) == whole.of("receivable").value
	assert parts["odd"].tie.general_ledger is None


def test_a_line_over_time(book):
	windows = [Window(END, 3), Window(date(2020, 1, 31), 3)]
	found = trailing(book, windows)
	assert list(found) == windows[:1]
	assert found[windows[0]]["dso"] == measure(book, windows[0]).of("dso").shown


# Stored month ends


def test_a_stored_month_end_is_what_it_was(book):
	found = measure(book, WINDOWS[0])
	stored = MonthEnd.from_text(month_end(found).as_text())
	assert stored == month_end(found)
	assert stored.as_text() == month_end(measure(book, WINDOWS[0])).as_text()
	assert stored.fingerprint == month_end(found).fingerprint
	again = recompute(stored, found)
	assert not again.differs


def test_a_recomputation_names_the_vouchers(book):
	stored = month_end(measure(book, WINDOWS[0]))
	rows = list(book.open_on[END])
	changed = next(row for row in rows if row.amount > 1)
	rows[rows.index(changed)] = changed._replace(amount=changed.amount - 1)
	sales = [*book.sales, book.sales[0]._replace(voucher="INV-LATE", posted=END - timedelta(days=1))]
	now = measure(
		type(book)(**{**_fields(book), "open_on": {**book.open_on, END: rows}, "sales": sales}), WINDOWS[0]
	)
	found = recompute(stored, now)
	assert {row.voucher for row in found.vouchers} == {changed.voucher, "INV-LATE"}
	assert found.values["receivable"] == (stored.values["receivable"], stored.values["receivable"] - 1)
	assert "dso" in found.values
	with pytest.raises(ValueError):
		recompute(stored, measure(book, WINDOWS[1]))


def _fields(book):
	return {name: getattr(book, name) for name in book.__dataclass_fields__}


@pytest.mark.parametrize("text", ["", "x", "AAAA"])
def test_another_text_is_no_month_end(text):
	with pytest.raises(ValueError):
		MonthEnd.from_text(text)


# The spreadsheet


@pytest.mark.parametrize(("seed", "window"), [*zip(range(6), [*WINDOWS, *WINDOWS[:2]], strict=True)])
def test_a_spreadsheet_of_the_same_rows_says_the_same(seed, window):
	found = measure(invent(seed, [window], customers=4), window)
	file = io.BytesIO()
	write_kpi_workbook(file, found, "Acme", "EUR", str)
	cells = recalculated(file)
	values = {}
	for row in range(2, len(found.kpis) + 2):
		kpi = found.kpis[row - 2]
		assert cells["KPIs", "D", row] == (None if kpi.shown is None else pytest.approx(float(kpi.shown)))
		if kpi.value is not None:
			# To the cent, and the sheet says so itself.
			assert round(cells["KPIs", "B", row], 2) == float(kpi.shown), kpi.definition.key
			assert cells["KPIs", "E", row] == 0
			values[kpi.definition.key] = cells["KPIs", "B", row]
		else:
			assert cells["KPIs", "B", row] is None and cells["KPIs", "G", row]
	assert len(values) >= 14


def test_a_customer_is_no_formula():
	window = WINDOWS[0]
	book = invent(3, [window], customers=2)
	evil = '=1+1*"?~'
	renamed = {
		day: [row._replace(customer=evil if row.customer == "C00" else row.customer) for row in rows]
		for day, rows in book.open_on.items()
	}
	found = measure(type(book)(**{**_fields(book), "open_on": renamed}), window)
	file = io.BytesIO()
	write_kpi_workbook(file, found, "=A1", "EUR", str)
	cells = recalculated(file)
	place = next(n for n, kpi in enumerate(found.kpis, 2) if kpi.definition.key == "concentration")
	assert cells["KPIs", "B", place] == float(found.of("concentration").shown)


def test_moves_that_nothing_explains_are_other():
	window = WINDOWS[0]
	book = invent(1, [window])
	silent = type(book)(**{**_fields(book), "moves": ()})
	change = measure(silent, window).of("receivable").change
	assert change.parts[Cause.BILLING] == change.parts[Cause.PAYMENTS] == 0
	assert change.total == measure(book, window).of("receivable").change.total == change.parts[Cause.OTHER]


def test_an_invoice_that_came_and_went_within_the_month_was_billed_and_paid():
	window = WINDOWS[0]
	book = invent(1, [window])
	day = END - timedelta(days=3)
	moves = [
		*book.moves,
		MoveRow("INV-QUICK", "C01", day, Cause.BILLING, cents(500)),
		MoveRow("INV-QUICK", "C01", day, Cause.PAYMENTS, cents(-500)),
	]
	before = measure(book, window).of("receivable").change
	after = measure(type(book)(**{**_fields(book), "moves": moves}), window).of("receivable").change
	assert after.parts[Cause.BILLING] == before.parts[Cause.BILLING] + 500
	assert after.parts[Cause.PAYMENTS] == before.parts[Cause.PAYMENTS] - 500
	assert after.total == before.total


def test_what_came_and_went_within_the_month_leaves_no_part_over():
	"""Everything billed falls due before the month is over: nothing is current at either end, and the causes still add up."""
	moves, sales, dues = [], [], {}
	for month in range(4, 11):
		for place in range(2):
			name, posted = f"I{month}{place}", date(2026, month, 3 + place)
			dues[name] = (f"C{place}", posted, date(2026, month, 20))
			moves.append(MoveRow(name, f"C{place}", posted, Cause.BILLING, Decimal(100 + month)))
			sales.append(SaleRow(name, f"C{place}", posted, Decimal(100 + month)))
			if not place and month < 10:
				paid = date(2026, month + 1, 4)
				moves.append(MoveRow(name, "C0", paid, Cause.PAYMENTS, -Decimal(100 + month)))
	window = Window(date(2026, 10, 31), 3)
	book = KpiBook({day: open_rows(moves, dues, day) for day in window.needs()}, sales, moves=moves)
	for kpi in measure(book, window).kpis:
		if kpi.change:
			assert abs(kpi.change.before + kpi.change.total - kpi.value) < Decimal("1e-15"), (
				kpi.definition.key
			)
