"""Policies as the site keeps them: read into the core's, with hours, and chosen for each customer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import frappe
from frappe.model.document import Document
from frappe.utils import cint, get_datetime, get_system_timezone, getdate

from client_ledger.core.dunning.policy import Mode, Policy, PolicyChoice, Step, choose
from client_ledger.core.money import as_money
from client_ledger.core.outbox.calendar import MIDNIGHT, WEEKEND, Hours
from client_ledger.core.outbox.message import Channel
from client_ledger.core.outbox.verdict import Budget
from client_ledger.outbox.moments import aware
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
		facts = PolicyFacts.read(customers) if self._is_chosen_by_customer else PolicyFacts({}, {}, {})
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


def hours_of(document: Document, company: str) -> Hours:
	"""Return holidays, days off and hours of a policy, by its clock or the site's."""
	holidays = document.holiday_list or frappe.get_cached_value("Company", company, "default_holiday_list")
	days = frappe.get_cached_doc("Holiday List", holidays).holidays if holidays else ()
	return Hours(
		zone_of(document),
		frozenset(getdate(row.holiday_date) for row in days),
		WEEKEND if cint(document.skip_weekends) else frozenset(),
		as_time(document.opens),
		as_time(document.closes),
	)


def zone_of(document: Document) -> ZoneInfo:
	"""Return the time zone of a policy, the site's where it names none."""
	return ZoneInfo(document.time_zone or get_system_timezone())


def as_time(value: time | timedelta | str | None) -> time:
	"""Return what a time field holds (a time, a timedelta of the database, text, nothing) as a time."""
	if value in (None, ""):
		return MIDNIGHT
	if isinstance(value, timedelta):
		return (datetime.min + value).time()
	return value if isinstance(value, time) else get_datetime(f"2000-01-01 {value}").time()


@dataclass(frozen=True)
class PolicyFacts:
	"""What policies are chosen by: groups of customers, and segments and grades of their accounts."""

	groups: Mapping[str, str]
	ancestors: Mapping[str, Sequence[str]]
	accounts: Mapping[tuple[str, str], Mapping]

	@classmethod
	def read(cls, customers: Sequence[str]) -> "PolicyFacts":
		rows = frappe.get_all(
			"Customer", {"name": ("in", customers)}, ["name", "customer_group"], order_by="name"
		)
		groups = {row.name: row.customer_group for row in rows}
		fields = ["customer", "company", "volume_segment", "behaviour_segment"]
		if frappe.get_meta("Client Account").has_field("credit_grade"):
			fields.append("credit_grade")
		accounts = {
			(row.customer, row.company): row
			for row in frappe.get_all(
				"Client Account", {"customer": ("in", customers)}, fields, order_by="name"
			)
		}
		return cls(groups, {group: _with_parents(group) for group in set(groups.values()) if group}, accounts)

	def values(self, customer: str, company: str) -> dict[str, Sequence[str]]:
		"""Return what a customer is, per kind of choice."""
		account = self.accounts.get((customer, company), {})
		segments = (account.get("behaviour_segment"), account.get("volume_segment"))
		grade = account.get("credit_grade")
		return {
			"Customer": (customer,),
			"Credit Grade": (grade,) if grade else (),
			"Segment": tuple(segment for segment in segments if segment),
			"Customer Group": self.ancestors.get(self.groups.get(customer), ()),
		}


def _with_parents(group: str) -> tuple[str, ...]:
	"""Return a customer group and its parents, the most specific first."""
	bounds = frappe.get_cached_value("Customer Group", group, ["lft", "rgt"])
	if not bounds:
		return (group,)
	return tuple(
		frappe.get_all(
			"Customer Group",
			{"lft": ("<=", bounds[0]), "rgt": (">=", bounds[1])},
			pluck="name",
			order_by="lft desc",
		)
	)
