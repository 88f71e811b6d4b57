"""The states of a notice, and the three keys that keep it from going out twice.

notice_key: customer, company, currency, policy version, step and as-of date: at most one row, ever.
open_key: customer, company and currency: at most one row that is still to go out.
day_key: the same and a date: at most one row handed over on a day. The database holds all three unique.
"""

from datetime import date
from enum import Enum
from hashlib import sha1

from client_ledger.core.dunning.plan import Party
from client_ledger.core.marked import marked

REMINDER, THANKS = "Reminder", "Thanks"


class State(str, Enum):
	"""Where a notice stands. Handed over (Sending) is not yet arrived (Sent)."""

	PLANNED = "Planned"
	APPROVED = "Approved"
	DEFERRED = "Deferred"
	SENDING = "Sending"
	SENT = "Sent"
	FAILED = "Failed"
	SKIPPED = "Skipped"
	CANCELLED = "Cancelled"


OPEN = (State.PLANNED, State.APPROVED, State.DEFERRED, State.SENDING, State.FAILED)
# What somebody may still approve, reject or waive charges of.
UNDECIDED = (State.PLANNED, State.DEFERRED, State.APPROVED, State.FAILED)

# Why a notice failed, besides what the core knows.
NO_ACCOUNT = marked("No Outgoing E-mail Account")
NO_GATEWAY = marked("No SMS Gateway")
NOT_DELIVERED = marked("Not Delivered")
BOUNCED = marked("Bounced")
IN_DOUBT = marked("In Doubt")
ERROR = marked("Error")
FAILURES = (NO_ACCOUNT, NO_GATEWAY, NOT_DELIVERED, BOUNCED, IN_DOUBT, ERROR)


def digest(text: str) -> str:
	"""Return a key short enough for a unique index, whatever the names in it."""
	return sha1(text.encode()).hexdigest()


def open_key(party: Party) -> str:
	"""Return the key of what is still to go out to *party*."""
	return digest("|".join(party))


def day_key(party: Party, day: date) -> str:
	"""Return the key of what is handed over to *party* on *day*."""
	return digest("|".join((*party, day.isoformat())))


class Undeliverable(Exception):
	"""A notice cannot be handed over; the reason is one of FAILURES."""

	def __init__(self, reason: str, detail: str = ""):
		super().__init__(f"{reason}: {detail}" if detail else reason)
		self.reason, self.detail = reason, detail
