"""When customers who have not answered are reminded."""

from dataclasses import dataclass
from datetime import date, timedelta

from client_ledger.core.confirmations.answers import ReplyForm


@dataclass(frozen=True, slots=True)
class ReminderTerms:
	"""What a round says of reminders. first: days after the letter, 0 for none. every: days between two. most: how many."""

	first: int
	every: int
	most: int


def next_reminder(
	form: ReplyForm, terms: ReminderTerms, sent_on: date | None, reminded: int, reminded_on: date | None
) -> date | None:
	"""Return the day of the next reminder that goes out by itself, None where none does.

	Where no reply counts as agreement, nobody is reminded to reply.
	"""
	if form is ReplyForm.IF_DISAGREED or not sent_on or terms.first <= 0 or reminded >= terms.most:
		return None
	if not reminded or not reminded_on:
		return sent_on + timedelta(days=terms.first)
	return reminded_on + timedelta(days=max(terms.every, 1))
