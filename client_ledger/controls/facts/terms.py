"""Limits and payment terms that were changed: our own approved Credit Limits, and what was typed into Customers."""

from collections.abc import Iterator
from decimal import Decimal
from sys import intern

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce, Max

from client_ledger.controls.facts.formatted import as_amount, is_set
from client_ledger.controls.facts.versions import Changed, moved, slices
from client_ledger.controls.facts.window import FactWindow, by_name, money, rows_of
from client_ledger.core.controls.facts import ORDER, ReleaseFact, TermsChangeFact, TermsKind
from client_ledger.core.entries import Voucher
from client_ledger.core.money import ZERO
from client_ledger.site.doctypes import CREDIT_HOLD, CREDIT_LIMIT, CUSTOMER_CREDIT_LIMIT

_TABLE = "credit_limits"


def read_terms(window: FactWindow) -> list[TermsChangeFact]:
	"""Return the changes of limits and terms in a window."""
	return [*_approved(window), *_typed(window)]


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
		if not _through_approval(content) and (moved(content, "payment_terms") or any(_lines(content)))
	]
	companies = _companies([line[1] for *_rest, content in rows for line in _lines(content)])
	days = _days_of_terms(rows)
	for version, customer, person, at, content in rows:
		if change := moved(content, "payment_terms"):
			old, new = (days.get(template or "", ZERO) for template in change)
			yield TermsChangeFact(version, customer, at, person, TermsKind.DAYS, old, new)
		for company, old, new in _limits(content, companies):
			if company == window.company:
				name = f"{version}-limit"
				yield TermsChangeFact(name, customer, at, person, TermsKind.LIMIT, old or None, new or None)


def _through_approval(content: Changed) -> bool:
	return (content.get("updater_reference") or {}).get("doctype") == CREDIT_LIMIT


def _lines(content: Changed) -> Iterator[tuple]:
	for line in content.get("row_changed") or ():
		if line[0] == _TABLE:
			yield line[0], line[2], line[3]


def _limits(content: Changed, companies: dict[str, str]) -> Iterator[tuple[str, Decimal, Decimal]]:
	"""Yield (company, old, new) of the limits of a Customer that were changed; 0 is none."""
	for _table, row, changes in _lines(content):
		for change in changes:
			if change[0] == "credit_limit" and row in companies:
				yield companies[row], as_amount(change[1]), as_amount(change[2])
	before = {row["company"]: row for table, row in content.get("removed") or () if table == _TABLE}
	after = {row["company"]: row for table, row in content.get("added") or () if table == _TABLE}
	for company in before.keys() | after.keys():
		old, new = (Decimal(str(rows.get(company, {}).get("credit_limit") or 0)) for rows in (before, after))
		if old != new:
			yield company, old, new


def _companies(rows: list[str]) -> dict[str, str]:
	table = DocType(CUSTOMER_CREDIT_LIMIT)
	query = frappe.qb.from_(table).select(table.name, table.company)
	return dict(by_name(query, table.name, rows))


def _days_of_terms(rows: list[tuple]) -> dict[str, Decimal]:
	"""Return the credit days of payment terms templates, a month counted as 30."""
	names = {name for row in rows for name in moved(row[4], "payment_terms") or () if name}
	table = DocType("Payment Terms Template Detail")
	days = Max(Coalesce(table.credit_days, 0) + 30 * Coalesce(table.credit_months, 0))
	query = frappe.qb.from_(table).select(table.parent, days).groupby(table.parent)
	return {name: Decimal(int(found or 0)) for name, found in by_name(query, table.parent, sorted(names))}


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
			for _table, _row, changes in _lines(content)
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
