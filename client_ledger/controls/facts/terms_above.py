"""Limits and payment terms that hold for customers without their own: those of their group, of the company, of a template.

A change of one is told for each customer to whom it applied and who ordered about that time: for the others it changes nothing yet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from sys import intern
from typing import NamedTuple

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce, Max

from client_ledger.controls.facts.formatted import as_amount
from client_ledger.controls.facts.versions import Changed, moved, slices
from client_ledger.controls.facts.window import FactWindow, by_name
from client_ledger.core.controls.facts import ORDER, TermsChangeFact, TermsKind
from client_ledger.core.money import ZERO
from client_ledger.site.doctypes import CUSTOMER_CREDIT_LIMIT

TABLE = "credit_limits"
GROUP, COMPANY, TEMPLATE = "Customer Group", "Company", "Payment Terms Template"
# A limit is compared with orders of so many days before and after it.
_ABOUT = timedelta(days=31)


def limit_rows(content: Changed) -> Iterator[tuple]:
	"""Yield (table, row, changes) of the limits that were changed."""
	for line in content.get("row_changed") or ():
		if line[0] == TABLE:
			yield line[0], line[2], line[3]


def limits_of(content: Changed, companies: dict[str, str]) -> Iterator[tuple[str, Decimal, Decimal]]:
	"""Yield (company, old, new) of the limits that were changed; 0 is none. companies: of the rows that are still there."""
	for _table, row, changes in limit_rows(content):
		for change in changes:
			if change[0] == "credit_limit" and row in companies:
				yield companies[row], as_amount(change[1]), as_amount(change[2])
	before = {row["company"]: row for table, row in content.get("removed") or () if table == TABLE}
	after = {row["company"]: row for table, row in content.get("added") or () if table == TABLE}
	for company in before.keys() | after.keys():
		old, new = (Decimal(str(rows.get(company, {}).get("credit_limit") or 0)) for rows in (before, after))
		if old != new:
			yield company, old, new


def companies_of_rows(rows: Sequence[str]) -> dict[str, str]:
	"""Return the companies of rows of limits."""
	table = DocType(CUSTOMER_CREDIT_LIMIT)
	query = frappe.qb.from_(table).select(table.name, table.company)
	return dict(by_name(query, table.name, rows))


def days_of_terms(names: Sequence[str]) -> dict[str, Decimal]:
	"""Return the credit days of payment terms templates, a month counted as 30."""
	table = DocType("Payment Terms Template Detail")
	days = Max(Coalesce(table.credit_days, 0) + 30 * Coalesce(table.credit_months, 0))
	query = frappe.qb.from_(table).select(table.parent, days).groupby(table.parent)
	return {name: Decimal(int(found or 0)) for name, found in by_name(query, table.parent, sorted(names))}


@dataclass
class TermsAbove:
	"""What holds for customers of a company that have nothing of their own, as it is now."""

	company: str
	groups: dict[str, str] = field(default_factory=dict)

	@cached_property
	def own_limits(self) -> dict[tuple[str, str], Decimal]:
		"""The limits of customers and groups, by (DocType, name)."""
		rows = frappe.get_all(
			CUSTOMER_CREDIT_LIMIT,
			{"company": self.company, "credit_limit": (">", 0)},
			["parenttype", "parent", "credit_limit"],
			order_by="parent",
		)
		return {(row.parenttype, row.parent): Decimal(str(row.credit_limit)) for row in rows}

	@cached_property
	def company_limit(self) -> Decimal:
		"""The limit of all customers of the company, 0 for none."""
		return Decimal(str(frappe.db.get_value(COMPANY, self.company, "credit_limit") or 0))

	def limit(self, group: str | None) -> Decimal:
		"""Return the limit of a group's customers that have none of their own, 0 for none."""
		return self.own_limits.get((GROUP, group or "")) or self.company_limit

	@cached_property
	def group_terms(self) -> dict[str, str]:
		"""The payment terms templates of groups."""
		rows = frappe.get_all(
			GROUP, {"payment_terms": ("is", "set")}, ["name", "payment_terms"], order_by="name"
		)
		return {row.name: row.payment_terms for row in rows}

	@cached_property
	def company_terms(self) -> str:
		"""The company's payment terms template."""
		return frappe.db.get_value(COMPANY, self.company, "payment_terms") or ""

	def terms(self, group: str | None) -> str:
		"""Return the template of a group's customers that have none of their own."""
		return self.group_terms.get(group or "") or self.company_terms


class _TermsMoved(NamedTuple):
	version: str
	doctype: str
	name: str
	person: str
	at: datetime
	kind: TermsKind
	old: Decimal | None
	new: Decimal | None


class _OrderingCustomer(NamedTuple):
	group: str
	terms: str


def read_terms_above(window: FactWindow, since: datetime | None = None) -> list[TermsChangeFact]:
	"""Return changes of the terms of groups, company and templates, for each customer they held for. since: the window's begin."""
	changes = list(_changes(window, since or window.since_moment))
	return list(_told(window, changes)) if changes else []


def _changes(window: FactWindow, since: datetime) -> Iterator[_TermsMoved]:
	found = [(doctype, *row) for doctype in (GROUP, COMPANY, TEMPLATE) for row in slices(doctype, since)]
	companies = companies_of_rows([line[1] for row in found for line in limit_rows(row[5])])
	templates = {name for row in found for name in moved(row[5], "payment_terms") or () if name}
	days = days_of_terms(sorted(templates))
	for doctype, version, name, person, at, content in found:
		if doctype == COMPANY and name != window.company:
			continue
		head = (version, doctype, name, person, at)
		if doctype == TEMPLATE:
			old, new = _days_moved(content)
			if old != new:
				yield _TermsMoved(*head, TermsKind.DAYS, old, new)
			continue
		if change := moved(content, "payment_terms"):
			yield _TermsMoved(*head, TermsKind.DAYS, *(days.get(one or "", ZERO) for one in change))
		if doctype == COMPANY and (change := moved(content, "credit_limit")):
			yield _TermsMoved(*head, TermsKind.LIMIT, *(as_amount(one) or None for one in change))
		for company, old, new in limits_of(content, companies):
			if company == window.company:
				yield _TermsMoved(*head, TermsKind.LIMIT, old or None, new or None)


def _days_moved(content: Changed) -> tuple[Decimal, Decimal]:
	"""Return the longest days of the terms of a template that were changed, before and after."""
	old, new = [ZERO], [ZERO]
	for table, _place, _row, changes in content.get("row_changed") or ():
		for field_, before, after in changes:
			if table == "terms" and field_ in ("credit_days", "credit_months"):
				unit = 30 if field_ == "credit_months" else 1
				old.append(as_amount(before) * unit)
				new.append(as_amount(after) * unit)
	for kind, found in (("removed", old), ("added", new)):
		for table, row in content.get(kind) or ():
			if table == "terms":
				found.append(
					Decimal(int(row.get("credit_days") or 0) + 30 * int(row.get("credit_months") or 0))
				)
	return max(old), max(new)


def _told(window: FactWindow, changes: Sequence[_TermsMoved]) -> Iterator[TermsChangeFact]:
	orders = _orders(window, min(one.at for one in changes), max(one.at for one in changes))
	customers = _customers(sorted({row[0] for row in orders}))
	above = TermsAbove(window.company)
	for change in changes:
		near = [row for row in orders if abs(row[1] - change.at) <= _ABOUT]
		for customer in sorted({row[0] for row in near if row[0] in customers}):
			by_order = any(row[0] == customer and row[2] == change.name for row in near)
			if _holds_for(change, customer, customers[customer], above, by_order):
				yield TermsChangeFact(
					name=f"{change.version}-{customer}",
					customer=intern(customer),
					at=change.at,
					person=change.person,
					kind=change.kind,
					old=change.old,
					new=change.new,
				)


def _holds_for(
	change: _TermsMoved, name: str, customer: _OrderingCustomer, above: TermsAbove, by_order: bool
) -> bool:
	if change.doctype == TEMPLATE:
		return by_order or (customer.terms or above.terms(customer.group)) == change.name
	if change.kind is TermsKind.DAYS:
		own = bool(customer.terms)
		of_group = customer.group in above.group_terms
	else:
		own = ("Customer", name) in above.own_limits
		of_group = (GROUP, customer.group) in above.own_limits
	if own:
		return False
	return customer.group == change.name if change.doctype == GROUP else not of_group


def _orders(window: FactWindow, first: datetime, last: datetime) -> list[tuple]:
	order = DocType(ORDER)
	query = (
		frappe.qb.from_(order)
		.select(order.customer, order.creation, order.payment_terms_template)
		.where((order.company == window.company) & (order.docstatus == 1))
		.where((order.creation >= first - _ABOUT) & (order.creation <= last + _ABOUT))
	)
	if window.customers is not None:
		query = query.where(window.of_customers(order.customer))
	return list(query.run())


def _customers(names: Sequence[str]) -> dict[str, _OrderingCustomer]:
	table = DocType("Customer")
	query = frappe.qb.from_(table).select(table.name, table.customer_group, table.payment_terms)
	return {
		name: _OrderingCustomer(group or "", terms or "")
		for name, group, terms in by_name(query, table.name, names)
	}
