"""Facts hold nothing that was not known on their day, and amounts add up as simple counting says."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from benchmarks.warning_ledgers import LedgerStyle, invent_company
from client_ledger.core.credit.lateness import TradeLine, known
from client_ledger.core.credit.measures import MeasureSettings, serious_days
from client_ledger.core.early_warnings.facts import CompanyDay, WarningEvents, by_customer
from client_ledger.core.early_warnings.outcomes import CustomerOutcomes
from client_ledger.core.early_warnings.replay import company_days, look_days
from client_ledger.core.early_warnings.walk import CustomerWalk
from tests.unit.early_warnings.cases import TODAY, ago, facts, invoice, steady

STYLE = LedgerStyle(customers=25, days=700, distress=0.5)


def _as_known(events: WarningEvents, day: date) -> WarningEvents:
	"""Return what was known at the end of a day."""
	cut = {
		name: [one for one in getattr(events, name) if one.day <= day]
		for name in ("parts", "orders", "credit_notes", "disputes", "broken_promises", "limits", "grades")
	}
	sent = [one for one in events.statements if one.sent_on <= day]
	sent = [one._replace(read_on=None) if one.read_on and one.read_on > day else one for one in sent]
	return replace(events, lines=list(known(events.lines, day)), statements=sent, **cut)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_is_known_before_its_day(seed):
	events, until = invent_company(seed, STYLE)
	rng, compared = random.Random(seed), 0
	for customer, own in by_customer(events):
		day = until - timedelta(days=rng.randrange(500))
		if not CustomerWalk(customer, own).is_known(day):
			continue
		company = CompanyDay(day, 14)
		assert CustomerWalk(customer, own).at(company) == CustomerWalk(customer, _as_known(own, day)).at(
			company
		)
		compared += 1
	assert compared > 15


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_balance_and_overdue_are_sums_of_what_is_open(seed):
	events, until = invent_company(seed, STYLE)
	rng = random.Random(seed)
	for customer, own in by_customer(events):
		walk = CustomerWalk(customer, own)
		day = until - timedelta(days=rng.randrange(400))
		balance = overdue = 0.0
		for line in known(own.lines, day):
			if line.settled_on:
				continue
			left = line.amount - sum(
				part.amount for part in own.parts if part.reference == line.reference and part.day <= day
			)
			balance += left
			overdue += left * (line.due < day)
		assert walk.balance(day) == pytest.approx(balance, abs=0.02)
		assert walk.overdue(day) == pytest.approx(overdue, abs=0.02)


def test_settled_lines_without_a_rest_count():
	assert facts(WarningEvents(lines=[line._replace(outstanding=0.0) for line in steady(4)])).before_late == 4


def test_disputed_items_are_not_learnt_from_but_owed():
	found = facts(WarningEvents(lines=[*steady(0), invoice(40, None, disputed=True)]))
	assert found.oldest_days == 0 and found.balance == found.overdue == 100.0


def test_serious_days_are_those_of_the_grade():
	events, until = invent_company(1, STYLE)
	days = [until - timedelta(days=300), until - timedelta(days=30), until]
	lines = list(known(events.lines, until))
	for found in company_days(lines, days):
		assert found.serious_days == serious_days(lines, found.day, MeasureSettings())


def test_looks_are_weekly_two_years_and_start_with_some_history():
	found = look_days(date(2020, 1, 1), TODAY)
	assert len(found) == 105 and found[-1] == TODAY
	assert look_days(ago(150), TODAY)[0] >= ago(30)
	assert look_days(ago(10), TODAY) == []


def test_outcome_is_a_quarter_seriously_late_and_the_day_it_is_reached():
	lines = [invoice(80, 0), invoice(60, 0), invoice(50, 16), invoice(40, 40), invoice(30, 0)]
	found = CustomerOutcomes(lines).of(ago(85), 15, TODAY)
	assert found.is_bad and found.bad_on == ago(40) + timedelta(days=16)
	assert not CustomerOutcomes(lines[:3]).of(ago(85), 30, TODAY).is_bad
	assert CustomerOutcomes(lines).of(ago(20), 15, TODAY) is None


def test_what_may_turn_out_either_way_is_left_out():
	lines = [invoice(80, 0), invoice(10, None)]
	assert CustomerOutcomes(lines).of(ago(85), 15, TODAY).is_bad is False
	assert CustomerOutcomes(lines[1:]).of(ago(85), 15, TODAY) is None
	assert CustomerOutcomes(lines[1:]).of(ago(85), 9, TODAY).is_bad


def test_what_is_due_or_paid_before_it_was_issued_is_known_from_its_issue_on():
	odd = [
		TradeLine("Ada", "X", ago(20), ago(60), 100.0),
		TradeLine("Ada", "Y", ago(20), ago(10), 100.0, settled_on=ago(50)),
	]
	walk = CustomerWalk("Ada", WarningEvents(lines=[*steady(0), *odd]))
	before = walk.at(CompanyDay(ago(30), 15))
	assert before.overdue == before.balance == 0 and before.oldest_days == 0
	assert walk.at(CompanyDay(TODAY, 15)).oldest_days == 20 and walk.balance(TODAY) == 100.0
