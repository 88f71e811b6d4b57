"""The limit in force: precedence, dates, references, and what is free under it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.credit.exposure import Exposure, total_exposure, utilisation
from client_ledger.core.credit.limits import (
	LimitRow,
	LimitSource,
	LimitSources,
	LimitState,
	ReferenceRow,
	effective_limit,
	overlapping,
	recommended,
)

TODAY = date(2026, 5, 10)


def days(number: int) -> date:
	return TODAY + timedelta(days=number)


def row(name: str, amount: object, start: int = -5, end: int | None = 5) -> LimitRow:
	amount = None if amount is None else Decimal(str(amount))
	return LimitRow(name, amount, days(start), None if end is None else days(end))


def reference(name: str, raises: bool, amount: object, start: int = -5, end: int = 5) -> ReferenceRow:
	return ReferenceRow(name, raises, Decimal(str(amount)), days(start), days(end))


def test_without_anything_a_customer_is_unlimited():
	limit = effective_limit(LimitSources(), TODAY)
	assert (limit.state, limit.amount, limit.source) == (LimitState.UNLIMITED, None, LimitSource.NONE)
	assert limit.free(Decimal(10**9)) is None


@pytest.mark.parametrize(
	("sources", "amount", "source"),
	[
		(LimitSources(company=Decimal(1)), 1, LimitSource.COMPANY),
		(LimitSources(company=Decimal(1), group=Decimal(2)), 2, LimitSource.GROUP),
		(LimitSources(company=Decimal(1), group=Decimal(2), customer=Decimal(3)), 3, LimitSource.CUSTOMER),
		(LimitSources(customer=Decimal(3), temporary=(row("T", 9),)), 9, LimitSource.TEMPORARY),
		(
			LimitSources(customer=Decimal(3), temporary=(row("T", 9),), no_credit=(row("N", None),)),
			0,
			LimitSource.NO_CREDIT,
		),
	],
)
def test_the_nearer_limit_wins(sources, amount, source):
	limit = effective_limit(sources, TODAY)
	assert (limit.amount, limit.source) == (amount, source)


def test_a_temporary_limit_falls_back_by_itself_the_day_after_it_ends():
	sources = LimitSources(customer=Decimal(100), temporary=(row("T", 500),))
	amounts = [effective_limit(sources, days(n)).amount for n in (-6, -5, 5, 6)]
	assert amounts == [100, 500, 500, 100]
	assert effective_limit(sources, TODAY).valid_to == days(5)


def test_of_two_temporary_limits_the_one_that_began_last_counts():
	sources = LimitSources(temporary=(row("T1", 500, -5, 20), row("T2", 300, -1, 3)))
	assert effective_limit(sources, TODAY).amount == 300
	assert effective_limit(sources, days(4)).amount == 500


def test_no_credit_says_what_0_cannot():
	limit = effective_limit(LimitSources(customer=Decimal(0), no_credit=(row("N", None, -5, None),)), TODAY)
	assert (limit.state, limit.amount, limit.free(Decimal(1))) == (LimitState.NO_CREDIT, 0, -1)
	assert effective_limit(LimitSources(customer=Decimal(0)), TODAY).state is LimitState.UNLIMITED


def test_references_raise_first_and_cap_last_and_every_step_is_told():
	sources = LimitSources(
		customer=Decimal(100), references=(reference("A cap", False, 120), reference("B raise", True, 50))
	)
	limit = effective_limit(sources, TODAY)
	assert limit.amount == 120
	assert [(s.source, s.amount, s.document) for s in limit.steps] == [
		(LimitSource.CUSTOMER, 100, None),
		(LimitSource.RAISE, 150, "B raise"),
		(LimitSource.CAP, 120, "A cap"),
	]
	assert effective_limit(sources, days(6)).amount == 100


def test_a_cap_limits_an_unlimited_customer_and_a_raise_does_nothing_to_it():
	assert effective_limit(LimitSources(references=(reference("R", True, 50),)), TODAY).amount is None
	assert effective_limit(LimitSources(references=(reference("C", False, 50),)), TODAY).amount == 50


def test_references_lift_no_bar():
	sources = LimitSources(no_credit=(row("N", None),), references=(reference("R", True, 50),))
	assert effective_limit(sources, TODAY).amount == 0


def test_overlapping_rows_share_a_day():
	others = [row("A", 1, -5, 5), row("B", 1, 6, None), row("C", 1, -20, -6)]
	assert [r.name for r in overlapping(row("N", 1, 5, 6), others)] == ["A", "B"]
	assert overlapping(row("A", 1, -5, 5), others) == []


amount = st.integers(0, 1000).map(Decimal)
# Documents have names of their own: of two with one name no reading could say which is the later.
rows = st.lists(
	st.builds(
		lambda n, a, s, l: row(f"R{n}", a, s, s + l),
		st.integers(0, 99),
		st.integers(0, 1000),
		st.integers(-30, 30),
		st.integers(0, 30),
	),
	max_size=4,
	unique_by=lambda r: r.name,
).map(tuple)
references = st.lists(
	st.builds(
		lambda n, r, a, s, l: reference(f"X{n}", r, a, s, s + l),
		st.integers(0, 99),
		st.booleans(),
		st.integers(0, 1000),
		st.integers(-30, 30),
		st.integers(0, 30),
	),
	max_size=4,
	unique_by=lambda r: r.name,
).map(tuple)
sources = st.builds(
	LimitSources, temporary=rows, customer=amount, group=amount, company=amount, references=references
)


@given(sources, st.integers(-40, 40))
def test_a_limit_is_what_a_slow_reading_says(found, day):
	on = days(day)
	current = [r for r in found.temporary if r.valid_from <= on <= r.valid_to]
	if current:
		expected = sorted(current, key=lambda r: (r.valid_from, r.name))[-1].amount
	else:
		expected = next((a for a in (found.customer, found.group, found.company) if a), None)
	live = [r for r in found.references if r.valid_from <= on <= r.valid_to]
	if expected is not None:
		expected += sum(r.amount for r in live if r.raises)
	caps = [r.amount for r in live if not r.raises]
	if caps:
		expected = min(caps) if expected is None else min(expected, *caps)
	assert effective_limit(found, on).amount == expected


@given(sources, st.integers(-40, 40))
def test_it_holds_until_the_day_it_says(found, day):
	limit = effective_limit(found, days(day))
	if limit.valid_to:
		assert limit.valid_to >= days(day)
	assert limit.steps[-1].amount == limit.amount


@given(st.lists(st.builds(Exposure, amount, amount, amount), max_size=5))
def test_shared_exposure_is_the_sum_of_its_parts(parts):
	assert total_exposure(parts).total == sum((p.total for p in parts), Decimal(0))


def test_utilisation():
	assert utilisation(Decimal(50), Decimal(200)) == 0.25
	assert utilisation(Decimal(-5), Decimal(0)) == 0
	assert utilisation(Decimal(5), Decimal(0)) == 1
	assert utilisation(Decimal(5), None) is None


def test_a_recommended_limit_is_a_multiple_of_average_monthly_sales():
	assert recommended(Decimal(1200), 2.5) == 250
	assert recommended(Decimal(-1200), 2) == 0
