"""The replay on the site's own ledger: what a policy would have sent over the last months. Reads only."""

from collections.abc import Mapping, Sequence
from datetime import date

import frappe
from frappe.utils import add_months, getdate

from client_ledger.core.dunning.past import past_items
from client_ledger.core.dunning.policy import Policy
from client_ledger.core.dunning.replay import PastItem, Replay, replay
from client_ledger.core.entries import SALES_INVOICE
from client_ledger.dunning.policies.read import SitePolicies, rules_of
from client_ledger.ledger.reader import Ledger, Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.outbox.hours import hours_of
from client_ledger.site.doctypes import DUNNING_POLICY

MOST_MONTHS = 24
SHOWN_MESSAGES = 200
# What one request takes: a few seconds, however large the site is.
MOST_CUSTOMERS = 300
EVERY_MODE = ("Off", "Preview", "Approve", "Automatic")


def compare(
	policy: str,
	company: str,
	months: int,
	against: str | None,
	after: str | None = None,
	size: int = MOST_CUSTOMERS,
) -> dict:
	"""Return the replay of a policy beside that of another, or of what each customer has today.

	after, size: the next so many customers that the user may read; `next` says after whom to go on, None at the end.
	"""
	filters = {"name": (">", after)} if after else {}
	customers = frappe.get_list("Customer", filters, pluck="name", order_by="name", limit_page_length=size)
	until = getdate()
	since = getdate(add_months(until, -months))
	items = past_items_of(site_ledger(), company, until, customers)
	document = frappe.get_cached_doc(DUNNING_POLICY, policy)
	hours = hours_of(document, company)
	found = {"policy": summary(replay(items, rules_of(document), since, until, hours), rules_of(document))}
	if against:
		other = frappe.get_cached_doc(DUNNING_POLICY, against)
		found["against"] = summary(
			replay(items, rules_of(other), since, until, hours_of(other, company)), rules_of(other)
		)
	else:
		today = todays_policies(company, sorted({item.party.customer for item in items}))
		found["against"] = summary(replay(items, today, since, until, hours), None)
	return {
		**found,
		"since": str(since),
		"until": str(until),
		"items": len(items),
		"read": len(customers),
		"next": customers[-1] if len(customers) == size else None,
	}


def todays_policies(company: str, customers: Sequence[str]) -> dict[str, Policy]:
	"""Return the policy each customer has today, whatever its mode."""
	found = SitePolicies.of_site(EVERY_MODE).of_customers(customers, (company,))
	return {customer: rules for (customer, _company), rules in found.items() if rules.mode.plans}


def past_items_of(ledger: Ledger, company: str, until: date, customers: Sequence[str]) -> list[PastItem]:
	"""Return the invoices of *customers* with a company, by payment term."""
	if not customers:
		return []
	entries = ledger.unmoved_entries(Scope((company,), tuple(customers)), until)
	names = {entry.against.name for entry in entries if entry.against.doctype == SALES_INVOICE}
	return past_items(entries, ledger.invoices(names), ledger.accounts, ledger.terms_by_day(names))


def summary(found: Replay, rules: Policy | None) -> dict:
	"""Return a replay's figures as plain values."""
	names: Mapping[int, str] = {step.number: step.name for step in rules.steps} if rules else {}
	steps = found.by_step()
	return {
		"messages": len(found.messages),
		"customers": found.customers,
		"paid_anyway": found.paid_anyway,
		"most_in_a_week": found.most_in_a_week,
		"steps": [{"step": n, "name": names.get(n, str(n)), "messages": count} for n, count in steps.items()],
		"months": [
			{"month": str(month), "messages": sum(by_step.values())}
			for month, by_step in found.by_month().items()
		],
		"sample": [
			{
				"customer": m.party.customer,
				"currency": m.party.currency,
				"day": str(m.day),
				"step": m.step.name or str(m.step.number),
				"items": len(m.lines),
				"total": float(m.total),
				"paid_anyway": m.paid_anyway,
			}
			for m in found.messages[-SHOWN_MESSAGES:]
		],
	}
