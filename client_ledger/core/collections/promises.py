"""Promises to pay: kept, partly kept or broken is decided by the money that came, not by anyone's opinion.

	promise (instalments, tolerance, grace) + receipts + what is still owed  ->  outcome per instalment and of the whole

Receipts pay the instalments in the order of their dates. An instalment is decided on its date plus the days of
grace: kept where what came by then covers it and all before it (less the tolerance), else partly kept or broken.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from client_ledger.core.entries import Voucher
from client_ledger.core.money import ZERO


class PromiseStatus(str, Enum):
	"""Where a promise, or one instalment of it, stands. The value is the English label."""

	RUNNING = "Open"
	KEPT = "Kept"
	PARTLY_KEPT = "Partly Kept"
	BROKEN = "Broken"
	SETTLED_OTHERWISE = "Settled by Other Means"
	CANCELLED = "Cancelled"


DECIDED = frozenset({PromiseStatus.KEPT, PromiseStatus.PARTLY_KEPT, PromiseStatus.BROKEN})


class Instalment(NamedTuple):
	"""An amount promised for a date, in the promise's currency."""

	due: date
	amount: Decimal


class PromisedItem(NamedTuple):
	"""An open item a promise is about. term: of its payment terms, None for the whole voucher."""

	voucher: Voucher
	term: str | None
	amount: Decimal


class Receipt(NamedTuple):
	"""Money that came. `against`: what it is allocated to, None while it is on account."""

	posted: date
	amount: Decimal
	against: Voucher | None = None


@dataclass(frozen=True, slots=True)
class Promise:
	"""What a customer promised on `made_on`. tolerance: share of an amount that may be missing (0.01: 1 %).

	grace: days an instalment may be late and still counts as kept.
	"""

	made_on: date
	instalments: tuple[Instalment, ...]
	items: tuple[PromisedItem, ...]
	tolerance: Decimal = ZERO
	grace: int = 0

	@property
	def amount(self) -> Decimal:
		"""Everything promised."""
		return sum((part.amount for part in self.instalments), ZERO)

	@property
	def last_day(self) -> date:
		"""The day on which the whole promise is decided."""
		return max(part.due for part in self.instalments) + timedelta(days=self.grace)


class PromiseProblem(NamedTuple):
	"""What is wrong with a promise: a key that the caller puts into words, the row (0: the whole), and figures."""

	key: str
	row: int
	figures: dict


@dataclass(frozen=True, slots=True)
class InstalmentOutcome:
	"""What became of one instalment. paid_on: the day it was covered in full, None while it is not."""

	due: date
	amount: Decimal
	received: Decimal
	status: PromiseStatus
	paid_on: date | None

	@property
	def days_late(self) -> int | None:
		"""Days from the promised date to the covering receipt, 0 when early; None while not covered."""
		return None if self.paid_on is None else max((self.paid_on - self.due).days, 0)


@dataclass(frozen=True, slots=True)
class PromiseOutcome:
	"""What became of a promise as of a day. missing: due by then and not covered."""

	status: PromiseStatus
	received: Decimal
	missing: Decimal
	instalments: tuple[InstalmentOutcome, ...]

	@property
	def next_due(self) -> date | None:
		"""The date of the next instalment that is still running."""
		return next((p.due for p in self.instalments if p.status is PromiseStatus.RUNNING), None)


def check_promise(promise: Promise, owed: Decimal, today: date) -> list[PromiseProblem]:
	"""Return what keeps a new promise from being taken. owed: what its items have open, in its currency."""
	problems = []
	if not promise.items:
		problems.append(PromiseProblem("no_items", 0, {}))
	if not promise.instalments:
		problems.append(PromiseProblem("no_instalments", 0, {}))
	for row, part in enumerate(promise.instalments, 1):
		if part.amount <= 0:
			problems.append(PromiseProblem("instalment_amount", row, {"amount": part.amount}))
		if part.due < today:
			problems.append(PromiseProblem("instalment_in_the_past", row, {"due": part.due, "today": today}))
	dues = [part.due for part in promise.instalments]
	for row, (earlier, later) in enumerate(pairwise(dues), 2):
		if later <= earlier:
			problems.append(
				PromiseProblem("instalments_out_of_order", row, {"due": later, "before": earlier})
			)
	promised = sum((item.amount for item in promise.items), ZERO)
	if promise.items and promise.instalments and promise.amount != promised:
		problems.append(PromiseProblem("plan_does_not_sum", 0, {"plan": promise.amount, "items": promised}))
	if promise.items and promised > owed:
		problems.append(PromiseProblem("more_than_owed", 0, {"promised": promised, "owed": owed}))
	return problems


def outcome(promise: Promise, receipts: Iterable[Receipt], owed: Decimal, today: date) -> PromiseOutcome:
	"""Return what became of *promise* at the end of *today*.

	receipts: the customer's, in any order and of any date; those from the day of the promise on count that are
	allocated to its items or still on account. owed: what its items still have open on *today*; what of them was
	credited, written off or set off besides cannot be received any more and is not held against anybody.
	"""
	items = {item.voucher for item in promise.items}
	counted = sorted(
		(
			r
			for r in receipts
			if promise.made_on <= r.posted <= today and (r.against is None or r.against in items)
		),
		key=lambda receipt: receipt.posted,
	)
	received = min(sum((receipt.amount for receipt in counted), ZERO), promise.amount)
	# More than this cannot come: the rest is no longer owed.
	collectable = min(promise.amount, received + max(owed, ZERO))
	parts = tuple(_instalments(promise, counted, collectable, today))
	return PromiseOutcome(_whole(parts, collectable), received, _missing(parts), parts)


def _instalments(
	promise: Promise, counted: Sequence[Receipt], collectable: Decimal, today: date
) -> Iterable[InstalmentOutcome]:
	before = ZERO
	for part in promise.instalments:
		amount = min(part.amount, max(collectable - before, ZERO))
		deadline = part.due + timedelta(days=promise.grace)
		needed = before + amount * (1 - promise.tolerance)
		paid_on = _reached(counted, needed) if amount else None
		by_deadline = sum((r.amount for r in counted if r.posted <= deadline), ZERO)
		got = min(max(by_deadline - before, ZERO), amount)
		yield InstalmentOutcome(
			part.due, part.amount, got, _status_of(part, amount, paid_on, got, deadline, today), paid_on
		)
		before += amount


def _status_of(
	part: Instalment, amount: Decimal, paid_on: date | None, got: Decimal, deadline: date, today: date
) -> PromiseStatus:
	if not amount:
		return PromiseStatus.SETTLED_OTHERWISE
	if paid_on and paid_on <= deadline:
		return PromiseStatus.KEPT
	if today <= deadline:
		return PromiseStatus.RUNNING
	return PromiseStatus.PARTLY_KEPT if got else PromiseStatus.BROKEN


def _reached(counted: Sequence[Receipt], needed: Decimal) -> date | None:
	"""Return the day on which the receipts add up to *needed*."""
	total = ZERO
	for receipt in counted:
		total += receipt.amount
		if total >= needed:
			return receipt.posted
	return None


def _whole(parts: Sequence[InstalmentOutcome], collectable: Decimal) -> PromiseStatus:
	"""One broken instalment breaks a plan at once; it is kept when every instalment is."""
	if not collectable:
		return PromiseStatus.SETTLED_OTHERWISE
	statuses = [part.status for part in parts if part.status is not PromiseStatus.SETTLED_OTHERWISE]
	failed = [status for status in statuses if status in (PromiseStatus.BROKEN, PromiseStatus.PARTLY_KEPT)]
	if failed:
		some = PromiseStatus.PARTLY_KEPT in failed or PromiseStatus.KEPT in statuses
		return PromiseStatus.PARTLY_KEPT if some else PromiseStatus.BROKEN
	return PromiseStatus.RUNNING if PromiseStatus.RUNNING in statuses else PromiseStatus.KEPT


def _missing(parts: Iterable[InstalmentOutcome]) -> Decimal:
	failed = (PromiseStatus.BROKEN, PromiseStatus.PARTLY_KEPT)
	return sum((part.amount - part.received for part in parts if part.status in failed), ZERO)


# Kolleno's published weights of a promise-to-pay score.
FULFILMENT, TIMELINESS, HIGH_VALUE, CANCELLATIONS = (Decimal(n) for n in (50, 20, 20, 10))
# A promise this late is as good as none.
WORST_DELAY = 30


@dataclass(frozen=True, slots=True)
class Reliability:
	"""How far a customer's promises can be relied on: 0 to 100, from `number` promises that are over."""

	score: Decimal | None
	number: int
	kept: int
	partly_kept: int
	broken: int
	cancelled: int


def reliability(outcomes: Iterable[PromiseOutcome]) -> Reliability:
	"""Return the reliability of a customer from its promises; those still running do not count.

	100 less: 50 x share of the promised amounts that did not come in time, 20 x mean delay of the instalments (30 days
	or never: 1), 20 x the same weighted by amount, 10 x share of promises cancelled.
	"""
	over = [o for o in outcomes if o.status in DECIDED or o.status is PromiseStatus.CANCELLED]
	statuses = [o.status for o in over]
	parts = [p for o in over if o.status in DECIDED for p in o.instalments if p.status in DECIDED]
	count = {status: statuses.count(status) for status in PromiseStatus}
	if not over:
		return Reliability(None, 0, 0, 0, 0, 0)
	cancelled = Decimal(count[PromiseStatus.CANCELLED]) / len(over)
	penalty = CANCELLATIONS * cancelled
	if parts:
		promised = sum((p.amount for p in parts), ZERO)
		received = sum((p.received if p.status is not PromiseStatus.KEPT else p.amount for p in parts), ZERO)
		penalty += FULFILMENT * (1 - received / promised)
		penalty += TIMELINESS * sum((_delay(p) for p in parts), ZERO) / len(parts)
		penalty += HIGH_VALUE * sum((_delay(p) * p.amount for p in parts), ZERO) / promised
	return Reliability(
		Decimal(100) - penalty,
		len(over),
		count[PromiseStatus.KEPT],
		count[PromiseStatus.PARTLY_KEPT],
		count[PromiseStatus.BROKEN],
		count[PromiseStatus.CANCELLED],
	)


def _delay(part: InstalmentOutcome) -> Decimal:
	days = WORST_DELAY if part.days_late is None else min(part.days_late, WORST_DELAY)
	return Decimal(days) / WORST_DELAY
