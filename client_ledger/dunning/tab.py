"""What the Dunning tab shows of a customer with a company, as plain dicts."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, now_datetime

from client_ledger.collections import amounts_due
from client_ledger.collections.disputes import without_disputed
from client_ledger.core.dunning.plan import (
	Claim,
	DueItemKey,
	Notice,
	Reached,
	day_of_courtesy,
	due_since,
	plan_party,
)
from client_ledger.core.dunning.policy import Policy
from client_ledger.core.open_items import OpenItem
from client_ledger.core.outbox.message import Party
from client_ledger.dunning import access
from client_ledger.dunning.planning import history as past
from client_ledger.dunning.planning import plan_facts
from client_ledger.dunning.policies.read import SHOWN, SitePolicies
from client_ledger.dunning.step_holds import step_holds
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.outbox.listing import LISTED_FIELDS, listed
from client_ledger.outbox.moments import aware, naive
from client_ledger.outbox.notice_status import OPEN
from client_ledger.site.access import link, readable
from client_ledger.site.doctypes import LEDGER_NOTICE

HISTORY_LENGTH = 50


def customer_view(customer: str, company: str, companies: Sequence[str], now: datetime | None = None) -> dict:
	"""Return the Dunning tab of a customer with a company."""
	now = now or now_datetime()
	policies = SitePolicies.of_site(SHOWN)
	rules = policies.of_customers([customer], (company,)).get((customer, company))
	hours = policies.hours(rules.name, company) if rules else None
	today = hours.today(aware(now)) if hours else now.date()
	facts = plan_facts.read_facts(company, [customer], today, policies)
	items = list(facts.items) if rules else _open_items(customer, company, today)
	# As this customer gets it, where its steps are tried out.
	rules = facts.policies.get((customer, company), rules)
	reached = facts.history.reached if rules else past.reached_levels(i.voucher.name for i in items)
	return {
		"customer": customer,
		"company": company,
		"companies": list(companies),
		"today": str(today),
		"policy": _policy(rules, policies) if rules else None,
		"level": max((reached.get(_key(i), Reached()).level for i in items if not i.is_credit), default=0),
		"items": _items(items, reached, rules, facts.claims),
		"due": amounts_due.as_rows(amounts_due.of_customer(customer, company, today)),
		"next": _next(facts, rules, hours, now) if rules else [],
		"under_way": under_way(customer, company),
		"blocks": blocks(customer, company, today),
		"holds": [
			{"notice": hold.notice, "step": hold.step, "on": str(hold.on), "amount": float(hold.amount)}
			for hold in step_holds(customer, company, without_disputed(items))
		],
		"company_currency": frappe.get_cached_value("Company", company, "default_currency"),
		"history": history(customer, company),
		"may": {action: access.can(action) for action in ("send", "block", "decide", "work", "lift")},
		"paused": bool(cint(frappe.db.get_single_value("Dunning Settings", "paused"))),
	}


def _open_items(customer: str, company: str, today: date) -> list[OpenItem]:
	return site_ledger().open_items(Scope((company,), (customer,)), today)


def _key(item: OpenItem) -> DueItemKey:
	return DueItemKey(item.voucher, item.due_date)


def _policy(rules: Policy, policies: SitePolicies) -> dict:
	document = policies.documents[rules.name]
	return {
		"name": rules.name,
		"title": document.title,
		"mode": rules.mode.value,
		"readable": frappe.has_permission("Dunning Policy", "read"),
		"steps": [
			{
				"number": step.number,
				"name": step.name,
				"days": step.days,
				"channel": step.channel.value,
				"level": rules.level_of(step),
			}
			for step in rules.steps
		],
	}


def _items(
	items: Sequence[OpenItem], reached: dict, rules: Policy | None, claims: Iterable[Claim]
) -> list[dict]:
	owed = [item for item in items if not item.is_credit]
	visible = readable(item.voucher for item in owed)
	return [
		{
			**link(item.voucher, visible),
			"due_date": str(item.due_date),
			"outstanding": float(item.outstanding),
			"currency": item.currency,
			"level": reached.get(_key(item), Reached()).level,
			"reached_on": _text(reached.get(_key(item), Reached()).on),
			**_next_of_item(item, reached, rules),
			"held": next(
				(
					_(claim.reason.value)
					for claim in claims
					if claim.is_about(
						Party(item.customer, item.company, item.currency), item.voucher, item.due_date
					)
				),
				None,
			),
		}
		for item in owed
	]


def _next_of_item(item: OpenItem, reached: dict, rules: Policy | None) -> dict:
	before = reached.get(_key(item), Reached())
	step = rules.step_to(before.level + 1) if rules else None
	if not step:
		return {"next_step": None, "next_on": None}
	return {"next_step": step.name, "next_on": str(due_since(step, item.due_date, before))}


def _next(facts: plan_facts.PlanFacts, rules: Policy, hours: Any, now: datetime) -> list[dict]:
	"""Return per currency the next message and when it goes, or why none does."""
	by_party: dict[Party, list[OpenItem]] = {}
	for item in facts.items:
		by_party.setdefault(Party(item.customer, item.company, item.currency), []).append(item)
	found = []
	for party, items in by_party.items():
		notice, day = _first_notice(party, items, rules, facts)
		if notice:
			opening = hours.next_opening(aware(now), day)
			found.append(
				{
					"currency": party.currency,
					"step": notice.step.name,
					"total": float(notice.total),
					"on": str(hours.today(opening)) if opening else None,
					"at": str(naive(opening))[:16] if opening else None,
					"reason": _(notice.reason.value) if notice.reason else None,
					"until": _text(notice.until),
				}
			)
	return found


def under_way(customer: str, company: str) -> list[dict]:
	"""Return the notices that are still to arrive: while there is one, no other is planned."""
	rows = frappe.get_list(
		LEDGER_NOTICE,
		{
			"customer": customer,
			"company": company,
			"open_key": ("is", "set"),
			"status": ("in", [status.value for status in OPEN]),
		},
		["name", "currency", "status", "step_name", "total", "deferred_until", "next_attempt", "reason"],
		order_by="creation, name",
	)
	return [listed(row) for row in rows]


def _first_notice(
	party: Party, items: Sequence[OpenItem], rules: Policy, facts: plan_facts.PlanFacts
) -> tuple[Notice | None, date]:
	"""Return the next notice to a party if nothing changes, and its day: today's, or that of the next step to come due."""
	days = {facts.today}
	for item in items:
		before = facts.history.reached.get(_key(item), Reached())
		step = rules.step_to(before.level + 1)
		if step:
			days.add(due_since(step, item.due_date, before))
		days |= {day_of_courtesy(step, item.due_date) for step in rules.courtesies if not before.level}
	if last := facts.history.last_message.get(party):
		days.add(last + timedelta(days=max(rules.gap, 1)))
	if held := facts.history.not_before.get(party):
		days.add(held)
	for day in sorted(day for day in days if day >= facts.today):
		claims = [claim for claim in facts.claims if claim.holds(day)]
		receipts = facts.receipts.get(party, 0)
		if notice := plan_party(party, items, rules, facts.history, claims, day, receipts):
			return notice, day
	return None, facts.today


def blocks(customer: str, company: str, today: date) -> list[dict]:
	"""Return the blocks that hold for a customer with a company, or will."""
	rows = frappe.get_list(
		"Dunning Block",
		{"customer": customer, "lifted": 0},
		["name", "for_company", "sales_invoice", "reason", "details", "from_date", "until", "owner"],
		order_by="from_date desc, name",
	)
	return [
		{
			**row,
			"from_date": _text(row.from_date),
			"until": _text(row.until),
			"holds": row.from_date <= today,
		}
		for row in rows
		if row.for_company in (None, "", company) and (row.until is None or row.until >= today)
	]


def history(customer: str, company: str) -> list[dict]:
	"""Return a customer's notices, the newest first."""
	rows = frappe.get_list(
		LEDGER_NOTICE,
		{"customer": customer, "company": company},
		LISTED_FIELDS,
		order_by="creation desc, name",
		limit_page_length=HISTORY_LENGTH,
	)
	return [listed(row) for row in rows]


def _text(value: object) -> str | None:
	return str(value) if value else None
