"""Ageing buckets, with ERPNext's edges."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.ageing import DEFAULT_RANGES, age_items, bucket_labels, bucket_of, check_ranges
from client_ledger.core.open_items import resolve

from .ledgers import DAY, facts_of, ledgers


@pytest.mark.parametrize(
	("age", "bucket"),
	[(-1, None), (0, 0), (30, 0), (31, 1), (60, 1), (61, 2), (90, 2), (91, 3), (120, 3), (121, 4), (999, 4)],
)
def test_bucket_edges(age, bucket):
	assert bucket_of(DAY - timedelta(days=age), DAY) == bucket


def test_labels_name_the_days():
	assert bucket_labels((30, 60, 90, 120)) == ["0-30", "31-60", "61-90", "91-120", "120+"]
	assert bucket_labels((7,)) == ["0-7", "7+"]


@pytest.mark.parametrize("ranges", [(), (0, 30), (30, 30), (60, 30), (-5,)])
def test_ranges_must_increase(ranges):
	with pytest.raises(ValueError, match="increasing"):
		check_ranges(ranges)


@given(ledgers(), st.sampled_from(["due", "posting"]), st.integers(-90, 200))
def test_ageing_loses_nothing(ledger, basis, offset):
	items = resolve(facts_of(*ledger))
	ageing = age_items(items, DAY + timedelta(days=offset), DEFAULT_RANGES, basis)
	assert ageing.total == sum((item.base_outstanding for item in items), Decimal(0))
	assert ageing.not_due + ageing.overdue == ageing.total


@given(ledgers(), st.integers(0, 100))
def test_time_only_moves_amounts_to_older_buckets(ledger, later):
	items = [item for item in resolve(facts_of(*ledger)) if not item.is_credit]
	now, then = (age_items(items, DAY + timedelta(days=days)).buckets for days in (0, later))
	for i in range(len(now)):
		assert sum(then[i:]) >= sum(now[i:])
