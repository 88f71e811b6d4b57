"""The limit in force on the site: what grants it, read for one customer or for many. Permissions are the caller's."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import frappe
from frappe.query_builder import Order
from pypika import Table
from pypika.terms import Criterion

from client_ledger.core.account import AccountKey
from client_ledger.core.credit.limits import Limit, LimitRow, LimitSources, ReferenceRow, own_limit
from client_ledger.core.credit.limits import (
	effective_limit as limit_of_sources,
)
from client_ledger.core.money import ZERO, as_money
from client_ledger.credit.limits import references
from client_ledger.credit.limits.credit_groups import parent_of
from client_ledger.site.doctypes import CREDIT_LIMIT, CREDIT_REFERENCE, CUSTOMER_CREDIT_LIMIT

PERMANENT, NO_CREDIT = "Permanent", "No Credit"
# Above so many names, reading all rows of a small table is cheaper than naming them.
MOST_NAMED = 500


@dataclass(slots=True)
class Granted:
	"""Approved limits of one account. permanent: those that ERPNext's row does not have yet."""

	permanent: list[LimitRow] = field(default_factory=list)
	temporary: list[LimitRow] = field(default_factory=list)
	no_credit: list[LimitRow] = field(default_factory=list)

	def of_type(self, limit_type: str) -> list[LimitRow]:
		"""Return those of a type, as Credit Limit names it."""
		return getattr(self, frappe.scrub(limit_type))


def effective_limit(customer: str, company: str, on: date) -> Limit:
	"""Return the limit that counts for *customer* with *company* on a day: its parent's."""
	parent = parent_of(customer)
	return effective_limits((company,), (parent,), on)[AccountKey(parent, company)]


def effective_limits(companies: Iterable[str], customers: Iterable[str], on: date) -> dict[AccountKey, Limit]:
	"""Return the limit in force of every one of *customers* (as holders) with every one of *companies*."""
	companies, customers = tuple(companies), tuple(customers)
	sources = read_sources(companies, customers, on)
	return {key: limit_of_sources(found, on) for key, found in sources.items()}


def read_sources(
	companies: tuple[str, ...], customers: tuple[str, ...], on: date
) -> dict[AccountKey, LimitSources]:
	"""Return what grants the limits, in a handful of statements however many customers."""
	if not customers or not companies:
		return {}
	groups = _groups(customers)
	of_customer, of_group = _host_limits(customers, tuple(set(groups.values())), companies)
	of_company = {
		company: as_money(frappe.get_cached_value("Company", company, "credit_limit"))
		for company in companies
	}
	granted = _granted(customers, companies, on)
	found_references = _references(customers, companies, on)
	found = {}
	for customer in customers:
		for company in companies:
			key = AccountKey(customer, company)
			approved = granted.get(key, Granted())
			found[key] = LimitSources(
				temporary=tuple(approved.temporary),
				no_credit=tuple(approved.no_credit),
				customer=own_limit(of_customer.get((customer, company), ZERO), approved.permanent, on),
				group=of_group.get((groups.get(customer), company), ZERO),
				company=of_company[company],
				references=(
					*found_references.get((customer, company), ()),
					*found_references.get((customer, None), ()),
				),
			)
	return found


def _named(fieldname: str, names: tuple[str, ...]) -> dict:
	"""Return the filter on names; none where they are too many to be worth it: then all rows are read."""
	return {fieldname: ("in", names)} if len(names) <= MOST_NAMED else {}


def _groups(customers: tuple[str, ...]) -> dict[str, str]:
	if len(customers) == 1:
		return {customers[0]: frappe.db.get_value("Customer", customers[0], "customer_group")}
	rows = frappe.get_all("Customer", _named("name", customers), ["name", "customer_group"], order_by="name")
	return {row.name: row.customer_group for row in rows}


def _host_limits(
	customers: tuple[str, ...], groups: tuple[str, ...], companies: tuple[str, ...]
) -> tuple[dict[tuple[str, str], Decimal], dict[tuple[str, str], Decimal]]:
	"""Return ERPNext's own limits of customers, and of groups. A group told to bypass the check grants none, as in ERPNext."""
	row = frappe.qb.DocType(CUSTOMER_CREDIT_LIMIT)
	asked = [
		(row.parenttype == parenttype) & row.parent.isin(names or ("",))
		if len(names) <= MOST_NAMED
		else row.parenttype == parenttype
		for parenttype, names in (("Customer", customers), ("Customer Group", groups))
	]
	query = (
		frappe.qb.from_(row)
		.select(row.parenttype, row.parent, row.company, row.credit_limit, row.bypass_credit_limit_check)
		.where(row.company.isin(companies) & (asked[0] | asked[1]))
		.orderby(row.parent)
		.orderby(row.idx, order=Order.desc)
	)
	of_customer, of_group = {}, {}
	for parenttype, parent, company, amount, bypass in query.run():
		if parenttype == "Customer":
			of_customer[(parent, company)] = as_money(amount)
		elif not bypass:
			of_group[(parent, company)] = as_money(amount)
	return of_customer, of_group


def _granted(customers: tuple[str, ...], companies: tuple[str, ...], on: date) -> dict[AccountKey, Granted]:
	"""Return what is approved and not over, and permanent limits that ERPNext's row does not have yet."""
	limit = frappe.qb.DocType(CREDIT_LIMIT)
	query = (
		frappe.qb.from_(limit)
		.select(limit.name, limit.customer, limit.company, limit.limit_type, limit.amount)
		.select(limit.valid_from, limit.valid_to)
		.where((limit.docstatus == 1) & limit.company.isin(companies))
		.where(
			((limit.limit_type == PERMANENT) & limit.applied_on.isnull())
			| ((limit.limit_type != PERMANENT) & (limit.valid_to.isnull() | (limit.valid_to >= on)))
		)
		.orderby(limit.name)
	)
	if len(customers) <= MOST_NAMED:
		query = query.where(limit.customer.isin(customers))
	found: dict[AccountKey, Granted] = {}
	for name, customer, company, limit_type, amount, valid_from, valid_to in query.run():
		amount = None if limit_type == NO_CREDIT else as_money(amount)
		granted = found.setdefault(AccountKey(customer, company), Granted())
		granted.of_type(limit_type).append(LimitRow(name, amount, valid_from, valid_to))
	return found


def _approved_raise(table: Table) -> Criterion:
	return (table.limit_effect == references.RAISE) & (table.approval_status == references.APPROVED)


def _references(
	customers: tuple[str, ...], companies: tuple[str, ...], on: date
) -> dict[tuple[str, str | None], list[ReferenceRow]]:
	table = frappe.qb.DocType(CREDIT_REFERENCE)
	query = (
		frappe.qb.from_(table)
		.select(table.name, table.customer, table.company, table.limit_effect, table.amount)
		.select(table.valid_from, table.valid_to)
		.where((table.limit_effect == "Cap") | _approved_raise(table))
		.where(table.valid_to >= on)
		.orderby(table.name)
	)
	if len(customers) <= MOST_NAMED:
		query = query.where(table.customer.isin(customers))
	found: dict[tuple[str, str | None], list[ReferenceRow]] = {}
	for row in query.run(as_dict=True):
		if not row.company or row.company in companies:
			found.setdefault((row.customer, row.company or None), []).append(
				ReferenceRow(
					row.name, row.limit_effect == "Raise", as_money(row.amount), row.valid_from, row.valid_to
				)
			)
	return found
