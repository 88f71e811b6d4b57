"""What the Dunning tab, the run and the page of exceptions show, as plain dicts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Count, Sum
from frappe.utils import cint, now_datetime

from client_ledger.collections.disputes import unchased
from client_ledger.core.dunning.plan import (
	Claim,
	ItemKey,
	Notice,
	Party,
	Reached,
	Reason,
	due_since,
	plan_party,
)
from client_ledger.core.dunning.policy import Mode, Policy
from client_ledger.core.open_items import OpenItem
from client_ledger.customer_ledger.access import readable
from client_ledger.customer_ledger.view import link
from client_ledger.dunning import access, charges, planner, reading
from client_ledger.dunning.letters import Writer
from client_ledger.dunning.policies import SitePolicies, aware, naive
from client_ledger.dunning.states import (
	BOUNCED,
	ERROR,
	FAILURES,
	IN_DOUBT,
	NO_ACCOUNT,
	NO_GATEWAY,
	NOT_DELIVERED,
	NOTICE,
	OPEN,
	State,
	_lt,
)
from client_ledger.dunning.step_holds import step_holds

SHOWN = [mode.value for mode in Mode if mode is not Mode.OFF]
HISTORY_LENGTH = 50
NOTICE_FIELDS = [
	"name", "customer", "customer_name", "company", "currency", "total", "state", "reason", "reason_detail",
	"policy", "step", "step_name", "level", "channel", "as_of", "contact_on", "sent_on", "deferred_until",
	"next_attempt", "attempts", "recipients", "kind", "dunning", "approved_by",
]  # fmt: skip


def customer_view(customer: str, company: str, companies: Sequence[str], now: datetime | None = None) -> dict:
	"""Return the Dunning tab of a customer with a company."""
	now = now or now_datetime()
	policies = SitePolicies.of_site(SHOWN)
	rules = policies.of_customers([customer], (company,)).get((customer, company))
	hours = policies.hours(rules.name, company) if rules else None
	today = hours.today(aware(now)) if hours else now.date()
	facts = planner.read_facts(company, [customer], today, policies)
	items = list(facts.items) if rules else _open_items(customer, company, today)
	reached = facts.history.reached if rules else reading.reached_levels(i.voucher.name for i in items)
	return {
		"customer": customer,
		"company": company,
		"companies": list(companies),
		"today": str(today),
		"policy": _policy(rules, policies) if rules else None,
		"level": max((reached.get(_key(i), Reached()).level for i in items if not i.is_credit), default=0),
		"items": _items(items, reached, rules, facts.claims),
		"next": _next(facts, rules, hours, now) if rules else [],
		"under_way": under_way(customer, company),
		"blocks": blocks(customer, company, today),
		"holds": [
			{"notice": hold.notice, "step": hold.step, "on": str(hold.on), "amount": float(hold.amount)}
			for hold in step_holds(customer, company, unchased(items))
		],
		"company_currency": frappe.get_cached_value("Company", company, "default_currency"),
		"history": history(customer, company),
		"may": {action: access.may(action) for action in ("send", "block", "decide", "work", "lift")},
		"paused": bool(cint(frappe.db.get_single_value("Dunning Settings", "paused"))),
	}


def _open_items(customer: str, company: str, today: date) -> list[OpenItem]:
	from client_ledger.ledger.reader import Scope
	from client_ledger.ledger.site import site_ledger

	return site_ledger().open_items(Scope((company,), (customer,)), today)


def _key(item: OpenItem) -> ItemKey:
	return ItemKey(item.voucher, item.due_date)


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


def _next(facts: planner.Facts, rules: Policy, hours: Any, now: datetime) -> list[dict]:
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
		NOTICE,
		{
			"customer": customer,
			"company": company,
			"open_key": ("is", "set"),
			"state": ("in", [state.value for state in OPEN]),
		},
		["currency", "state", "step_name", "total", "deferred_until", "next_attempt", "reason"],
		order_by="creation, name",
	)
	return [notice_row(row) for row in rows]


def _first_notice(
	party: Party, items: Sequence[OpenItem], rules: Policy, facts: planner.Facts
) -> tuple[Notice | None, date]:
	"""Return the next notice to a party as things stand, and its day: today's, or that of the next step to come due."""
	days = {facts.today}
	for item in items:
		before = facts.history.reached.get(_key(item), Reached())
		step = rules.step_to(before.level + 1)
		if step:
			days.add(due_since(step, item.due_date, before))
		days |= {item.due_date + timedelta(days=step.days) for step in rules.courtesies if not before.level}
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
		NOTICE,
		{"customer": customer, "company": company},
		NOTICE_FIELDS,
		order_by="creation desc, name",
		limit_page_length=HISTORY_LENGTH,
	)
	return [notice_row(row) for row in rows]


def notice_row(row: dict) -> dict:
	"""Return a notice as lists show it."""
	return {key: _plain(value) for key, value in row.items()}


def run_notices(run: str, start: int, limit: int) -> dict:
	"""Return a page of a run's notices that the user may see, and how many there are by state."""
	rows = frappe.get_list(
		NOTICE, {"run": run}, NOTICE_FIELDS, order_by="customer_name, name", limit_start=start, limit=limit
	)
	names = frappe.get_list(NOTICE, {"run": run}, pluck="name", order_by="name", limit_page_length=0)
	table = frappe.qb.DocType(NOTICE)
	counted = (
		frappe.qb.from_(table)
		.select(table.state, Count("*"), Sum(table.base_total))
		.where(table.name.isin(names or [""]))
		.groupby(table.state)
	).run()
	return {
		"notices": [notice_row(row) for row in rows],
		"states": {state: {"count": number, "total": float(total or 0)} for state, number, total in counted},
		"count": len(names),
	}


def preview_range(company: str, as_of: date, policy: str | None, after: str | None, size: int) -> dict:
	"""Return what a policy in preview would send to the next *size* customers after *after*; writes nothing."""
	filters = {"name": (">", after)} if after else {}
	customers = frappe.get_list("Customer", filters, pluck="name", order_by="name", limit_page_length=size)
	policies = SitePolicies.of_site(SHOWN)
	facts = planner.read_facts(company, customers, as_of, policies, policy)
	rows = [preview_row(notice, facts) for notice in facts.plan()] if customers else []
	return {
		"rows": rows,
		"next": customers[-1] if len(customers) == size else None,
		"customers": len(customers),
	}


def preview_row(notice: Notice, facts: planner.Facts) -> dict:
	"""Return a notice that is not written down, as lists show it."""
	customer = facts.customers.get(notice.party.customer)
	return {
		**notice.party._asdict(),
		"customer_name": customer.customer_name if customer else notice.party.customer,
		"policy": notice.policy,
		"step": notice.step.number,
		"step_name": notice.step.name,
		"channel": notice.step.channel.value,
		"as_of": str(notice.as_of),
		"total": float(planner.amounts_of(notice)["total"]),
		"state": "Preview",
		"reason": notice.reason.value if notice.reason else None,
		"recipients": customer.addressee.email if customer else None,
	}


def message(customer: str, company: str, currency: str, day: date) -> dict:
	"""Return the message a party would get on a day, rendered as it would go out."""
	policies = SitePolicies.of_site(SHOWN)
	facts = planner.read_facts(company, [customer], day, policies)
	notice = next((n for n in facts.plan() if n.party.currency == currency), None)
	if not notice or not notice.lines:
		frappe.throw(_("Nothing is due from this customer."))
	document = policies.documents[notice.policy]
	step = document.steps[notice.step.number - 1]
	due = charges.charges_of(notice, step, day, waived=False)
	letter = Writer(document).letter(notice, facts.customers[customer], due, day)
	to = facts.customers[customer].addressee
	return {
		"subject": letter.subject,
		"message": letter.html,
		"language": letter.language,
		"to": {"E-mail": to.email, "SMS": to.mobile, "Letter": to.address}.get(step.channel),
		"step": notice.step.name,
		"fee": float(due.fee),
		"interest": float(due.interest),
	}


# --- what did not go out ---

# Why, and what mends it: (reason, action of the page, or the DocType whose list helps).
MENDING: dict[str, str] = {
	NO_ACCOUNT: "email-account",
	NO_GATEWAY: "sms-settings",
	NOT_DELIVERED: "retry",
	BOUNCED: "contact",
	IN_DOUBT: "doubt",
	ERROR: "retry",
	Reason.NO_ADDRESS.value: "contact",
	Reason.OPTED_OUT.value: "contact",
	Reason.DISPUTED.value: "block",
	Reason.PROMISED.value: "block",
	Reason.BLOCKED.value: "block",
	Reason.COVERED.value: "reconcile",
	Reason.BANK_RECEIPT.value: "bank",
	Reason.UNDER_MINIMUM.value: "policy",
	Reason.BUDGET.value: "policy",
	Reason.OUTSIDE_HOURS.value: "policy",
	Reason.HOLIDAY.value: "policy",
	Reason.TOO_SOON.value: "policy",
	Reason.PAUSED.value: "settings",
	Reason.DISABLED.value: "customer",
	Reason.REJECTED.value: "none",
	Reason.SUPERSEDED.value: "none",
	Reason.PAID.value: "none",
}
# What is of no use to anybody after a while.
EXCEPTION_DAYS = 30
MOST_PER_REASON = 200


@dataclass(frozen=True, slots=True)
class _Wait:
	"""A kind of notice that is neither sent nor stopped: it waits for a person."""

	reason: str
	action: str
	filters: dict


WAITING = (
	_Wait(_lt("Waiting for Approval"), "approve", {"state": State.PLANNED.value}),
	_Wait(_lt("Letters to Print"), "print", {"state": State.SENDING.value, "channel": "Letter"}),
	_Wait(
		_lt("Waiting for a Person"),
		"follow-up",
		{"state": State.SENDING.value, "channel": ("in", ("Call", "Visit", "Hand-over"))},
	),
)


def exceptions(companies: Sequence[str], now: datetime) -> list[dict]:
	"""Return what did not go out, by reason, what needs a person first."""
	since = now - timedelta(days=EXCEPTION_DAYS)
	base = {"company": ("in", list(companies))}
	found = [_group(wait.reason, wait.action, {**base, **wait.filters}) for wait in WAITING]
	for reason, action in MENDING.items():
		filters = {**base, "reason": reason}
		if reason in FAILURES:
			filters["state"] = State.FAILED.value
		else:
			filters["state"] = ("in", (State.SKIPPED.value, State.DEFERRED.value, State.CANCELLED.value))
			filters["modified"] = (">=", since)
		found.append(_group(reason, action, filters))
	return [group for group in found if group["count"]]


def _group(reason: str, action: str, filters: dict) -> dict:
	names = frappe.get_list(
		NOTICE, filters, pluck="name", order_by="modified desc, name", limit_page_length=0
	)
	rows = (
		frappe.get_list(
			NOTICE,
			{"name": ("in", names[:MOST_PER_REASON])},
			NOTICE_FIELDS,
			order_by="modified desc, name",
			limit_page_length=0,
		)
		if names
		else []
	)
	return {
		"reason": reason,
		"action": action,
		"failed": reason in FAILURES,
		"count": len(names),
		"notices": [notice_row(row) for row in rows],
	}


def _text(value: object) -> str | None:
	return str(value) if value else None


def _plain(value: object) -> object:
	return str(value) if isinstance(value, date | datetime) else value
