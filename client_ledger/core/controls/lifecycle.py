"""A finding's life: open, taken up, closed by a person or gone by itself; when a closed one opens again; what would make a control blind."""

from datetime import date, timedelta
from enum import Enum

from client_ledger.core.controls.control import FindingSeverity

# Shorter says nothing to who reads it later.
SHORTEST_REASON = 3
# Of a late finding it is reminded the day after it was due, and then so often; after so long its control's owners are told, once.
REMINDED_EVERY = timedelta(days=7)
ESCALATED_AFTER = timedelta(days=7)


class FindingStatus(str, Enum):
	"""How far a finding is. ACCEPTED: it stays so, and somebody said why. RESOLVED: somebody has mended it. GONE: it was mended, and
	the control saw that. The value is the English label.
	"""

	OPEN = "Open"
	IN_PROGRESS = "In Progress"
	ACCEPTED = "Accepted"
	RESOLVED = "Resolved"
	GONE = "Gone"


OPEN_STATUSES = (FindingStatus.OPEN, FindingStatus.IN_PROGRESS)
# How a person may close one.
CLOSING = (FindingStatus.ACCEPTED, FindingStatus.RESOLVED)
_RANKS = {FindingSeverity.LOW: 0, FindingSeverity.MEDIUM: 1, FindingSeverity.HIGH: 2}


def opens_again(
	status: FindingStatus, lasting: bool, closed_with: FindingSeverity, now: FindingSeverity
) -> bool:
	"""Return whether a closed finding that is found once more is to be looked at again.

	One that was gone is back. What was resolved and is still so has not been mended, where it is a state (*lasting*); an event
	cannot be undone. What was accepted, or is an event, opens again only where it matters more than when it was closed.
	"""
	if status in OPEN_STATUSES:
		return False
	if status is FindingStatus.GONE or (status is FindingStatus.RESOLVED and lasting):
		return True
	return _RANKS[now] > _RANKS[closed_with]


def is_reason(text: str | None) -> bool:
	"""Return whether a text says why."""
	return len((text or "").strip()) >= SHORTEST_REASON


def is_blind(shipped: int, chosen: int) -> bool:
	"""Return whether parameters leave nothing of what the past would have brought: findings by the shipped ones, and by those chosen."""
	return shipped > 0 and chosen == 0


def is_to_remind(due: date, last: date | None, today: date) -> bool:
	"""Return whether it is to be reminded today of an open finding. last: when it last was, None for never."""
	return due < today and (last is None or last < due or today - last >= REMINDED_EVERY)


def is_to_escalate(due: date, escalated: date | None, today: date) -> bool:
	"""Return whether an open finding has been late for so long that its control's owners are to know."""
	return escalated is None and today - due >= ESCALATED_AFTER
