"""Sums that are kept per customer: those of any customers give the figures that a book of these alone would give, with their causes."""

import random
from dataclasses import replace

import pytest

from client_ledger.core.kpis.customer_sums import add_up, figures_of, kept_sums, sums_of_rows
from client_ledger.core.kpis.formulas import MissingReason
from client_ledger.core.kpis.inputs import sales_by_month, summed
from client_ledger.core.kpis.measure import measure
from client_ledger.core.kpis.months import month_figures, window_kpis
from client_ledger.core.kpis.row_sets import is_kept
from client_ledger.core.kpis.rows import Window
from client_ledger.core.money import ZERO
from tests.unit.kpis.books import END, invent
from tests.unit.kpis.test_months import close, ends

MONTHS = 5


def kept(book, end):
	window = Window(end, 1)
	return kept_sums(book, window, measure(book, window, with_changes=False).rows)


def of(text: str, wanted):
	return add_up(text, lambda name: "" if name in wanted else None).get("")


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("length", [1, 3])
def test_figures_of_some_customers_are_those_of_a_book_of_theirs(seed, length):
	windows = [Window(end, 1) for end in ends(MONTHS + 2)] + [Window(END, length)]
	book = replace(invent(seed, windows), unrated=[("INV-X", "C03")] if seed == 7 else [])
	customers = sorted(book.customers())
	wanted = set(random.Random(seed).sample(customers, len(customers) // 2))
	sums = [of(kept(book, end), wanted) for end in ends(MONTHS)]
	months = [
		figures_of(own, end, before)
		for own, end, before in zip(sums, ends(MONTHS), [*sums[1:], None], strict=True)
	]
	# The slow way: a book without anybody else's rows.
	expected = measure(book.only(lambda name: name in wanted), Window(END, length))
	for kpi, other in zip(window_kpis(months, length), expected.kpis, strict=True):
		key = other.definition.key
		assert (kpi.shown, kpi.missing, kpi.about) == (other.shown, other.missing, other.about), key
		assert (kpi.change is None) == (other.change is None), key
		if kpi.change:
			assert close(kpi.change.before, other.change.before), key
			for cause, amount in other.change.parts.items():
				assert close(kpi.change.parts[cause], amount), (key, cause)


def test_all_customers_together_are_the_whole_company_and_parts_are_apart():
	window = Window(END, 1)
	book = invent(5, [window, window.before])
	measured = measure(book, window)
	whole = month_figures(measured, summed(measured.rows, window), True)
	found = of(kept(book, END), book.customers())
	own = figures_of(found, END, of(kept(book, window.month_before), book.customers()))
	for name in {*whole.inputs, *own.inputs}:
		assert close(own.inputs.get(name, ZERO), whole.inputs.get(name, ZERO)), name
	parts = add_up(kept(book, END), lambda name: None if name == "C01" else name[-1])
	assert "C01" not in str([one.owed for one in parts.values()])
	assert sum(one.inputs.get("receivable", ZERO) for one in parts.values()) == sum(
		amount for name, amount in found.owed.items() if name != "owed:C01"
	)


@pytest.mark.parametrize("seed", [2, 9])
def test_a_month_stored_without_sums_has_them_from_its_rows_but_for_causes(seed):
	window = Window(END, 1)
	book = invent(seed, [window, window.before])
	rows = measure(book, window, with_changes=False).rows
	sales, whole = {}, {}
	for place in range(24):
		of_month = [row for row in rows if row.input == f"sales:{place}"]
		whole[place] = sum((row.amount for row in of_month), ZERO)
		by_customer = sales.setdefault(place, {})
		for row in of_month:
			by_customer[row.customer] = by_customer.get(row.customer, ZERO) + row.amount
	text = sums_of_rows((row for row in rows if is_kept(row.input)), END, sales, whole, {}, False)
	wanted = set(sorted(book.customers())[::2])
	old, new = of(text, wanted), of(kept(book, END), wanted)
	assert old.causes is None
	months = [figures_of(one, END, values_only=True) for one in (old, new)]
	monthly = sales_by_month(book, END)
	for key, kpi in months[1].kpis.items():
		if key != "true_dso" or all(amount > 0 for amount in monthly.values()):
			assert (months[0].kpis[key].shown, months[0].kpis[key].missing) == (kpi.shown, kpi.missing), key


def test_names_may_hold_anything():
	strange = 'A "B" \\ C\tD\nE 客户'
	window = Window(END, 1)
	book = invent(4, [window])
	rows = [row._replace(customer=strange) for row in measure(book, window, with_changes=False).rows]
	found = add_up(
		kept_sums(replace(book, open_on=dict.fromkeys(window.needs(), ()), moves=()), window, rows), str
	)
	assert strange in found


def test_nobody_owes_nothing_and_other_texts_are_refused():
	book = invent(1, [Window(END, 1)])
	assert of(kept(book, END), ()) is None
	text = kept(book, END)
	assert kept(book, END) == text
	one = figures_of(of(text, {"C01"}), END)
	assert one.kpis["concentration"].missing is MissingReason.ONE_CUSTOMER
	for wrong in ("", "nothing", text[:-8]):
		with pytest.raises(ValueError):
			add_up(wrong, str)
	with pytest.raises(ValueError, match="one by one"):
		kept_sums(book, Window(END, 3), ())
