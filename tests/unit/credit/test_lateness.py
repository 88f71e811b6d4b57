"""Effective due dates, and what is known of an invoice on a date."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.credit.lateness import BUSINESS_DAYS, EVERY_DAY, Calendar, known, trade_lines
from client_ledger.core.settlement import settlements
from tests.unit.core.ledgers import DAY, entry, facts_of

from .ledgers import line

SATURDAY = date(2026, 3, 7)


def test_due_dates_roll_over_weekends_and_holidays():
	monday = SATURDAY + timedelta(days=2)
	assert BUSINESS_DAYS.effective(SATURDAY) == monday
	assert BUSINESS_DAYS.effective(monday) == monday
	assert Calendar(frozenset({monday})).effective(SATURDAY) == monday + timedelta(days=1)
	assert EVERY_DAY.effective(SATURDAY) == SATURDAY
	friday_and_saturday = Calendar(weekend=frozenset({4, 5}))
	assert friday_and_saturday.effective(SATURDAY) == SATURDAY + timedelta(days=1)


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.sets(st.integers(-10, 20), max_size=12))
def test_the_effective_date_is_the_first_business_day(due, offsets):
	holidays = frozenset(due + timedelta(days=n) for n in offsets)
	found = Calendar(holidays).effective(due)
	assert found >= due
	assert found.weekday() < 5 and found not in holidays
	for n in range((found - due).days):
		day = due + timedelta(days=n)
		assert day.weekday() >= 5 or day in holidays


def test_a_calendar_without_business_days_is_refused():
	with pytest.raises(ValueError, match="no business day"):
		Calendar(weekend=frozenset(range(7))).effective(SATURDAY)


def test_a_part_paid_invoice_is_settled_when_nothing_is_open():
	# Due thirty days after 1 March 2026, on 31 March, a Tuesday.
	rows = [entry(0, "SI 1", "SI 1", 100), entry(20, "PE 1", "SI 1", -40), entry(45, "PE 2", "SI 1", -60)]
	rows += [entry(0, "SI 2", "SI 2", 200), entry(40, "PE 3", "SI 2", -150)]
	found = {
		t.reference: t for t in trade_lines(settlements(rows, facts_of(rows).invoices), disputed={"SI 2"})
	}
	paid, still_open = found["SI 1"], found["SI 2"]
	assert (paid.customer, paid.issued, paid.amount) == ("Ada", DAY, 100.0)
	assert (paid.due, paid.days_late, paid.disputed) == (date(2026, 3, 31), 15, False)
	assert (still_open.days_late, still_open.outstanding, still_open.disputed) == (None, 50.0, True)
	assert still_open.age(DAY + timedelta(days=50)) == 20


def test_a_due_date_on_a_weekend_counts_from_monday():
	rows = [entry(0, "SI 1", "SI 1", 100), entry(27, "PE 1", "SI 1", -100)]
	found = trade_lines(settlements(rows, facts_of(rows, due_in=27).invoices))
	assert found[0].due.weekday() == 0
	assert found[0].days_late < 0


def test_residues_say_nothing():
	rows = [entry(0, "SI 1", "SI 1", 100), entry(20, "PE 1", "SI 1", Decimal("-99.50"))]
	assert trade_lines(settlements(rows, facts_of(rows).invoices))[0].is_residue
	assert not line(late=None).is_residue
	assert not line(late=None, outstanding=2.0).is_residue


def test_known_forgets_what_came_later():
	paid = line(late=4)
	settled_on = paid.settled_on
	assert list(known([paid], settled_on)) == [paid]
	assert [k.settled_on for k in known([paid], settled_on - timedelta(days=1))] == [None]
	assert list(known([paid], paid.issued - timedelta(days=1))) == []
