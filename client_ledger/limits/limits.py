"""The limit in force on the site: what grants it, read for one customer or for many. Permissions are the caller's."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

import frappe

from client_ledger.core.account import AccountKey
from client_ledger.core.credit.limits import (
	Limit,
	LimitRow,
	ReferenceRow,
	Sources,
)
from client_ledger.core.credit.limits import (
	effective_limit as limit_of_sources,
)
from client_ledger.core.money import ZERO, as_money
from client_ledger.limits.sharing import holder_of

LIMIT, REFERENCE, HOST_LIMIT = "Credit Limit", "Credit Reference", "Customer Credit Limit"


def effective_limit(customer: str, company: str, on: date) -> Limit:
	"""Return the limit that counts for *customer* with *company* on a day: its holder's."""
	holder = holder_of(customer)
	return effective_limits((company,), (holder,), on)[AccountKey(holder, company)]


def effective_limits(companies: Iterable[str], customers: Iterable[str], on: date) -> dict[AccountKey, Limit]:
	"""Return the limit in force of every one of *customers* (as holders) with every one of *companies*."""
	companies, customers = tuple(companies), tuple(customers)
	sources = read_sources(companies, customers, on)
	return {key: limit_of_sources(found, on) for key, found in sources.items()}


def read_sources(
	companies: tuple[str, ...], customers: tuple[str, ...], on: date
) -> dict[AccountKey, Sources]:
	"""Return what grants the limits, in a handful of statements however many customers."""
	groups = _groups(customers)
	of_customer = _host_limits("Customer", customers, companies)
	of_group = _host_limits("Customer Group", tuple(set(groups.values())), companies, with_bypass=True)
	of_company = {
		company: as_money(frappe.get_cached_value("Company", company, "credit_limit"))
		for company in companies
	}
	granted = _granted(customers, companies, on)
	references = _references(customers, companies, on)
	found = {}
	for customer in customers:
		for company in companies:
			key = AccountKey(customer, company)
			rows = granted.get(key, ())
			found[key] = Sources(
				temporary=tuple(row for row in rows if row.amount is not None),
				no_credit=tuple(row for row in rows if row.amount is None),
				customer=of_customer.get((customer, company), ZERO),
				group=of_group.get((groups.get(customer), company), ZERO),
				company=of_company[company],
				references=(*references.get((customer, company), ()), *references.get((customer, None), ())),
			)
	return found


def _groups(customers: tuple[str, ...]) -> dict[str, str]:
	if len(customers) == 1:
		return {customers[0]: frappe.get_cached_value("Customer", customers[0], "customer_group")}
	rows = frappe.get_all(
		"Customer", {"name": ("in", customers)}, ["name", "customer_group"], order_by="name"
	)
	return {row.name: row.customer_group for row in rows}


def _host_limits(
	parenttype: str, parents: tuple[str, ...], companies: tuple[str, ...], with_bypass: bool = False
) -> Mapping[tuple[str, str], Decimal]:
	"""Return the host's own limits. A group told to bypass the check grants none, as in ERPNext."""
	filters = {"parenttype": parenttype, "parent": ("in", parents), "company": ("in", companies)}
	rows = frappe.get_all(
		HOST_LIMIT,
		filters,
		["parent", "company", "credit_limit", "bypass_credit_limit_check"],
		order_by="parent, idx",
	)
	return {
		(row.parent, row.company): as_money(row.credit_limit)
		for row in rows
		if not (with_bypass and row.bypass_credit_limit_check)
	}


def _granted(
	customers: tuple[str, ...], companies: tuple[str, ...], on: date
) -> dict[AccountKey, list[LimitRow]]:
	"""Return the approved temporary limits and bars (amount None) that are not over."""
	rows = frappe.get_all(
		LIMIT,
		{
			"docstatus": 1,
			"limit_type": ("in", ("Temporary", "No Credit")),
			"customer": ("in", customers),
			"company": ("in", companies),
		},
		["name", "customer", "company", "limit_type", "amount", "valid_from", "valid_to"],
		order_by="name",
	)
	found: dict[AccountKey, list[LimitRow]] = {}
	for row in rows:
		if row.valid_to is None or row.valid_to >= on:
			amount = None if row.limit_type == "No Credit" else as_money(row.amount)
			found.setdefault(AccountKey(row.customer, row.company), []).append(
				LimitRow(row.name, amount, row.valid_from, row.valid_to)
			)
	return found


def _references(
	customers: tuple[str, ...], companies: tuple[str, ...], on: date
) -> dict[tuple[str, str | None], list[ReferenceRow]]:
	rows = frappe.get_all(
		REFERENCE,
		{"customer": ("in", customers), "limit_effect": ("in", ("Raise", "Cap")), "valid_to": (">=", on)},
		["name", "customer", "company", "limit_effect", "amount", "valid_from", "valid_to"],
		order_by="name",
	)
	found: dict[tuple[str, str | None], list[ReferenceRow]] = {}
	for row in rows:
		if not row.company or row.company in companies:
			found.setdefault((row.customer, row.company or None), []).append(
				ReferenceRow(
					row.name, row.limit_effect == "Raise", as_money(row.amount), row.valid_from, row.valid_to
				)
			)
	return found
