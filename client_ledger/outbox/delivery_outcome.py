"""What became of a notice that was handed over."""

from datetime import datetime
from typing import NamedTuple


class DeliveryOutcome(NamedTuple):
	"""It arrived (no reason), or why it did not: one of notice_status.FAILURES, with details. on: when it arrived."""

	reason: str | None = None
	detail: str = ""
	on: datetime | None = None


def arrived(on: datetime) -> DeliveryOutcome:
	"""Return that a notice arrived, and when."""
	return DeliveryOutcome(on=on)
