"""The facts that dunning plans by, read for many customers at once, and the plan they give. Nothing is written."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from client_ledger.collections.amounts_due import read_spoken_for
from client_ledger.collections.bank_receipts import receipts_of
from client_ledger.core.dunning.missed import Missed, missed_steps
from client_ledger.core.dunning.plan import DunningHistory, Notice, plan
from client_ledger.core.dunning.policy import Policy
from client_ledger.core.measured_effect.assignment import AssignedArm
from client_ledger.core.open_items import OpenItem
from client_ledger.core.outbox.message import Party
from client_ledger.dunning.planning import history as past
from client_ledger.dunning.policies.read import SitePolicies
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.site import contacts


@dataclass(frozen=True)
class PlanFacts:
	"""Everything the plan of some customers with one company is made of."""

	company: str
	today: date
	policies: Mapping[tuple[str, str], Policy]
	site_policies: SitePolicies
	items: Sequence[OpenItem]
	history: DunningHistory
	claims: Sequence
	receipts: Mapping
	customers: Mapping[str, contacts.Customer]
	# Who is met for the first time by a trial of a step: planning writes it down.
	assigned: Sequence[AssignedArm] = ()

	def plan(self) -> list[Notice]:
		"""Return the notices that are due."""
		return plan(self.items, self.policies, self.history, self.claims, self.today, self.receipts)

	def missed(self) -> dict[Party, list[Missed]]:
		"""Return what an outage has cost."""
		return missed_steps(self.items, self.policies, self.history, self.today)


def read_facts(
	company: str,
	customers: Sequence[str],
	today: date,
	policies: SitePolicies | None = None,
	only: Collection[str] | None = None,
	planned_through: date | None = None,
) -> PlanFacts:
	"""Return the facts of *customers*. only: leave customers of other policies than these alone."""
	site_policies = policies or SitePolicies.of_site()
	of_customers = site_policies.of_customers(customers, (company,))
	if only is not None:
		of_customers = {key: rules for key, rules in of_customers.items() if rules.name in only}
	names = tuple(customer for customer, _company in of_customers)
	found = site_ledger().open_items(Scope((company,), names), today) if names else []
	spoken_for = read_spoken_for(found, today)
	# What is disputed or promised in full stays, to be skipped with that reason.
	items = spoken_for.without(found, wholly=False)
	owing = sorted({item.customer for item in items})
	receipts = receipts_of(owing, (company,)) if owing else {}
	varied = site_policies.trials.vary(company, of_customers, owing, today)
	return PlanFacts(
		company,
		today,
		varied.policies,
		site_policies,
		items,
		past.history(items, owing, today, planned_through) if owing else DunningHistory(),
		past.claims(owing, today, spoken_for.claims(found)) if owing else (),
		receipts,
		contacts.read_customers(owing) if owing else {},
		varied.new,
	)
