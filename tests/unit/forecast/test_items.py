"""What may bring cash: invoices, promises by how far they are kept, orders after their own lag."""

from datetime import timedelta
from decimal import Decimal

import pytest

from client_ledger.core.credit.cash import due_date_cash, expected_cash
from client_ledger.core.credit.histogram import learn
from client_ledger.core.credit.lateness import BUSINESS_DAYS, known
from client_ledger.core.entries import Voucher
from client_ledger.core.forecast.items import (
	CashSource,
	ItemBuilder,
	PromisedPart,
	UnbilledItem,
	after_credits,
	after_promises,
	billing_lag,
	credits_of,
	kept_share,
	open_lines,
	unbilled_after_credits,
)
from client_ledger.core.forecast.totals import due_totals, expected_totals
from client_ledger.core.open_items import OpenItem

from ..credit.ledgers import FIRST, invent, line

DAY = FIRST + timedelta(days=600)


@pytest.fixture(scope="module")
def builder():
	lines = list(known(invent(3).lines, DAY))
	return ItemBuilder(learn(lines, DAY), DAY, 13)


@pytest.fixture(scope="module")
def punctual():
	"""Customers who pay exactly when due."""
	lines = [line("Ada", due=7 * n, late=0, number=n) for n in range(40)]
	return ItemBuilder(learn(lines, DAY), DAY, 13)


def test_invoices_bring_what_expected_cash_says():
	lines = list(known(invent(3).lines, DAY))
	lateness = learn(lines, DAY)
	owed = [line for line in lines if line.settled_on is None]
	items = [ItemBuilder(lateness, DAY, 13).of_line(line) for line in owed]
	weeks, later = expected_totals(items, 13)
	expected = expected_cash(lateness, lines, DAY)
	assert weeks == pytest.approx(expected.weeks) and later == pytest.approx(expected.later)
	due = due_date_cash(lines, DAY)
	assert due_totals(items, 13) == (pytest.approx(due.weeks), pytest.approx(due.later))


def test_a_promise_counts_by_how_far_promises_are_kept(builder):
	promised = PromisedPart("C010", "INV-1", 1000.0, DAY + timedelta(days=17), DAY - timedelta(days=5))
	usual = builder.shares("C010", 5)
	for kept in (0.0, 0.4, 1.0):
		item = builder.of_promise(promised, kept)
		# 17 days from now is in the third week.
		assert item.shares[2] == pytest.approx(kept + (1 - kept) * usual[2])
		assert sum(item.shares) <= 1 + 1e-9
		assert item.source is CashSource.PROMISE and item.due_week == 0
	assert builder.of_promise(promised, 0.0).shares == pytest.approx(usual)


def test_a_promise_beyond_the_weeks_brings_nothing_by_itself(builder):
	promised = PromisedPart("C010", "INV-1", 1000.0, DAY + timedelta(days=200), DAY)
	assert sum(builder.of_promise(promised, 1.0).shares) == 0


def test_instalments_are_promises_one_by_one(builder):
	parts = [
		PromisedPart("C010", "INV-1", 500.0, DAY + timedelta(days=days), DAY - timedelta(days=9))
		for days in (3, 31)
	]
	weeks, _later = expected_totals([builder.of_promise(part, 0.9) for part in parts], 13)
	assert weeks[0] > 450 and weeks[4] > 450


def test_reliability_is_drawn_to_the_company():
	assert kept_share(None, 0) == 0.5
	assert kept_share(None, 0, 80.0) == pytest.approx(0.8)
	assert kept_share(100.0, 3, 40.0) == pytest.approx(0.7)
	assert kept_share(0.0, 30, 80.0) < 0.1
	assert 0.9 < kept_share(100.0, 30, 20.0) <= 1


def test_what_is_promised_is_not_forecast_twice():
	lines = [line("Ada", amount=100.0), line("Ada", amount=50.0, number=1), line("Bob", amount=70.0)]
	one, other, third = (found.reference for found in lines)
	rest, covered = after_promises(lines, {one: 100.0, other: 20.0, "PAID": 30.0})
	assert [(found.reference, found.open_amount) for found in rest] == [(other, 30.0), (third, 70.0)]
	assert covered == {one: 100.0, other: 20.0, "PAID": 0.0}


def test_an_order_is_paid_after_it_is_billed(punctual):
	# Orders are billed after 14 days, always.
	billed = [("Ada", FIRST + timedelta(days=7 * n), FIRST + timedelta(days=7 * n + 14)) for n in range(60)]
	lag = learn(billing_lag(billed), DAY)
	ordered = punctual.of_unbilled(UnbilledItem("Ada", "SO-1", 100.0, DAY, 30), lag)
	# 14 days until the invoice, 30 of terms: the 44th day is in the seventh week.
	assert ordered.shares[6] > 0.7 and ordered.due_week == 6
	older = punctual.of_unbilled(UnbilledItem("Ada", "SO-2", 100.0, DAY - timedelta(days=7), 30), lag)
	assert older.due_week == 5 and older.shares[5] > ordered.shares[5]
	# A delivery is nearer to its invoice by a lag of its own.
	deliveries = learn(billing_lag((name, day, day + timedelta(days=2)) for name, day, _on in billed), DAY)
	delivered = punctual.of_unbilled(
		UnbilledItem("Ada", "DN-1", 100.0, DAY, 30, CashSource.DELIVERY), deliveries
	)
	assert delivered.due_week == 4


def test_a_recurring_invoice_waits_for_its_day(punctual):
	lag = learn(
		billing_lag(
			[("Ada", FIRST + timedelta(days=30 * n), FIRST + timedelta(days=30 * n)) for n in range(15)]
		),
		DAY,
	)
	ahead = DAY + timedelta(days=21)
	item = punctual.of_unbilled(UnbilledItem("Ada", "AR-1", 100.0, ahead, 14, CashSource.REPEAT), lag)
	assert sum(item.shares[:3]) == 0 and item.due_week == 4


def test_nothing_unbilled_is_paid_before_it_is_billed(builder):
	lag = learn(billing_lag([("C010", FIRST, None)]), DAY)
	item = builder.of_unbilled(UnbilledItem("C010", "SO-1", 100.0, DAY + timedelta(days=40), 30), lag)
	assert sum(item.shares[:5]) == 0


def test_open_items_stand_in_their_currency():
	def item(currency, outstanding, number):
		return OpenItem(
			"Acme",
			"Ada",
			"Debtors",
			currency,
			Voucher("Sales Invoice", f"INV-{number}"),
			DAY,
			DAY,
			*(Decimal(n) for n in (100, 700, outstanding, outstanding * 7)),
		)

	found = open_lines([item("USD", 40, 1), item("CNY", 50, 2), item("USD", -5, 3)], BUSINESS_DAYS.effective)
	assert {currency: [row.amount for row in rows] for currency, rows in found.items()} == {
		"USD": [40.0],
		"CNY": [50.0],
	}


def item_of(customer: str, outstanding: int, number: int, due: int = 0, currency: str = "USD") -> OpenItem:
	amount, day = Decimal(outstanding), DAY + timedelta(days=due)
	return OpenItem(
		*("Co", customer, f"Debtors {currency}", currency, Voucher("Sales Invoice", f"I{number}")),
		*(DAY, day, amount, amount, amount, amount),
	)


def test_what_is_on_account_is_taken_off_the_oldest_items_of_its_customer_and_then_off_what_is_not_billed():
	found = [
		item_of("Ada", 100, 1, due=20),
		item_of("Ada", 60, 2, due=-5),
		item_of("Bob", 30, 3),
		item_of("Ada", -80, 4),
		item_of("Ada", -20, 5, currency="EUR"),
		item_of("Bob", -50, 6),
	]
	credits = credits_of(found)
	assert credits == {"USD": {"Ada": 80, "Bob": 50}, "EUR": {"Ada": 20}}
	lines = open_lines(found, lambda day: day)["USD"]
	rest, left = after_credits(lines, credits["USD"])
	assert [(line.reference, line.open_amount) for line in rest] == [("I1", 80)]
	assert left == {"Bob": 20}
	assert after_credits(lines, {}) == (lines, {})
	unbilled = [
		UnbilledItem("Bob", "SO-2", 70.0, DAY, 30),
		UnbilledItem("Bob", "SO-1", 15.0, DAY - timedelta(days=3), 30),
		UnbilledItem("Ada", "SO-3", 9.0, DAY, 30),
	]
	assert [(item.reference, item.amount) for item in unbilled_after_credits(unbilled, left)] == [
		("SO-2", 65.0),
		("SO-3", 9.0),
	]
