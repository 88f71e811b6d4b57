"""The best way for a customer: from a trial or its own history, said which, and nothing from chance."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

from client_ledger.core.measured_effect.assignment import StepTrial
from client_ledger.core.measured_effect.effect import EffectVerdict, MeasuredEffect
from client_ledger.core.measured_effect.proposals import (
	NOTHING,
	PastContact,
	ProposalEvidence,
	best_proposal,
	proposal_of_trial,
	proposals_of_history,
)
from client_ledger.core.reconciliation.matches import Because

TRIAL = StepTrial("T1", "First Reminder", Decimal("0.3"), date(2026, 1, 5), days=-3)
GAINS = MeasuredEffect(EffectVerdict.GAINS, Because("x"), 2.4, 1.1, 3.7, 0.4, (200, 90), (900, 400))


def _contacts(customer: str, **ways: tuple[int, int]) -> list[PastContact]:
	return [
		PastContact(customer, way, number < followed)
		for way, (followed, count) in ways.items()
		for number in range(count)
	]


def _text(found) -> str:
	return found.because.message.format(*found.because.values)


def test_a_trial_proposes_what_gained_and_nothing_else():
	found = proposal_of_trial(TRIAL, GAINS)
	assert found.evidence is ProposalEvidence.TRIAL and found.days == -3
	assert _text(found) == "Trial T1: moved by -3 days, payment came 2.4 days sooner."
	sms = replace(TRIAL, days=0, channel="SMS", usual_channel="Email")
	assert proposal_of_trial(sms, GAINS).way == "SMS"
	for verdict in (EffectVerdict.NOT_ENOUGH, EffectVerdict.LOSES, EffectVerdict.NO_MATTER):
		assert proposal_of_trial(TRIAL, replace(GAINS, verdict=verdict)) == NOTHING


def test_own_history_speaks_where_it_differs_beyond_chance():
	found = proposals_of_history(_contacts("Ada", Phone=(14, 16), Email=(4, 20)))["Ada"]
	assert found.way == "Phone" and found.evidence is ProposalEvidence.HISTORY
	assert (
		_text(found)
		== "Own history, no trial: 14 of 16 contacts by Phone were followed by payment, 4 of 20 by others."
	)


def test_few_contacts_one_way_and_small_differences_say_nothing():
	rows = [
		*_contacts("Few", Phone=(5, 5), Email=(0, 5)),
		*_contacts("One", Phone=(20, 20)),
		*_contacts("Same", Phone=(12, 20), Email=(10, 20)),
	]
	assert proposals_of_history(rows) == {}


def test_chance_among_many_customers_proposes_hardly_anything():
	rng = random.Random(5)
	rows = [
		PastContact(f"C{number}", way, rng.random() < 0.5)
		for number in range(600)
		for way in ("Phone", "Email", "SMS")
		for _contact in range(12)
	]
	assert len(proposals_of_history(rows)) <= 3


def test_a_trial_comes_before_a_history_and_the_larger_gain_before_the_smaller():
	history = proposals_of_history(_contacts("Ada", Phone=(14, 16), Email=(4, 20)))["Ada"]
	other = replace(TRIAL, code="T2", days=2)
	assert best_proposal([(TRIAL, GAINS), (other, replace(GAINS, gained=4.0))], history).days == 2
	not_yet = replace(GAINS, verdict=EffectVerdict.NOT_ENOUGH)
	assert best_proposal([(TRIAL, not_yet)], history) == history
	assert best_proposal([(TRIAL, not_yet)], None).evidence is ProposalEvidence.NONE
