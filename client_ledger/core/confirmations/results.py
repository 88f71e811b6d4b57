"""What a round has shown: how many answered what, and which share of the receivables is confirmed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from client_ledger.core.confirmations.answers import AGREED, UNANSWERED, ConfirmationStatus
from client_ledger.core.money import ZERO

_HUNDRED, _PLACES = Decimal(100), Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Confirmed:
	"""One confirmation of a round, in company currency. agreed: what of its balance both sides agree on, where they differ."""

	status: ConfirmationStatus
	balance: Decimal
	agreed: Decimal | None = None


@dataclass(slots=True)
class RoundResults:
	"""Figures of a round, in company currency. asked, confirmed: sums of balances without their signs."""

	counts: dict[ConfirmationStatus, int] = field(default_factory=dict)
	asked: Decimal = ZERO
	confirmed: Decimal = ZERO

	@property
	def unanswered(self) -> int:
		"""How many have not answered, or never did."""
		wanted = (*UNANSWERED, ConfirmationStatus.NO_REPLY)
		return sum(self.counts.get(status, 0) for status in wanted)

	@property
	def agreed(self) -> int:
		"""How many balances are agreed on."""
		return sum(self.counts.get(status, 0) for status in AGREED)

	def share(self, receivables: Decimal) -> Decimal:
		"""Return the percentage of *receivables* (a sum of balances without signs) that is confirmed; 0 where there are none."""
		if not receivables:
			return ZERO
		return (self.confirmed / receivables * _HUNDRED).quantize(_PLACES, rounding=ROUND_HALF_UP)


def add_up(rows: Iterable[Confirmed]) -> RoundResults:
	"""Return the figures of a round."""
	found = RoundResults()
	for row in rows:
		found.counts[row.status] = found.counts.get(row.status, 0) + 1
		if row.status is ConfirmationStatus.CANCELLED:
			continue
		found.asked += abs(row.balance)
		if row.status in AGREED:
			found.confirmed += abs(row.balance if row.agreed is None else row.agreed)
	return found
