"""Ageing rows of a report: open items per company, customer and currency, then per group, then per currency.

Amounts are Decimals here and floats in the rows; nothing adds two currencies together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from client_ledger.core.ageing import Ageing, Basis, ageing_date, bucket_of
from client_ledger.core.money import ZERO
from client_ledger.core.open_items import OpenItem


class AgedKey(NamedTuple):
	"""Whose row: a customer's with a company, in a currency."""

	customer: str
	company: str
	currency: str


@dataclass(slots=True)
class AgedRow:
	"""What one customer (or a group of them) owes in one currency.

	unallocated: credits, positive. past_due: owed and past the due date, whatever the ageing basis.
	oldest_days: days past due of the oldest item owed. items: number of open items.
	"""

	currency: str
	ageing: Ageing
	unallocated: Decimal = ZERO
	past_due: Decimal = ZERO
	oldest_days: int = 0
	items: int = 0

	def add(self, other: "AgedRow") -> None:
		"""Add another row of the same currency."""
		self.ageing.add(None, other.ageing.not_due)
		for i, amount in enumerate(other.ageing.buckets):
			self.ageing.add(i, amount)
		self.unallocated += other.unallocated
		self.past_due += other.past_due
		self.oldest_days = max(self.oldest_days, other.oldest_days)
		self.items += other.items

	def values(self) -> dict[str, object]:
		"""Return the row's figures under the report's column names."""
		buckets = {f"bucket_{i}": float(amount) for i, amount in enumerate(self.ageing.buckets, start=1)}
		return {
			"currency": self.currency,
			"outstanding": float(self.ageing.total),
			"not_due": float(self.ageing.not_due),
			**buckets,
			"past_due": float(self.past_due),
			"unallocated": float(self.unallocated),
			"oldest_days": self.oldest_days or None,
			"open_items": self.items,
		}


@dataclass(slots=True)
class AgedGroup:
	"""One group (a territory, a sales person, ...) and its customers' rows."""

	name: str
	rows: dict[AgedKey, AgedRow] = field(default_factory=dict)


def empty_row(currency: str, ranges: Sequence[int]) -> AgedRow:
	"""Return a row of zeros."""
	return AgedRow(currency, Ageing(ZERO, [ZERO] * (len(ranges) + 1)))


def age_customers(
	items: Iterable[OpenItem],
	as_of: date,
	ranges: Sequence[int],
	basis: Basis,
	company_currencies: Mapping[str, str] | None,
) -> dict[AgedKey, AgedRow]:
	"""Return a row per customer, company and currency.

	company_currencies: amounts in that of the company; None for amounts in the currency of each receivable account.
	"""
	rows: dict[AgedKey, AgedRow] = {}
	for item in items:
		currency = company_currencies[item.company] if company_currencies else item.currency
		amount = item.base_outstanding if company_currencies else item.outstanding
		row = rows.setdefault(AgedKey(item.customer, item.company, currency), empty_row(currency, ranges))
		row.ageing.add(bucket_of(ageing_date(item, basis), as_of, ranges), amount)
		row.items += 1
		if amount < 0:
			row.unallocated -= amount
		elif item.due_date < as_of:
			row.past_due += amount
			row.oldest_days = max(row.oldest_days, item.days_overdue(as_of))
	return rows


def group_rows(rows: Mapping[AgedKey, AgedRow], group_of: Mapping[AgedKey, str]) -> list[AgedGroup]:
	"""Return the rows under their group, groups by name, those without one last."""
	groups: dict[str, AgedGroup] = {}
	for key, row in rows.items():
		name = group_of.get(key, "")
		groups.setdefault(name, AgedGroup(name)).rows[key] = row
	return sorted(groups.values(), key=lambda group: (not group.name, group.name))


def total_rows(rows: Iterable[AgedRow], ranges: Sequence[int]) -> list[AgedRow]:
	"""Return one row per currency, in the order of the currencies' codes."""
	totals: dict[str, AgedRow] = {}
	for row in rows:
		totals.setdefault(row.currency, empty_row(row.currency, ranges)).add(row)
	return [totals[currency] for currency in sorted(totals)]
