"""The verdict: at the moment a notice is about to go out, whether it may, and if not, until when or why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from client_ledger.core.dunning.plan import Notice, Reason
from client_ledger.core.dunning.policy import BY_HAND, Budget, Channel
from client_ledger.core.outbox.calendar import Hours


@dataclass(frozen=True, slots=True)
class Verdict:
	"""Send (no reason), defer until a moment, or skip. A deferred notice is looked at again; it is not dropped."""

	reason: Reason | None = None
	until: datetime | None = None

	@property
	def sends(self) -> bool:
		"""True where nothing stands against it."""
		return self.reason is None

	@property
	def defers(self) -> bool:
		"""True where it is only too early."""
		return self.until is not None


SEND = Verdict()


@dataclass(frozen=True, slots=True)
class Circumstances:
	"""What is known of the customer when a notice is about to go out.

	contacts: the days of all contacts with the customer, over all channels and users. has_address: for the channel
	of the notice. last_message: the last that went out to this customer, company and currency.
	"""

	hours: Hours
	budget: Budget
	contacts: Sequence[date] = ()
	last_message: date | None = None
	gap: int = 1
	has_address: bool = True
	opted_out: bool = False
	disabled: bool = False
	paused: bool = False


def judge(notice: Notice | None, channel: Channel, known: Circumstances, now: datetime) -> Verdict:
	"""Return whether a notice may go out at *now* (with a time zone).

	notice: as planned again from what is open now; None where nothing of it is due any more.
	"""
	if known.paused:
		return Verdict(Reason.PAUSED, now + timedelta(hours=1))
	if notice is None:
		return Verdict(Reason.PAID)
	if notice.reason:
		until = known.hours.next_opening(now, notice.until) if notice.until else None
		return Verdict(notice.reason, until)
	if known.disabled:
		return Verdict(Reason.DISABLED)
	if known.opted_out:
		return Verdict(Reason.OPTED_OUT)
	if not known.has_address and channel not in BY_HAND:
		return Verdict(Reason.NO_ADDRESS)
	return may_contact(known, now)


def may_contact(known: Circumstances, now: datetime) -> Verdict:
	"""Return whether the customer may be contacted at *now*, else when next."""
	today = known.hours.today(now)
	if not known.hours.is_open(now):
		reason = Reason.OUTSIDE_HOURS if known.hours.is_working_day(today) else Reason.HOLIDAY
		return _defer(known, reason, now, today)
	if known.last_message and known.last_message + timedelta(days=max(known.gap, 1)) > today:
		return _defer(known, Reason.TOO_SOON, now, known.last_message + timedelta(days=max(known.gap, 1)))
	free = free_from(known.budget, known.contacts, today)
	if free > today:
		return _defer(known, Reason.BUDGET, now, free)
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


def _defer(known: Circumstances, reason: Reason, now: datetime, not_before: date) -> Verdict:
	opening = known.hours.next_opening(now, not_before)
	# Without any open day ahead it is looked at again after a month.
	return Verdict(reason, opening or now + timedelta(days=30))
