"""The benchmark's history: exactly as large as asked for, and the same for the same seed."""

from collections import Counter
from datetime import date

import pytest

from benchmarks.history import SALES_INVOICE, SIZES, History, Order, Size, make
from benchmarks.tables import COLUMNS, Names, Tables, columns

UNTIL = date(2026, 6, 30)
SMALL = SIZES["small"]
NAMES = Names(
	company="Bench",
	currency="USD",
	foreign_currency="EUR",
	debtors="Debtors - B",
	foreign_debtors="Debtors EUR - B",
	bank="Bank - B",
	income="Sales - B",
	write_off="Write Off - B",
	exchange="Exchange - B",
	cost_center="Main - B",
	item="Service",
	territory="All",
	customer_group="All",
)


@pytest.fixture(scope="module")
def history() -> History:
	return make(SMALL, 7, UNTIL)


def open_balances(history: History) -> dict[str, tuple[int, int]]:
	"""Return what is open per voucher, in account and in company currency (cents)."""
	Tables(history, NAMES)
	sums: dict[str, list[int]] = {}
	for voucher in history.vouchers:
		for line in voucher.lines:
			own = sums.setdefault((line.against or voucher).name, [0, 0])
			own[0] += line.cents
			own[1] += line.base
	return {name: tuple(amounts) for name, amounts in sums.items() if any(amounts)}


def test_sizes_are_as_asked_for(history: History) -> None:
	invoices = [v for v in history.vouchers if v.kind == SALES_INVOICE and not v.subtype]
	assert len(history.customers) == SMALL.customers
	assert len(invoices) == SMALL.invoices
	assert len(open_balances(history)) == SMALL.open_items


def test_named_customers_have_their_number_of_entries(history: History) -> None:
	entries = Counter(voucher.customer.name for voucher in history.vouchers for _ in voucher.lines)
	assert {name: entries[f"Bench {name}"] for name in SMALL.accounts} == SMALL.accounts


def test_nothing_is_open_in_one_currency_only(history: History) -> None:
	assert all(amount and base for amount, base in open_balances(history).values())


def test_the_same_seed_gives_the_same_history(history: History) -> None:
	assert open_balances(make(SMALL, 7, UNTIL)) == open_balances(history)
	assert open_balances(make(SMALL, 8, UNTIL)) != open_balances(history)


def test_four_times_the_history_leaves_the_same_open(history: History) -> None:
	longer = make(SMALL, 7, UNTIL, history=4)
	assert sorted(open_balances(longer).values()) == sorted(open_balances(history).values())
	assert 3.8 < longer.entries() / history.entries() < 4.2


def test_too_few_open_items_are_refused() -> None:
	with pytest.raises(ValueError, match="more than asked for"):
		make(Size(10, 2_000, 5, {}), 7, UNTIL)


@pytest.mark.parametrize("doctype", COLUMNS)
def test_every_row_fills_its_columns(history: History, doctype: str) -> None:
	wanted, rows = len(columns(doctype)), 0
	for row in Tables(history, NAMES).rows(doctype):
		assert len(row) == wanted
		rows += 1
	assert rows or doctype == "Party Account"


def test_general_ledger_balances_per_voucher(history: History) -> None:
	names = columns("GL Entry")
	voucher, debit, credit = (names.index(name) for name in ("voucher_no", "debit", "credit"))
	sums: Counter = Counter()
	for row in Tables(history, NAMES).rows("GL Entry"):
		sums[row[voucher]] += round(row[debit] * 100) - round(row[credit] * 100)
	assert not any(sums.values())


def test_orders_stay_unbilled(history: History) -> None:
	assert history.orders
	assert all(isinstance(order, Order) and order.day <= UNTIL.toordinal() for order in history.orders)
