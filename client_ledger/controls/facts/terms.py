"""Limits and payment terms that were changed: our own approved Credit Limits, what was typed into Customers, and what holds for those
without their own. Customers that were let past the check.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from sys import intern

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce

from client_ledger.controls.facts.formatted import is_set
from client_ledger.controls.facts.terms_above import (
	TABLE,
	TermsAbove,
	companies_of_rows,
	days_of_terms,
	limit_rows,
	limits_of,
	read_terms_above,
)
from client_ledger.controls.facts.versions import Changed, moved, slices
from client_ledger.controls.facts.window import FactWindow, by_name, money, rows_of
from client_ledger.core.controls.facts import ORDER, ReleaseFact, TermsChangeFact, TermsKind
from client_ledger.core.entries import Voucher
from client_ledger.core.money import ZERO
from client_ledger.site.doctypes import CREDIT_HOLD, CREDIT_LIMIT

_ONE = timedelta(minutes=1)


def read_terms(window: FactWindow) -> list[TermsChangeFact]:
	"""Return the changes of limits and terms in a window."""
	return _once([*_approved(window), *_typed(window), *read_terms_above(window)])


def _once(found: Sequence[TermsChangeFact]) -> list[TermsChangeFact]:
	"""Return changes, each once: one that is on record twice within a minute is one."""
	last: dict[tuple, datetime] = {}
	kept = []
	for one in sorted(found, key=lambda one: (one.at, one.name)):
		key = (one.customer, one.kind, one.old, one.new)
		if key not in last or one.at - last[key] > _ONE:
			kept.append(one)
		last[key] = one.at
	return kept


def _approved(window: FactWindow) -> Iterator[TermsChangeFact]:
	limit = DocType(CREDIT_LIMIT)
	at = Coalesce(limit.applied_on, limit.approved_on, limit.creation)
	query = (
		frappe.qb.from_(limit)
		.select(
			limit.name,
			limit.customer,
			at,
			limit.requested_by,
			limit.owner,
			limit.previous_state,
			limit.previous_limit,
			limit.limit_type,
			limit.amount,
			limit.approved_by,
		)
		.where((limit.company == window.company) & (limit.docstatus > 0) & (at >= window.since_moment))
	)
	if window.customers is not None:
		query = query.where(window.of_customers(limit.customer))
	for name, customer, when, asked, owner, before, old, kind, new, approved in rows_of(
		window, query, limit.name
	):
		yield TermsChangeFact(
			name=name,
			customer=intern(customer),
			at=when,
			person=asked or owner,
			kind=TermsKind.LIMIT,
			old=ZERO if before == "No Credit" else (money(old) if before == "Limited" else None),
			new=ZERO if kind == "No Credit" else (money(new) or None),
			approved_by=approved or "",
		)


def _typed(window: FactWindow) -> Iterator[TermsChangeFact]:
	rows = [
		(version, customer, person, at, content)
		for version, customer, person, at, content in slices(
			"Customer", window.since_moment, window.customers
		)
		if not _through_approval(content) and _touches(content)
	]
	companies = companies_of_rows([line[1] for *_rest, content in rows for line in limit_rows(content)])
	above = TermsAbove(window.company)
	groups = _groups([row[1] for row in rows])
	names = {name for row in rows for name in moved(row[4], "payment_terms") or () if name}
	days = days_of_terms([*names, *above.group_terms.values(), above.company_terms] if rows else [])
	for version, customer, person, at, content in rows:
		group = groups.get(customer)
		if change := moved(content, "payment_terms"):
			old, new = (days.get(template or above.terms(group), ZERO) for template in change)
			yield TermsChangeFact(version, customer, at, person, TermsKind.DAYS, old, new)
		own = False
		for company, old, new in limits_of(content, companies):
			if company == window.company:
				own = True
				old, new = (limit or above.limit(group) or None for limit in (old, new))
				yield TermsChangeFact(f"{version}-limit", customer, at, person, TermsKind.LIMIT, old, new)
		if (change := moved(content, "customer_group")) and not own:
			# Moved into a group with another limit, which holds for who has none of their own.
			if ("Customer", customer) not in above.own_limits:
				old, new = (above.limit(one) or None for one in change)
				yield TermsChangeFact(f"{version}-group", customer, at, person, TermsKind.LIMIT, old, new)


def _through_approval(content: Changed) -> bool:
	return (content.get("updater_reference") or {}).get("doctype") == CREDIT_LIMIT


def _touches(content: Changed) -> bool:
	tables = (row[0] for kind in ("added", "removed", "row_changed") for row in content.get(kind) or ())
	fields = ("payment_terms", "customer_group")
	return TABLE in tables or any(moved(content, field) for field in fields)


def _groups(customers: Sequence[str]) -> dict[str, str]:
	table = DocType("Customer")
	query = frappe.qb.from_(table).select(table.name, table.customer_group)
	return dict(by_name(query, table.name, sorted(set(customers))))


def read_releases(window: FactWindow) -> list[ReleaseFact]:
	"""Return the holds that were released, and customers that were unfrozen or freed of the check of their limit."""
	return [*_released(window), *_freed(window), *_orders_taken_off_hold(window)]


def _released(window: FactWindow) -> Iterator[ReleaseFact]:
	hold = DocType(CREDIT_HOLD)
	query = (
		frappe.qb.from_(hold)
		.select(
			hold.name,
			hold.customer,
			hold.reference_doctype,
			hold.reference_name,
			hold.decided_on,
			hold.decided_by,
			hold.released_amount,
		)
		.where((hold.company == window.company) & hold.released_until.isnotnull())
		.where((hold.status != "Rejected") & (hold.decided_on >= window.since_moment))
	)
	if window.customers is not None:
		query = query.where(window.of_customers(hold.customer))
	for name, customer, doctype, document, at, person, amount in rows_of(window, query, hold.name):
		yield ReleaseFact(name, Voucher(doctype, document), intern(customer), at, person or "", money(amount))


def _freed(window: FactWindow) -> Iterator[ReleaseFact]:
	for version, customer, person, at, content in slices("Customer", window.since_moment, window.customers):
		frozen = moved(content, "is_frozen")
		past_check = any(
			change[0] == "bypass_credit_limit_check" and is_set(change[2])
			for _table, _row, changes in limit_rows(content)
			for change in changes
		)
		if past_check or (frozen and is_set(frozen[0]) and not is_set(frozen[1])):
			yield ReleaseFact(version, Voucher("Customer", customer), customer, at, person)


def _orders_taken_off_hold(window: FactWindow) -> Iterator[ReleaseFact]:
	order = DocType(ORDER)
	query = (
		frappe.qb.from_(order)
		.select(order.name, order.customer, order.base_grand_total)
		.where((order.company == window.company) & (order.modified >= window.since_moment))
	)
	if window.customers is not None:
		query = query.where(window.of_customers(order.customer))
	orders = {row[0]: row[1:] for row in query.run()}
	for version, name, person, at, content in slices(ORDER, window.since_moment, sorted(orders)):
		status = moved(content, "status")
		if status and status[0] == "On Hold":
			customer, amount = orders[name]
			yield ReleaseFact(version, Voucher(ORDER, name), customer, at, person, money(amount))
