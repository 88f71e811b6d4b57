"""What an answer makes of a confirmation, which of several counts, when people are reminded, what a round has shown."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.confirmations.answers import (
	AGREED,
	ENDED,
	Answer,
	ConfirmationStatus,
	Refusal,
	ReplyForm,
	answers_to,
	at_close,
	outcome,
	refusal,
)
from client_ledger.core.confirmations.reminders import ReminderTerms, next_reminder
from client_ledger.core.confirmations.results import Confirmed, add_up

S = ConfirmationStatus
MONEY = st.decimals(-(10**9), 10**9, places=2)
DAY = date(2026, 3, 31)


@given(MONEY, MONEY)
def test_a_difference_is_ours_less_theirs_and_agreement_needs_none(ours, stated):
	found = outcome(Answer.OTHER_BALANCE, ours, stated)
	assert found.difference(ours) == ours - stated
	assert (found.status is S.CONFIRMED) == (ours == stated)
	assert outcome(Answer.CONFIRMED, ours, stated).difference(ours) == 0
	assert outcome(Answer.DIFFERENCES, ours, ours).status is S.DIFFERENCES
	assert outcome(Answer.LEDGER, ours, None).difference(ours) is None


def test_what_states_no_balance_cannot_be_agreed_with():
	assert Answer.CONFIRMED not in answers_to(ReplyForm.BLANK)
	assert set(answers_to(ReplyForm.EITHER_WAY)) == set(Answer)


@pytest.mark.parametrize(
	("status", "closed", "before", "answer", "expected"),
	[
		(S.AWAITING, False, None, Answer.CONFIRMED, None),
		(S.AWAITING, True, None, Answer.CONFIRMED, Refusal.CLOSED),
		(S.CONFIRMED, False, Answer.CONFIRMED, Answer.OTHER_BALANCE, Refusal.ANSWERED),
		(S.CONFIRMED, False, Answer.CONFIRMED, Answer.LEDGER, Refusal.ANSWERED),
		(S.DIFFERENCES, False, Answer.OTHER_BALANCE, Answer.LEDGER, None),
		(S.UNDER_REVIEW, False, Answer.LEDGER, Answer.LEDGER, None),
		(S.UNDER_REVIEW, False, Answer.LEDGER, Answer.CONFIRMED, Refusal.ANSWERED),
		(S.SETTLED, False, Answer.LEDGER, Answer.LEDGER, Refusal.CLOSED),
		(S.CANCELLED, True, None, Answer.CONFIRMED, Refusal.CANCELLED),
	],
)
def test_which_answer_counts(status, closed, before, answer, expected):
	assert refusal(status, closed, before, answer) is expected


@pytest.mark.parametrize("status", list(S))
def test_at_its_end_only_who_has_not_answered_gets_a_status(status):
	for form in ReplyForm:
		after = at_close(form, status, True)
		assert after in ENDED or after is status
		if status not in (S.PLANNED, S.AWAITING):
			assert after is status
	assert at_close(ReplyForm.IF_DISAGREED, S.AWAITING, True) is S.NO_OBJECTION
	assert at_close(ReplyForm.IF_DISAGREED, S.PLANNED, False) is S.NO_REPLY
	assert at_close(ReplyForm.EITHER_WAY, S.AWAITING, True) is S.NO_REPLY


def test_reminders_come_in_their_time_and_end():
	terms = ReminderTerms(first=7, every=3, most=2)
	first = next_reminder(ReplyForm.EITHER_WAY, terms, DAY, 0, None)
	assert first == date(2026, 4, 7)
	assert next_reminder(ReplyForm.EITHER_WAY, terms, DAY, 1, first) == date(2026, 4, 10)
	assert next_reminder(ReplyForm.EITHER_WAY, terms, DAY, 2, first) is None
	assert next_reminder(ReplyForm.EITHER_WAY, terms, None, 0, None) is None
	assert next_reminder(ReplyForm.IF_DISAGREED, terms, DAY, 0, None) is None
	assert next_reminder(ReplyForm.EITHER_WAY, ReminderTerms(0, 3, 2), DAY, 0, None) is None


@given(st.lists(st.tuples(st.sampled_from(list(S)), MONEY)))
def test_a_rounds_figures_add_up(rows):
	found = add_up(Confirmed(status, balance) for status, balance in rows)
	asked = [balance for status, balance in rows if status is not S.CANCELLED]
	assert sum(found.counts.values()) == len(rows)
	assert found.asked == sum(map(abs, asked), Decimal(0)) and 0 <= found.confirmed <= found.asked
	assert found.agreed == sum(status in AGREED for status, _balance in rows)
	if found.asked:
		assert 0 <= found.share(found.asked) <= 100
	assert found.share(Decimal(0)) == 0


def test_what_was_settled_counts_with_what_was_agreed_on():
	found = add_up([Confirmed(S.SETTLED, Decimal(100), Decimal(80)), Confirmed(S.CONFIRMED, Decimal(-20))])
	assert (found.confirmed, found.share(Decimal(200))) == (Decimal(100), Decimal("50.00"))
