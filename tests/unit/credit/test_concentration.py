"""Concentration: shares, their sum, and the index between its bounds."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.credit.concentration import FULL, Level, concentration

amounts = st.dictionaries(
	st.integers(0, 99), st.decimals(-1000, 10**7, places=2, allow_nan=False), max_size=30
)


def of(*values: int):
	return concentration({i: Decimal(value) for i, value in enumerate(values)})


def test_a_single_customer_is_all_of_it():
	found = of(70)
	assert (found.index, found.alike, found.level) == (FULL, 1, Level.HIGH)


def test_four_alike():
	found = of(5, 5, 5, 5)
	assert (found.index, found.alike) == (2500, 4)
	assert [share.cumulated for share in found.shares] == [25, 50, 75, 100]


def test_by_hand():
	found = of(30, 50, 20)
	assert found.index == pytest.approx(50**2 + 30**2 + 20**2)
	assert [share.key for share in found.shares] == [1, 0, 2]
	assert found.of_largest(2) == 80
	assert found.of_largest(9) == 100


def test_money_on_account_has_no_part():
	assert of(10, -90, 0).index == FULL


def test_nothing_is_not_concentrated():
	found = of()
	assert (found.total, found.index, found.alike, found.of_largest(5), found.level) == (
		0,
		0,
		0,
		0,
		Level.LOW,
	)


@pytest.mark.parametrize(("number", "level"), [(11, Level.LOW), (10, Level.MODERATE), (5, Level.HIGH)])
def test_levels(number, level):
	assert of(*[7] * number).level is level


@given(amounts)
def test_shares_add_up_and_fall(found):
	result = concentration(found)
	positive = [amount for amount in found.values() if amount > 0]
	assert result.total == sum(positive)
	assert len(result.shares) == len(positive)
	assert list(result.shares) == sorted(result.shares, key=lambda share: -share.amount)
	if positive:
		assert sum(share.percent for share in result.shares) == pytest.approx(100)
		assert result.shares[-1].cumulated == pytest.approx(100)
		assert FULL / len(positive) - 1e-6 <= result.index <= FULL + 1e-6


@given(amounts)
def test_two_who_become_one_are_never_less_concentrated(found):
	positive = {key: amount for key, amount in found.items() if amount > 0}
	if len(positive) < 2:
		return
	first, second, *_rest = positive
	merged = {key: amount for key, amount in positive.items() if key != second}
	merged[first] = positive[first] + positive[second]
	assert concentration(merged).index >= concentration(positive).index - 1e-6
