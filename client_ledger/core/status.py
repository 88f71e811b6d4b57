"""Statuses: of an open item, of a customer's account, and the segments an account falls into."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum

from client_ledger.core.money import ZERO

LONG_OVERDUE_DAYS = 90


class ItemStatus(str, Enum):
	"""Where one invoice or payment stands. The value is the English label, translated at the edge."""

	PAID = "Paid"
	PART_PAID = "Partly Paid"
	NOT_DUE = "Not Due"
	OVERDUE = "Overdue"
	CREDIT = "Credit"
	SETTLED = "Settled"


class PaymentStatus(str, Enum):
	"""Where a customer's whole account stands."""

	PAID_UP = "Paid Up"
	OPEN = "Open"
	OVERDUE = "Overdue"
	LONG_OVERDUE = "Long Overdue"


class Behaviour(str, Enum):
	"""How a customer pays."""

	NEW = "No History"
	ON_TIME = "On Time"
	LATE = "Late"
	IN_ARREARS = "Chronically Late"


def item_status(amount: Decimal, outstanding: Decimal, due_date: date, as_of: date) -> ItemStatus:
	"""Return the status of a voucher of *amount* (positive: a debit) with *outstanding* left on *as_of*."""
	if amount < 0 or outstanding < 0:
		return ItemStatus.CREDIT if outstanding else ItemStatus.SETTLED
	if not outstanding:
		return ItemStatus.PAID
	if as_of > due_date:
		return ItemStatus.OVERDUE
	return ItemStatus.PART_PAID if outstanding < amount else ItemStatus.NOT_DUE


def payment_status(
	balance: Decimal, oldest_overdue_days: int, long_overdue_after: int = LONG_OVERDUE_DAYS
) -> PaymentStatus:
	"""Return the status of an account.

	balance: sum of open debits in company currency. oldest_overdue_days: of the oldest open debit, 0 if none is overdue.
	"""
	if oldest_overdue_days > long_overdue_after:
		return PaymentStatus.LONG_OVERDUE
	if oldest_overdue_days > 0:
		return PaymentStatus.OVERDUE
	return PaymentStatus.OPEN if balance > 0 else PaymentStatus.PAID_UP


def behaviour(
	average_days_late: Decimal | None,
	oldest_overdue_days: int,
	tolerance: int = 5,
	long_overdue_after: int = LONG_OVERDUE_DAYS,
) -> Behaviour:
	"""Return how a customer pays: what it owes now counts as much as what it paid before (days)."""
	if oldest_overdue_days > long_overdue_after:
		return Behaviour.IN_ARREARS
	if oldest_overdue_days > tolerance:
		return Behaviour.LATE
	if average_days_late is None:
		return Behaviour.NEW
	return Behaviour.LATE if average_days_late > tolerance else Behaviour.ON_TIME


def volume_segments(
	sales: Iterable[tuple[str, Decimal]], shares: Sequence[Decimal] = (Decimal("0.8"), Decimal("0.95"))
) -> dict[str, str]:
	"""Return "A", "B" or "C" per name by cumulated share of sales (ABC analysis), "" where there are no sales.

	The largest is always A; a name is in the class its sales begin in.
	"""
	rows = sorted(sales, key=lambda row: (-row[1], row[0]))
	total = sum((amount for _name, amount in rows if amount > 0), ZERO)
	segments, running = {}, ZERO
	for name, amount in rows:
		if amount <= 0:
			segments[name] = ""
			continue
		segments[name] = "A" if running < total * shares[0] else "B" if running < total * shares[1] else "C"
		running += amount
	return segments
