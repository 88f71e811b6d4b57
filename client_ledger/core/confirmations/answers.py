"""Forms of a balance confirmation, what a customer may answer to each, and what an answer makes of it."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from client_ledger.core.money import ZERO


class ReplyForm(str, Enum):
	"""What is asked. The value is the English label.

	EITHER_WAY: the letter states the balance, and a reply is asked for in any case. IF_DISAGREED: no reply counts as
	agreement. BLANK: the letter states no balance; the customer tells its own.
	"""

	EITHER_WAY = "Reply Either Way"
	IF_DISAGREED = "Reply Only If You Disagree"
	BLANK = "Tell Us Your Balance"


class Answer(str, Enum):
	"""What a customer answers. The value is the English label."""

	CONFIRMED = "Confirmed"
	OTHER_BALANCE = "Other Balance"
	DIFFERENCES = "Differences"
	LEDGER = "Ledger Uploaded"


class ConfirmationStatus(str, Enum):
	"""Where a confirmation is. The value is the English label.

	UNDER_REVIEW: a ledger came in that is still to be read or compared. SETTLED: every difference has its outcome.
	NO_OBJECTION, NO_REPLY: nobody answered until the round was closed, where that counts as agreement and where not.
	"""

	PLANNED = "Planned"
	AWAITING = "Awaiting Reply"
	CONFIRMED = "Confirmed"
	UNDER_REVIEW = "Under Review"
	DIFFERENCES = "Differences"
	SETTLED = "Settled"
	NO_OBJECTION = "No Objection"
	NO_REPLY = "No Reply"
	CANCELLED = "Cancelled"


class Refusal(str, Enum):
	"""Why an answer does not count."""

	CLOSED = "Round Closed"
	CANCELLED = "Cancelled"
	ANSWERED = "Already Answered"


S = ConfirmationStatus
UNANSWERED = (S.PLANNED, S.AWAITING)
# Statuses that nobody has to look at any more.
ENDED = (S.CONFIRMED, S.SETTLED, S.NO_OBJECTION, S.NO_REPLY, S.CANCELLED)
AGREED = (S.CONFIRMED, S.SETTLED, S.NO_OBJECTION)
STATED = (Answer.OTHER_BALANCE, Answer.DIFFERENCES)


@dataclass(frozen=True, slots=True)
class Outcome:
	"""What an answer makes of a confirmation. stated: the customer's balance, None where it says none."""

	status: ConfirmationStatus
	stated: Decimal | None

	def difference(self, ours: Decimal) -> Decimal | None:
		"""Return our balance less the customer's, None where it says none."""
		return None if self.stated is None else ours - self.stated


def answers_to(form: ReplyForm) -> tuple[Answer, ...]:
	"""Return what may be answered: what states no balance cannot be agreed with."""
	return tuple(answer for answer in Answer if answer is not Answer.CONFIRMED or form is not ReplyForm.BLANK)


def outcome(answer: Answer, ours: Decimal, stated: Decimal | None) -> Outcome:
	"""Return what an answer makes of a confirmation. ours, stated: in its currency, rounded at that currency's precision."""
	if answer is Answer.CONFIRMED:
		return Outcome(S.CONFIRMED, ours)
	if answer is Answer.LEDGER:
		return Outcome(S.UNDER_REVIEW, stated)
	agrees = answer is Answer.OTHER_BALANCE and stated is not None and stated - ours == ZERO
	return Outcome(S.CONFIRMED if agrees else S.DIFFERENCES, stated)


def refusal(
	status: ConfirmationStatus, round_closed: bool, before: Answer | None, answer: Answer
) -> Refusal | None:
	"""Return why a further answer does not count, None where it does.

	before: the answer that counts so far. Whoever stated differences may explain them by its ledger; and a ledger may come
	again, corrected. Everything else a second time is for people to decide on.
	"""
	if status is S.CANCELLED:
		return Refusal.CANCELLED
	if round_closed or status in (S.SETTLED, S.NO_OBJECTION, S.NO_REPLY):
		return Refusal.CLOSED
	if before is None or (answer is Answer.LEDGER and before is not Answer.CONFIRMED):
		return None
	return Refusal.ANSWERED


def at_close(form: ReplyForm, status: ConfirmationStatus, was_sent: bool) -> ConfirmationStatus:
	"""Return what becomes of a confirmation when its round is closed. was_sent: its letter has reached the customer."""
	if status not in UNANSWERED:
		return status
	if form is ReplyForm.IF_DISAGREED and was_sent:
		return S.NO_OBJECTION
	return S.NO_REPLY
