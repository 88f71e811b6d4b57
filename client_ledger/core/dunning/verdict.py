"""Whether a reminder may go out at the moment it is about to: what is due, then what holds for any message."""

from datetime import datetime, timedelta

from client_ledger.core.dunning.plan import DunningReason, Notice
from client_ledger.core.outbox.message import Channel
from client_ledger.core.outbox.verdict import Circumstances, Verdict, can_send

# Dunning that is paused for the whole site is tried again so much later.
PAUSE = timedelta(hours=1)


def decide(
	notice: Notice | None, channel: Channel, known: Circumstances, now: datetime, paused: bool = False
) -> Verdict:
	"""Return whether a notice may go out at *now* (with a time zone).

	notice: as planned again from what is open now; None where nothing of it is due any more. paused: the whole site.
	"""
	if paused:
		return Verdict(DunningReason.PAUSED, now + PAUSE)
	if notice is None:
		return Verdict(DunningReason.PAID)
	if notice.reason:
		until = known.hours.next_opening(now, notice.until) if notice.until else None
		return Verdict(notice.reason, until)
	return can_send(channel, known, now)
