"""Credit in words: every key has a sentence, every sentence is for the catalogue, and none promises too much."""

import ast
import inspect
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.credit import assessment, scorecard
from client_ledger.core.credit import messages as credit_messages
from client_ledger.core.credit.assessment import GradeReason, Lift, assess, recompute
from client_ledger.core.credit.measures import no_history
from client_ledger.core.credit.scorecard import Band, Cap, Deduction, Factor, Scorecard
from tests import messages
from tests.unit.credit.test_assessment import CARD, FIRST_RECORD, GOOD, inputs


def english(message):
	return message


def known(message):
	"""A translate function that refuses what the catalogue cannot hold."""
	assert message in MESSAGES, message
	return message


MESSAGES = {message for message, _line in messages.python_messages(messages.APP / "core/credit/messages.py")}


@given(inputs())
def test_every_assessment_can_be_said(found):
	made = assess(found, CARD)
	said = [
		credit_messages.in_short(made, known),
		credit_messages.confidence(made.confidence, made.settled, known),
	]
	said += [credit_messages.reason(row.reason, known) for row in (*made.factors, *made.deductions)]
	said += credit_messages.caps(made.caps, known)
	said += [
		text for part in credit_messages.lifts(made.lifts, known) for text in (part.heading, *part.sentences)
	]
	if made.unrated:
		said.append(credit_messages.reason(made.unrated, known))
	assert all(said)
	assert not [text for text in said if re.search(r"[{}]|None|nan", text)]


def test_reasons_have_the_figures():
	made = assess(replace(GOOD, oldest_days=8, overdue_items=2, missed=1), CARD)
	said = {row.measure: credit_messages.reason(row.reason, english) for row in made.factors}
	assert said["on_time_share"] == (
		"39 of 40 settled invoices were paid at most 5 days late. Open invoices already later than that: 1. "
		"Weighted toward recent payments and smoothed toward the portfolio average: 96%."
	)
	assert said["due_date_share"] == (
		"37 of 40 settled invoices were paid by their due date. Open ones past due by now: 2. "
		"Weighted toward recent payments and smoothed toward the portfolio average: 90%."
	)
	assert said["oldest_days"] == "Overdue items: 2; the oldest is 8 days past due."
	assert said["trend"] == "Recently pays 0.5 days earlier than before."
	unrated = assess(no_history(GOOD.as_of), CARD)
	assert credit_messages.in_short(unrated, english) == "Unrated"
	assert credit_messages.reason(unrated.unrated, english).startswith("Not enough history")


def test_a_cap_says_that_it_takes_one_grade():
	old = replace(GOOD, oldest_days=120, material_days=90, material_amount=250.0)
	card = replace(CARD, caps=(Cap(30, "D"), Cap(60, "D")))
	assert credit_messages.caps(assess(old, card).caps, english) == [
		"One grade lower, B: Items at least 90 days past due, more than 60, are 25% of what is owed."
	]


def test_caps_of_the_first_method_keep_their_words():
	made = recompute(FIRST_RECORD.read_text(encoding="utf-8")).assessment
	assert credit_messages.caps(made.caps, english) == [
		"Maximum grade E: The oldest open item is 120 days past due, more than 90."
	]


@given(st.floats(0, 1), st.floats(0, 60))
def test_who_does_what_is_asked_has_done_enough(share, days):
	asked = credit_messages.lift(Lift("on_time_share", 0.1, share, 1.0), english)
	assert float(re.search(r"least ([\d.]+)%", asked).group(1)) >= share * 100 - 1e-6
	asked = credit_messages.lift(Lift("average_days_late", 60.0, days, 1.0), english)
	assert float(re.search(r"most ([\d.]+) days", asked).group(1)) <= days + 1e-6
	asked = credit_messages.lift(Lift("trend", None, days - 30, 1.0), english)
	found = re.search(r"([\d.]+) days (earlier|later)", asked)
	promised = float(found.group(1)) * (1 if found.group(2) == "later" else -1) if found else 0.0
	assert promised <= days - 30 + 1e-6


def test_lifts_are_told_apart():
	one = assess(replace(GOOD, on_time_share=0.85, average_days_late=5.0, serious_share=0.03), CARD)
	(said,) = credit_messages.lifts(one.lifts, english)
	assert said.heading.endswith("points below grade A. Any one of these is sufficient")
	assert len(said.sentences) == 2
	unpaid = dict(settled=0, effective=0.0, on_due_date=0, on_time=0, missed=1, overdue_items=1)
	never = assess(replace(GOOD, **unpaid, oldest_days=70, material_days=70), CARD)
	assert never.grade == "C"
	said = credit_messages.lifts(never.lifts, english)
	assert said[0].heading == "Required for grade B"
	assert said[0].sentences[-1] == "At least one invoice is paid."
	assert credit_messages.lifts(assess(GOOD, CARD).lifts, english) == []


def keys_in(module, function):
	"""Return the literal keys that *module* gives to *function* (second argument counts for reasons: the first)."""
	place = {"GradeReason": 0, "_problem": 2}[function]
	calls = [
		node.args[place].value
		for node in ast.walk(ast.parse(inspect.getsource(module)))
		if isinstance(node, ast.Call)
		and getattr(node.func, "id", "") == function
		and isinstance(node.args[place], ast.Constant)
	]
	assert len(calls) > 3
	return set(calls)


def test_every_key_has_words():
	assert keys_in(scorecard, "_problem") == set(credit_messages._PROBLEMS)
	reasons = keys_in(assessment, "GradeReason") | {*scorecard.MEASURES, *scorecard.JUDGEMENTS}
	assert reasons == set(credit_messages._REASONS)
	assert set(credit_messages._LIFTS) == set(scorecard.MEASURES)


def test_an_unknown_key_is_an_error():
	with pytest.raises(KeyError):
		credit_messages.reason(GradeReason("moon", {}), english)


BAD = Scorecard(
	factors=(
		Factor("on_time_share", 30.0, ((0.0, 0.0), (1.0, 1.0))),
		Factor("on_time_share", 300.0, ((0.0, 0.0), (0.0, 2.0), (1.0, 0.5))),
		Factor("moon", 1.0, ((0.0, 0.0),)),
	),
	bands=(Band("A", 80.0, 99.0), Band("B", 60.0, 85.0), Band("", 50.0, 50.0), Band("C", 1.0, 45.0)),
	caps=(Cap(-1, "Z"),),
	deductions=(Deduction("moon", 101.0, ((0.0, 0.0), (1.0, 1.0))),),
	settings=replace(Scorecard().settings, half_life=0.0),
)


def test_problems_name_table_and_row():
	with pytest.raises(scorecard.ScorecardError) as caught:
		BAD.check()
	found = {problem.key: credit_messages.problem(problem, known) for problem in caught.value.problems}
	assert len(found) > 14
	assert found["repeated_measure"] == "Factors, row 2: Paid on Time is listed more than once."
	assert found["weights_sum"] == "Factors: The points add up to 331 instead of 100."
	assert found["curve_not_increasing"] == (
		"Factors, row 2: Curve of Paid on Time, point 2: 0 must be greater than 0."
	)
	assert found["bands_overlap"] == "Bands, row 2: Grade B ends at 85, but A begins at 80: they overlap."
	assert found["grade_repeated"] == "Bands, row 3: The grade is missing."
	assert found["setting"] == "Measurement Settings: Half-life (Days) cannot be 0."
