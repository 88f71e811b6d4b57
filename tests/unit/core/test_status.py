"""Statuses, segments and the position of an account."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.account import AccountKey, position, positions
from client_ledger.core.open_items import resolve
from client_ledger.core.status import Behaviour, PaymentStatus, behaviour, payment_status, volume_segments

from .ledgers import DAY, entry, facts_of, ledgers


@pytest.mark.parametrize(
	("owed", "days", "status"),
	[
		(0, 0, PaymentStatus.PAID_UP),
		(5, 0, PaymentStatus.OPEN),
		(5, 1, PaymentStatus.OVERDUE),
		(5, 90, PaymentStatus.OVERDUE),
		(5, 91, PaymentStatus.LONG_OVERDUE),
	],
)
def test_payment_status(owed, days, status):
	assert payment_status(Decimal(owed), days) is status


@pytest.mark.parametrize(
	("late", "oldest", "expected"),
	[
		(None, 0, Behaviour.NEW),
		(None, 6, Behaviour.LATE),
		(None, 91, Behaviour.IN_ARREARS),
		(Decimal(5), 0, Behaviour.ON_TIME),
		(Decimal("5.1"), 0, Behaviour.LATE),
		(Decimal(-3), 91, Behaviour.IN_ARREARS),
	],
)
def test_behaviour_counts_what_is_not_paid(late, oldest, expected):
	assert behaviour(late, oldest) is expected


def test_volume_segments_by_cumulated_share():
	sales = [("a", Decimal(70)), ("b", Decimal(15)), ("c", Decimal(11)), ("d", Decimal(4)), ("e", Decimal(0))]
	assert volume_segments(sales) == {"a": "A", "b": "A", "c": "B", "d": "C", "e": ""}


@given(st.dictionaries(st.text(max_size=4), st.integers(-50, 10**6).map(Decimal), max_size=30))
def test_larger_customers_are_never_in_a_lower_segment(sales):
	segments = volume_segments(sales.items())
	ranked = sorted((n for n in sales if sales[n] > 0), key=lambda n: (-sales[n], n))
	classes = [segments[name] for name in ranked]
	assert classes == sorted(classes)
	assert not ranked or classes[0] == "A"


def test_position_of_one_account():
	rows = [
		entry(-100, "SI 1", "SI 1", 100),
		entry(-40, "SI 2", "SI 2", 50),
		entry(-1, "SI 3", "SI 3", 30),
		entry(-3, "PE 1", "PE 1", -25),
	]
	found = position(resolve(facts_of(rows)), DAY)
	assert (found.balance, found.receivable, found.unallocated, found.overdue) == (155, 180, 25, 150)
	assert (found.oldest_overdue_days, found.open_items, found.status) == (70, 4, PaymentStatus.OVERDUE)
	assert found.currencies == {"USD": 155}


@given(ledgers(), st.integers(-60, 200))
def test_the_parts_of_a_position_add_up(ledger, offset):
	items = resolve(facts_of(*ledger))
	as_of = DAY + timedelta(days=offset)
	found = position(items, as_of)
	assert found.balance == found.receivable - found.unallocated == found.ageing.total
	assert 0 <= found.overdue <= found.receivable
	assert (found.oldest_overdue_days > 0) == (found.overdue > 0)
	if items:
		assert positions(items, as_of)[AccountKey("Ada", "Testers")] == found
