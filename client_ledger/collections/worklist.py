"""Today's worklist on a site: accounts -> facts -> rules -> rows in order, with the reasons in words.

Everything is read from Client Account in one pass; documents are asked only about the rows that are shown.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import cint, flt, fmt_money, getdate

from client_ledger.collections import access
from client_ledger.collections.outcomes import CLOSED
from client_ledger.core.account import AccountKey
from client_ledger.core.collections import messages
from client_ledger.core.collections.worklist import (
	FRESH_DAYS,
	Measure,
	MetRule,
	OffReason,
	WorklistFacts,
	WorklistRow,
	WorklistRule,
	build,
	to_chase,
)
from client_ledger.core.money import ZERO, as_money
from client_ledger.site.doctypes import CLIENT_ACCOUNT, COLLECTION_RULE, COLLECTION_SETTINGS, FOLLOW_UP

PAGE_LENGTH = 50
EVERYONE = "everyone"
_LONG_PAST = date(2000, 1, 1)

MEASURES: Mapping[str, Measure] = {
	"Collectable Overdue": Measure.OVERDUE,
	"Oldest Item (Days)": Measure.OLDEST_DAYS,
	"Grade Rank": Measure.GRADE_RANK,
	"Broken Promises": Measure.BROKEN_PROMISES,
	"Promise Due Today": Measure.PROMISE_DUE,
	"Dunning Level": Measure.DUNNING_LEVEL,
	"Limit Used (%)": Measure.LIMIT_UTILISATION,
	"Days Since Last Contact": Measure.DAYS_SINCE_CONTACT,
	"Follow Up Due": Measure.FOLLOW_UP_DUE,
	"First Overdue of a Large Customer": Measure.FIRST_OVERDUE_LARGE,
}
LABELS = {measure: label for label, measure in MEASURES.items()}

_FIELDS = (
	"customer", "customer_name", "company", "currency", "overdue", "oldest_overdue_days", "disputed",
	"handed_over", "promised", "collectable", "credit_grade", "broken_promises", "next_promise_on", "dunning_level", "limit_state",
	"limit_utilisation", "last_contact_on", "next_follow_up", "volume_segment", "collector", "account_manager",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Day:
	"""A day's list: the rows in order, who is off it and why, and the accounts by key."""

	rows: list[WorklistRow]
	off: dict[AccountKey, OffReason]
	accounts: dict[AccountKey, frappe._dict]

	def of(self, users: Sequence[str]) -> "Day":
		"""Return the part of the list that *users* look after."""

		def is_theirs(key: AccountKey) -> bool:
			return (self.accounts[key].collector or self.accounts[key].account_manager) in users

		rows = [one for one in self.rows if is_theirs(one.facts.key)]
		return Day(rows, {key: reason for key, reason in self.off.items() if is_theirs(key)}, self.accounts)


def site_rules() -> list[WorklistRule]:
	"""Return the enabled rules in their order."""
	rows = frappe.get_all(
		COLLECTION_RULE, {"enabled": 1}, ["name", "measure", "minimum", "points"], order_by="sequence, name"
	)
	return [_as_rule(row) for row in rows]


def _as_rule(row: frappe._dict) -> WorklistRule:
	measure = MEASURES[row.measure]
	minimum = as_money(flt(row.minimum))
	return WorklistRule(
		row.name,
		measure,
		minimum / 100 if measure is Measure.LIMIT_UTILISATION else minimum,
		cint(row.points),
	)


def day_of(companies: Sequence[str], customer: str | None = None, today: date | None = None) -> Day:
	"""Return the list of the accounts the user may see, of one customer or of all."""
	today = today or getdate()
	filters: list = [["company", "in", list(companies)]]
	if customer:
		filters.append(["customer", "=", customer])
	rows = frappe.get_list(
		CLIENT_ACCOUNT,
		filters=filters,
		# Between, since Frappe takes no date for one that is long past.
		or_filters=[
			["overdue", ">", 0],
			["next_promise_on", "between", [_LONG_PAST, today]],
			["next_follow_up", "between", [_LONG_PAST, today]],
		],
		fields=list(_FIELDS),
		limit_page_length=0,
		order_by=None,
	)
	if access.sees_own_only():
		own = set(access.covers_for(frappe.session.user))
		rows = [row for row in rows if {row.collector, row.account_manager} & own]
	ranks = dict(frappe.get_all("Credit Grade", fields=["name", "sequence"], as_list=True))
	places = {name: place for place, name in enumerate(sorted(ranks, key=ranks.get), 1) if name != "Unrated"}
	least = as_money(flt(frappe.db.get_single_value(COLLECTION_SETTINGS, "min_overdue")))
	accounts = {AccountKey(row.customer, row.company): row for row in rows}
	facts = [_facts(key, row, places, today) for key, row in accounts.items()]
	found = build([one for one in facts if _is_worth_it(one, least)], site_rules(), today)
	return Day(found.rows, found.off, accounts)


def _is_worth_it(facts: WorklistFacts, least: Decimal) -> bool:
	return facts.promise_due_today or facts.follow_up_due or facts.overdue >= least


def _facts(key: AccountKey, row: frappe._dict, ranks: Mapping[str, int], today: date) -> WorklistFacts:
	contacted = (today - row.last_contact_on).days if row.last_contact_on else None
	overdue = as_money(row.overdue)
	days = row.oldest_overdue_days or 0
	fresh = 0 < days <= FRESH_DAYS and (contacted is None or contacted > days)
	return WorklistFacts(
		key=key,
		overdue=overdue,
		oldest_days=days,
		# Of most accounts nothing is.
		disputed=as_money(row.disputed) if row.disputed else ZERO,
		handed_over=as_money(row.handed_over) if row.handed_over else ZERO,
		promised=as_money(row.promised) if row.promised else ZERO,
		collectable=as_money(row.collectable),
		grade_rank=ranks.get(row.credit_grade, 0),
		broken_promises=row.broken_promises or 0,
		promise_due_today=bool(row.next_promise_on and row.next_promise_on <= today),
		dunning_level=row.dunning_level or 0,
		limit_utilisation=row.limit_utilisation / 100 if row.limit_state == "Limited" else None,
		days_since_contact=contacted,
		next_follow_up=row.next_follow_up,
		follow_up_due=bool(row.next_follow_up and row.next_follow_up <= today),
		first_overdue_large=overdue > 0 and row.volume_segment == "A" and fresh,
	)


def page(day: Day, start: int = 0, length: int = PAGE_LENGTH) -> list[dict]:
	"""Return rows of the list for the screen."""
	chosen = day.rows[start : start + length]
	due = due_follow_ups([one.facts.key for one in chosen])
	return [_row(one, day.accounts[one.facts.key], due) for one in chosen]


def _row(one: WorklistRow, account: frappe._dict, due: Mapping) -> dict:
	facts = one.facts
	return {
		"customer": account.customer,
		"customer_name": account.customer_name,
		"company": account.company,
		"currency": account.currency,
		"points": one.points,
		"reasons": [
			{"rule": _(met.rule.name), "points": met.rule.points, "text": reason_text(met, account.currency)}
			for met in one.met
		],
		"to_chase": float(to_chase(facts)),
		"overdue": float(facts.overdue),
		"days": facts.oldest_days,
		"last_contact_on": str(account.last_contact_on) if account.last_contact_on else None,
		"grade": account.credit_grade,
		"follow_up": due.get(facts.key),
		"rule": one.met[0].rule.name if one.met else None,
	}


def due_follow_ups(keys: Iterable[AccountKey]) -> dict[AccountKey, str]:
	"""Return of each account the open follow-up that is due first."""
	keys = list(keys)
	if not keys:
		return {}
	rows = frappe.get_all(
		FOLLOW_UP,
		{"customer": ("in", [key.customer for key in keys]), "workflow_state": ("not in", CLOSED)},
		["name", "customer", "company", "due_date"],
		order_by="due_date desc, name desc",
	)
	return {AccountKey(row.customer, row.company): row.name for row in rows}


def off_page(day: Day, length: int = 200) -> list[dict]:
	"""Return who is off the list and why, the largest amounts first."""
	keys = sorted(day.off, key=lambda key: -flt(day.accounts[key].overdue))[:length]
	return [
		{
			"customer": key.customer,
			"customer_name": day.accounts[key].customer_name,
			"company": key.company,
			"overdue": flt(day.accounts[key].overdue),
			"currency": day.accounts[key].currency,
			"reason": _(day.off[key].value),
		}
		for key in keys
	]


def of_customer(customer: str, company: str) -> dict:
	"""Return where a customer stands on today's list: its points and reasons, or why it is off it."""
	day = day_of([company], customer=customer)
	if day.rows:
		return {**page(day)[0], "off": None}
	reason = next(iter(day.off.values()), OffReason.NOTHING_OVERDUE)
	return {"points": 0, "reasons": [], "off": _(reason.value)}


def reason_text(met: MetRule, currency: str) -> str:
	"""Return why a rule is met, with the figure."""
	return messages.reason(met, _, lambda amount: fmt_money(amount, currency=currency))


def scripts() -> dict[str, str]:
	"""Return the call script of each rule that has one."""
	rows = frappe.get_all(
		COLLECTION_RULE, {"enabled": 1, "call_script": ("is", "set")}, ["name", "call_script"]
	)
	return {row.name: frappe.utils.sanitize_html(row.call_script) for row in rows}


def of_collector(day: Day, collector: str | None = None) -> tuple[Day, str]:
	"""Return the part of a day's list that is *collector*'s, and whose that is.

	collector: a user, EVERYONE, or None for the user's own part where there is one, else everybody's.
	"""
	own = access.covers_for(frappe.session.user)
	if not collector:
		collector = frappe.session.user if set(own) & set(collectors_seen(day)) else EVERYONE
	if collector == EVERYONE:
		return day, collector
	return day.of(own if collector == frappe.session.user else [collector]), collector


def collectors_seen(day: Day) -> dict[str, int]:
	"""Return how many rows each collector has today."""
	counts: dict[str, int] = defaultdict(int)
	for one in day.rows:
		account = day.accounts[one.facts.key]
		counts[account.collector or account.account_manager or ""] += 1
	return dict(counts)
