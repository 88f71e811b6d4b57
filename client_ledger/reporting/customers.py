"""Customers as reports group and filter them: name, group, territory, sales person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _
from frappe.query_builder import Order

from client_ledger.ledger.database import chunks
from client_ledger.reporting.filters import names, reject
from client_ledger.site.messages import filled


@dataclass(frozen=True, slots=True)
class CustomerFilters:
	"""Customers by name, and by group, territory and sales person with all below them in their tree."""

	names: tuple[str, ...] = ()
	customer_group: str | None = None
	territory: str | None = None
	sales_person: str | None = None


@dataclass(frozen=True, slots=True)
class CustomerFacts:
	"""What reports show of a customer. `sales_person` is the one with the largest share of the sales team."""

	customer_name: str
	customer_group: str
	territory: str
	sales_person: str = ""


def customer_filters(filters: Mapping[str, Any]) -> CustomerFilters:
	"""Return the filters on customers, or name the one that points to nothing."""
	chosen = names(filters, "customers")
	missing = set(chosen) - set(frappe.get_all("Customer", filters={"name": ("in", chosen)}, pluck="name"))
	if chosen and missing:
		reject(_("Customers"), filled(_("{0} does not exist."), ", ".join(sorted(missing))))
	trees = {
		"customer_group": ("Customer Group", _("Customer Group")),
		"territory": ("Territory", _("Territory")),
		"sales_person": ("Sales Person", _("Sales Person")),
	}
	for fieldname, (doctype, label) in trees.items():
		if filters.get(fieldname) and not frappe.db.exists(doctype, filters[fieldname]):
			reject(label, filled(_("{0} does not exist."), filters[fieldname]))
	return CustomerFilters(chosen, *(filters.get(fieldname) or None for fieldname in trees))


def customers_of(filters: CustomerFilters) -> tuple[str, ...] | None:
	"""Return the customers that meet *filters*, None where there is no filter. Permissions are the caller's."""
	if filters == CustomerFilters():
		return None
	customer = frappe.qb.DocType("Customer")
	query = frappe.qb.from_(customer).select(customer.name).orderby(customer.name, order=Order.asc)
	if filters.names:
		query = query.where(customer.name.isin(filters.names))
	if filters.customer_group:
		query = query.where(customer.customer_group.isin(_branch("Customer Group", filters.customer_group)))
	if filters.territory:
		query = query.where(customer.territory.isin(_branch("Territory", filters.territory)))
	if filters.sales_person:
		team = frappe.qb.DocType("Sales Team")
		sold_by = (
			frappe.qb.from_(team)
			.select(team.parent)
			.where(team.parenttype == "Customer")
			.where(team.sales_person.isin(_branch("Sales Person", filters.sales_person)))
		)
		query = query.where(customer.name.isin(sold_by))
	return tuple(row[0] for row in query.run())


def facts_of(customers: Iterable[str]) -> dict[str, CustomerFacts]:
	"""Return what reports show of *customers*."""
	customer, found = frappe.qb.DocType("Customer"), {}
	for chunk in chunks(dict.fromkeys(customers)):
		sales_persons = _sales_persons(chunk)
		rows = (
			frappe.qb.from_(customer)
			.select(customer.name, customer.customer_name, customer.customer_group, customer.territory)
			.where(customer.name.isin(chunk))
		).run()
		for name, customer_name, group, territory in rows:
			found[name] = CustomerFacts(
				customer_name or name, group or "", territory or "", sales_persons.get(name, "")
			)
	return found


def _sales_persons(customers: list[str]) -> dict[str, str]:
	team, found = frappe.qb.DocType("Sales Team"), {}
	rows = (
		frappe.qb.from_(team)
		.select(team.parent, team.sales_person)
		.where(team.parenttype == "Customer")
		.where(team.parent.isin(customers))
		.orderby(team.parent)
		.orderby(team.allocated_percentage, order=Order.desc)
		.orderby(team.idx)
	).run()
	for parent, sales_person in rows:
		found.setdefault(parent, sales_person)
	return found


def _branch(doctype: str, name: str) -> list[str]:
	"""Return *name* and all below it in its tree."""
	tree = frappe.qb.DocType(doctype)
	left, right = frappe.db.get_value(doctype, name, ["lft", "rgt"])
	rows = frappe.qb.from_(tree).select(tree.name).where(tree.lft >= left).where(tree.rgt <= right).run()
	return [row[0] for row in rows]
