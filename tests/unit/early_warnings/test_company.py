"""A company's own signals: surges that are planted are seen, a steady company and a season raise nothing."""

import random
from datetime import timedelta

import pytest

from client_ledger.core.credit.lateness import BUSINESS_DAYS, TradeLine
from client_ledger.core.early_warnings.company import (
	CompanyTotals,
	company_facts,
	company_records,
	company_warnings,
)
from client_ledger.core.early_warnings.facts import WarningEvents, by_customer
from client_ledger.core.early_warnings.record import SignalVerdict
from client_ledger.core.early_warnings.walk import CustomerWalk
from tests.unit.early_warnings.cases import TODAY, ago

LARGE = ("C1", "C2", "C3", "C4")


def _company(
	late=lambda day: 0, pace=lambda day: 1.0, amount=lambda customer, day: 100.0, customers: int = 40
):
	"""Return totals of a company that sells every three days; the functions take days before today."""
	rng, lines = random.Random(3), []
	for day in range(1200, -1, -3):
		for _sale in range(round(4 * pace(day))):
			customer = f"C{rng.randrange(customers)}"
			issued = ago(day)
			due = BUSINESS_DAYS.effective(issued + timedelta(days=30))
			paid = BUSINESS_DAYS.effective(due + timedelta(days=max(rng.randrange(-5, 6) + late(day), -20)))
			value = amount(customer, day)
			lines.append(
				TradeLine(customer, f"I{len(lines)}", issued, due, value, paid if paid <= TODAY else None)
			)
	totals = CompanyTotals(TODAY, 10)
	for customer, own in by_customer(WarningEvents(lines=lines)):
		totals.add(CustomerWalk(customer, own))
	return totals


def _now(totals) -> set[str]:
	return {one.signal for one in company_warnings(totals)[1]}


def test_a_steady_company_raises_nothing_today():
	assert not _now(_company())


def test_an_overdue_surge_and_dso_are_seen():
	assert {"company_overdue_surge", "company_dso"} <= _now(_company(late=lambda day: 40 if day < 90 else 0))


def test_a_sales_drop_is_seen_and_a_season_is_none():
	assert "company_sales_drop" in _now(_company(pace=lambda day: 0.25 if day < 30 else 1.0))
	season = _company(pace=lambda day: 0.5 if day % 365 < 35 else 1.0)
	assert company_facts(season).sales < company_facts(season).usual_sales
	assert "company_sales_drop" not in _now(season)


def test_concentration_is_seen_where_it_grew():
	grown = _company(amount=lambda customer, day: 9000.0 if customer in LARGE and day < 90 else 100.0)
	found = company_facts(grown)
	assert found.largest_share > 0.7 and found.largest[0][0] in LARGE and found.largest[1][0] in LARGE
	assert "company_concentration" in _now(grown)
	always = _company(amount=lambda customer, day: 9000.0 if customer in LARGE else 100.0)
	assert "company_concentration" not in _now(always)


def test_few_customers_are_not_concentration():
	few = _company(
		customers=4, amount=lambda customer, day: 9000.0 if customer == "C1" and day < 60 else 100.0
	)
	assert "company_concentration" not in _now(few)


def test_figures_are_sums_of_what_customers_owe():
	totals = _company()
	found = company_facts(totals)
	assert found.months == 12 and found.receivable == pytest.approx(
		sum(owed for _c, owed in found.largest), rel=10
	)
	assert found.dso == pytest.approx(found.receivable / (company_facts(totals).sales * 3) * 90, rel=0.2)
	assert 0 <= found.overdue_share < 1


def test_records_count_and_never_claim_to_be_proven():
	totals = _company(late=lambda day: 40 if 400 < day < 500 else 0)
	past = company_warnings(totals)[0]
	found = company_records(totals, past)
	assert found["company_overdue_surge"].raised >= 1
	assert all(one.verdict is SignalVerdict.TOO_FEW and one.lead_days is None for one in found.values())
	assert all(one.judged <= one.raised for one in found.values())


def test_a_company_without_invoices_says_nothing():
	totals = CompanyTotals(TODAY, 10)
	assert company_facts(totals).months == 0 and company_warnings(totals) == ([], [])
