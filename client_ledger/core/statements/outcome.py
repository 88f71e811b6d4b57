"""What became of a statement, as people ask for it: from the status of its message and whether it was seen."""

from enum import Enum

from client_ledger.core.marked import marked
from client_ledger.core.outbox.message import Channel, WithholdReason


class StatementStatus(str, Enum):
	"""What became of a statement. NOT_SENT: somebody or something has stopped it, its reason says why."""

	PLANNED = "Planned"
	WAITING = "Waiting"
	SENDING = "Sending"
	SENT = "Sent"
	PRINTED = "Printed"
	SEEN = "Seen"
	FAILED = "Failed"
	NO_ADDRESS = "No Address"
	NOT_SENT = "Not Sent"


LABELS = tuple(
	marked(label)
	for label in (
		"Planned",
		"Waiting",
		"Sending",
		"Sent",
		"Printed",
		"Seen",
		"Failed",
		"No Address",
		"Not Sent",
	)
)

_BY_MESSAGE = {
	"Planned": StatementStatus.PLANNED,
	"Approved": StatementStatus.WAITING,
	"Deferred": StatementStatus.WAITING,
	"Sending": StatementStatus.SENDING,
	"Sent": StatementStatus.SENT,
	"Failed": StatementStatus.FAILED,
	"Skipped": StatementStatus.NOT_SENT,
	"Cancelled": StatementStatus.NOT_SENT,
}


def status_of(message: str, reason: str | None, channel: str | None, seen: bool = False) -> StatementStatus:
	"""Return what became of a statement. message: the status of its Ledger Notice, with its reason and channel."""
	if seen:
		return StatementStatus.SEEN
	found = _BY_MESSAGE[message]
	if found is StatementStatus.SENT and channel == Channel.LETTER.value:
		return StatementStatus.PRINTED
	if found is StatementStatus.NOT_SENT and reason == WithholdReason.NO_ADDRESS.value:
		return StatementStatus.NO_ADDRESS
	return found
