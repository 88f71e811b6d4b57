"""Ageing: open amounts by how long they are overdue.

Buckets follow ERPNext's Accounts Receivable: with ranges 30, 60, 90, 120 an item of age 0 to 30 days is
in the first bucket, 31 to 60 in the second, over 120 in the last; what is not due yet is kept apart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from client_ledger.core.money import ZERO
from client_ledger.core.open_items import OpenItem

Basis = Literal["due", "posting"]
DEFAULT_RANGES = (30, 60, 90, 120)


@dataclass(slots=True)
class Ageing:
	"""Open amounts in one currency: not yet due, then one amount per bucket."""

	not_due: Decimal
	buckets: list[Decimal]

	@property
	def overdue(self) -> Decimal:
		"""All buckets together."""
		return sum(self.buckets, ZERO)

	@property
	def total(self) -> Decimal:
		"""Everything open, due or not."""
		return self.not_due + self.overdue

	def add(self, bucket: int | None, amount: Decimal) -> None:
		"""Add *amount* to a bucket, or to what is not due (None)."""
		if bucket is None:
			self.not_due += amount
		else:
			self.buckets[bucket] += amount


def check_ranges(ranges: Sequence[int]) -> tuple[int, ...]:
	"""Return *ranges* (upper bounds in days) as a tuple; raise ValueError unless positive and increasing."""
	bounds = tuple(int(days) for days in ranges)
	if not bounds or bounds[0] < 1 or any(a >= b for a, b in pairwise(bounds)):
		raise ValueError(f"ageing ranges must be increasing days, got {list(ranges)}")
	return bounds


def bucket_of(entry_date: date, as_of: date, ranges: Sequence[int] = DEFAULT_RANGES) -> int | None:
	"""Return the index of the bucket for an item dated *entry_date*, None while that date is in the future."""
	age = (as_of - entry_date).days
	if age < 0:
		return None
	return next((i for i, days in enumerate(ranges) if age <= days), len(ranges))


def ageing_date(item: OpenItem, basis: Basis) -> date:
	"""Return the date an item's age counts from."""
	return item.due_date if basis == "due" else item.posting_date


def age_items(
	items: Iterable[OpenItem],
	as_of: date,
	ranges: Sequence[int] = DEFAULT_RANGES,
	basis: Basis = "due",
	base: bool = True,
) -> Ageing:
	"""Return the ageing of *items*, which must share one currency unless `base` (company currency) is used."""
	ageing = Ageing(ZERO, [ZERO] * (len(ranges) + 1))
	for item in items:
		bucket = bucket_of(ageing_date(item, basis), as_of, ranges)
		ageing.add(bucket, item.base_outstanding if base else item.outstanding)
	return ageing


def bucket_labels(ranges: Sequence[int] = DEFAULT_RANGES) -> list[str]:
	"""Return "0-30", "31-60", ..., "120+" for *ranges*; numbers only, so they need no translation."""
	starts = [0, *(days + 1 for days in ranges[:-1])]
	return [f"{a}-{b}" for a, b in zip(starts, ranges, strict=True)] + [f"{ranges[-1]}+"]
