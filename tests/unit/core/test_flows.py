"""What moved an account: by the document's kind, adding up to what its entries add up to."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.flows import (
	Counter,
	Flow,
	counter_of,
	invoice_flows,
	journal_flows,
	monthly,
	payment_flows,
)

amounts = st.decimals(-10_000, 10_000, places=2)
positive = st.decimals(0, 10_000, places=2)
D = Decimal


def kinds(flows):
	return {flow.name: amount for flow, amount in flows.items() if amount}


def test_a_sale_at_the_counter_with_change_and_its_return():
	sale = invoice_flows(D(2584), D(2600), D(-2600), D(0), D(0), False)
	assert kinds(sale) == {"BILLED": 2584, "RECEIVED": -2600, "CHANGE": 16}
	back = invoice_flows(D(-2584), D(2584), D(-2584), D(0), D(0), True)
	assert kinds(back) == {"CREDITED": -2584, "REFUNDED": 2584}
	day = date(2026, 3, 3)
	(month,) = monthly([(day, f, a) for flows in (sale, back) for f, a in flows.items()], day, 1)
	assert (month.billed, month.received, month.credited, month.adjusted) == (2584, 0, 2584, 0)


def test_loyalty_points_and_write_offs_are_no_money():
	flows = invoice_flows(D(100), D(100), D(-99), D(4), D(25), False)
	assert kinds(flows) == {"BILLED": 100, "RECEIVED": -70, "WRITTEN_OFF": -4, "LOYALTY": -25}


@given(positive, positive, positive, positive, positive)
def test_an_invoice_adds_up_to_its_entries(total, paid, change, written_off, loyalty):
	debit, credit = total + change, -(paid + written_off + loyalty)
	sale = invoice_flows(total, debit, credit, written_off, loyalty, False)
	assert sum(sale.values()) == debit + credit
	assert (sale[Flow.BILLED], sale[Flow.RECEIVED], sale[Flow.CHANGE]) == (total, -paid, change)
	back = invoice_flows(-total, -credit, -debit, -written_off, -loyalty, True)
	assert sum(back.values()) == -debit - credit


def test_deductions_and_exchange_losses_of_a_payment():
	flows = payment_flows(D(-100), "Receive", D(2), D("1.5"))
	assert kinds(flows) == {"RECEIVED": D("-96.5"), "WRITTEN_OFF": -2, "EXCHANGE": D("-1.5")}
	assert kinds(payment_flows(D(40), "Pay", D(1))) == {"REFUNDED": 41, "WRITTEN_OFF": -1}


@pytest.mark.parametrize(
	("account", "kind"),
	[
		(("Bank", "Asset", False, False), Counter.MONEY),
		(("Receivable", "Asset", True, False), Counter.PARTY),
		((None, "Income", False, False), Counter.INCOME),
		((None, "Expense", False, False), Counter.EXPENSE),
		((None, "Expense", False, True), Counter.EXCHANGE),
		(("Stock", "Asset", False, False), Counter.OTHER),
		((None, None, False, False), Counter.OTHER),
	],
)
def test_other_sides(account, kind):
	assert counter_of(*account) is kind


@pytest.mark.parametrize(
	("amount", "voucher_type", "counters", "found"),
	[
		(
			-100,
			"Journal Entry",
			{Counter.MONEY: 98, Counter.EXPENSE: 2},
			{"RECEIVED": -98, "WRITTEN_OFF": -2},
		),
		(60, "Bank Entry", {Counter.MONEY: -60}, {"REFUNDED": 60}),
		(-100, "Journal Entry", {Counter.PARTY: 100}, {"TRANSFERRED": -100}),
		(100, "Journal Entry", {Counter.INCOME: -100}, {"BILLED": 100}),
		(-30, "Credit Note", {Counter.INCOME: 30}, {"CREDITED": -30}),
		(-30, "Write Off Entry", {Counter.EXPENSE: 30}, {"WRITTEN_OFF": -30}),
		(7, "Exchange Rate Revaluation", {Counter.EXPENSE: -7}, {"EXCHANGE": 7}),
		(7, "Exchange Gain Or Loss", {}, {"EXCHANGE": 7}),
		(500, "Opening Entry", {Counter.OTHER: -500}, {"OTHER": 500}),
		(-10, "Bank Entry", {}, {"RECEIVED": -10}),
		(-10, "Journal Entry", {}, {"OTHER": -10}),
	],
)
def test_journal_entries(amount, voucher_type, counters, found):
	counters = {kind: D(value) for kind, value in counters.items()}
	assert kinds(journal_flows(D(amount), voucher_type, counters)) == found


@given(amounts, st.dictionaries(st.sampled_from(Counter), amounts))
def test_a_journal_entry_adds_up(amount, counters):
	assert sum(journal_flows(amount, "Journal Entry", counters).values()) == amount


def test_months_without_movement_are_there_and_cover_the_year_change():
	moved = [
		(date(2026, 1, 5), Flow.BILLED, D(100)),
		(date(2026, 1, 9), Flow.CREDITED, D(-30)),
		(date(2026, 3, 1), Flow.RECEIVED, D(-60)),
		(date(2026, 3, 2), Flow.REFUNDED, D(10)),
		(date(2026, 3, 3), Flow.WRITTEN_OFF, D(-4)),
		(date(2024, 1, 1), Flow.BILLED, D(999)),
	]
	found = monthly(moved, date(2026, 3, 15), 4)
	assert [(m.month, m.billed, m.received, m.credited, m.adjusted) for m in found] == [
		(date(2025, 12, 1), 0, 0, 0, 0),
		(date(2026, 1, 1), 100, 0, 30, 0),
		(date(2026, 2, 1), 0, 0, 0, 0),
		(date(2026, 3, 1), 0, 50, 0, 4),
	]
