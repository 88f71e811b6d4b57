"""When a message is tried: no more often than the services take, and again after a while, longer each time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

# What WeCom and DingTalk take of one robot; Feishu takes more.
PER_MINUTE = 20
_MINUTE = timedelta(minutes=1)
# Minutes until the next try, after the first, the second … one. After the last the message has failed.
BACKOFF = (1, 5, 15, 60, 180, 360)
MOST_TRIES = len(BACKOFF) + 1
# A try that has not ended by then never will: its worker is gone.
GIVEN_UP_AFTER = timedelta(minutes=10)


def next_turn(tries: Sequence[datetime], now: datetime) -> datetime:
	"""Return from when on a robot may be called once more: now, or when the oldest of its last tries is a minute old."""
	recent = sorted(moment for moment in tries if moment > now - _MINUTE)
	if len(recent) < PER_MINUTE:
		return now
	return recent[-PER_MINUTE] + _MINUTE


def next_try(tried: int, now: datetime, wait: int = 0) -> datetime | None:
	"""Return when to try again what was tried *tried* times, None where it was tried often enough. wait: seconds at least."""
	if tried >= MOST_TRIES:
		return None
	return now + max(timedelta(minutes=BACKOFF[max(tried, 1) - 1]), timedelta(seconds=wait))
