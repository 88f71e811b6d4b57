"""Steps tried out: days and channels as the plan moves them, cases as the past has them, and a year of dunning whose effect is known."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.dunning.plan import DueItemKey, DunningHistory, Reached, due_since, plan_party
from client_ledger.core.dunning.policy import Policy
from client_ledger.core.dunning.replay import PastItem
from client_ledger.core.dunning.trial_cases import expected_days, trial_cases
from client_ledger.core.dunning.variation import StepVariation, on_usual_days
from client_ledger.core.measured_effect.assignment import AssignedArm, TrialArm, TrialTerms, arm_of
from client_ledger.core.measured_effect.effect import EffectVerdict, measured_effect
from client_ledger.core.open_items import OpenItem
from client_ledger.core.outbox.message import Channel, Party
from tests.unit.dunning.cases import ADA, DAY, day, item, key, planned, policy, step, voucher

TRIAL = TrialTerms("T1", "Test, 1. Reminder", Decimal("0.5"), day(-20), day(20), days=4)
THREE = policy(-5, 3, 14)


def in_trial(rules: Policy, number: int, trial: TrialTerms = TRIAL, arm=TrialArm.VARIED) -> Policy:
	return rules.varied({number: [StepVariation(trial, arm)]})


# --- when and how ---


@pytest.mark.parametrize(
	("days", "arm", "first"),
	[(4, "Varied", 7), (4, "As Ever", 3), (-2, "Varied", 1), (-9, "Varied", 1), (-2, "As Ever", 3)],
)
def test_a_level_is_moved_but_never_before_something_is_overdue(days, arm, first):
	rules = in_trial(THREE, 2, replace(TRIAL, days=days), TrialArm(arm))
	# On the due date itself it is still the reminder that it falls due.
	found = [number for number in range(1, 15) if planned([item("SI 1", 0)], rules, number)]
	assert found[0] == first
	assert planned([item("SI 1", 0)], rules, first).as_of == day(first)


def test_the_wait_after_the_step_before_holds():
	rules = in_trial(THREE, 3, replace(TRIAL, days=-10))
	reached = {key("SI 1", -10): Reached(1, day(-4))}
	assert not planned([item("SI 1", -10)], rules, 2, reached)
	assert planned([item("SI 1", -10)], rules, 3, reached).step.number == 3


def test_a_courtesy_is_moved_and_given_once():
	rules = in_trial(THREE, 1, replace(TRIAL, days=-3))
	assert not planned([item("SI 1", 9)], rules, 0)
	assert planned([item("SI 1", 8)], rules, 0).step.number == 1
	reached = {key("SI 1", 8): Reached(0, None, day(0))}
	assert not [n for n in range(1, 11) if planned([item("SI 1", 8)], rules, n, reached)]


def test_only_what_is_of_the_trial_is_moved_and_it_stays_so():
	rules = in_trial(THREE, 2)
	# The last of the trial usually gets the step on day 20, the next one on day 21.
	assert [planned([item("SI 1", 17)], rules, n) is not None for n in (20, 23, 24)] == [False, False, True]
	assert planned([item("SI 1", 18)], rules, 21).variation is None
	notice = planned([item("SI 1", 17)], rules, 24)
	assert (notice.variation.trial.code, notice.variation.arm) == ("T1", TrialArm.VARIED)


@given(st.integers(-14, 14).filter(bool), st.integers(-40, 40), st.booleans())
def test_what_an_ended_trial_has_moved_stays_moved(days, due, ends_early):
	"""Whatever was due by the last day of a trial is due on the same day after it has ended."""
	running = replace(TRIAL, until=None, days=days)
	ended = replace(running, until=day(0))
	for arm in TrialArm:
		before, after = (
			due_since(in_trial(THREE, 2, trial, arm).steps[1], day(due), Reached())
			for trial in (running, ended)
		)
		if before <= day(0):
			assert after == before
		# And what has not come by then never comes twice, nor before its last day.
		assert after == before or after > day(0)


def test_another_channel_for_the_varied_arm_only():
	trial = replace(TRIAL, days=0, channel="SMS", usual_channel="Email")
	channels = {
		arm: planned([item("SI 1", -3)], in_trial(THREE, 2, trial, arm)).step.channel for arm in TrialArm
	}
	assert channels == {TrialArm.AS_EVER: Channel.EMAIL, TrialArm.VARIED: Channel.SMS}
	# Of items in and out of the trial the message goes as the trial says.
	rules = in_trial(THREE, 2, replace(trial, since=day(-1)))
	notice = planned([item("SI 1", -30), item("SI 2", -3)], rules)
	assert (notice.step.channel, len(notice.lines)) == (Channel.SMS, 2)


def test_days_of_a_trial_that_moves_a_step_forward_are_those_of_the_earlier_arm():
	assert on_usual_days(replace(TRIAL, days=-4)).since == day(-16)
	assert on_usual_days(TRIAL) is TRIAL


# --- cases ---


def past(name: str, due: int, paid: int | None, customer: str = "Ada") -> PastItem:
	party = ADA._replace(customer=customer)
	changes = [(day(due - 30), Decimal(100), Decimal(100))]
	if paid is not None:
		changes.append((day(paid), Decimal(0), Decimal(0)))
	return PastItem(party, DueItemKey(voucher(name), day(due)), day(due - 30), tuple(changes))


def test_an_item_is_a_case_if_it_was_open_when_either_arm_could_get_the_step():
	assigned = {"Ada": AssignedArm("T1", "Ada", TrialArm.VARIED, day(-20))}
	items = [past("SI 1", 0, 9), past("SI 2", 0, 2), past("SI 3", 0, None), past("SI 4", 50, None)]
	found = trial_cases(TRIAL, 3, assigned, items, day(30))
	assert [(one.reached_on, one.paid_on) for one in found] == [(day(3), day(9)), (day(3), None)]
	# Four days earlier for some: what is paid before the usual day counts as well, in both arms.
	earlier = trial_cases(replace(TRIAL, days=-4), 3, assigned, items, day(30))
	assert [one.paid_on for one in earlier] == [day(9), day(2), None]
	assert {one.reached_on for one in earlier} == {day(-1)}


def test_what_was_before_the_trial_or_before_a_customer_joined_is_no_case():
	assigned = {"Ada": AssignedArm("T1", "Ada", TrialArm.VARIED, day(10))}
	items = [
		past("SI 1", -30, None),
		past("SI 2", 5, None),
		past("SI 3", 7, None),
		past("SI 4", 7, None, "Bob"),
	]
	found = trial_cases(TRIAL, 3, assigned, items, day(30))
	assert [(one.customer, one.reached_on) for one in found] == [("Ada", day(10))]


def test_what_was_expected_is_from_items_watched_to_the_end_before_the_trial():
	items = [past("SI 1", -100, -92), past("SI 2", -99, None), past("SI 3", -30, -27)]
	assert expected_days(items, 3, day(0), 45) == (5 + 45) / 2
	assert expected_days(items[2:], 3, day(0), 45) is None


# --- a year ---

CUSTOMERS, YEAR = 220, 365


def year(rules: Policy, arms: dict[str, TrialArm], trial: TrialTerms) -> list[PastItem]:
	"""Return what became of a year's invoices: dunned by the real plan, paid when people pay, or soon after a message about it."""
	found = []
	for customer, arm in arms.items():
		chance = random.Random(customer)
		habit = chance.uniform(4, 30)
		mine = rules.varied({1: [StepVariation(trial, arm)]})
		for number in range(6):
			due = DAY + timedelta(days=20 + 50 * number + chance.randrange(30))
			unasked = due + timedelta(days=max(1, round(chance.gauss(habit, 6))))
			answer = timedelta(days=chance.randrange(1, 5)) if chance.random() < 0.6 else None
			found.append(invoice(customer, number, due, unasked, answer, mine))
	return found


def invoice(
	customer: str, number: int, due: date, unasked: date, answer: timedelta | None, rules: Policy
) -> PastItem:
	"""Return an invoice that is paid on a day, or sooner after the first message about it. answer: None for who does not heed it."""
	party, name = Party(customer, "Testers", "USD"), f"{customer}-{number}"
	posted, money, paid = due - timedelta(days=30), Decimal(100), unasked
	open_item = OpenItem(
		"Testers", customer, "Debtors", "USD", voucher(name), posted, due, money, money, money, money
	)
	today = due
	while today < paid:
		notice = plan_party(party, [open_item], rules, DunningHistory(), (), today)
		if notice:
			paid = min(paid, today + answer) if answer else paid
			break
		today += timedelta(days=1)
	changes = ((posted, money, money), (paid, Decimal(0), Decimal(0)))
	return PastItem(party, DueItemKey(voucher(name), due), posted, changes)


def effect_of(rules: Policy, trial: TrialTerms, arms: dict[str, TrialArm], today: date):
	assigned = {name: AssignedArm(trial.code, name, arm, DAY) for name, arm in arms.items()}
	cases = trial_cases(trial, rules.steps[0].days, assigned, year(rules, arms, trial), today)
	return measured_effect(cases, today)


def everybody(rules: Policy, trial: TrialTerms, names: Sequence[str], arm: TrialArm) -> float:
	"""Return the mean days until payment if all were in one arm."""
	items = year(rules, dict.fromkeys(names, arm), trial)
	assigned = {name: AssignedArm(trial.code, name, arm, DAY) for name in names}
	cases = trial_cases(trial, rules.steps[0].days, assigned, items, DAY + timedelta(days=2 * YEAR))
	return sum((one.paid_on - one.reached_on).days for one in cases) / len(cases)


@pytest.mark.parametrize(
	("days", "verdict"), [(-8, EffectVerdict.GAINS), (9, EffectVerdict.LOSES)], ids=["earlier", "later"]
)
def test_a_year_of_dunning_with_a_known_effect(days, verdict):
	rules = replace(policy(10), steps=(step(1, 10),))
	trial = TrialTerms("T1", "Test, 1.", Decimal("0.5"), DAY, None, days=days)
	names = [f"Customer {number}" for number in range(CUSTOMERS)]
	arms = {name: arm_of(trial, name) for name in names}
	truth = everybody(rules, trial, names, TrialArm.AS_EVER) - everybody(rules, trial, names, TrialArm.VARIED)
	found = effect_of(rules, trial, arms, DAY + timedelta(days=YEAR + 60))
	assert found.verdict is verdict
	assert found.low <= truth <= found.high
	assert abs(truth) > 2 and min(found.customers) > 90
	# Long before, it says that there is not enough.
	early = effect_of(rules, trial, arms, DAY + timedelta(days=70))
	assert early.verdict is EffectVerdict.NOT_ENOUGH and early.waiting


def test_a_year_in_which_nothing_is_moved_gains_nothing():
	rules = policy(10)
	trial = TrialTerms("T1", "Test, 1.", Decimal("0.5"), DAY, None, channel="SMS", usual_channel="Email")
	arms = {f"Customer {number}": arm_of(trial, f"Customer {number}") for number in range(CUSTOMERS)}
	found = effect_of(rules, trial, arms, DAY + timedelta(days=YEAR + 60))
	assert found.low <= 0 <= found.high
	assert found.verdict in (EffectVerdict.NOT_ENOUGH, EffectVerdict.NO_MATTER)
