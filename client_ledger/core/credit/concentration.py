"""Concentration: how much of what is owed (or sold) hangs on few customers.

Herfindahl-Hirschman index = sum of squared shares, in percent: 10,000 for a single customer, 10,000 / n for n alike.
10,000 / index is the number of customers of equal size that would be as concentrated.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from client_ledger.core.money import ZERO

FULL = 10_000
# Bounds of the US Merger Guidelines of 2023, which define the index for markets.
MODERATE_FROM, HIGH_FROM = 1_000, 1_800


class Level(str, Enum):
	"""What an index says. The value is the English label."""

	LOW = "Low Concentration"
	MODERATE = "Moderate Concentration"
	HIGH = "High Concentration"


@dataclass(frozen=True, slots=True)
class Share:
	"""One customer's part, in percent; cumulated with all larger ones."""

	key: Hashable
	amount: Decimal
	percent: float
	cumulated: float


@dataclass(frozen=True, slots=True)
class Concentration:
	"""Shares, the largest first, and the index of all of them (0 where there is nothing)."""

	total: Decimal
	shares: tuple[Share, ...]
	index: float

	@property
	def alike(self) -> float:
		"""The number of customers of equal size that would be as concentrated."""
		return FULL / self.index if self.index else 0.0

	@property
	def level(self) -> Level:
		"""What the index says."""
		if self.index < MODERATE_FROM:
			return Level.LOW
		return Level.MODERATE if self.index < HIGH_FROM else Level.HIGH

	def of_largest(self, number: int) -> float:
		"""Return the share of the *number* largest, in percent."""
		counted = self.shares[:number]
		return counted[-1].cumulated if counted else 0.0


def concentration(amounts: Mapping[Hashable, Decimal]) -> Concentration:
	"""Return the concentration of *amounts*. Those of 0 or less (money on account) have no part in it."""
	counted = sorted(
		((key, amount) for key, amount in amounts.items() if amount > 0),
		key=lambda pair: (-pair[1], str(pair[0])),
	)
	total = _sum(amount for _key, amount in counted)
	shares, running = [], ZERO
	for key, amount in counted:
		running += amount
		shares.append(Share(key, amount, _percent(amount, total), _percent(running, total)))
	return Concentration(total, tuple(shares), sum(share.percent**2 for share in shares))


def _percent(amount: Decimal, total: Decimal) -> float:
	return float(amount / total * 100)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
	return sum(amounts, ZERO)
