"""Disputes: which amounts are not chased, and whether two disputes claim the same money.

A dispute takes only its own amount off dunning, holds and on-time statistics; the item stays in ageing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from client_ledger.core.entries import Voucher
from client_ledger.core.money import ZERO
from client_ledger.core.open_items import OpenItem


class DisputeStatus(str, Enum):
	"""Where a dispute stands. The value is the English label. Only the first two keep an amount from being chased."""

	OPEN = "Open"
	IN_REVIEW = "In Review"
	CREDITED = "Credited"
	ACCEPTED = "Accepted"
	REJECTED = "Rejected"
	SHORT_PAID = "Short Payment Accepted"
	CANCELLED = "Cancelled"


RUNNING = frozenset({DisputeStatus.OPEN, DisputeStatus.IN_REVIEW})


class TermItemKey(NamedTuple):
	"""An open item: a voucher, or one payment term of it."""

	voucher: Voucher
	term: str | None = None


@dataclass(frozen=True, slots=True)
class Dispute:
	"""Amounts in dispute per item, in the items' currency."""

	name: str
	status: DisputeStatus
	amounts: Mapping[TermItemKey, Decimal]


class Overlap(NamedTuple):
	"""More is disputed of an item than it has open: by `disputes` together."""

	item: TermItemKey
	disputed: Decimal
	outstanding: Decimal
	disputes: tuple[str, ...]


def disputed_amounts(disputes: Iterable[Dispute]) -> dict[TermItemKey, Decimal]:
	"""Return what is in dispute per item, running disputes only."""
	found: dict[TermItemKey, Decimal] = {}
	for dispute in disputes:
		if dispute.status in RUNNING:
			for item, amount in dispute.amounts.items():
				found[item] = found.get(item, ZERO) + amount
	return found


def overlaps(
	new: Dispute, others: Iterable[Dispute], outstanding: Mapping[TermItemKey, Decimal]
) -> list[Overlap]:
	"""Return the items of *new* of which it and the running *others* together dispute more than is open.

	A dispute of a whole voucher and one of a term of it claim the same money.
	"""
	running = [d for d in others if d.status in RUNNING and d.name != new.name]
	found = []
	for item, amount in new.amounts.items():
		same = [(d.name, value) for d in running for key, value in d.amounts.items() if _meet(item, key)]
		disputed = amount + sum((value for _name, value in same), ZERO)
		if disputed > outstanding.get(item, ZERO):
			names = tuple(sorted({name for name, _value in same}))
			found.append(Overlap(item, disputed, outstanding.get(item, ZERO), names))
	return found


def disputed_part(amounts: Mapping[TermItemKey, Decimal], item: TermItemKey, outstanding: Decimal) -> Decimal:
	"""Return how much of the *outstanding* of *item* is in dispute, no more than that; amounts: as `disputed_amounts` says.

	A dispute of a whole voucher is one of each of its terms, and a voucher is disputed in all of its terms together.
	"""
	disputed = sum((amount for key, amount in amounts.items() if _meet(item, key)), ZERO)
	return max(min(disputed, outstanding), ZERO)


def _meet(one: TermItemKey, other: TermItemKey) -> bool:
	return one.voucher == other.voucher and (one.term == other.term or None in (one.term, other.term))


def subtract_disputes(items: Iterable[OpenItem], disputes: Iterable[Dispute]) -> list[OpenItem]:
	"""Return *items* with what is in dispute taken off; wholly disputed ones are left out."""
	return subtract_amounts(items, disputed_amounts(disputes))


def subtract_amounts(items: Iterable[OpenItem], amounts: Mapping[TermItemKey, Decimal]) -> list[OpenItem]:
	"""Return *items* less *amounts*, in the items' currency; what is taken off in full is left out, credits stay.

	What is said of a whole voucher is taken off its terms in the order of their due dates.
	"""
	left = dict(amounts)
	found = []
	for item in sorted(items, key=lambda i: (i.due_date, i.term or "")):
		if item.is_credit:
			found.append(item)
			continue
		taken = ZERO
		for key in (TermItemKey(item.voucher, item.term), TermItemKey(item.voucher)):
			part = min(left.get(key, ZERO), item.outstanding - taken)
			if part > 0:
				left[key] -= part
				taken += part
		rest = item.outstanding - taken
		if rest > 0:
			share = rest / item.outstanding
			found.append(item._replace(outstanding=rest, base_outstanding=item.base_outstanding * share))
	return found
