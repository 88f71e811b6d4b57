"""Payments that customers announce: what they cover, how long reminders wait for them, and what becomes of them."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import TypeVar

from client_ledger.core.money import ZERO

Key = TypeVar("Key", bound=Hashable)
# What invoices may be more than the announced amount: a cash discount or a bank's fee.
MOST_WITHHELD = Decimal("0.05")
# How far back and ahead the day of a payment may be.
DAYS_BACK, DAYS_AHEAD = 90, 30


class AdviceStatus(str, Enum):
	"""Where an announced payment stands. The value is the English label."""

	ANNOUNCED = "Announced"
	RECEIVED = "Received"
	MATCHED = "Matched"
	NOT_RECEIVED = "Not Received"
	WITHDRAWN = "Withdrawn"


# Something may still become of these.
OPEN_STATUSES = (AdviceStatus.ANNOUNCED, AdviceStatus.RECEIVED, AdviceStatus.NOT_RECEIVED)


@dataclass(frozen=True, slots=True)
class AdviceFacts:
	"""What is known of an announced payment: the last day reminders wait for it, whether its money is there and allocated."""

	pause_until: date
	has_receipt: bool = False
	is_allocated: bool = False


def cover(amount: Decimal, items: Iterable[tuple[Key, Decimal]]) -> list[tuple[Key, Decimal]]:
	"""Return what *amount* covers of items (key, open), in their order: each in full until it is used up."""
	found = []
	for key, outstanding in items:
		part = min(amount, outstanding)
		if part <= 0:
			continue
		found.append((key, part))
		amount -= part
	return found


def pause_end(payment_date: date, today: date, days: int, is_again: bool) -> date:
	"""Return the last day on which reminders wait. is_again: the same was announced before and did not come; they wait no more."""
	return today - timedelta(days=1) if is_again else max(payment_date, today) + timedelta(days=days)


def exceeds(covered: Decimal, amount: Decimal) -> bool:
	"""Return whether invoices are more than a payment of *amount* can be for, a discount or fee allowed for."""
	return covered > amount / (1 - MOST_WITHHELD)


def status_of(facts: AdviceFacts, today: date) -> AdviceStatus:
	"""Return where an announced payment stands on *today*."""
	if facts.is_allocated:
		return AdviceStatus.MATCHED
	if facts.has_receipt:
		return AdviceStatus.RECEIVED
	return AdviceStatus.ANNOUNCED if today <= facts.pause_until else AdviceStatus.NOT_RECEIVED


def is_covered(rows: Iterable[tuple[Decimal, Decimal, Decimal]]) -> bool:
	"""Return whether invoices have been paid as announced; rows: (announced, open then, open now)."""
	rows = list(rows)
	return bool(rows) and all(then - now >= announced for announced, then, now in rows if announced > ZERO)
