"""AUC, KS, calibration and curves against their definitions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.credit.statistics import (
	auc,
	calibration_error,
	effective_size,
	interpolate,
	invert,
	kolmogorov_smirnov,
	upper_quantile,
)

scored = st.lists(st.tuples(st.integers(0, 8).map(float), st.booleans()), max_size=40)


@given(scored)
def test_auc_is_the_share_of_pairs_in_order(rows):
	good, bad = [s for s, b in rows if not b], [s for s, b in rows if b]
	if not good or not bad:
		assert auc(rows) is None
		return
	wins = sum((b > g) + (b == g) / 2 for b in bad for g in good)
	assert auc(rows) == pytest.approx(wins / (len(good) * len(bad)))


@given(scored)
def test_ks_is_the_largest_distance_of_the_distribution_functions(rows):
	good, bad = [s for s, b in rows if not b], [s for s, b in rows if b]
	if not good or not bad:
		assert kolmogorov_smirnov(rows) is None
		return
	distances = [
		abs(sum(s <= x for s in good) / len(good) - sum(s <= x for s in bad) / len(bad)) for x, _ in rows
	]
	assert kolmogorov_smirnov(rows) == pytest.approx(max(distances))


def test_calibration():
	assert calibration_error([]) is None
	assert calibration_error([(0.5, True), (0.5, False)] * 10, bins=1) == 0
	assert calibration_error([(1.0, False)] * 20) == 1
	assert calibration_error([(0.25, True), *[(0.25, False)] * 3] * 5, bins=5) == 0


@given(st.lists(st.floats(0.001, 1000), min_size=1, max_size=30))
def test_effective_size_is_at_most_the_number_and_that_for_equal_weights(weights):
	size = effective_size(sum(weights), sum(w * w for w in weights))
	assert 1 - 1e-9 <= size <= len(weights) + 1e-9
	assert effective_size(3 * len(weights), 9 * len(weights)) == pytest.approx(len(weights))


def test_effective_size_of_nothing():
	assert effective_size(0, 0) == 0


def test_upper_quantile():
	assert upper_quantile([], 0.9) is None
	assert upper_quantile(range(10), 0.9) == 9
	assert upper_quantile(range(100), 0.9) == 90
	assert upper_quantile([7], 0.9) == 7


curves = st.tuples(
	st.lists(st.integers(-50, 50), min_size=2, max_size=6, unique=True).map(sorted),
	st.lists(st.integers(0, 10), min_size=6, max_size=6).map(sorted),
	st.booleans(),
).map(lambda c: [(float(x), y / 10) for x, y in zip(c[0], sorted(c[1], reverse=c[2]), strict=False)])


@given(curves, st.floats(0, 1))
def test_invert_finds_what_interpolate_gives(curve, y):
	x = invert(curve, y)
	values = [value for _, value in curve]
	if x is None:
		assert not min(values) <= y <= max(values)
	else:
		assert interpolate(curve, x) == pytest.approx(y, abs=1e-9)


def test_interpolation_is_flat_outside():
	curve = [(0.0, 1.0), (10.0, 0.0)]
	assert [interpolate(curve, x) for x in (-5, 0, 5, 10, 50)] == [1, 1, 0.5, 0, 0]
