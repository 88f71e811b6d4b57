"""Who gets a step otherwise: evenly, for good, on record, and never for legal steps."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from client_ledger.core.measured_effect.assignment import (
	ALREADY_VARIED,
	ENDS_BEFORE,
	NO_LEGAL_STEP,
	NOTHING_VARIED,
	SHARE_OUT_OF_BOUNDS,
	TOO_MANY_DAYS,
	StepTrial,
	TrialArm,
	arm_of,
	place_of,
	trial_problems,
	varied_channel,
	varied_day,
)

DAY = date(2026, 3, 2)
TRIAL = StepTrial("T1", "First Reminder", Decimal("0.3"), DAY, days=-3)
NAMES = [f"CUST-{number:05d}" for number in range(6_000)]


def test_share_is_what_was_asked_for_and_trials_are_unrelated():
	first = {name for name in NAMES if arm_of(TRIAL, name) is TrialArm.VARIED}
	other = {name for name in NAMES if arm_of(replace(TRIAL, code="T2"), name) is TrialArm.VARIED}
	assert len(first) / len(NAMES) == pytest.approx(0.3, abs=0.02)
	assert len(first & other) / len(first) == pytest.approx(0.3, abs=0.03)


def test_places_are_even():
	places = sorted(place_of("T1", name) for name in NAMES)
	assert max(abs(place - (rank + 0.5) / len(places)) for rank, place in enumerate(places)) < 0.02


def test_who_is_assigned_stays_whatever_the_share_becomes():
	arms = {name: arm_of(TRIAL, name) for name in NAMES}
	assert {name: arm_of(TRIAL, name) for name in reversed(NAMES)} == arms
	wider, narrower = replace(TRIAL, share=Decimal("0.5")), replace(TRIAL, share=Decimal("0.1"))
	for changed in (wider, narrower):
		assert {name: arm_of(changed, name, arms) for name in NAMES} == arms
	assert all(arm_of(wider, name) is TrialArm.VARIED for name in NAMES if arms[name] is TrialArm.VARIED)


def test_a_legal_step_is_never_varied():
	legal = replace(TRIAL, is_legal=True)
	assert [one.message for one in trial_problems(legal)] == [NO_LEGAL_STEP]
	with pytest.raises(ValueError, match="legal step"):
		arm_of(legal, "CUST-1")
	assert varied_day(legal, TrialArm.VARIED, DAY) == DAY
	assert varied_channel(replace(legal, channel="SMS"), TrialArm.VARIED, DAY, "Email") == "Email"


@pytest.mark.parametrize(
	"changed, message",
	[
		({"share": Decimal("0.6")}, SHARE_OUT_OF_BOUNDS),
		({"share": Decimal("0.01")}, SHARE_OUT_OF_BOUNDS),
		({"days": 0}, NOTHING_VARIED),
		({"days": 0, "channel": "Email", "usual_channel": "Email"}, NOTHING_VARIED),
		({"days": 30}, TOO_MANY_DAYS),
		({"until": DAY - timedelta(days=1)}, ENDS_BEFORE),
	],
)
def test_what_is_refused_says_why(changed, message):
	found = trial_problems(replace(TRIAL, **changed))
	assert [one.message for one in found] == [message]
	assert found[0].message.format(*found[0].values)


def test_one_step_is_varied_by_one_trial_at_a_time():
	other = StepTrial("T0", "First Reminder", Decimal("0.2"), DAY - timedelta(days=50), days=2)
	assert [one.message for one in trial_problems(TRIAL, (other,))] == [ALREADY_VARIED]
	assert not trial_problems(TRIAL, (replace(other, until=DAY - timedelta(days=1)),))
	assert not trial_problems(TRIAL, (replace(other, step="Second Reminder"), TRIAL))


def test_the_day_moves_for_the_varied_only_within_the_trial_and_not_before_the_due_date():
	assert varied_day(TRIAL, TrialArm.VARIED, DAY + timedelta(days=9)) == DAY + timedelta(days=6)
	assert varied_day(TRIAL, TrialArm.AS_EVER, DAY + timedelta(days=9)) == DAY + timedelta(days=9)
	assert varied_day(TRIAL, TrialArm.VARIED, DAY - timedelta(days=1)) == DAY - timedelta(days=1)
	due = DAY + timedelta(days=8)
	assert varied_day(TRIAL, TrialArm.VARIED, DAY + timedelta(days=9), due) == due
	sms = replace(TRIAL, days=0, channel="SMS", usual_channel="Email")
	assert varied_channel(sms, TrialArm.VARIED, DAY, "Email") == "SMS"
	assert varied_channel(sms, TrialArm.AS_EVER, DAY, "Email") == "Email"
