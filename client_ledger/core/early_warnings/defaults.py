"""Who is in default, and since when: to know who shares data with them."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, timedelta

from client_ledger.core.credit.lateness import TradeLine
from client_ledger.core.early_warnings.facts import DatedAmount, WarningEvents
from client_ledger.core.early_warnings.outcomes import is_crumb

# An item that is open for longer than these days past due puts its customer into default.
DEFAULT_DAYS = 90

Period = tuple[date, date | None]


class Defaults:
	"""Since when customers are in default, and until when they were."""

	def __init__(self, periods: Mapping[Hashable, Sequence[Period]]):
		"""periods: per customer (from, until); None: still."""
		self._periods = periods

	def is_in_default(self, customer: Hashable, day: date) -> bool:
		"""Return whether a customer was in default on *day*."""
		return any(
			start <= day and (end is None or end > day) for start, end in self._periods.get(customer, ())
		)

	def shared_with(self, events: WarningEvents, day: date) -> tuple[tuple[Hashable, str], ...]:
		"""Return the customers in default on *day* that the customer of *events* shares data with, and what."""
		return tuple(
			(one.other, one.what)
			for one in events.shared
			if (one.since is None or one.since <= day) and self.is_in_default(one.other, day)
		)


def find_defaults(lines: Iterable[TradeLine], declared: Iterable[DatedAmount] = ()) -> Defaults:
	"""Return who was in default when: an invoice was open more than ninety days past due, or it was declared (from that day on).

	Disputed invoices do not count.
	"""
	found: dict[Hashable, list[Period]] = {}
	for line in lines:
		since = line.due + timedelta(days=DEFAULT_DAYS + 1)
		if line.disputed or is_crumb(line) or (line.settled_on and line.settled_on <= since):
			continue
		found.setdefault(line.customer, []).append((since, line.settled_on))
	for one in declared:
		found.setdefault(one.customer, []).append((one.day, None))
	return Defaults(found)
