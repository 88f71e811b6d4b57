"""The books of a company for a period, and what checks find in them."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

import frappe

from client_ledger.core.money import ZERO
from client_ledger.core.open_items import OpenItem
from client_ledger.core.period_checks import PeriodKind
from client_ledger.core.statements.periods import Period
from client_ledger.ledger.results import Scope
from client_ledger.ledger.site import site_ledger


class Thing(NamedTuple):
	"""A document that a check found. amount: what it counts for; text: what else there is to say of it."""

	doctype: str
	name: str
	amount: Decimal = ZERO
	currency: str = ""
	customer: str = ""
	day: date | None = None
	text: str = ""
	# In company currency, where the amount is in another.
	base_amount: Decimal | None = None


@dataclass
class PeriodBooks:
	"""The books of a company for a period. What several checks need is read once."""

	company: str
	kind: PeriodKind
	period: Period
	compared: list[dict[str, Any]] = field(default_factory=list)

	@cached_property
	def ledger(self) -> Any:
		"""The site's ledger."""
		return site_ledger()

	@cached_property
	def scope(self) -> Scope:
		"""All customers of the company."""
		return Scope((self.company,))

	@cached_property
	def currency(self) -> str:
		"""The company's currency."""
		return frappe.get_cached_value("Company", self.company, "default_currency")

	@cached_property
	def credits(self) -> list[OpenItem]:
		"""What customers have to their credit on the period's last day."""
		return [
			item for item in self.ledger.open_items(self.scope, self.period.as_of) if item.outstanding < 0
		]


def has_ledger(company: str, as_of: date) -> bool:
	"""Return whether any customer has an entry with *company* up to a day."""
	filters = {"company": company, "party_type": "Customer", "posting_date": ("<=", as_of), "delinked": 0}
	return bool(frappe.db.exists("Payment Ledger Entry", filters))
