"""The verdict: at the moment a message is about to go out, whether it may, and if not, until when or why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from client_ledger.core.outbox.calendar import Hours
from client_ledger.core.outbox.message import MANUAL, Channel, WithholdReason


@dataclass(frozen=True, slots=True)
class Budget:
	"""At most `contacts` contacts in any `days` days, over all channels and users; no contacts: no limit."""

	contacts: int = 0
	days: int = 0

	@property
	def limits(self) -> bool:
		"""False where there is no limit."""
		return self.contacts > 0 and self.days > 0


@dataclass(frozen=True, slots=True)
class Verdict:
	"""Send (no reason), defer until a moment, or skip. A deferred message is decided on again; it is not dropped.

	reason: a WithholdReason, or a reason of the kind's own.
	"""

	reason: Enum | None = None
	until: datetime | None = None

	@property
	def sends(self) -> bool:
		"""True where nothing is against it."""
		return self.reason is None

	@property
	def defers(self) -> bool:
		"""True where it is only too early."""
		return self.until is not None


SEND = Verdict()


@dataclass(frozen=True, slots=True)
class Circumstances:
	"""What is known of the customer when a message is about to go out.

	contacts: the days of all contacts with the customer, over all channels and users. last_message: the day of the
	last message it must keep a distance of `gap` days from. has_address: for the channel of the message.
	"""

	hours: Hours
	budget: Budget
	contacts: Sequence[date] = ()
	last_message: date | None = None
	gap: int = 1
	has_address: bool = True
	opted_out: bool = False
	disabled: bool = False


def can_send(channel: Channel, known: Circumstances, now: datetime) -> Verdict:
	"""Return whether the customer may get a message on *channel* at *now* (with a time zone), else why not."""
	if known.disabled:
		return Verdict(WithholdReason.DISABLED)
	if known.opted_out:
		return Verdict(WithholdReason.OPTED_OUT)
	if not known.has_address and channel not in MANUAL:
		return Verdict(WithholdReason.NO_ADDRESS)
	return can_contact(known, now)


def can_contact(known: Circumstances, now: datetime) -> Verdict:
	"""Return whether the customer may be contacted at *now* (with a time zone), else when next."""
	today = known.hours.today(now)
	if not known.hours.is_open(now):
		is_working_day = known.hours.is_working_day(today)
		reason = WithholdReason.OUTSIDE_HOURS if is_working_day else WithholdReason.HOLIDAY
		return _defer(known, reason, now, today)
	gap = timedelta(days=max(known.gap, 1))
	if known.last_message and known.last_message + gap > today:
		return _defer(known, WithholdReason.TOO_SOON, now, known.last_message + gap)
	free = free_from(known.budget, known.contacts, today)
	if free > today:
		return _defer(known, WithholdReason.BUDGET, now, free)
	return SEND


def free_from(budget: Budget, contacts: Sequence[date], today: date) -> date:
	"""Return the first day from *today* on that the budget leaves room for one more contact."""
	if not budget.limits:
		return today
	window = timedelta(days=budget.days)
	counted = sorted(day for day in contacts if today - window < day <= today)
	if len(counted) < budget.contacts:
		return today
	# Once this many have left the window, there is room for one.
	return counted[len(counted) - budget.contacts] + window


def _defer(known: Circumstances, reason: WithholdReason, now: datetime, not_before: date) -> Verdict:
	opening = known.hours.next_opening(now, not_before)
	# Without any open day in the next year it is decided on again after a month.
	return Verdict(reason, opening or now + timedelta(days=30))
