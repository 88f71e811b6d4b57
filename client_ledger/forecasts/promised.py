"""What customers have promised on a day, laid over the open invoices it is about, and how far each is relied on."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import frappe
from frappe.utils import flt, getdate

from client_ledger.collections.promises.reads import reliability_of, stored_promises
from client_ledger.core.collections.promises import DECIDED, PromiseStatus
from client_ledger.core.credit.lateness import TradeLine
from client_ledger.core.forecast.items import PromisedPart, after_promises, kept_share

_OVER = {status.value for status in DECIDED} | {PromiseStatus.CANCELLED.value}
_LEFT_OUT = {PromiseStatus.CANCELLED.value, PromiseStatus.SETTLED_OTHERWISE.value}


class Promises(NamedTuple):
	"""running: of the day, per currency. kept: 0 to 1, per customer; usual: of those without a record."""

	running: dict[str, list[frappe._dict]]
	kept: dict[str, float]
	usual: float

	def share(self, customer: str) -> float:
		"""Return how far the next promise of a customer is relied on."""
		return self.kept.get(customer, self.usual)


def read_promises(company: str, day: date) -> Promises:
	"""Return the promises to *company* that ran at the end of *day*, and the record of those decided by then.

	Of a promise that was cancelled later it is not known when; it counts as cancelled.
	"""
	rows = [row for row in stored_promises() if row.company == company and getdate(row.made_on) <= day]
	over, running = [], defaultdict(list)
	for row in rows:
		if row.decided_on and getdate(row.decided_on) <= day:
			over.append(row)
		elif row.status not in _LEFT_OUT and not (row.status in _OVER and not row.decided_on):
			running[row.currency].append(row)
	by_customer: dict[str, list[frappe._dict]] = defaultdict(list)
	for row in over:
		if row.status in _OVER:
			by_customer[row.customer].append(row)
	everybody = reliability_of(over)
	usual = None if everybody.score is None else float(everybody.score)
	kept = {}
	for customer, own in by_customer.items():
		record = reliability_of(own)
		score = None if record.score is None else float(record.score)
		kept[customer] = kept_share(score, record.number, usual)
	return Promises(dict(running), kept, kept_share(None, 0, usual))


def lay_over(
	lines: Iterable[TradeLine], promises: Sequence[frappe._dict], day: date
) -> tuple[list[TradeLine], list[PromisedPart]]:
	"""Return what of *lines* is not promised, and what is: each instalment over the invoices of its promise, the oldest first.

	An instalment whose day has passed while its promise still runs is as good as none: its invoice is paid as others are.
	"""
	lines = list(lines)
	due = {line.reference: line.due for line in sorted(lines, key=lambda line: line.due, reverse=True)}
	shares = [list(_shares(row, day, due)) for row in promises]
	promised: dict[str, float] = defaultdict(float)
	for of_promise in shares:
		for reference, amount, _on in of_promise:
			promised[reference] += amount
	rest, covered = after_promises(lines, promised)
	parts = []
	for row, of_promise in zip(promises, shares, strict=True):
		for reference, amount, on in of_promise:
			taken = min(amount, covered[reference])
			covered[reference] -= taken
			if taken > 0:
				parts.append(PromisedPart(row.customer, reference, taken, on, due[reference]))
	return rest, parts


def _shares(row: frappe._dict, day: date, due: Mapping[str, date]) -> Iterable[tuple[str, float, date]]:
	"""Yield (invoice, amount, promised day) of what a promise has to come after *day*."""
	left = [[line.voucher_no, flt(line.amount)] for line in row.lines]
	left.sort(key=lambda pair: due.get(pair[0], date.max))
	for part in row.instalments:
		# What came of an instalment came of the invoices that were due first.
		came = flt(part.received) if getdate(part.due_date) <= day else 0.0
		for amount, counts in ((came, False), (flt(part.amount) - came, getdate(part.due_date) > day)):
			for pair in left:
				taken = min(pair[1], amount)
				pair[1] -= taken
				amount -= taken
				if taken > 0 and counts and pair[0] in due:
					yield pair[0], taken, getdate(part.due_date)
