"""Effects that are known beforehand are found, and intervals hold as often as they say, however often one looks."""

from datetime import date, timedelta

import pytest

from benchmarks.measured_effect import HORIZON, looks, simulate
from client_ledger.core.measured_effect.assignment import TrialArm
from client_ledger.core.measured_effect.effect import (
	EffectVerdict,
	TrialCase,
	measured_effect,
)

DAY = date(2026, 1, 5)
TRIALS = 80


def _text(found) -> str:
	return found.because.message.format(*found.because.values)


@pytest.mark.parametrize("effect", [0.0, 3.0])
def test_intervals_hold_at_every_look(effect):
	missed = usual = 0
	for seed in range(TRIALS):
		trial = simulate(seed, effect, customers=160)
		found = [one for one in looks(trial, 40) if one.gained is not None]
		missed += any(not one.low <= trial.truth <= one.high for one in found)
		usual += abs(found[-1].gained - trial.truth) > 1.96 * found[-1].error
	# 5 % of 80 trials are 4; more than 9 would come by chance in one of a hundred runs.
	assert missed <= 5 and usual <= 9


def test_errors_are_as_large_as_trials_differ():
	trials = [simulate(seed, 2.0, customers=160) for seed in range(TRIALS)]
	last = [list(looks(trial, 345))[-1] for trial in trials]
	off = [one.gained - trial.truth for one, trial in zip(last, trials, strict=True)]
	spread = (sum(value * value for value in off) / len(off)) ** 0.5
	error = sum(one.error for one in last) / len(last)
	assert spread == pytest.approx(error, rel=0.2)
	assert abs(sum(off) / len(off)) < 3 * error / len(off) ** 0.5


def test_nothing_is_no_gain_and_a_large_gain_is_said():
	verdicts = {0.0: [], 5.0: []}
	for effect, found in verdicts.items():
		for seed in range(25):
			found.append(list(looks(simulate(seed, effect), 345))[-1].verdict)
	assert EffectVerdict.GAINS not in verdicts[0.0] and EffectVerdict.LOSES not in verdicts[0.0]
	assert verdicts[5.0].count(EffectVerdict.GAINS) >= 23


def test_a_step_that_delays_payment_is_said_to():
	found = list(looks(simulate(1, -6.0), 345))[-1]
	assert found.verdict is EffectVerdict.LOSES and _text(found).startswith("Payment came ")
	assert found.gained < 0 and found.high < 0


def test_what_was_expected_narrows_the_interval():
	trial = simulate(3, 2.0)
	today = DAY + timedelta(days=900)
	with_history = measured_effect(trial.cases, today, HORIZON)
	without = measured_effect([case._replace(expected=None) for case in trial.cases], today, HORIZON)
	assert with_history.error < 0.8 * without.error


def _cases(customers: int, each: int = 1, late: int = 10, varied_late: int = 10) -> list[TrialCase]:
	return [
		TrialCase(
			f"{arm.value}{number}",
			arm,
			DAY,
			DAY + timedelta(days=(varied_late if arm is TrialArm.VARIED else late) + number % 5),
		)
		for arm in TrialArm
		for number in range(customers)
		for _case in range(each)
	]


def test_few_customers_are_not_enough_however_many_cases():
	found = measured_effect(_cases(12, each=50), DAY + timedelta(days=90))
	assert found.verdict is EffectVerdict.NOT_ENOUGH and found.gained is None and found.low is None
	assert _text(found) == "Not enough yet: 12 and 12 customers; at least 30 in each group are needed."
	assert measured_effect([], DAY).verdict is EffectVerdict.NOT_ENOUGH


def test_not_enough_says_how_many_are_needed():
	found = next(one for one in looks(simulate(4, 1.0, customers=90), 345) if one.gained is not None)
	assert found.verdict is EffectVerdict.NOT_ENOUGH and found.needed > min(found.customers)
	assert str(found.needed) in _text(found)


def test_young_cases_wait_whether_paid_or_not():
	found = measured_effect(_cases(40), DAY + timedelta(days=20))
	assert found.waiting == 80 and found.cases == (0, 0)
	assert measured_effect(_cases(40), DAY + timedelta(days=45)).waiting == 0


def test_what_is_never_paid_counts_as_the_horizon():
	cases = [case._replace(paid_on=None) if case.arm is TrialArm.AS_EVER else case for case in _cases(40)]
	found = measured_effect(cases, DAY + timedelta(days=90))
	assert found.gained == pytest.approx(45 - 12) and found.verdict is EffectVerdict.GAINS
	later = [case._replace(paid_on=DAY + timedelta(days=400)) if not case.paid_on else case for case in cases]
	assert measured_effect(later, DAY + timedelta(days=500)).gained == found.gained


def test_everybody_paying_alike_is_no_difference_that_matters():
	found = measured_effect(_cases(60), DAY + timedelta(days=90))
	assert found.gained == 0 and found.verdict is EffectVerdict.NO_MATTER
	assert "makes no difference" in _text(found)
