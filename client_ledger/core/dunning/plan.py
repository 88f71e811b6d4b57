"""The plan: from what is open and what has reached the customer to one notice per customer, company and currency.

	items -> the next step of each, and since when it is due -> less what is claimed or covered -> one notice

Nothing here knows what day it is: today is an argument. The same facts always give the same notice under the same
key, so that planning twice, or in two places at once, writes one row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from client_ledger.core.dunning.policy import Policy, Step
from client_ledger.core.entries import Voucher
from client_ledger.core.money import ZERO
from client_ledger.core.open_items import OpenItem
from client_ledger.core.outbox.message import Party, WithholdReason


class DunningReason(str, Enum):
	"""Why a reminder, or an item of it, is not sent, besides what holds for any message (WithholdReason)."""

	PAID = "Paid"
	COVERED = "Covered by Payments"
	BANK_RECEIPT = "Covered by Bank Receipt"
	DISPUTED = "Disputed"
	PROMISED = "Promised"
	BLOCKED = "Dunning Blocked"
	UNDER_MINIMUM = "Below Minimum Amount"
	PAUSED = "Dunning Paused"


# A claim may also say that the customer wants no messages at all.
ReasonNotSent = DunningReason | WithholdReason


class DueItemKey(NamedTuple):
	"""What is dunned: a voucher, or the part of it that is due on a day."""

	voucher: Voucher
	due_date: date


class Reached(NamedTuple):
	"""What reached the customer about an item: its level, when it got there, when it was last announced.

	level 0: nothing but perhaps a courtesy, on `reminded_on`.
	"""

	level: int = 0
	on: date | None = None
	reminded_on: date | None = None


class Claim(NamedTuple):
	"""Why something is not dunned for a time: a block, a dispute, a promise.

	voucher: what it is about, None for all of the customer's. due_date: which term of it, None for all. company: None for all companies. until: the last day
	it holds, None until it is lifted.
	"""

	customer: str
	reason: ReasonNotSent
	since: date
	until: date | None = None
	company: str | None = None
	voucher: Voucher | None = None
	due_date: date | None = None

	def holds(self, day: date) -> bool:
		"""Return whether it holds on *day*."""
		return self.since <= day and (self.until is None or day <= self.until)

	def is_about(self, party: Party, voucher: Voucher, due_date: date) -> bool:
		"""Return whether it keeps what of *voucher* is due on *due_date* from being dunned."""
		return (
			self.customer == party.customer
			and self.company in (None, party.company)
			and self.voucher in (None, voucher)
			and self.due_date in (None, due_date)
		)


@dataclass(frozen=True, slots=True)
class NoticeLine:
	"""An item in a notice. amount: what is asked for; base: the same in company currency.

	level: what it will have reached, previous: what it had. due_since: the day its step came due.
	"""

	key: DueItemKey
	amount: Decimal
	base: Decimal
	step: Step
	level: int
	previous: int
	due_since: date
	term: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
	"""One message to one customer with everything that is due.

	as_of: the day it came due; before today where a day was missed or something was in the way. step: the furthest
	of its lines. withheld: what would have been in it, and why it is not. reason: why nothing is sent, None where
	it may go; until: when that ends, where it is known.
	"""

	party: Party
	policy: str
	version: int
	step: Step
	as_of: date
	lines: tuple[NoticeLine, ...]
	withheld: tuple[tuple[NoticeLine, ReasonNotSent], ...] = ()
	reason: ReasonNotSent | None = None
	until: date | None = None

	@property
	def total(self) -> Decimal:
		"""What is asked for, in the party's currency."""
		return sum((line.amount for line in self.lines), ZERO)

	@property
	def base_total(self) -> Decimal:
		"""The same in company currency."""
		return sum((line.base for line in self.lines), ZERO)

	@property
	def key(self) -> str:
		"""What there is at most one of: see `notice_key`."""
		return notice_key(self.party, self.policy, self.version, self.step.number, self.as_of)


def notice_key(party: Party, policy: str, version: int, step: int, as_of: date) -> str:
	"""Return the text under which a notice is unique."""
	return "|".join((*party, policy, str(version), str(step), as_of.isoformat()))


@dataclass(frozen=True, slots=True)
class DunningHistory:
	"""What happened before. reached: per item. last_message: per party, the last that reached it.

	not_before: per party, the first day after somebody rejected a notice to it. planned_through: the last day that
	was planned completely; None before the first.
	"""

	reached: Mapping[DueItemKey, Reached] = field(default_factory=dict)
	last_message: Mapping[Party, date] = field(default_factory=dict)
	not_before: Mapping[Party, date] = field(default_factory=dict)
	planned_through: date | None = None


def plan(
	items: Iterable[OpenItem],
	policies: Mapping[tuple[str, str], Policy],
	history: DunningHistory,
	claims: Iterable[Claim],
	today: date,
	bank_receipts: Mapping[Party, Decimal] | None = None,
) -> list[Notice]:
	"""Return the notices due on *today*, at most one per party, those that may not go out with their reason.

	items: open items with credits. policies: per (customer, company); a customer without one is left alone.
	bank_receipts: what has arrived at the bank and is not booked yet.
	"""
	by_party: dict[Party, list[OpenItem]] = {}
	for item in items:
		by_party.setdefault(Party(item.customer, item.company, item.currency), []).append(item)
	by_customer: dict[str, list[Claim]] = {}
	for claim in claims:
		if claim.holds(today):
			by_customer.setdefault(claim.customer, []).append(claim)
	found = []
	for party, rows in by_party.items():
		policy = policies.get((party.customer, party.company))
		if policy:
			receipts = (bank_receipts or {}).get(party, ZERO)
			notice = plan_party(
				party, rows, policy, history, by_customer.get(party.customer, ()), today, receipts
			)
			if notice:
				found.append(notice)
	return found


def plan_party(
	party: Party,
	items: Sequence[OpenItem],
	policy: Policy,
	history: DunningHistory,
	claims: Sequence[Claim],
	today: date,
	bank_receipts: Decimal = ZERO,
) -> Notice | None:
	"""Return the notice due to *party* on *today*, None where none is. claims: those that hold on *today*."""
	due = [line for item in items if (line := next_line(item, policy, history.reached, today))]
	earliest = _earliest(party, policy, history)
	if not due or (earliest and earliest > today):
		return None
	free, withheld, until = _unclaimed(party, due, claims)
	free, covered = _uncovered(items, free, bank_receipts)
	lines, withheld = tuple(free), (*withheld, *covered)
	step = furthest(lines or due)
	as_of = max(min(line.due_since for line in lines or due), earliest or date.min)
	reason = _reason(lines, withheld, step)
	if reason in (None, DunningReason.UNDER_MINIMUM) or not all(why is reason for _line, why in withheld):
		until = None
	return Notice(party, policy.name, policy.version, step, as_of, lines, withheld, reason, until)


def next_line(
	item: OpenItem, policy: Policy, reached: Mapping[DueItemKey, Reached], today: date
) -> NoticeLine | None:
	"""Return the line of an item whose next step has come due by *today*, None where none has."""
	if item.is_credit or item.outstanding <= 0:
		return None
	key = DueItemKey(item.voucher, item.due_date)
	before = reached.get(key, Reached())
	found = next_step(policy, item.due_date, before, today)
	if not found:
		return None
	step, since = found
	level = before.level if step.is_courtesy else before.level + 1
	# An invoice cannot have been dunned before it was written.
	since = max(since, item.posting_date)
	if since > today:
		return None
	return NoticeLine(
		key, item.outstanding, item.base_outstanding, step, level, before.level, since, item.term
	)


def next_step(policy: Policy, due_date: date, before: Reached, today: date) -> tuple[Step, date] | None:
	"""Return the step that is due by *today* and since when, None where none is.

	A level is followed by the next one, never by a later one. Of courtesies that were missed only the last is left,
	and none once the due date is over.
	"""
	step = policy.step_to(before.level + 1)
	if step:
		since = due_since(step, due_date, before)
		if since <= today:
			return step, since
	if before.level or today > due_date:
		return None
	for step in reversed(policy.courtesies):
		day = due_date + timedelta(days=step.days)
		if day > today:
			continue
		if before.reminded_on and before.reminded_on >= day:
			return None
		since = due_since(step, due_date, before)
		return (step, since) if since <= today else None
	return None


def due_since(step: Step, due_date: date, before: Reached) -> date:
	"""Return the day a step comes due: so many days from the due date, and so many since the step before."""
	day = due_date + timedelta(days=step.days)
	last = before.on or before.reminded_on
	return max(day, last + timedelta(days=step.wait)) if last else day


def furthest(lines: Iterable[NoticeLine]) -> Step:
	"""Return the step a message with *lines* is written as."""
	return max((line.step for line in lines), key=lambda step: step.number)


def _earliest(party: Party, policy: Policy, history: DunningHistory) -> date | None:
	"""Return the first day the next message may go out after the last, and after a rejected one."""
	days = [history.not_before.get(party)]
	if last := history.last_message.get(party):
		days.append(last + timedelta(days=max(policy.gap, 1)))
	return max((day for day in days if day), default=None)


def _unclaimed(
	party: Party, due: Sequence[NoticeLine], claims: Sequence[Claim]
) -> tuple[list[NoticeLine], list[tuple[NoticeLine, ReasonNotSent]], date | None]:
	"""Return the lines without a claim, the others with their reason, and when the first of those ends."""
	free, withheld, ends = [], [], []
	for line in due:
		against = [claim for claim in claims if claim.is_about(party, line.key.voucher, line.key.due_date)]
		if not against:
			free.append(line)
			continue
		# The one that holds longest says when to look again.
		claim = max(against, key=lambda claim: claim.until or date.max)
		withheld.append((line, claim.reason))
		ends.append(claim.until)
	known = [day for day in ends if day]
	return free, withheld, min(known) + timedelta(days=1) if known else None


def _uncovered(
	items: Sequence[OpenItem], lines: Sequence[NoticeLine], bank_receipts: Decimal
) -> tuple[list[NoticeLine], list[tuple[NoticeLine, ReasonNotSent]]]:
	"""Return the lines that receipts not set against anything yet leave, oldest covered first, and the covered."""
	credits = -sum((item.outstanding for item in items if item.is_credit), ZERO)
	left, covered = [], []
	for line in sorted(lines, key=lambda line: (line.key.due_date, line.key.voucher)):
		if credits + bank_receipts >= line.amount:
			covered.append(
				(line, DunningReason.COVERED if credits >= line.amount else DunningReason.BANK_RECEIPT)
			)
			from_credits = min(credits, line.amount)
			credits -= from_credits
			bank_receipts -= line.amount - from_credits
			continue
		# What does not cover an item covers nothing behind it either: it will be set against the oldest.
		credits = bank_receipts = ZERO
		left.append(line)
	return left, covered


def uncovered_items(items: Iterable[OpenItem]) -> list[OpenItem]:
	"""Return what is owed of one customer's items with a company and no receipt on account covers, oldest first."""
	by_currency: dict[str, list[OpenItem]] = {}
	for item in items:
		by_currency.setdefault(item.currency, []).append(item)
	left = []
	for rows in by_currency.values():
		credits = -sum((item.outstanding for item in rows if item.is_credit), ZERO)
		owed = (item for item in rows if not item.is_credit and item.outstanding > 0)
		for item in sorted(owed, key=lambda item: (item.due_date, item.voucher)):
			covered = credits >= item.outstanding
			credits = credits - item.outstanding if covered else ZERO
			if not covered:
				left.append(item)
	return left


def _reason(
	lines: Sequence[NoticeLine], withheld: Sequence[tuple[NoticeLine, ReasonNotSent]], step: Step
) -> ReasonNotSent | None:
	if not lines:
		return withheld[0][1]
	if sum((line.base for line in lines), ZERO) < step.minimum:
		return DunningReason.UNDER_MINIMUM
	return None
