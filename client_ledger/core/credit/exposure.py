"""Credit exposure: everything a customer could still fail to pay, in company currency.

Exposure = open items + unbilled orders + deliveries not billed (SAP Credit Management's definition). Money on account
lowers it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from client_ledger.core.money import ZERO


class Part(str, Enum):
	"""What a document adds to exposure. The value is the English label."""

	ITEM = "Open Item"
	ORDER = "Sales Order"
	DELIVERY = "Delivery"


@dataclass(frozen=True, slots=True)
class Exposure:
	"""receivable: balance of the ledger, money on account deducted. orders, deliveries: not billed yet."""

	receivable: Decimal = ZERO
	orders: Decimal = ZERO
	deliveries: Decimal = ZERO

	@property
	def total(self) -> Decimal:
		"""All of it; negative where the customer has more on account than it owes and ordered."""
		return self.receivable + self.orders + self.deliveries

	def __add__(self, other: "Exposure") -> "Exposure":
		return Exposure(
			self.receivable + other.receivable,
			self.orders + other.orders,
			self.deliveries + other.deliveries,
		)


# Rates are rounded, and a discount on the total is spread over the lines to the cent.
SAME_RATE = Decimal("1.001")


def beyond_order(amount: Decimal, rate: Decimal, ordered_rate: Decimal) -> Decimal:
	"""Return what of a delivered line's *amount* its order does not cover, because it was ordered at a lower rate."""
	if rate <= 0 or rate <= ordered_rate * SAME_RATE:
		return ZERO
	return amount - amount * ordered_rate / rate


def total_exposure(exposures: Iterable[Exposure]) -> Exposure:
	"""Return the exposure of all who share one limit."""
	return sum(exposures, Exposure())


def utilisation(exposure: Decimal, limit: Decimal | None) -> float | None:
	"""Return the share of *limit* that is used, at least 0; None without a limit. Of a limit of 0, any use is all of it."""
	if limit is None:
		return None
	if exposure <= 0:
		return 0.0
	return float(exposure / limit) if limit else 1.0
