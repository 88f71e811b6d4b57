"""The replay: what a policy would have sent over a stretch of the past, had it been on.

What was open on each day is known from the ledger, so nothing that happened later is used. It is taken that every
message arrives and that nobody pays because of it: what was paid is paid on the day it really was.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from client_ledger.core.dunning.plan import (
	DueItemKey,
	DunningHistory,
	NoticeLine,
	Reached,
	due_since,
	plan_party,
)
from client_ledger.core.dunning.policy import Policy, Step
from client_ledger.core.entries import Voucher
from client_ledger.core.money import ZERO
from client_ledger.core.open_items import OpenItem
from client_ledger.core.outbox.calendar import Hours
from client_ledger.core.outbox.message import Party, WithholdReason
from client_ledger.core.outbox.verdict import Circumstances, can_contact

# Paid so soon after a message that it would have come anyway: the money was on its way.
ANYWAY_DAYS = 2
NOON = time(12)


@dataclass(frozen=True, slots=True)
class PastItem:
	"""An item and what was open of it from which day on. changes: (day, amount, base), the first when it was made."""

	party: Party
	key: DueItemKey
	posted: date
	changes: tuple[tuple[date, Decimal, Decimal], ...]

	@property
	def settled_on(self) -> date | None:
		"""Return the day nothing was open any more, None while something is."""
		day, amount, _base = self.changes[-1]
		return day if amount <= 0 else None

	@property
	def gone_on(self) -> date | None:
		"""Return the day from which on nothing is left of it, neither owed nor paid beyond it; None without one."""
		day, amount, _base = self.changes[-1]
		return None if amount else day

	def open_on(self, day: date) -> tuple[Decimal, Decimal]:
		"""Return what was open in the evening before *day*: whoever pays on a day is not written to on it."""
		amount, base = ZERO, ZERO
		for since, open_amount, open_base in self.changes:
			# A payment counts on its own day already, an invoice from the day it was written.
			if since <= day:
				amount, base = open_amount, open_base
		return amount, base


@dataclass(frozen=True, slots=True)
class Message:
	"""What would have gone out. total, base_total: what it asks for, in its currency and the company's.

	paid_anyway: all of it was paid within two days, so it would have been in vain.
	"""

	party: Party
	day: date
	step: Step
	lines: tuple[NoticeLine, ...]
	paid_anyway: bool = False
	total: Decimal = ZERO
	base_total: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Replay:
	"""All messages of a stretch of time, by day and customer."""

	since: date
	until: date
	messages: list[Message] = field(default_factory=list)

	@property
	def customers(self) -> int:
		"""How many customers would have been written to."""
		return len({message.party.customer for message in self.messages})

	@property
	def paid_anyway(self) -> int:
		"""How many messages were about to be overtaken by the payment."""
		return sum(message.paid_anyway for message in self.messages)

	def by_step(self) -> dict[int, int]:
		"""Return the number of messages per step."""
		found: dict[int, int] = {}
		for message in self.messages:
			found[message.step.number] = found.get(message.step.number, 0) + 1
		return dict(sorted(found.items()))

	def by_month(self) -> dict[date, dict[int, int]]:
		"""Return the number of messages per step in each month, months without any included."""
		found: dict[date, dict[int, int]] = {}
		month = self.since.replace(day=1)
		while month <= self.until:
			found[month] = {}
			month = (month + timedelta(days=32)).replace(day=1)
		for message in self.messages:
			steps = found[message.day.replace(day=1)]
			steps[message.step.number] = steps.get(message.step.number, 0) + 1
		return found

	@property
	def most_in_a_week(self) -> int:
		"""Return the most messages one customer would have had in seven days."""
		days: dict[str, list[date]] = {}
		for message in self.messages:
			days.setdefault(message.party.customer, []).append(message.day)
		week = timedelta(days=7)
		return max(
			(sum(day <= other < day + week for other in found) for found in days.values() for day in found),
			default=0,
		)


def replay(
	items: Iterable[PastItem],
	policies: Policy | Mapping[str, Policy],
	since: date,
	until: date,
	hours: Hours | None = None,
) -> Replay:
	"""Return what a policy would have sent from *since* to *until*; policies: one, or one per customer."""
	by_party: dict[Party, list[PastItem]] = {}
	for item in items:
		by_party.setdefault(item.party, []).append(item)
	hours = hours or Hours()
	found = Replay(since, until)
	for party, of_party in by_party.items():
		policy = policies if isinstance(policies, Policy) else policies.get(party.customer)
		if policy:
			found.messages.extend(_Party(party, of_party, policy, hours).run(since, until))
	found.messages.sort(key=lambda message: (message.day, message.party))
	return found


class _Party:
	"""One customer's stretch of time, from one day on which something can happen to the next.

	Only items that exist on a day are read: `coming` holds those posted later, the first one last.
	"""

	def __init__(self, party: Party, items: Sequence[PastItem], policy: Policy, hours: Hours):
		self.party, self.policy, self.hours = party, policy, hours
		self.has_minimum = any(step.minimum for step in policy.steps)
		self.present: list[PastItem] = []
		self.coming = sorted(items, key=lambda item: item.posted, reverse=True)
		self.reached: dict[DueItemKey, Reached] = {}
		self.contacts: list[date] = []
		self.settled = {item.key: item.settled_on for item in items}
		self.changes = sorted({day for item in items for day, *_amounts in item.changes})

	def run(self, since: date, until: date) -> Iterable[Message]:
		"""Yield the messages in the order of their days."""
		day: date | None = since
		while day and day <= until:
			message, again = self._on(day)
			if message:
				yield message
			day = self._next_day(day, again)

	def _on(self, day: date) -> tuple[Message | None, date | None]:
		"""Return the message of a day, or when to look again where one is only too early."""
		self._move_to(day)
		items = [self._open_item(item, *item.open_on(day)) for item in self.present]
		last = self.contacts[-1] if self.contacts else None
		history = DunningHistory(self.reached, {self.party: last} if last else {})
		notice = plan_party(self.party, items, self.policy, history, (), day)
		if not notice or notice.reason:
			return None, None
		known = Circumstances(
			self.hours, self.policy.budget, self.contacts[-50:], last, max(self.policy.gap, 1)
		)
		noon = datetime.combine(day, max(NOON, self.hours.opens), self.hours.zone)
		verdict = can_contact(known, noon)
		if verdict.reason is WithholdReason.OUTSIDE_HOURS:
			verdict = can_contact(known, datetime.combine(day, self.hours.opens, self.hours.zone))
		if not verdict.sends:
			return None, max(self.hours.today(verdict.until), day + timedelta(days=1))
		self._remember(notice.lines, day)
		anyway = self._paid_anyway(notice.lines, day)
		message = Message(self.party, day, notice.step, notice.lines, anyway, notice.total, notice.base_total)
		return message, None

	def _move_to(self, day: date) -> None:
		"""Take in what has been posted by *day*, and leave what is gone."""
		while self.coming and self.coming[-1].posted <= day:
			self.present.append(self.coming.pop())
		self.present = [item for item in self.present if not item.gone_on or item.gone_on > day]

	def _remember(self, lines: Iterable[NoticeLine], day: date) -> None:
		self.contacts.append(day)
		for line in lines:
			before = self.reached.get(line.key, Reached())
			self.reached[line.key] = reach(before, line, day)

	def _paid_anyway(self, lines: Iterable[NoticeLine], day: date) -> bool:
		latest = day + timedelta(days=ANYWAY_DAYS)
		settled = [self.settled[line.key] for line in lines]
		return all(paid and paid <= latest for paid in settled)

	def _open_item(self, item: PastItem, amount: Decimal, base: Decimal) -> OpenItem:
		voucher: Voucher = item.key.voucher
		customer, company, currency = self.party
		return OpenItem(
			company,
			customer,
			"",
			currency,
			voucher,
			item.posted,
			item.key.due_date,
			amount,
			base,
			amount,
			base,
		)

	def _next_day(self, day: date, again: date | None) -> date | None:
		"""Return the next day on which anything may be different."""
		if again:
			return again
		days = self.changes[bisect_right(self.changes, day) :][:1]
		if self.contacts:
			days.append(self.contacts[-1] + timedelta(days=max(self.policy.gap, 1)))
		for item in self.present:
			before = self.reached.get(item.key, Reached())
			if self.has_minimum:
				# What becomes overdue counts for the minimum of a message about others.
				days.append(item.key.due_date + timedelta(days=1))
			if step := self.policy.step_to(before.level + 1):
				days.append(due_since(step, item.key.due_date, before))
			if not before.level and self.policy.courtesies:
				# The day after the due date counts: what lapses then may have stood in the way of the rest.
				days.append(item.key.due_date + timedelta(days=1))
				days += [item.key.due_date + timedelta(days=step.days) for step in self.policy.courtesies]
				days += [due_since(step, item.key.due_date, before) for step in self.policy.courtesies]
		return min((later for later in days if later > day), default=None)


def reach(before: Reached, line: NoticeLine, day: date) -> Reached:
	"""Return what has reached the customer of an item once *line* did on *day*: its level never falls."""
	if line.step.is_courtesy:
		return before._replace(reminded_on=day)
	return Reached(max(before.level, line.level), day, before.reminded_on)
