"""The scorecard: its defaults, and every way in which an edited one is refused with its row."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.credit.measures import MeasureSettings
from client_ledger.core.credit.scorecard import (
	DEFAULT_BANDS,
	DEFAULT_FACTORS,
	Band,
	Cap,
	Deduction,
	Factor,
	Scorecard,
	ScorecardError,
)

CARD = Scorecard()


def refused(scorecard):
	with pytest.raises(ScorecardError) as error:
		scorecard.check()
	problems = error.value.problems
	assert str(error.value) == "; ".join(problem.message for problem in problems)
	return [(problem.table, problem.row, problem.key) for problem in problems]


def with_factor(place, **changes):
	factors = list(DEFAULT_FACTORS)
	factors[place] = replace(factors[place], **changes)
	return replace(CARD, factors=tuple(factors))


def with_band(place, **changes):
	bands = list(DEFAULT_BANDS)
	bands[place] = replace(bands[place], **changes)
	return replace(CARD, bands=tuple(bands))


def test_the_defaults_are_sound():
	assert CARD.check() is CARD
	assert sum(factor.weight for factor in CARD.factors) == 100
	assert {factor.measure: factor.weight for factor in CARD.factors} == {
		"due_date_share": 15, "on_time_share": 15, "average_days_late": 30, "serious_share": 15,
		"oldest_days": 5, "settled": 15, "trend": 5,
	}  # fmt: skip
	assert (CARD.settings.cap_balance_share, CARD.settings.cap_sales_share) == (0.1, 0.01)
	assert CARD.grades == ["A", "B", "C", "D", "E"]
	assert CARD.worst == "E"
	assert CARD.with_version("2").version == "2"


@pytest.mark.parametrize(
	("score", "grade"),
	[
		(100, "A"),
		(85, "A"),
		(84.9999, "B"),
		(70, "B"),
		(69, "C"),
		(55, "C"),
		(40, "D"),
		(39.9, "E"),
		(0, "E"),
	],
)
def test_bands(score, grade):
	assert CARD.grade_of(score) == grade


@pytest.mark.parametrize(
	("measure", "value", "share"),
	[
		("due_date_share", 1, 1), ("due_date_share", 0.9, 0.85), ("due_date_share", 0.6, 0.35),
		("on_time_share", 1, 1), ("on_time_share", 0.9, 0.85), ("on_time_share", 0.6, 0.35),
		("on_time_share", 0.3, 0), ("on_time_share", 0.75, 0.6),
		("average_days_late", 0, 1), ("average_days_late", 2, 0.9), ("average_days_late", 5, 0.7),
		("average_days_late", 15, 0.3), ("average_days_late", 30, 0), ("average_days_late", 60, 0),
		("serious_share", 0, 1), ("serious_share", 0.05, 0.75), ("serious_share", 0.15, 0.4),
		("serious_share", 0.4, 0),
		("oldest_days", 0, 1), ("oldest_days", 1, 0.8), ("oldest_days", 7, 0.55), ("oldest_days", 30, 0.2),
		("oldest_days", 60, 0),
		("settled", 0, 0), ("settled", 1, 0), ("settled", 3, 0.4), ("settled", 10, 0.8), ("settled", 30, 1),
		("settled", 300, 1),
		("trend", -5, 1), ("trend", 0, 0.8), ("trend", None, 0.8), ("trend", 5, 0.4), ("trend", 15, 0),
	],
)  # fmt: skip
def test_default_curves(measure, value, share):
	factor = next(f for f in CARD.factors if f.measure == measure)
	assert factor.share(value) == pytest.approx(share)


def test_history_counts_on_a_logarithm():
	factor = next(f for f in CARD.factors if f.measure == "settled")
	# The geometric mean of 3 and 10 lies half way between their shares.
	assert factor.share(30**0.5) == pytest.approx(0.6)
	assert factor.value_for(0.6) == pytest.approx(30**0.5)


def test_weights_must_sum_to_a_hundred():
	assert refused(with_factor(0, weight=16.0)) == [("Factors", 0, "weights_sum")]
	with pytest.raises(ScorecardError, match="weights sum to 101, not 100"):
		with_factor(0, weight=16.0).check()
	assert ("Factors", 2, "weight") in refused(with_factor(1, weight=-1.0))
	assert ("Factors", 2, "weight") in refused(with_factor(1, weight=float("nan")))


def test_bands_must_neither_overlap_nor_leave_gaps():
	assert refused(with_band(1, maximum=86.0)) == [("Bands", 2, "bands_overlap")]
	assert refused(with_band(1, maximum=84.0)) == [("Bands", 2, "bands_gap")]
	assert refused(with_band(0, maximum=99.0)) == [("Bands", 1, "bands_top")]
	assert refused(with_band(4, minimum=1.0)) == [("Bands", 5, "bands_bottom")]
	assert ("Bands", 3, "band_empty") in refused(with_band(2, minimum=70.0))
	assert ("Bands", 2, "grade_repeated") in refused(with_band(1, grade="A"))
	assert refused(replace(CARD, bands=(), caps=())) == [("Bands", 0, "no_bands")]
	with pytest.raises(
		ScorecardError, match="Bands, row 2: grade B ends at 84, but A begins at 85: there is a gap"
	):
		with_band(1, maximum=84.0).check()


def test_curves_must_increase_and_go_one_way():
	def curve(*points):
		return with_factor(0, curve=points)

	assert refused(curve((0.5, 0.0), (0.5, 1.0))) == [("Factors", 1, "curve_not_increasing")]
	assert refused(curve((0.5, 0.0), (0.2, 1.0))) == [("Factors", 1, "curve_not_increasing")]
	assert refused(curve((0.0, 0.0), (0.5, 1.0), (1.0, 0.5))) == [("Factors", 1, "curve_turns")]
	assert refused(curve((0.0, 0.0), (1.0, 1.2))) == [("Factors", 1, "curve_range")]
	assert refused(curve((0.0, 1.0))) == [("Factors", 1, "curve_short")]
	with pytest.raises(
		ScorecardError, match=r"Factors, row 1: curve of due_date_share, point 2: 0\.2 does not lie"
	):
		curve((0.5, 0.0), (0.2, 1.0)).check()


def test_unknown_and_repeated_measures():
	assert refused(with_factor(0, measure="colour")) == [("Factors", 1, "unknown_measure")]
	assert refused(with_factor(1, measure="due_date_share")) == [("Factors", 2, "repeated_measure")]
	deductions = (Deduction("colour", 5.0, ((0.0, 0.0), (1.0, 5.0))),)
	assert refused(replace(CARD, deductions=deductions)) == [("Deductions", 1, "unknown_measure")]


def test_caps_deductions_and_settings():
	assert refused(replace(CARD, caps=(Cap(60, "F"),))) == [("Caps", 1, "unknown_grade")]
	assert refused(replace(CARD, caps=(Cap(-1, "D"),))) == [("Caps", 1, "days")]
	deduction = Deduction("broken_promises", -1.0, ((0.0, 0.0), (1.0, 1.0)))
	assert refused(replace(CARD, deductions=(deduction,))) == [("Deductions", 1, "maximum")]
	for wrong in (
		{"half_life": 0.0},
		{"tolerance": -1},
		{"serious_days": 3},
		{"prior_strength": 0.0},
		{"cap_sales_share": 2.0},
	):
		assert refused(replace(CARD, settings=MeasureSettings(**wrong))) == [("Settings", 0, "setting")]


def test_every_problem_is_named_at_once():
	found = refused(replace(with_factor(0, weight=10.0), bands=with_band(1, maximum=84.0).bands))
	assert found == [("Factors", 0, "weights_sum"), ("Bands", 2, "bands_gap")]


def test_deductions_are_capped():
	deduction = Deduction("broken_promises", 4.0, ((0.0, 0.0), (10.0, 50.0)))
	assert [deduction.points(n) for n in (None, 0, 0.5, 3)] == [0, 0, 2.5, 4]


def test_dictionaries_round_trip():
	card = replace(CARD, settings=MeasureSettings(serious_days=21), version="2026-03")
	assert Scorecard.from_dict(card.as_dict()) == card


@given(st.sampled_from(DEFAULT_FACTORS), st.floats(0, 1))
def test_value_for_is_the_inverse_of_share(factor: Factor, share):
	value = factor.value_for(share)
	assert value is not None
	assert factor.share(value) == pytest.approx(share, abs=1e-9)


def test_worse_of_two_grades():
	card = replace(CARD, bands=(Band("Gold", 50.0, 100.0), Band("Bronze", 0.0, 50.0)), caps=())
	assert card.check().worse("Gold", "Bronze") == "Bronze"
