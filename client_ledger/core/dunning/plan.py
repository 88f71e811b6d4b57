"""The plan: from what is open and what has reached the customer to one notice per customer, company and currency.

	items -> the next step of each, and since when it is due -> less what is claimed -> one notice
	                                                            + what else is overdue, less what is on account -> its total

Nothing here knows what day it is: today is an argument. The same facts always give the same notice under the same
key, so that planning twice, or in two places at once, writes one row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from client_ledger.core.amount_due import (
	AmountDue,
	Credit,
	amount_due,
	credits_of,
	is_overdue,
	is_owed,
	less,
	party_of,
)
from client_ledger.core.dunning.policy import Policy, Step
from client_ledger.core.dunning.variation import StepVariation
from client_ledger.core.entries import Voucher
from client_ledger.core.marked import marked
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
	ANNOUNCED = "Payment Announced"
	BLOCKED = "Dunning Blocked"
	UNDER_MINIMUM = "Below Minimum Amount"
	PAUSED = "Dunning Paused"


# A claim may also say that the customer wants no messages at all.
ReasonNotSent = DunningReason | WithholdReason


# Not a reason to withhold: a formal reminder that went out without fee and interest, and without ERPNext's Dunning.
NO_DUNNING = marked("No Dunning Created")


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
	"""An item in a notice. amount: what is open of it; base: the same in company currency.

	level: what it will have reached, previous: what it had. due_since: the day its step came due. left: what the credits
	on account leave of the amount, None where none were set against it.
	"""

	key: DueItemKey
	amount: Decimal
	base: Decimal
	step: Step
	level: int
	previous: int
	due_since: date
	term: str | None = None
	left: Decimal | None = None

	@property
	def to_pay(self) -> Decimal:
		"""What is open of it, less what is on account."""
		return self.amount if self.left is None else self.left


class ListedItem(NamedTuple):
	"""An overdue item that a notice lists because its total is about it too; it has no step due and stays at its level."""

	key: DueItemKey
	amount: Decimal
	base: Decimal
	level: int
	term: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
	"""One message to one customer with everything that is due.

	as_of: the day it came due; before today where a day was missed or something was in the way. lines: those with a
	step due; step: the furthest of them. listed: what else is overdue. credits: what is on account, oldest first.
	due: what all of it amounts to, None where nothing is asked for. withheld: what would have been in it, and why it
	is not. reason: why nothing is sent, None where it may go; until: when that ends, where it is known.
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
	listed: tuple[ListedItem, ...] = ()
	due: AmountDue | None = None

	@property
	def total(self) -> Decimal:
		"""The total to pay, in the party's currency: all items less what is on account."""
		return self.due.net if self.due else sum((line.amount for line in self.lines), ZERO)

	@property
	def base_total(self) -> Decimal:
		"""The same in company currency."""
		return self.due.base_net if self.due else sum((line.base for line in self.lines), ZERO)

	@property
	def items_total(self) -> Decimal:
		"""All items before what is on account, in the party's currency."""
		return self.due.total if self.due else sum((line.amount for line in self.lines), ZERO)

	@property
	def credits(self) -> tuple[Credit, ...]:
		"""What is on account, the oldest first."""
		return self.due.credits if self.due else ()

	@property
	def variation(self) -> StepVariation | None:
		"""The trial that it is a message of, and the customer's arm; of several the one of the furthest step."""
		lines = self.lines or tuple(line for line, _reason in self.withheld)
		varied = [line.step for line in lines if line.step.variations]
		return max(varied, key=lambda step: step.number).variations[0] if varied else None

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
		by_party.setdefault(party_of(item), []).append(item)
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
	due = [(item, line) for item in items if (line := next_line(item, policy, history.reached, today))]
	earliest = _earliest(party, policy, history)
	if not due or (earliest and earliest > today):
		return None
	free, withheld, until = _unclaimed(party, due, claims)
	asked = _Asked.of(party, items, free, claims, today, bank_receipts)
	lines, listed = asked.lines(), asked.listed_items(history)
	if lines and (covered := asked.covered_by()):
		withheld, lines, listed = [*withheld, *((line, covered) for line in lines)], (), ()
	every = [line for _item, line in due]
	step = furthest(lines or every)
	as_of = max(min(line.due_since for line in lines or every), earliest or date.min)
	reason = _reason(bool(lines), withheld, step, asked.due)
	if reason in (None, DunningReason.UNDER_MINIMUM) or not all(why is reason for _line, why in withheld):
		until = None
	return Notice(
		party,
		policy.name,
		policy.version,
		step,
		as_of,
		lines,
		tuple(withheld),
		reason,
		until,
		listed,
		asked.due if free else None,
	)


def next_line(
	item: OpenItem, policy: Policy, reached: Mapping[DueItemKey, Reached], today: date
) -> NoticeLine | None:
	"""Return the line of an item whose next step has come due by *today*, None where none has."""
	if not is_owed(item):
		return None
	key = DueItemKey(item.voucher, item.due_date)
	before = reached.get(key, Reached())
	found = next_step(policy, item.due_date, before, today)
	if not found:
		return None
	step, since = found
	step = step.coming_on(usual_day(step, item.due_date, before))
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
		day = day_of_courtesy(step, due_date)
		if day > today:
			continue
		if before.reminded_on and before.reminded_on >= day:
			return None
		since = due_since(step, due_date, before)
		return (step, since) if since <= today else None
	return None


def due_since(step: Step, due_date: date, before: Reached) -> date:
	"""Return the day a step comes due: so many days from the due date, and so many since the step before.

	Where a trial moves it, its minimum days since the step before still hold, and nothing is called overdue before it is.
	"""
	usual = usual_day(step, due_date, before)
	variation = step.variation_on(usual)
	if not variation:
		return usual
	last = before.on or before.reminded_on
	allowed = [last + timedelta(days=step.wait)] if last else []
	if not step.is_courtesy:
		allowed.append(due_date + timedelta(days=min(step.days, 1)))
	return variation.day(usual, max(allowed, default=date.min))


def usual_day(step: Step, due_date: date, before: Reached) -> date:
	"""Return the day a step comes due for who is in no trial."""
	day = due_date + timedelta(days=step.days)
	last = before.on or before.reminded_on
	return max(day, last + timedelta(days=step.wait)) if last else day


def day_of_courtesy(step: Step, due_date: date) -> date:
	"""Return the day from which a reminder before the due date counts as given, if anything was sent by then."""
	day = due_date + timedelta(days=step.days)
	variation = step.variation_on(day)
	return variation.day(day, date.min) if variation else day


def furthest(lines: Iterable[NoticeLine]) -> Step:
	"""Return the step a message with *lines* is written as; of items in and out of a trial, as the trial says."""
	return max((line.step for line in lines), key=lambda step: (step.number, bool(step.variations)))


def _earliest(party: Party, policy: Policy, history: DunningHistory) -> date | None:
	"""Return the first day the next message may go out after the last, and after a rejected one."""
	days = [history.not_before.get(party)]
	if last := history.last_message.get(party):
		days.append(last + timedelta(days=max(policy.gap, 1)))
	return max((day for day in days if day), default=None)


def _unclaimed(
	party: Party, due: Sequence[tuple[OpenItem, NoticeLine]], claims: Sequence[Claim]
) -> tuple[list[tuple[OpenItem, NoticeLine]], list[tuple[NoticeLine, ReasonNotSent]], date | None]:
	"""Return what has no claim, the other lines with their reason, and when the first of those ends."""
	free, withheld, ends = [], [], []
	for item, line in due:
		against = _against(party, item, claims)
		if not against:
			free.append((item, line))
			continue
		# The one that holds longest says when to look again.
		claim = max(against, key=lambda claim: claim.until or date.max)
		withheld.append((line, claim.reason))
		ends.append(claim.until)
	known = [day for day in ends if day]
	return free, withheld, min(known) + timedelta(days=1) if known else None


def _against(party: Party, item: OpenItem, claims: Sequence[Claim]) -> list[Claim]:
	return [claim for claim in claims if claim.is_about(party, item.voucher, item.due_date)]


@dataclass(frozen=True, slots=True)
class _Asked:
	"""What a notice asks for. free: items with a step due, with their lines. others: what else is overdue and free."""

	free: Sequence[tuple[OpenItem, NoticeLine]]
	others: Sequence[OpenItem]
	due: AmountDue

	@classmethod
	def of(
		cls,
		party: Party,
		items: Sequence[OpenItem],
		free: Sequence[tuple[OpenItem, NoticeLine]],
		claims: Sequence[Claim],
		today: date,
		bank_receipts: Decimal,
	) -> "_Asked":
		with_step = {id(item) for item, _line in free}
		others = [
			item
			for item in items
			if is_overdue(item, today) and id(item) not in with_step and not _against(party, item, claims)
		]
		credits = credits_of(items, bank_receipts)
		if all(line.step.is_courtesy for _item, line in free):
			# "This will fall due" is not said of what is overdue, but credits pay that first.
			credits = less(credits, sum((item.outstanding for item in others), ZERO))
			others = []
		return cls(free, others, amount_due([*(item for item, _line in free), *others], credits))

	def lines(self) -> tuple[NoticeLine, ...]:
		"""Return the lines with what the credits leave of each, the oldest first."""
		of_item = {id(item): line for item, line in self.free}
		return tuple(
			replace(of_item[id(due.item)], left=due.left) if self.due.credits else of_item[id(due.item)]
			for due in self.due.items
			if id(due.item) in of_item
		)

	def listed_items(self, history: DunningHistory) -> tuple[ListedItem, ...]:
		"""Return what else is overdue, the oldest first."""
		others = {id(item) for item in self.others}
		found = []
		for item in (due.item for due in self.due.items if id(due.item) in others):
			key = DueItemKey(item.voucher, item.due_date)
			level = history.reached.get(key, Reached()).level
			found.append(ListedItem(key, item.outstanding, item.base_outstanding, level, item.term))
		return tuple(found)

	def covered_by(self) -> DunningReason | None:
		"""Return why nothing is left to pay, None where something is."""
		if self.due.net > 0:
			return None
		is_booked = self.due.booked_credit >= self.due.total
		return DunningReason.COVERED if is_booked else DunningReason.BANK_RECEIPT


def _reason(
	has_lines: bool,
	withheld: Sequence[tuple[NoticeLine, ReasonNotSent]],
	step: Step,
	due: AmountDue,
) -> ReasonNotSent | None:
	if not has_lines:
		return withheld[0][1]
	return DunningReason.UNDER_MINIMUM if due.base_net < step.minimum else None
