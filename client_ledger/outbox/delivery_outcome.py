"""What became of a notice that was handed over."""

from typing import NamedTuple


class DeliveryOutcome(NamedTuple):
	"""It arrived (no reason), or why it did not: one of notice_status.FAILURES, with details."""

	reason: str | None = None
	detail: str = ""


ARRIVED = DeliveryOutcome()
