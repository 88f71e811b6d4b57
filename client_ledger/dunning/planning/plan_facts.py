"""The planner: reads the facts of customers, plans, and brings the rows of notices in line with what the plan says.

Committed before anything is sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import frappe

from client_ledger.collections.disputes import without_disputed
from client_ledger.core.dunning.missed import Missed, missed_steps
from client_ledger.core.dunning.plan import History, Notice, Party, plan
from client_ledger.core.dunning.policy import Policy
from client_ledger.core.open_items import OpenItem
from client_ledger.dunning.planning import history as past
from client_ledger.dunning.planning import levels
from client_ledger.dunning.planning.notice_writer import Counts, PlannedRows
from client_ledger.dunning.policies.read import SitePolicies
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.outbox.notice_status import REMINDER
from client_ledger.site import contacts
from client_ledger.site.doctypes import LEDGER_NOTICE


@dataclass(frozen=True)
class Facts:
	"""Everything the plan of some customers with one company is made of."""

	company: str
	today: date
	policies: Mapping[tuple[str, str], Policy]
	site_policies: SitePolicies
	items: Sequence[OpenItem]
	history: History
	claims: Sequence
	receipts: Mapping
	customers: Mapping[str, contacts.Customer]

	def plan(self) -> list[Notice]:
		"""Return the notices due."""
		return plan(self.items, self.policies, self.history, self.claims, self.today, self.receipts)

	def missed(self) -> dict[Party, list[Missed]]:
		"""Return what an outage has cost."""
		return missed_steps(self.items, self.policies, self.history, self.today)


def read_facts(
	company: str,
	customers: Sequence[str],
	today: date,
	policies: SitePolicies | None = None,
	only_policy: str | None = None,
	planned_through: date | None = None,
) -> Facts:
	"""Return the facts of *customers*. only_policy: leave customers of other policies alone."""
	site_policies = policies or SitePolicies.of_site()
	of_customers = site_policies.of_customers(customers, (company,))
	if only_policy:
		of_customers = {key: rules for key, rules in of_customers.items() if rules.name == only_policy}
	names = tuple(customer for customer, _company in of_customers)
	items = site_ledger().open_items(Scope((company,), names), today) if names else []
	# What is disputed in full stays, to be skipped with that reason.
	items = without_disputed(items, wholly=False)
	owing = sorted({item.customer for item in items})
	receipts = past.BankReceipts.read(owing, (company,)).of(items) if owing else {}
	return Facts(
		company,
		today,
		of_customers,
		site_policies,
		items,
		past.history(items, owing, today, planned_through) if owing else History(),
		past.claims(owing, today) if owing else (),
		receipts,
		contacts.read_customers(owing) if owing else {},
	)


def plan_customers(
	company: str,
	customers: Sequence[str],
	today: date,
	run: str | None = None,
	only_policy: str | None = None,
	planned_through: date | None = None,
	policies: SitePolicies | None = None,
) -> Counts:
	"""Plan *customers* for *today* and write the rows. Commits."""
	frappe.db.commit()  # nosemgrep: one snapshot for what is read
	facts = read_facts(company, customers, today, policies, only_policy, planned_through)
	notices = {notice.party: notice for notice in facts.plan()}
	rows = _existing(company, customers)
	writer = PlannedRows(facts, run)
	for party, notice in notices.items():
		writer.bring_in_line(notice, rows.pop(party, None))
	for row in rows.values():
		if only_policy in (None, row.policy) and row.kind == REMINDER:
			writer.withdraw(row)
	counts = writer.write()
	writer.supersede(facts.missed(), counts)
	counts.customers = len(customers)
	dunned = [customer for customer, _company in facts.policies]
	levels.bring_in_line(company, dunned, facts.items, facts.history)
	frappe.db.commit()  # nosemgrep: planned before anything is sent
	return counts


def preview(company: str, customers: Sequence[str], today: date, policies: SitePolicies) -> list[Notice]:
	"""Return what would be planned, and write nothing."""
	return read_facts(company, customers, today, policies).plan()


def _existing(company: str, customers: Sequence[str]) -> dict[Party, frappe._dict]:
	"""Return the rows of *customers* that are still to go out."""
	fields = ["name", "customer", "company", "currency", "state", "kind", "policy", "policy_version", "step"]
	fields += ["total", "notice_key", "modified", "approved_on", "deferred_until"]
	rows = frappe.get_all(
		LEDGER_NOTICE,
		{"company": company, "customer": ("in", list(customers)), "open_key": ("is", "set")},
		fields,
		order_by="name",
	)
	return {Party(row.customer, row.company, row.currency): row for row in rows}
