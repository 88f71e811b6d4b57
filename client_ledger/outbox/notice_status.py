"""The statuses of a notice, and why one fails."""

from enum import Enum

from client_ledger.core.marked import marked


class NoticeStatus(str, Enum):
	"""Where a notice is on its way. Handed over to a channel (Sending) is not yet arrived (Sent)."""

	PLANNED = "Planned"
	APPROVED = "Approved"
	DEFERRED = "Deferred"
	SENDING = "Sending"
	SENT = "Sent"
	FAILED = "Failed"
	SKIPPED = "Skipped"
	CANCELLED = "Cancelled"


OPEN = (
	NoticeStatus.PLANNED,
	NoticeStatus.APPROVED,
	NoticeStatus.DEFERRED,
	NoticeStatus.SENDING,
	NoticeStatus.FAILED,
)
# What somebody may still approve, reject or waive charges of.
UNDECIDED = (
	NoticeStatus.PLANNED,
	NoticeStatus.DEFERRED,
	NoticeStatus.APPROVED,
	NoticeStatus.FAILED,
)

# Why a notice failed.
NO_ACCOUNT = marked("No Outgoing Email Account")
NO_GATEWAY = marked("No SMS Gateway")
NOT_DELIVERED = marked("Delivery Failed")
BOUNCED = marked("Bounced")
IN_DOUBT = marked("Delivery Unknown")
ERROR = marked("Error")
FAILURES = (NO_ACCOUNT, NO_GATEWAY, NOT_DELIVERED, BOUNCED, IN_DOUBT, ERROR)


class Undeliverable(Exception):
	"""A notice cannot be handed over; the reason is one of FAILURES."""

	def __init__(self, reason: str, detail: str = ""):
		super().__init__(f"{reason}: {detail}" if detail else reason)
		self.reason, self.detail = reason, detail
