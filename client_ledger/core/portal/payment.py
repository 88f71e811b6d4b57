"""A payment of several invoices at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from client_ledger.core.money import ZERO
from client_ledger.core.portal.references import PaymentReference, payment_reference


@dataclass(frozen=True, slots=True)
class JointPayment:
	"""What is to be paid at once: amounts per invoice in one currency."""

	company: str
	payer: str
	currency: str
	amounts: Mapping[str, Decimal]

	@property
	def total(self) -> Decimal:
		"""Return all of it."""
		return sum(self.amounts.values(), ZERO)

	@property
	def reference(self) -> PaymentReference:
		"""Return what the payer enters as reference."""
		return payment_reference(list(self.amounts), self.payer)
