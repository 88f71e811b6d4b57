"""What collections keep on Client Account: collector, contacts, promises and disputes. Written only where it differs.

Lists, rules and cards read them there, so that nobody has to ask the documents of ten thousand customers.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

import frappe
from frappe.query_builder.functions import Max, Min
from frappe.utils import flt, getdate

from client_ledger.collections import amounts_due, disputes
from client_ledger.collections import cases as escalation_cases
from client_ledger.collections import items as open_items
from client_ledger.collections.outcomes import CLOSED, MISSED
from client_ledger.collections.promises import reads as promises
from client_ledger.collections.teams import collectors_of
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.open_items import OpenItem
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.site.doctypes import CLIENT_ACCOUNT, DONE, FOLLOW_UP

FIELDS = (
	"collector",
	"last_contact_on",
	"next_follow_up",
	"promised",
	"next_promise_on",
	"disputed",
	"handed_over",
	"collectable",
	"broken_promises",
	"promise_reliability",
	"promises_over",
)
_AMOUNTS = ("promised", "disputed", "handed_over", "collectable", "promise_reliability")

Key = tuple[str, str]


def sync_accounts(customers: Sequence[str] | None = None, today: date | None = None) -> int:
	"""Write the fields of *customers*' accounts (None: all) where they differ; return how many accounts did."""
	today = today or getdate()
	rows = frappe.get_all(
		CLIENT_ACCOUNT,
		{} if customers is None else {"customer": ("in", list(customers))},
		["name", "customer", "company", "customer_group", "territory", "volume_segment", "overdue", *FIELDS],
		order_by="name",
	)
	collectors = collectors_of(rows)
	contacts, planned = _contacts(customers), _planned(customers)
	taken = promises.stored_promises(customers)
	promised, disputed, handed_over = _amounts(customers, taken, today)
	collectable = _collectable([row for row in rows if flt(row.overdue) > 0], today)
	made = _promises(taken, today)
	nothing: dict[str, Any] = {
		"next_promise_on": None,
		"broken_promises": 0,
		"promise_reliability": 0,
		"promises_over": 0,
	}
	changed = 0
	for row in rows:
		key = (row.customer, row.company)
		fresh = {
			"collector": collectors[row.name],
			"last_contact_on": contacts.get(key),
			"next_follow_up": planned.get(key),
			"promised": float(promised.get(key, ZERO)),
			"disputed": float(disputed.get(key, ZERO)),
			"handed_over": float(handed_over.get(key, ZERO)),
			"collectable": float(collectable.get(key, ZERO)),
			**made.get(key, nothing),
		}
		values = {name: value for name, value in fresh.items() if _differs(name, row[name], value)}
		if values:
			frappe.db.set_value(CLIENT_ACCOUNT, row.name, values, update_modified=False)
			changed += 1
	return changed


def _differs(name: str, before: Any, after: Any) -> bool:
	if name in _AMOUNTS:
		return flt(before, 2) != flt(after, 2)
	return (before or None) != (after or None)


def _contacts(customers: Sequence[str] | None) -> dict[Key, date]:
	table = frappe.qb.DocType(FOLLOW_UP)
	spoken_to = (table.workflow_state == DONE) & table.outcome.notin(MISSED)
	return _days(Max(table.done_on), spoken_to, customers)


def _planned(customers: Sequence[str] | None) -> dict[Key, date]:
	table = frappe.qb.DocType(FOLLOW_UP)
	return _days(Min(table.due_date), table.workflow_state.notin(CLOSED), customers)


def _days(day: Any, which: Any, customers: Sequence[str] | None) -> dict[Key, date]:
	"""Return per account a day over those of its follow-ups that *which* selects."""
	table = frappe.qb.DocType(FOLLOW_UP)
	query = frappe.qb.from_(table).select(table.customer, table.company, day).where(which)
	if customers is not None:
		query = query.where(table.customer.isin(list(customers)))
	rows = query.groupby(table.customer, table.company).run()
	return {(customer, company): getdate(on) for customer, company, on in rows if on}


def _amounts(
	customers: Sequence[str] | None, taken: Sequence[frappe._dict], today: date
) -> tuple[dict[Key, Any], dict[Key, Any], dict[Key, Any]]:
	"""Return what of each account's overdue items is promised, in dispute, and handed over, company currency."""
	running = [row for row in taken if row.status == promises.RUNNING]
	disputed_items = disputes.stored(customers, disputes.RUNNING_STATUSES)
	cases = escalation_cases.handed_over(customers)
	concerned = {(row.customer, row.company) for row in (*running, *disputed_items, *cases)}
	if not concerned:
		return {}, {}, {}
	names, companies = {name for name, _company in concerned}, {company for _name, company in concerned}
	items = site_ledger().open_items(Scope(tuple(sorted(companies)), tuple(sorted(names))), today)
	overdue = [item for item in items if not item.is_credit and item.due_date < today]
	free = disputes.without_disputed(overdue)
	disputed: dict[Key, Any] = defaultdict(lambda: ZERO)
	for sign, some in ((1, overdue), (-1, free)):
		for item in some:
			disputed[item.customer, item.company] += sign * item.base_outstanding
	return _of_items(running, free), disputed, _of_items(cases, free)


def _collectable(rows: Sequence[frappe._dict], today: date) -> dict[Key, Any]:
	"""Return what is to be collected from the accounts of *rows*, company currency."""
	if not rows:
		return {}
	names, companies = {row.customer for row in rows}, {row.company for row in rows}
	items = site_ledger().open_items(Scope(tuple(sorted(companies)), tuple(sorted(names))), today)
	return amounts_due.collectable(items, today)


def _of_items(documents: Sequence[frappe._dict], free: Sequence[OpenItem]) -> dict[Key, Any]:
	"""Return what is open of the items of *documents*, no more than they are about."""
	by_account: dict[Key, list[OpenItem]] = defaultdict(list)
	for item in free:
		by_account[item.customer, item.company].append(item)
	found: dict[Key, Any] = defaultdict(lambda: ZERO)
	for row in documents:
		for line in row.lines:
			matching = open_items.matching(open_items.key_of(line), by_account[row.customer, row.company])
			base = sum((item.base_outstanding for item in matching), ZERO)
			found[row.customer, row.company] += min(base, as_money(flt(line.base_amount)))
	return found


def _promises(taken: Sequence[frappe._dict], today: date) -> dict[Key, dict[str, Any]]:
	by_account: dict[Key, list] = defaultdict(list)
	for row in taken:
		by_account[row.customer, row.company].append(row)
	found = {}
	for key, rows in by_account.items():
		due = [getdate(row.next_due) for row in rows if row.status == promises.RUNNING and row.next_due]
		relied = promises.reliability_of(rows)
		found[key] = {
			"next_promise_on": min(due, default=None),
			"broken_promises": promises.failed_within_a_year(rows, today),
			"promise_reliability": float(relied.score or 0),
			"promises_over": relied.number,
		}
	return found
