"""Assessments: points and reasons, caps, what lifts a grade, and that they can be made again for ever."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.credit.assessment import UNRATED, assess, recompute, store
from client_ledger.core.credit.histogram import learn, learn_few
from client_ledger.core.credit.measures import (
	Inputs,
	MeasureSettings,
	measure,
	measure_company,
	measure_few,
	no_history,
)
from client_ledger.core.credit.scorecard import Cap, Scorecard

from .ledgers import FIRST, invent, line

CARD = Scorecard().check()
GOOD = Inputs(
	as_of=date(2026, 3, 1),
	settled=40,
	effective=31.5,
	on_time=39,
	seriously_late=0,
	open_items=3,
	overdue_items=0,
	missed=0,
	tolerance=5,
	serious_days=13,
	on_time_share=0.96,
	average_days_late=0.8,
	serious_share=0.01,
	oldest_days=0,
	trend=-0.5,
	p_late=0.12,
	on_due_date=37,
	due_date_share=0.9,
	balance=1000.0,
	sales=20_000.0,
)

shares = st.floats(0, 1)


@st.composite
def inputs(draw):
	settled = draw(st.integers(0, 400))
	open_items = draw(st.integers(0, 20))
	overdue = draw(st.integers(0, open_items))
	oldest = draw(st.integers(0, 400))
	balance = draw(st.floats(0, 1e6))
	return Inputs(
		as_of=draw(st.dates(date(2000, 1, 1), date(2050, 1, 1))),
		settled=settled,
		effective=draw(st.floats(0, settled)),
		on_time=draw(st.integers(0, settled)),
		seriously_late=draw(st.integers(0, settled)),
		open_items=open_items,
		overdue_items=overdue,
		missed=draw(st.integers(0, overdue)),
		tolerance=5,
		serious_days=13,
		on_time_share=draw(shares),
		average_days_late=draw(st.floats(0, 60)),
		serious_share=draw(shares),
		oldest_days=oldest,
		trend=draw(st.one_of(st.none(), st.floats(-100, 100))),
		p_late=draw(shares),
		broken_promises=draw(st.integers(0, 9)),
		limit_utilisation=draw(st.one_of(st.none(), st.floats(0, 5))),
		on_due_date=draw(st.integers(0, settled)),
		due_date_share=draw(shares),
		balance=balance,
		sales=draw(st.floats(0, 1e6)),
		material_days=draw(st.integers(0, oldest)),
		material_amount=draw(st.floats(0, balance)),
		past_grace=draw(st.one_of(st.none(), st.integers(0, overdue))),
	)


def points(assessment):
	return {f.measure: f.points for f in assessment.factors}


@given(inputs())
def test_scores_lie_within_0_and_100_and_add_up(found):
	made = assess(found, CARD)
	if made.grade == UNRATED:
		assert not found.has_history and made.score is None
		return
	assert 0 <= made.score <= 100
	earned = sum(f.points for f in made.factors) - sum(d.points for d in made.deductions)
	assert made.score == pytest.approx(max(earned, 0))
	assert all(0 <= f.points <= f.weight for f in made.factors)
	assert all(0 <= d.points <= d.maximum for d in made.deductions)
	assert CARD.worse(made.grade, made.scored_grade) == made.grade


@given(inputs())
def test_a_stored_assessment_is_made_again_to_the_last_digit(found):
	text = store(found, CARD)
	again = recompute(text)
	assert again.identical
	assert again.assessment == assess(found, CARD)
	assert store(found, CARD) == text
	assert Inputs.from_dict(json.loads(text)["inputs"]) == found


@pytest.mark.parametrize("better", ["due_date_share", "on_time_share", "settled"])
@given(inputs(), st.floats(0, 1))
def test_more_is_better(better, found, step):
	value = getattr(found, better)
	more = value + round(step * 50) if better == "settled" else min(value + step, 1.0)
	assert_no_worse(assess(found, CARD), assess(replace(found, **{better: more}), CARD))


@pytest.mark.parametrize(
	("worse", "scale"),
	[
		("average_days_late", 60),
		("serious_share", 1),
		("oldest_days", 120),
		("material_days", 120),
		("broken_promises", 5),
		("trend", 30),
		("limit_utilisation", 2),
	],
)
@given(inputs(), st.floats(0, 1))
def test_more_is_worse(worse, scale, found, step):
	value, more = getattr(found, worse), step * scale
	if isinstance(value, int):
		more = round(more)
	found = replace(found, **{worse: 0 if value is None else value})
	assert_no_worse(
		assess(replace(found, **{worse: getattr(found, worse) + more}), CARD), assess(found, CARD)
	)


def assert_no_worse(low, high):
	if UNRATED in (low.grade, high.grade):
		return
	assert high.score >= low.score
	assert CARD.worse(low.grade, high.grade) == low.grade


def test_reasons_carry_the_figures():
	made = assess(replace(GOOD, oldest_days=8, overdue_items=2, missed=1), CARD)
	reasons = {f.measure: f.reason for f in made.factors}
	assert reasons["on_time_share"].key == "on_time_share"
	assert reasons["on_time_share"].figures == {
		"share": 0.96, "on_time": 39, "settled": 40, "missed": 1, "tolerance": 5,
	}  # fmt: skip
	assert reasons["oldest_days"].figures == {"days": 8, "overdue_items": 2}
	assert reasons["serious_share"].figures == {"share": 0.01, "seriously_late": 0, "serious_days": 13}
	assert (made.p_late, made.p_serious, made.settled, made.confidence) == (0.12, 0.01, 40, "normal")
	unknown = assess(replace(GOOD, trend=None), CARD)
	assert [f.reason.key for f in unknown.factors if f.measure == "trend"] == ["trend_unknown"]
	assert points(unknown)["trend"] == 4


def capped(score_of, days, card=CARD, amount=200.0):
	"""Return the assessment of inputs with a balance of 1,000, of which *amount* is *days* past due."""
	return assess(replace(score_of, oldest_days=days, material_days=days, material_amount=amount), card)


WORSE = replace(GOOD, on_time_share=0.7, due_date_share=0.6, average_days_late=6.0, serious_share=0.06)
POOR = replace(WORSE, on_time_share=0.5, due_date_share=0.4, average_days_late=14.0, serious_share=0.1)


@pytest.mark.parametrize(
	("found", "days", "scored", "grade"),
	[
		(GOOD, 60, "A", "A"), (GOOD, 61, "A", "B"), (GOOD, 400, "A", "B"),
		(WORSE, 60, "C", "C"), (WORSE, 61, "C", "D"), (WORSE, 400, "C", "D"),
		(POOR, 400, "D", "D"),
	],
)  # fmt: skip
def test_material_old_items_take_one_grade_and_never_lead_to_the_worst(found, days, scored, grade):
	found = replace(found, settled=400, trend=-5.0)
	made = capped(found, days)
	assert (made.scored_grade, made.grade) == (scored, grade)
	(cap,) = made.caps if grade != scored else [None]
	if cap:
		assert cap.reason.key == "old_items_material"
		assert cap.reason.figures == {"days": days, "limit": 60, "share": 0.2}


def test_what_is_not_material_caps_nothing():
	assert assess(replace(GOOD, oldest_days=400, on_time_share=1.0, trend=-5.0), CARD).grade == "A"


def test_several_caps_take_one_grade_together():
	card = replace(CARD, caps=(Cap(30, "D"), Cap(60, "E"), Cap(90, "E")))
	made = capped(GOOD, 120, card)
	assert (made.scored_grade, made.grade, len(made.caps)) == ("A", "B", 3)
	assert capped(replace(POOR, settled=400, trend=-5.0), 120, card).grade == "E"


def aged(*items, settled=30):
	"""Return the inputs of Ada, who paid *settled* invoices of 1,000 on time; items: (days past due, open amount)."""
	day = FIRST + timedelta(days=500)
	paid = [line("Ada", 300, 0, 1000.0, number=i) for i in range(settled)]
	late = [
		line("Ada", 500 - days, None, 1000.0, number=100 + i, outstanding=amount)
		for i, (days, amount) in enumerate(items)
	]
	return measure([*paid, *late], day)["Ada"]


def test_a_cap_counts_a_tenth_of_the_balance_and_a_hundredth_of_the_years_sales():
	# Sales of twelve months are 32,000 here: the two open ones were invoiced in them too.
	assert aged((70, 320.0), (5, 1000.0)).material_days == 70
	assert aged((70, 319.0), (5, 1000.0)).material_days == 5
	assert aged((70, 109.0), (5, 990.0), settled=5).material_days == 5
	assert aged((70, 110.0), (5, 990.0), settled=5).material_days == 70
	# Old items count together: none of the two is material, both are.
	both = aged((70, 200.0), (90, 200.0), (5, 1000.0))
	assert (both.material_days, both.material_amount, both.balance) == (70, 400.0, 1400.0)
	assert aged().material_days == 0
	card = replace(CARD, settings=replace(CARD.settings, cap_balance_share=0.5))
	day = FIRST + timedelta(days=500)
	lines = [line("Ada", 430, None, 400.0), line("Ada", 495, None, 600.0)]
	assert measure(lines, day, card.settings)["Ada"].material_days == 5


def test_deductions_are_small_and_named():
	made = assess(replace(GOOD, broken_promises=1, limit_utilisation=2.0), CARD)
	assert [(d.measure, d.points) for d in made.deductions] == [
		("broken_promises", 2.5),
		("limit_utilisation", 5.0),
	]
	assert made.score == pytest.approx(assess(GOOD, CARD).score - 7.5)
	assert made.deductions[0].reason.figures == {"count": 1}


def test_no_history_is_unrated_and_says_so():
	made = assess(no_history(date(2026, 3, 1), p_late=0.3), CARD)
	assert (made.grade, made.score, made.confidence) == (UNRATED, None, "none")
	assert made.unrated.key == "no_history"
	assert made.p_late == 0.3
	as_of = FIRST + timedelta(days=3)
	first_invoice = measure([line("Ada", 0, None)], as_of)["Ada"]
	assert assess(first_invoice, CARD).grade == UNRATED
	assert assess(first_invoice, CARD).unrated.figures == {"open_items": 1}


def test_who_never_paid_is_worst_not_blank():
	lines = [line("Bob", i, 0, number=i) for i in range(50)] + [line("Ada", 90, None)]
	found = measure(lines, FIRST + timedelta(days=100))["Ada"]
	made = assess(found, CARD)
	assert found.never_paid and found.oldest_days == 10
	assert made.grade == "E"
	assert made.scored_grade == "D"
	assert [cap.reason.key for cap in made.caps] == ["nothing_settled"]
	assert made.lifts.required[-1].measure == "settled"


@given(inputs())
def test_a_lift_reaches_the_next_grade(found):
	made = assess(found, CARD)
	if not made.lifts:
		assert made.grade in ("A", UNRATED)
		return
	grades = CARD.grades
	assert made.lifts.grade == grades[grades.index(made.grade) - 1]
	base = found
	for required in made.lifts.required:
		base = with_measure(base, required)
	for lift in made.lifts.alone:
		assert reaches(with_measure(base, lift), made.lifts.grade)
	if made.lifts.together:
		for lift in made.lifts.together:
			base = with_measure(base, lift)
		assert reaches(base, made.lifts.grade)
	elif not made.lifts.alone and not made.lifts.missing:
		assert reaches(base, made.lifts.grade)


def with_measure(found, lift):
	if lift.measure == "oldest_days":
		found = replace(found, material_days=min(found.material_days, lift.needed))
	return replace(found, **{lift.measure: lift.needed})


def reaches(found, grade):
	# The score is rounded, and so is what a lift asks for: a hair below the band is on it.
	made = assess(found, CARD)
	band = next(band for band in CARD.bands if band.grade == grade)
	allowed = all(CARD.worse(cap.grade, grade) == grade for cap in made.caps)
	return allowed and made.score >= band.minimum - 0.001


def test_lifts_of_a_typical_customer():
	made = assess(replace(GOOD, on_time_share=0.85, average_days_late=6.0, serious_share=0.03), CARD)
	assert made.grade == "B"
	assert made.lifts.grade == "A"
	assert [lift.measure for lift in made.lifts.alone] == ["average_days_late"]
	lift = made.lifts.alone[0]
	assert lift.now == 6.0 and 0 <= lift.needed < 6
	assert lift.points == pytest.approx(85 - made.score)
	worse = assess(replace(GOOD, on_time_share=0.5, average_days_late=14.0, serious_share=0.3), CARD)
	assert not assess(GOOD, CARD).lifts
	assert worse.lifts.alone or worse.lifts.together


def test_a_changed_result_is_told():
	record = json.loads(store(GOOD, CARD))
	record["result"]["score"] += 1
	record["result"]["factors"][0]["points"] = 0
	again = recompute(json.dumps(record))
	assert not again.identical
	assert set(again.differences) == {"score", "factors[0].points"}
	assert again.differences["score"] == (record["result"]["score"], assess(GOOD, CARD).score)


def test_an_edited_scorecard_does_not_touch_what_is_stored():
	text = store(GOOD, CARD)
	stricter = replace(
		CARD, factors=tuple(replace(f, curve=((0.0, 0.0), (1000.0, 0.1))) for f in CARD.factors)
	)
	assert assess(GOOD, stricter).grade == "E"
	assert recompute(text).identical


@pytest.mark.parametrize("text", ["[]", "{}", '{"method": 1}'])
def test_what_is_no_stored_assessment(text):
	with pytest.raises(ValueError, match="no stored assessment"):
		recompute(text)


def test_unknown_methods_and_fields_are_refused():
	record = json.loads(store(GOOD, CARD))
	with pytest.raises(ValueError, match="method 99"):
		recompute(json.dumps({**record, "method": 99}))
	with pytest.raises(ValueError, match="unknown inputs: colour"):
		Inputs.from_dict({**record["inputs"], "colour": 1})
	del record["inputs"]["settled"]
	with pytest.raises(ValueError, match="missing inputs: settled"):
		Inputs.from_dict(record["inputs"])


# Made by each version of the method, and never to change: an auditor may ask for it in ten years.
SECOND_POINTS = [12.75, 14.1, 28.8, 14.25, 5.0, 15.0, 4.1]
FIRST_RECORD = Path(__file__).with_name("assessment_of_the_first_method.json")


def test_the_method_has_not_changed():
	made = assess(GOOD, CARD)
	assert [f.points for f in made.factors] == SECOND_POINTS
	assert made.score == 94.0


def test_what_the_first_method_made_is_made_again():
	"""Stored by version 0.1: an old item caps an A straight to E, and what would lift it is asked for."""
	again = recompute(FIRST_RECORD.read_text(encoding="utf-8"))
	assert again.identical
	assert (again.assessment.scored_grade, again.assessment.grade) == ("A", "E")
	assert [cap.reason.key for cap in again.assessment.caps] == ["oldest_item_over", "oldest_item_over"]
	assert again.assessment.lifts.required[0].measure == "oldest_days"


def test_measures_by_hand():
	lines = [line("Ada", i, late, number=i) for i, late in enumerate([0, 0, 10, 0, 20])]
	lines += [line("Bob", i, 0, number=i) for i in range(5)]
	lines += [line("Ada", 92, None), line("Ada", 70, None)]
	lines += [line("Ada", 99, None, disputed=True), line("Ada", 5, None, outstanding=0.1)]
	settings = MeasureSettings(half_life=1e9, serious_days=15)
	found = measure(lines, FIRST + timedelta(days=100), settings)["Ada"]
	assert (found.settled, found.on_time, found.open_items, found.overdue_items) == (5, 3, 2, 2)
	assert (found.on_due_date, found.balance, found.sales) == (3, 200.0, 800.0)
	assert (found.missed, found.oldest_days, found.serious_days) == (2, 30, 15)
	assert found.seriously_late == 2
	assert found.effective == pytest.approx(5)
	# Eight of ten payments of the company were in time; three pseudo-payments; two open misses.
	assert found.on_time_share == pytest.approx((3 + 3 * 0.8) / (5 + 3 + 2))
	assert found.due_date_share == found.on_time_share
	assert found.average_days_late == pytest.approx((30 + 8 + 30 + 3 * 3) / (5 + 2 + 3))
	assert found.serious_share == pytest.approx((1 + 3 * 0.1 + 1) / (5 + 3 + 1))
	# Settled in the last ninety days: those 10 and 20 days late.
	assert found.trend == pytest.approx(15)


def test_trend_compares_the_last_months_with_before():
	lines = [line("Ada", 0, 2), line("Ada", 10, 4, number=1), line("Ada", 200, 9, number=2)]
	found = measure(lines, FIRST + timedelta(days=220))["Ada"]
	assert found.trend == pytest.approx(9 - 3)
	assert measure(lines[:2], FIRST + timedelta(days=220))["Ada"].trend is None


def test_serious_is_the_ninetieth_percentile_and_on_time_at_most_half_of_it():
	as_of = FIRST + timedelta(days=300)

	def found(lines, **settings):
		inputs_of = measure(lines, as_of, MeasureSettings(**settings))["Ada"]
		return inputs_of.serious_days, inputs_of.tolerance

	assert found([line("Ada", i, i, number=i) for i in range(100)]) == (90, 5)
	assert found([line("Ada", i, i % 8, number=i) for i in range(100)]) == (7, 3)
	punctual = [line("Ada", i, -3, number=i) for i in range(100)]
	assert found(punctual) == (5, 2)
	assert found(punctual, serious_days=30) == (30, 5)
	assert found(punctual, serious_days=5) == (5, 5)
	assert found(punctual, tolerance=0) == (0, 0)


def test_a_new_customer_has_the_scorecards_days_before_it_is_graded():
	"""Where everybody is punctual, three days late is not on time, but no reason to grade a customer yet."""
	lines = [line("Bob", i, 0, number=i) for i in range(50)] + [line("Ada", 90, None)]
	assert assess(measure(lines, FIRST + timedelta(days=95))["Ada"], CARD).grade == UNRATED
	assert assess(measure(lines, FIRST + timedelta(days=96))["Ada"], CARD).grade == "D"


def test_few_customers_are_measured_as_all_are():
	world = invent(5, customers=30, days=500)
	settings = MeasureSettings()
	all_of_them = measure_company(world.lines, world.until, settings)
	usual = learn(world.lines, world.until, settings.histogram()).usual
	for name in list(world.habits)[:6]:
		own = [li for li in world.lines if li.customer == name]
		lateness = learn_few(own, world.until, usual, settings.histogram())
		found = measure_few(own, world.until, all_of_them.habits, settings, lateness)
		assert found.get(name) == all_of_them.inputs.get(name)


def test_nobody_paid_anything_yet():
	lines = [line("Ada", 0, None), line("Bob", 120, None)]
	found = measure(lines, FIRST + timedelta(days=100))
	assert assess(found["Ada"], CARD).grade == "E"
	assert assess(found["Bob"], CARD).grade == UNRATED


def mean_days_late(habit):
	"""The mean of a normal distribution cut off at zero."""
	normal = NormalDist(habit.mean, habit.spread)
	return habit.mean * (1 - normal.cdf(0)) + habit.spread**2 * normal.pdf(0)


def test_figures_converge_to_the_habit():
	world = invent(3, customers=250, never=3)
	found = measure(world.lines, world.until)
	many = [
		(found[name], habit)
		for name, habit in world.habits.items()
		if habit.pays and found[name].settled > 40
	]
	assert len(many) > 5
	for inputs_of, habit in many:
		assert abs(inputs_of.average_days_late - mean_days_late(habit)) < 4
		if habit.mean < -5:
			assert inputs_of.p_late < 0.3
		if habit.mean > 10:
			assert inputs_of.p_late > 0.7
