"""Each signal of a customer: what it fires on, and what is like it and none."""

import pytest

from client_ledger.core.controls.master_data import BANK
from client_ledger.core.early_warnings.catalogue import BY_CODE, CUSTOMER_SIGNALS, SIGNALS
from client_ledger.core.early_warnings.defaults import find_defaults
from client_ledger.core.early_warnings.facts import (
	CompanyDay,
	DatedAmount,
	GivenGrade,
	GivenLimit,
	SentStatement,
	SharedData,
	WarningEvents,
)
from client_ledger.core.early_warnings.signals import ProposedAction, SignalSeverity, raised
from client_ledger.core.early_warnings.walk import CustomerWalk
from client_ledger.core.reasons import reason_text
from tests.unit.early_warnings.cases import SERIOUS, TODAY, ago, facts, fires, invoice, steady


def _slower(late: int) -> list:
	return [*steady(0, since=450, until=100), *(invoice(day, late) for day in (85, 70, 55, 40))]


def test_drift_is_against_the_customers_own_past():
	found = fires("days_late_drifting", WarningEvents(lines=_slower(9)))
	assert found and found.action is ProposedAction.CALL
	assert reason_text(found.because, str).startswith(
		"Paid 9.0 days late on average in the last 90 days (4 items)"
	)
	assert not fires("days_late_drifting", WarningEvents(lines=steady(9)))
	assert not fires("days_late_drifting", WarningEvents(lines=_slower(3)))
	assert not fires("days_late_drifting", WarningEvents(lines=_slower(-9)))


def test_drift_within_a_wide_spread_is_none():
	wild = [invoice(day, (day * 37) % 60 - 30) for day in range(450, 100, -15)]
	late = [invoice(day, 9) for day in (85, 70, 55)]
	assert not fires("days_late_drifting", WarningEvents(lines=[*wild, *late]))


def test_open_items_count_as_late_as_they_are_by_now():
	open_items = [invoice(day, None) for day in (30, 25, 20)]
	found = facts(WarningEvents(lines=[*steady(0, until=60), *open_items]))
	assert found.recent_late > 5 and found.drift > 2
	assert fires("days_late_drifting", WarningEvents(lines=[*steady(0, until=60), *open_items]))


def test_more_owed_and_paid_slower():
	lines = [*_slower(9), *(invoice(-day, None, 300.0) for day in (3, 6, 9, 12))]
	found = fires("exposure_up_paying_slower", WarningEvents(lines=lines))
	assert found and found.action is ProposedAction.LOWER_LIMIT
	more_only = [*steady(0), *(invoice(-day, None, 300.0) for day in (3, 6, 9, 12))]
	assert not fires("exposure_up_paying_slower", WarningEvents(lines=more_only))
	assert not fires("exposure_up_paying_slower", WarningEvents(lines=_slower(9)))


def test_part_payments_where_it_used_to_pay_in_full():
	lines = [*steady(0, until=95), *(invoice(day, 20, name=f"P{day}") for day in (80, 65, 50))]
	parts = [DatedAmount("Ada", ago(day - 5), 40.0, f"P{day}") for day in (80, 65, 50)]
	assert fires("part_payments", WarningEvents(lines=lines, parts=parts))
	always = [DatedAmount("Ada", ago(day + 5), 40.0, f"I{day}-0") for day in range(450, 95, -15)]
	assert not fires("part_payments", WarningEvents(lines=lines, parts=[*parts, *always]))


def test_rolling_wants_most_of_last_month_and_a_material_part():
	assert fires("rolling", WarningEvents(lines=[*steady(0), invoice(45, None)]))
	assert not fires("rolling", WarningEvents(lines=[*steady(0), invoice(20, None)]))
	small = [*steady(0), invoice(45, None, 5.0), invoice(-10, None, 900.0)]
	assert not fires("rolling", WarningEvents(lines=small))


def test_first_overdue_of_a_good_payer_only():
	found = fires("first_overdue", WarningEvents(lines=[*steady(0), invoice(10, None)]))
	assert found and "First overdue of a good payer: 100.00 open for 10 days" in reason_text(
		found.because, str
	)
	assert not fires("first_overdue", WarningEvents(lines=[*steady(8), invoice(10, None)]))
	assert not fires("first_overdue", WarningEvents(lines=[*steady(0), invoice(3, None)]))
	assert not fires("first_overdue", WarningEvents(lines=[invoice(10, None)]))


def test_order_rhythm_falls_and_surges():
	often = [DatedAmount("Ada", ago(day), 100.0) for day in range(420, 60, -7)]
	lines = steady(0)
	assert fires("orders_fallen", WarningEvents(lines=lines, orders=often))
	assert not fires("orders_surged", WarningEvents(lines=lines, orders=often))
	more = [*often, *(DatedAmount("Ada", ago(day), 100.0) for day in range(60, 0, -2))]
	assert fires("orders_surged", WarningEvents(lines=lines, orders=more))
	as_ever = [*often, *(DatedAmount("Ada", ago(day), 100.0) for day in range(60, 0, -7))]
	for code in ("orders_fallen", "orders_surged"):
		assert not fires(code, WarningEvents(lines=lines, orders=as_ever))


def test_rare_orders_have_no_rhythm():
	rare = [DatedAmount("Ada", ago(day), 100.0) for day in (400, 250, 100)]
	assert not fires("orders_fallen", WarningEvents(lines=steady(0), orders=rare))


def test_limit_nearly_used():
	lines = [invoice(-10, None, 950.0)]
	found = fires(
		"limit_nearly_used", WarningEvents(lines=lines, limits=[GivenLimit("Ada", ago(300), 1000.0)])
	)
	assert found and found.severity is SignalSeverity.MEDIUM
	assert reason_text(found.because, str) == "95 % of the credit limit of 1,000.00 is used: 950.00."
	for limit in (None, 2000.0):
		assert not fires(
			"limit_nearly_used", WarningEvents(lines=lines, limits=[GivenLimit("Ada", ago(300), limit)])
		)
	read = WarningEvents(
		lines=lines,
		limits=[GivenLimit("Ada", ago(300), 1000.0)],
		exposures=[DatedAmount("Ada", ago(1), 1200.0)],
	)
	assert fires("limit_nearly_used", read).severity is SignalSeverity.HIGH


def test_grade_fallen_or_newly_capped():
	def graded(*rows):
		return WarningEvents(lines=steady(0), grades=[GivenGrade("Ada", *row) for row in rows])

	found = fires("grade_fallen", graded((ago(120), "A", 0, 90.0), (ago(2), "C", 2, 60.0)))
	assert found and found.severity is SignalSeverity.HIGH
	capped = graded((ago(120), "B", 1, 75.0), (ago(2), "B", 1, 90.0, True))
	assert "lowered to B by a rule" in reason_text(fires("grade_fallen", capped).because, str)
	assert not fires("grade_fallen", graded((ago(120), "C", 2, 60.0), (ago(2), "B", 1, 75.0)))
	assert not fires("grade_fallen", graded((ago(2), "E", 4, 10.0)))
	assert not fires("grade_fallen", graded((ago(120), "Unrated", None, None), (ago(2), "E", 4, 10.0)))


def test_contested_more():
	notes = [DatedAmount("Ada", ago(day), 10.0) for day in (20, 40)]
	dispute = [DatedAmount("Ada", ago(30), 100.0)]
	assert fires("contested_more", WarningEvents(lines=steady(0), credit_notes=notes, disputes=dispute))
	always = [DatedAmount("Ada", ago(day), 10.0) for day in range(440, 90, -20)]
	usual = WarningEvents(lines=steady(0), credit_notes=[*notes, *always], disputes=dispute)
	assert not fires("contested_more", usual)


def test_promises_broken_lately():
	assert fires(
		"promises_broken", WarningEvents(lines=steady(0), broken_promises=[DatedAmount("Ada", ago(20), 50.0)])
	)
	assert not fires(
		"promises_broken",
		WarningEvents(lines=steady(0), broken_promises=[DatedAmount("Ada", ago(120), 50.0)]),
	)


def test_statements_unread_by_who_used_to_read_them():
	def sent(*reads):
		days = range(30 * len(reads), 0, -30)
		rows = [
			SentStatement("Ada", ago(day), ago(day - 2) if read else None)
			for day, read in zip(days, reads, strict=True)
		]
		return WarningEvents(lines=steady(0), statements=rows)

	assert fires("statements_unread", sent(1, 1, 1, 0, 0, 0))
	assert not fires("statements_unread", sent(0, 0, 0, 0, 0, 0))
	assert not fires("statements_unread", sent(1, 1, 0, 0, 0, 1))


def test_shares_data_with_a_customer_in_default():
	other = [invoice(200, None, name="X")._replace(customer="Bob")]
	events = WarningEvents(lines=steady(0), shared=[SharedData("Ada", "Bob", BANK)])
	walk = CustomerWalk("Ada", events)
	company = CompanyDay(TODAY, SERIOUS)
	found = raised(walk.at(company, find_defaults(other)), [BY_CODE["shares_with_default"]])
	assert reason_text(found[0].because, str) == "Shares data with a customer in default: Bob (bank account)."
	assert not raised(walk.at(company, find_defaults([])), CUSTOMER_SIGNALS)
	declared = find_defaults([], [DatedAmount("Bob", ago(5))])
	assert declared.is_in_default("Bob", TODAY) and not declared.is_in_default("Bob", ago(6))


def test_who_is_bad_already_is_said_to_be():
	found = fires("rolling", WarningEvents(lines=[invoice(45, None)]))
	assert found.was_bad
	assert not fires("first_overdue", WarningEvents(lines=[*steady(0), invoice(10, None, 30.0)])).was_bad


@pytest.mark.parametrize("lines", [[], [invoice(-20, None)], [invoice(10, None)], [invoice(500, 3)]])
def test_a_customer_of_one_invoice_or_none_raises_nothing_it_cannot_know(lines):
	found = raised(facts(WarningEvents(lines=lines)), CUSTOMER_SIGNALS)
	assert not found


def test_every_signal_has_words_and_a_short_code():
	assert len({one.code for one in SIGNALS}) == len(SIGNALS)
	for one in SIGNALS:
		assert one.name and one.meaning and len(one.code) <= 30
		for parameter in one.parameters:
			assert parameter.least <= parameter.default <= parameter.most
