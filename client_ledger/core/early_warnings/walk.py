"""A customer walked through day by day: from what happened to facts, with nothing in them that was not known on the day.

Days are asked for in any order, but what is asked of a day costs little however long the history: sums are kept by day, and looked up.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from typing import Any

from client_ledger.core.credit.lateness import TradeLine
from client_ledger.core.early_warnings.day_sums import (
	LATEST,
	DaySums,
	PaidLate,
	balance_steps,
	overdue_steps,
	parts_by_invoice,
)
from client_ledger.core.early_warnings.defaults import Defaults
from client_ledger.core.early_warnings.facts import (
	BEFORE_DAYS,
	ORDER_DAYS,
	RECENT_DAYS,
	YEAR_DAYS,
	CompanyDay,
	DatedAmount,
	WarningEvents,
	WarningFacts,
)
from client_ledger.core.early_warnings.outcomes import BAD_SHARE, NEVER, CustomerOutcomes, is_crumb

# A month; how many month ends are usual.
MONTH_DAYS, MONTHS = 30, 12
# Spread of a customer whose own is hardly known: days, and as how many payments it counts.
_USUAL_SPREAD, _PRIOR = 6.0, 4.0
_CENT = 2


class CustomerWalk:
	"""What happened with one customer, ready to be asked what was known at the end of any day."""

	def __init__(self, customer: Hashable, events: WarningEvents):
		"""events: those of this customer only."""
		self.customer = customer
		self._events = events
		lines = [_in_order(line) for line in events.lines if not is_crumb(line)]
		parts = parts_by_invoice(lines, events.parts)
		self.outcomes = CustomerOutcomes(lines)
		self._issued = sorted(line.issued.toordinal() for line in lines)
		self._billed = DaySums((line.issued.toordinal(), line.amount) for line in lines)
		self._balance = DaySums(balance_steps(lines, parts))
		self._overdue = DaySums(overdue_steps(lines, parts))
		learnt = [line for line in lines if not line.disputed]
		self._payments = PaidLate(
			(line.settled_on.toordinal(), line.days_late) for line in learnt if line.settled_on
		)
		# What is ever overdue, by due date: (due, settled, amount).
		self._late = sorted(
			(
				line.due.toordinal(),
				line.settled_on.toordinal() if line.settled_on else NEVER,
				line.open_amount,
			)
			for line in learnt
			if line.settled_on is None or line.settled_on > line.due
		)
		self._late_due = [due for due, _settled, _amount in self._late]
		self._longest = max(
			(settled - due for due, settled, _amount in self._late if settled < NEVER), default=0
		)
		self._never = [row for row in self._late if row[1] >= NEVER]
		self._parts = _days(events.parts)
		self._orders = _days(events.orders) or self._issued
		self._notes = DaySums((one.day.toordinal(), one.amount) for one in events.credit_notes)
		self._disputes = _days(events.disputes)
		self._broken = DaySums((one.day.toordinal(), one.amount) for one in events.broken_promises)
		self._limits = sorted(events.limits, key=lambda one: one.day)
		self._exposures = sorted(events.exposures, key=lambda one: one.day)
		self._grades = sorted(events.grades, key=lambda one: one.day)
		self._grade_days = [one.day for one in self._grades]

	@property
	def first_day(self) -> date | None:
		"""Return the day of the first invoice."""
		return date.fromordinal(self._issued[0]) if self._issued else None

	def is_known(self, day: date) -> bool:
		"""Return whether the customer had any invoice by the end of *day*."""
		return bool(self._issued) and self._issued[0] <= day.toordinal()

	def balance(self, day: date) -> float:
		"""Return what was owed at the end of *day*."""
		return _amount(self._balance.until(day.toordinal()))

	def overdue(self, day: date) -> float:
		"""Return what of that was past due."""
		return _amount(self._overdue.until(day.toordinal()))

	def billed(self, after: date, until: date) -> float:
		"""Return what was billed after one day up to the end of another."""
		return self._billed.between(after.toordinal(), until.toordinal())[1]

	def at(self, company: CompanyDay, in_default: Defaults | None = None) -> WarningFacts:
		"""Return what was known of the customer at the end of the company's day. in_default: who was in default then."""
		day = company.day
		now = day.toordinal()
		open_late = self._open_late(now)
		bad_share = self._bad_share(day, company.serious_days, open_late)
		return WarningFacts(
			customer=self.customer,
			day=day,
			known_lines=bisect_right(self._issued, now),
			serious_days=company.serious_days,
			bad_share=bad_share,
			is_bad=bad_share >= BAD_SHARE,
			**self._paying(now, open_late),
			**self._owing(now, open_late),
			**self._trading(now),
			**self._talking(day, now),
			**self._rated(day),
			shared_with=in_default.shared_with(self._events, day) if in_default else (),
		)

	def _bad_share(self, day: date, serious: int, open_late: Sequence[tuple[int, float]]) -> float:
		"""Return how bad the customer is already: of what fell due lately, or of all that is open, the larger share."""
		balance = self.balance(day)
		old = sum(amount for age, amount in open_late if age > serious)
		return max(self.outcomes.bad_share(day, serious), min(old / balance, 1.0) if balance else 0.0)

	def _open_late(self, now: int) -> list[tuple[int, float]]:
		"""Return (age, amount) of what is open and past due."""
		end = bisect_left(self._late_due, now)
		start = bisect_left(self._late_due, now - self._longest)
		found = [(now - due, amount) for due, settled, amount in self._late[start:end] if settled > now]
		if self._never:
			first = self._late_due[start] if start < len(self._late_due) else NEVER
			found += [(now - due, amount) for due, _settled, amount in self._never if due < min(first, now)]
		return found

	def _paying(self, now: int, open_late: Sequence[tuple[int, float]]) -> dict[str, Any]:
		payments = self._payments
		recent, end = payments.places(now - RECENT_DAYS, now)
		before = bisect_right(payments.days, now - RECENT_DAYS - BEFORE_DAYS)
		year, _end = payments.places(now - YEAR_DAYS, now)
		count = recent - before
		mean = (payments.sums[recent] - payments.sums[before]) / count if count else 0.0
		spread = 0.0
		if count:
			squares = (payments.squares[recent] - payments.squares[before]) / count - mean * mean
			spread = math.sqrt(max(squares, 0.0))
		# What is open and later than usual by now is at least as late as that.
		later = [min(age, LATEST) for age, _amount in open_late if age > mean]
		number = end - recent + len(later)
		late = (payments.sums[end] - payments.sums[recent] + sum(later)) / number if number else 0.0
		return {
			"recent_count": number,
			"recent_late": late,
			"before_count": count,
			"before_late": mean,
			"before_spread": spread,
			"drift": _drift(late - mean, spread, number, count),
			"year_count": end - year,
			"year_late_count": payments.late_counts[end] - payments.late_counts[year],
			"year_latest": max(payments.late[year:end], default=0),
			"full_recent": end - recent,
			"full_before": count,
		}

	def _owing(self, now: int, open_late: Sequence[tuple[int, float]]) -> dict[str, Any]:
		usual = sum(self._balance.until(now - MONTH_DAYS * ago) for ago in range(1, MONTHS + 1)) / MONTHS
		oldest = max(open_late, default=(0, 0.0))
		return {
			"balance": _amount(self._balance.until(now)),
			"usual_balance": _amount(usual),
			"overdue": _amount(self._overdue.until(now)),
			"overdue_before": _amount(self._overdue.until(now - MONTH_DAYS)),
			"rolled": _amount(sum(amount for age, amount in open_late if age > MONTH_DAYS)),
			"oldest_days": oldest[0],
			"oldest_amount": oldest[1],
		}

	def _trading(self, now: int) -> dict[str, Any]:
		recent, before = now - RECENT_DAYS, now - RECENT_DAYS - BEFORE_DAYS
		first = self._orders[0] if self._orders else now
		last = bisect_right(self._orders, now)
		notes, credited = self._notes.between(recent, now)
		notes_before, _credited = self._notes.between(before, recent)
		order_start = max(now - ORDER_DAYS - BEFORE_DAYS, first - 1)
		return {
			"parts_recent": _between(self._parts, recent, now),
			"parts_before": _between(self._parts, before, recent),
			"orders_recent": _between(self._orders, now - ORDER_DAYS, now),
			"orders_before": _between(self._orders, order_start, now - ORDER_DAYS),
			"order_days": max(now - ORDER_DAYS - order_start, 0),
			"last_order_days": now - self._orders[last - 1] if last else None,
			"billed_recent": _between(self._issued, recent, now),
			"billed_before": _between(self._issued, before, recent),
			"contested_recent": notes + _between(self._disputes, recent, now),
			"contested_before": notes_before + _between(self._disputes, before, recent),
			"credited_recent": credited,
		}

	def _talking(self, day: date, now: int) -> dict[str, Any]:
		broken, amount = self._broken.between(now - RECENT_DAYS, now)
		unread = read = 0
		sent = sorted(
			(one for one in self._events.statements if one.sent_on <= day), key=lambda one: one.sent_on
		)
		for one in reversed(sent):
			if one.read_on is not None and one.read_on <= day:
				read += 1
			elif not read:
				unread += 1
		return {"broken_recent": broken, "broken_amount": amount, "unread": unread, "read_before": read}

	def _rated(self, day: date) -> dict[str, Any]:
		limit = next((one.limit for one in reversed(self._limits) if one.day <= day), None)
		exposure = next((one.amount for one in reversed(self._exposures) if one.day <= day), None)
		found = {"limit": limit, "exposure": self.balance(day) if exposure is None else exposure}
		place = bisect_right(self._grade_days, day)
		if not place:
			return found
		now = self._grades[place - 1]
		found.update(grade=now.grade, grade_place=now.place, is_capped=now.is_capped, score=now.score)
		old = bisect_right(self._grade_days, date.fromordinal(day.toordinal() - RECENT_DAYS))
		if old:
			before = self._grades[old - 1]
			found.update(grade_before=before.grade, place_before=before.place, was_capped=before.is_capped)
		return found


def _in_order(line: TradeLine) -> TradeLine:
	"""Return an invoice that is due and paid no earlier than it was issued: nothing of it was known before."""
	if line.due >= line.issued and (line.settled_on is None or line.settled_on >= line.issued):
		return line
	settled = max(line.settled_on, line.issued) if line.settled_on else None
	return line._replace(due=max(line.due, line.issued), settled_on=settled)


def _amount(value: float) -> float:
	"""Return a sum of floats without what adding up leaves."""
	return max(round(value, _CENT), 0.0)


def _days(rows: Iterable[DatedAmount]) -> list[int]:
	return sorted(one.day.toordinal() for one in rows)


def _between(days: Sequence[int], after: int, until: int) -> int:
	return bisect_right(days, until) - bisect_right(days, after)


def _drift(difference: float, spread: float, recent: int, before: int) -> float:
	"""Return a difference of means in standard errors; a spread that few payments show is drawn to the usual one."""
	if not recent or not before:
		return 0.0
	pooled = (spread * spread * before + _USUAL_SPREAD**2 * _PRIOR) / (before + _PRIOR)
	return difference / math.sqrt(pooled * (1 / recent + 1 / before))
