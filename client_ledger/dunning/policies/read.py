"""Policies as the site keeps them: read into the core's, with hours, and chosen for each customer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

import frappe
from frappe.model.document import Document
from frappe.utils import cint

from client_ledger.core.dunning.policy import Mode, Policy, PolicyChoice, Step, choose
from client_ledger.core.money import as_money
from client_ledger.core.outbox.calendar import Hours
from client_ledger.core.outbox.message import Channel
from client_ledger.core.outbox.verdict import Budget
from client_ledger.measured_effect.planning import SiteTrials
from client_ledger.outbox.hours import hours_of, zone_of
from client_ledger.outbox.moments import aware
from client_ledger.site.customer_traits import CustomerTraits
from client_ledger.site.doctypes import DUNNING_POLICY

PLANNING = (Mode.APPROVE.value, Mode.AUTOMATIC.value)
# Modes in which people see what a policy does, or would do.
SHOWN = tuple(mode.value for mode in Mode if mode is not Mode.OFF)


@dataclass(frozen=True)
class SitePolicies:
	"""All policies of the site by name, and which customers each is for."""

	rules: Mapping[str, Policy]
	documents: Mapping[str, Document]
	choices: Sequence[PolicyChoice]

	@classmethod
	def of_site(cls, modes: Iterable[str] = PLANNING) -> "SitePolicies":
		"""Return the policies in one of *modes*. One that is off still keeps its customers from others."""
		wanted = set(modes)
		documents = {
			name: frappe.get_cached_doc(DUNNING_POLICY, name)
			for name in frappe.get_all(DUNNING_POLICY, pluck="name", order_by="name")
		}
		choices = [choice for document in documents.values() for choice in choices_of(document)]
		rules = {name: rules_of(doc) for name, doc in documents.items() if doc.mode in wanted}
		return cls(rules, documents, choices)

	def of_customers(
		self, customers: Sequence[str], companies: Iterable[str]
	) -> dict[tuple[str, str], Policy]:
		"""Return the policy per customer and company, where one is for them and in the modes asked for."""
		facts = CustomerTraits.read(customers) if self._is_chosen_by_customer else CustomerTraits({}, {}, {})
		found = {}
		for company in companies:
			general = None if self._is_chosen_by_customer else choose(self.choices, company, {})
			for customer in customers:
				name = general or choose(self.choices, company, facts.values(customer, company))
				if name in self.rules:
					found[customer, company] = self.rules[name]
		return found

	def hours(self, name: str, company: str) -> Hours:
		"""Return when a policy lets *company* write."""
		return hours_of(self.documents[name], company)

	def zone(self, name: str) -> ZoneInfo:
		"""Return the time zone of a policy's clock."""
		return zone_of(self.documents[name])

	def today(self, name: str, now: datetime) -> date:
		"""Return the date by a policy's clock. now: of the site, without a time zone."""
		return aware(now).astimezone(self.zone(name)).date()

	@cached_property
	def trials(self) -> SiteTrials:
		"""The trials of steps that have begun."""
		return SiteTrials.of_site(self.documents)

	@cached_property
	def _is_chosen_by_customer(self) -> bool:
		return any(choice.kind not in (None, "Company") for choice in self.choices)


def rules_of(document: Document) -> Policy:
	"""Return the core's policy of a document."""
	return Policy(
		document.name or document.title,
		cint(document.version),
		tuple(step_of(row) for row in document.steps),
		Mode(document.mode),
		cint(document.gap),
		Budget(cint(document.budget_contacts), cint(document.budget_days)),
	)


def step_of(row: Document) -> Step:
	"""Return the core's step of a row."""
	return Step(
		cint(row.idx),
		cint(row.days),
		cint(row.wait_days),
		as_money(row.minimum_amount),
		Channel(row.channel),
		row.step_name or "",
		bool(cint(row.formal)),
	)


def choices_of(document: Document) -> list[PolicyChoice]:
	"""Return for whom a policy is."""
	company = document.for_company or None
	found = [
		PolicyChoice(document.name, row.applies_to, scope_value(row, company), company)
		for row in document.scopes
	]
	if cint(document.is_default):
		found.append(PolicyChoice(document.name, "Company" if company else None, company, company))
	return found


def scope_value(row: Document, company: str | None) -> str | None:
	"""Return the name a row of scopes gives for its kind."""
	fields = {
		"Customer": row.customer,
		"Credit Grade": row.grade,
		"Segment": row.segment,
		"Customer Group": row.customer_group,
		"Company": company,
	}
	return fields[row.applies_to] or None
