"""What may bring cash, each with the weeks it may come in.

	open invoices + Lateness          \\
	promises + the customer's record   ->  CashItem (amount, P(paid in week 1, 2, ...))  ->  totals
	orders, deliveries, auto-repeats  /

An order is paid after it is billed: its billing lag is learnt as lateness is, from orders that were billed, and the
payment follows its invoice as it follows any other.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

from client_ledger.core.credit.histogram import DAYS_A_WEEK, Distribution, Lateness
from client_ledger.core.credit.lateness import TradeLine
from client_ledger.core.open_items import OpenItem

# Shares of billing lags that an unbilled order is spread over.
_LAG_POINTS = tuple((2 * place + 1) / 20 for place in range(10))
# Promises whose record is drawn to the company's as if so many more had been made.
_PRIOR_PROMISES = 3.0
# What promises are worth before any was decided: half of them.
_PRIOR_KEPT = 0.5
# Less than this is what floats leave over of nothing.
_NOTHING = 1e-6


class CashSource(str, Enum):
	"""Where a week's cash comes from. The value is the English label."""

	INVOICE = "Open Invoices"
	PROMISE = "Promises to Pay"
	ORDER = "Orders Not Billed"
	DELIVERY = "Deliveries Not Billed"
	REPEAT = "Recurring Invoices"


# What past forecasts were held against; other sources are not corrected by what those taught.
CORRECTED = frozenset({CashSource.INVOICE, CashSource.PROMISE})


class CashItem(NamedTuple):
	"""An amount that may come. shares: P(paid in week 1, 2, ...); what they leave comes later or never.

	due_week: the week it is due in (0 is the first, overdue ones too), None for after the last.
	"""

	customer: Hashable
	reference: str
	amount: float
	shares: tuple[float, ...]
	due_week: int | None
	source: CashSource = CashSource.INVOICE


# What a scenario makes of the shares of a line: distribution, age, weeks -> P(paid in week 1, 2, ...).
Spread = Callable[[Hashable, Distribution, int, int], list[float]]


def _as_learnt(_customer: Hashable, distribution: Distribution, age: int, weeks: int) -> list[float]:
	return distribution.weekly(age, weeks)


class ItemBuilder:
	"""Makes items of what is open on a day; customers who owe much of one age are spread once."""

	def __init__(self, lateness: Lateness, as_of: date, weeks: int, spread: Spread = _as_learnt):
		self._lateness, self._as_of, self._weeks, self._spread = lateness, as_of, weeks, spread
		self._shares: dict[tuple[Hashable, int], tuple[float, ...]] = {}

	def of_line(self, line: TradeLine) -> CashItem:
		"""Return the item of an open invoice; its amount is what is outstanding."""
		shares = self.shares(line.customer, line.age(self._as_of))
		due_week = self.week_of(line.due)
		return CashItem(line.customer, line.reference, line.open_amount, shares, due_week)

	def shares(self, customer: Hashable, age: int) -> tuple[float, ...]:
		"""Return P(paid in week 1, 2, ...) of a customer's open invoice so many days past due."""
		key = (customer, age)
		found = self._shares.get(key)
		if found is None:
			distribution = self._lateness.of(customer)
			found = self._shares[key] = tuple(self._spread(customer, distribution, age, self._weeks))
		return found

	def week_of(self, due: date) -> int | None:
		"""Return the week a day is in, the first for days that are past."""
		week = max(0, (due - self._as_of).days - 1) // DAYS_A_WEEK
		return week if week < self._weeks else None

	def of_promise(self, instalment: "PromisedPart", kept: float) -> CashItem:
		"""Return the item of what a customer promised for a day: it comes then as sure as its promises were *kept* (0 to
		1), and else as its invoices usually do."""
		usual = self.shares(instalment.customer, (self._as_of - instalment.invoice_due).days)
		week = self.week_of(instalment.promised)
		shares = [(1 - kept) * share for share in usual]
		if week is not None:
			shares[week] += kept
		return CashItem(
			instalment.customer,
			instalment.reference,
			instalment.amount,
			tuple(shares),
			self.week_of(instalment.invoice_due),
			CashSource.PROMISE,
		)

	def of_unbilled(self, unbilled: "UnbilledItem", lag: Lateness) -> CashItem:
		"""Return the item of what is not billed yet. lag: learnt by `billing_lag`, per customer."""
		waited = (self._as_of - unbilled.since).days
		distribution = self._lateness.of(unbilled.customer)
		billed = lag.of(unbilled.customer)
		sums = [0.0] * self._weeks
		for point in _LAG_POINTS:
			ahead = max(billed.quantile(point, waited) - waited, 0)
			# Paid no sooner than it is billed: its age on that day is the terms it has yet.
			for week, share in enumerate(distribution.weekly(-unbilled.terms, self._weeks, ahead)):
				sums[week] += share / len(_LAG_POINTS)
		ahead = max(billed.quantile(0.5, waited) - waited, 0)
		due = self._as_of + timedelta(days=ahead + unbilled.terms)
		return CashItem(
			unbilled.customer,
			unbilled.reference,
			unbilled.amount,
			tuple(sums),
			self.week_of(due),
			unbilled.source,
		)


def open_lines(items: Iterable[OpenItem], effective: Callable[[date], date]) -> dict[str, list[TradeLine]]:
	"""Return what is owed of *items* per currency, in it. effective: the day a due date is rolled to."""
	found: dict[str, list[TradeLine]] = {}
	for item in items:
		if not item.is_credit and item.outstanding > 0:
			line = TradeLine(
				item.customer,
				item.voucher.name,
				item.posting_date,
				effective(item.due_date),
				float(item.outstanding),
			)
			found.setdefault(item.currency, []).append(line)
	return found


def credits_of(items: Iterable[OpenItem]) -> dict[str, dict[Hashable, float]]:
	"""Return what customers have on account of *items* per currency, in it: payments and credit notes that no invoice has taken yet."""
	found: dict[str, dict[Hashable, float]] = {}
	for item in items:
		if item.is_credit and item.outstanding < 0:
			own = found.setdefault(item.currency, {})
			own[item.customer] = own.get(item.customer, 0.0) - float(item.outstanding)
	return found


def after_credits(
	lines: Iterable[TradeLine], credits: Mapping[Hashable, float]
) -> tuple[list[TradeLine], dict[Hashable, float]]:
	"""Take what customers have on account off their oldest invoices: that much of them is paid already. All in one currency.

	Returns the lines with the rest, in their order, and what is left of the credits.
	"""
	lines, left = list(lines), dict(credits)
	taken: dict[int, float] = {}
	for place in sorted(range(len(lines)), key=lambda place: (lines[place].due, lines[place].reference)):
		line = lines[place]
		if (amount := min(left.get(line.customer, 0.0), line.open_amount)) > 0:
			left[line.customer] -= amount
			taken[place] = amount
	rest = [
		line._replace(outstanding=line.open_amount - taken[place]) if place in taken else line
		for place, line in enumerate(lines)
		if line.open_amount - taken.get(place, 0.0) > _NOTHING
	]
	return rest, {customer: amount for customer, amount in left.items() if amount > _NOTHING}


def unbilled_after_credits(
	unbilled: Iterable["UnbilledItem"], left: Mapping[Hashable, float]
) -> list["UnbilledItem"]:
	"""Take what invoices have left of credits, such as an advance on an order, off what is yet to be billed, the oldest first."""
	rest_of, found = dict(left), []
	for item in sorted(unbilled, key=lambda item: (item.since, item.reference)):
		taken = min(rest_of.get(item.customer, 0.0), item.amount)
		if taken > 0:
			rest_of[item.customer] -= taken
		if item.amount - taken > _NOTHING:
			found.append(replace(item, amount=item.amount - taken) if taken > 0 else item)
	return found


@dataclass(frozen=True, slots=True)
class PromisedPart:
	"""What of an invoice is promised for a day. invoice_due: when the invoice was due."""

	customer: Hashable
	reference: str
	amount: float
	promised: date
	invoice_due: date


@dataclass(frozen=True, slots=True)
class UnbilledItem:
	"""An order, a delivery or the next of an auto-repeat. since: the day its billing lag counts from, its planned day for
	one to come. terms: days from invoice to due date."""

	customer: Hashable
	reference: str
	amount: float
	since: date
	terms: int
	source: CashSource = CashSource.ORDER


def kept_share(
	score: float | None, promises: int, company_score: float | None = None, prior: float = _PRIOR_PROMISES
) -> float:
	"""Return how far a customer's next promise is relied on, 0 to 1.

	score, company_score: reliability of 0 to 100 (core.collections.promises), None before any was decided. promises: how many
	of the customer's the score is made of; few are drawn to the company's.
	"""
	usual = _PRIOR_KEPT if company_score is None else company_score / 100
	own = usual if score is None else score / 100
	return min(max((own * promises + usual * prior) / (promises + prior), 0.0), 1.0)


def after_promises(
	lines: Iterable[TradeLine], promised: Mapping[str, float]
) -> tuple[list[TradeLine], dict[str, float]]:
	"""Take what is promised off the invoices it is about, so that nothing is forecast twice.

	promised: amount per reference. Returns the lines with the rest, and what of each promise its invoice still covers: what
	was paid meanwhile is not expected again.
	"""
	left, covered = dict(promised), dict.fromkeys(promised, 0.0)
	rest = []
	for line in lines:
		taken = min(left.get(line.reference, 0.0), line.open_amount)
		if taken > 0:
			left[line.reference] -= taken
			covered[line.reference] += taken
		if line.open_amount > taken:
			rest.append(line._replace(outstanding=line.open_amount - taken) if taken else line)
	return rest, covered


def billing_lag(billed: Iterable[tuple[Hashable, date, date | None]], prefix: str = "") -> list[TradeLine]:
	"""Return lines that `learn` makes the billing lag of: an order is "due" when it is made, "settled" when it is billed.

	billed: customer, day of the order, day of its first invoice (None: not billed yet).
	"""
	return [
		TradeLine(customer, f"{prefix}{number}", ordered, ordered, 1.0, invoiced)
		for number, (customer, ordered, invoiced) in enumerate(billed)
	]
