"""Published formulas on figures that can be checked by hand."""

from datetime import date
from decimal import Decimal

import pytest

from client_ledger.core.kpis.definitions import DEFINITIONS
from client_ledger.core.kpis.formulas import Missing, MissingReason, count_back
from client_ledger.core.kpis.measure import measure
from client_ledger.core.kpis.rows import (
	DisputeRow,
	InvoiceRow,
	KpiBook,
	MoneyRow,
	OpenRow,
	PromiseRow,
	SaleRow,
	Window,
)

from .books import END, cents

MAY = date(2026, 5, 31)


def sales(*monthly: tuple[int, float]) -> list[SaleRow]:
	"""Return one sale per (month of 2025 or 2026 as months back from April 2026, amount)."""
	found = []
	for back, amount in monthly:
		month = 2026 * 12 + 3 - back
		found.append(SaleRow(f"S-{back}", "Ada", date(month // 12, month % 12 + 1, 10), cents(amount)))
	return found


def owed(amount: float, due: date = MAY, voucher: str = "S-0", customer: str = "Ada") -> OpenRow:
	return OpenRow(voucher, customer, date(2026, 4, 10), due, cents(amount))


def book(*rows: OpenRow, months: int = 3, opening: float = 0, **more) -> KpiBook:
	"""Return a book whose items are open at the end of April 2026, with one item at the start of the window."""
	window = Window(END, months)
	start = [OpenRow("OLD", "Ada", date(2025, 1, 1), date(2025, 2, 1), cents(opening))] if opening else []
	days = {day: [] for day in window.needs()}
	return KpiBook({**days, window.eve: start, END: list(rows)}, **more)


def value(found: KpiBook, key: str, months: int = 3):
	return measure(found, Window(END, months), with_changes=False).of(key).shown


def test_count_back_of_the_field():
	# Receivable 12,000; sales of April back to November.
	figures = [(2500, 30), (1750, 31), (2250, 31), (2500, 30), (2000, 31), (2250, 30)]
	months = [(Decimal(sold), Decimal(days)) for sold, days in figures]
	assert round(count_back(Decimal(12000), months), 1) == Decimal("166.3")
	# What the printed example needs to come to 179.7.
	assert round(count_back(Decimal(13000), months), 1) == Decimal("179.7")


def test_count_back_over_calendar_months():
	found = book(owed(3000), sales=sales((0, 2500), (1, 1750)))
	# April has 30 days and 2,500; 500 of the 1,750 of March are left: 500 / 1,750 of its 31 days.
	assert value(found, "dso_count_back") == Decimal("38.86")


@pytest.mark.parametrize(
	("rows", "reason"),
	[
		([(0, 1000)], MissingReason.SHORT_HISTORY),
		([(0, 1000), (1, -5), (2, 5000)], MissingReason.NEGATIVE_SALES),
		([(0, 1000), (2, 5000)], MissingReason.SHORT_HISTORY),
	],
)
def test_a_count_back_ends_at_a_month_without_sales(rows, reason):
	found = measure(book(owed(3000), sales=sales(*rows)), Window(END, 3), with_changes=False)
	kpi = found.of("dso_count_back")
	assert (kpi.value, kpi.missing) == (None, reason)


def test_nothing_owed_counts_no_days():
	assert count_back(Decimal(0), []) == 0
	with pytest.raises(Missing):
		count_back(Decimal(1), [])


def test_days_of_sales():
	found = book(
		owed(600), owed(300, date(2026, 4, 1), "S-1"), sales=sales((0, 500), (1, 400), (2, 900)), opening=1000
	)
	# February to April have 89 days.
	assert value(found, "dso") == Decimal("44.50")
	assert value(found, "best_possible_dso") == Decimal("29.67")
	assert value(found, "average_days_delinquent") == Decimal("14.83")
	assert value(found, "turnover") == Decimal("7.77")
	assert value(found, "current_share") == Decimal("66.67")


def test_collection_effectiveness():
	# One month: (1000 + 500 - 900) / (1000 + 500 - 600).
	found = book(owed(600), owed(300, date(2026, 4, 1), "S-1"), months=1, sales=sales((0, 500)), opening=1000)
	assert value(found, "collection_effectiveness", 1) == Decimal("66.67")
	# All that is owed is not yet due: everything that could be collected was.
	found = book(owed(600), months=1, sales=sales((0, 500)), opening=1000)
	assert value(found, "collection_effectiveness", 1) == Decimal("100.00")
	# Three months: their sales count by month.
	found = book(owed(600), owed(300, date(2026, 4, 1), "S-1"), sales=sales((0, 600), (2, 900)), opening=1000)
	assert value(found, "collection_effectiveness") == Decimal("66.67")


def test_true_dso():
	found = book(owed(250), sales=sales((0, 1000)))
	# 20 days since 10 April, a quarter of April's sales.
	assert value(found, "true_dso") == Decimal("5.00")


def paid(amount: float, late: int, terms: int = 30, voucher: str = "X") -> InvoiceRow:
	due = date(2026, 3, 20)
	posted = date.fromordinal(due.toordinal() - terms)
	return InvoiceRow(voucher, "Ada", posted, due, cents(amount), date.fromordinal(due.toordinal() + late))


def test_days_late_and_paid():
	found = book(invoices=[paid(100, 10), paid(300, -2, voucher="Y"), paid(600, 20, voucher="Z")])
	assert value(found, "weighted_days_late") == Decimal("12.40")
	assert value(found, "weighted_days_paid") == Decimal("42.40")
	assert value(found, "average_days_late") == Decimal("9.33")


def test_at_risk_rate():
	due = date(2026, 1, 10)
	rows = [
		InvoiceRow("A", "Ada", date(2025, 12, 10), due, cents(100), None),
		InvoiceRow("B", "Ada", date(2025, 12, 10), due, cents(200), date(2026, 4, 10)),
		InvoiceRow("C", "Ada", date(2025, 12, 10), due, cents(100), date(2026, 4, 11)),
	]
	# 10 April is the 90th day: B was settled on it, C after it.
	assert value(book(invoices=rows), "at_risk_rate") == Decimal("50.00")


def test_roll_rates():
	was = [
		OpenRow("A", "Ada", date(2026, 2, 1), date(2026, 4, 5), cents(100)),
		OpenRow("B", "Ada", date(2026, 2, 1), date(2026, 5, 5), cents(300)),
		OpenRow("C", "Ada", date(2026, 2, 1), date(2026, 4, 5), cents(100)),
		OpenRow("D", "Ada", date(2026, 1, 1), date(2026, 3, 1), cents(80)),
	]
	now = [was[0], was[1], was[2]._replace(amount=cents(60)), was[3]]
	found = KpiBook({**book().open_on, date(2026, 3, 31): was, END: now})
	assert value(found, "roll_0") == Decimal("32.00")
	assert value(found, "roll_1-30") == Decimal("100.00")
	assert measure(found, Window(END, 3), False).of("roll_31-60").missing is MissingReason.EMPTY_BUCKET


def test_shares_promises_disputes_and_costs():
	found = book(
		owed(800)._replace(disputed=cents(200)),
		owed(-100, voucher="PAY-1"),
		sales=sales((0, 2000)),
		write_offs=[MoneyRow("JE-1", "Ada", date(2026, 4, 2), cents(50))],
		receipts=[MoneyRow("PAY-1", "Ada", date(2026, 4, 2), cents(1000))],
		costs=[MoneyRow("TS-1", "Ada", date(2026, 4, 2), cents(12.5))],
		promises=[
			PromiseRow("P-1", "Ada", date(2026, 4, 1), cents(10), True),
			PromiseRow("P-2", "Ada", date(2026, 4, 2), cents(10), False),
			PromiseRow("P-3", "Ada", date(2025, 4, 2), cents(10), False),
		],
		disputes=[
			DisputeRow("D-1", "Ada", date(2026, 1, 1), date(2026, 4, 1), cents(10)),
			DisputeRow("D-2", "Ada", date(2026, 3, 1), None, cents(10)),
		],
	)
	assert value(found, "disputed_share") == Decimal("25.00")
	assert value(found, "unallocated_share") == Decimal("12.50")
	assert value(found, "write_off_rate") == Decimal("2.50")
	assert value(found, "promise_kept_rate") == Decimal("50.00")
	assert value(found, "dispute_days") == Decimal("90.00")
	assert value(found, "cost_per_collected") == Decimal("1.25")


def test_concentration():
	rows = [owed(100 * n, voucher=f"V{n}", customer=f"C{n}") for n in range(1, 8)]
	# The five largest of 100 to 700 owe 2,500 of 2,800.
	assert value(book(*rows), "concentration") == Decimal("89.29")


def test_what_is_missing_says_why():
	found = measure(book(), Window(END, 3))
	reasons = {kpi.definition.key: kpi.missing for kpi in found.kpis if kpi.value is None}
	assert reasons["dso"] is MissingReason.NO_SALES
	assert reasons["current_share"] is MissingReason.NOTHING_OWED
	assert reasons["weighted_days_late"] is MissingReason.NOTHING_PAID
	assert reasons["cost_per_collected"] is MissingReason.NO_TIME_LOGGED
	assert reasons["collection_effectiveness"] is MissingReason.NOTHING_TO_COLLECT
	found = measure(book(owed(5), sales=sales((0, -100))), Window(END, 3))
	assert found.of("dso").missing is MissingReason.NEGATIVE_SALES
	assert found.of("concentration").missing is MissingReason.ONE_CUSTOMER


def test_a_currency_without_a_rate_takes_the_amounts_away():
	found = measure(book(owed(5), sales=sales((0, 100)), unrated=[("SINV-9", "Ada")]), Window(END, 3))
	kpi = found.of("dso")
	assert (kpi.value, kpi.missing, kpi.about) == (None, MissingReason.NO_RATE, ("SINV-9",))
	# What is no amount is not touched by it.
	assert found.of("average_days_late").missing is MissingReason.NOTHING_PAID


def test_keys_are_unique():
	assert len({definition.key for definition in DEFINITIONS}) == len(DEFINITIONS)
