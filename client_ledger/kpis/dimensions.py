"""What customers are put together by: customer group, territory, sales person, collector, segment and credit grade."""

from collections.abc import Mapping
from typing import Any

import frappe
from frappe.utils import cint, flt

from client_ledger.core.marked import marked
from client_ledger.site.doctypes import CLIENT_ACCOUNT

GROUP, TERRITORY, SALES_PERSON = marked("Customer Group"), marked("Territory"), marked("Sales Person")
COLLECTOR, SEGMENT, GRADE = marked("Collector"), marked("Segment"), marked("Credit Grade")
# In the order that is shown; the options of KPI Month End's field are the same.
DIMENSIONS = (GROUP, TERRITORY, SALES_PERSON, COLLECTOR, SEGMENT, GRADE)
_OF_ACCOUNT = {COLLECTOR: "collector", SEGMENT: "behaviour_segment", GRADE: "credit_grade"}
_OF_CUSTOMER = {GROUP: "customer_group", TERRITORY: "territory"}


def values_of(company: str) -> dict[str, dict[str, str]]:
	"""Return per dimension what each customer is, as of now; "" or no entry where it is nothing."""
	found: dict[str, dict[str, str]] = {}
	customers = frappe.get_all("Customer", fields=["name", *_OF_CUSTOMER.values()], order_by="name")
	for dimension, field in _OF_CUSTOMER.items():
		found[dimension] = {row.name: row[field] or "" for row in customers}
	found[SALES_PERSON] = first_of_team(sales_teams())
	accounts = frappe.get_all(
		CLIENT_ACCOUNT, {"company": company}, ["customer", *_OF_ACCOUNT.values()], order_by="name"
	)
	for dimension, field in _OF_ACCOUNT.items():
		found[dimension] = {row.customer: row[field] or "" for row in accounts}
	return {dimension: found[dimension] for dimension in DIMENSIONS}


def sales_teams() -> dict[str, dict[str, dict[str, Any]]]:
	"""Return the rows of each customer's sales team by their names."""
	rows = frappe.get_all(
		"Sales Team",
		{"parenttype": "Customer"},
		["name", "parent", "sales_person", "allocated_percentage", "idx"],
		order_by="parent, idx",
	)
	found: dict[str, dict[str, dict[str, Any]]] = {}
	for row in rows:
		found.setdefault(row.parent, {})[row.name] = row
	return found


def first_of_team(teams: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, str]:
	"""Return the sales person with the largest share of each customer; the first of equals."""
	return {
		customer: min(team.values(), key=lambda row: (-flt(row["allocated_percentage"]), cint(row["idx"])))[
			"sales_person"
		]
		for customer, team in teams.items()
		if team
	}


def label_of(dimension: str, value: str) -> str:
	"""Return what a value is called: a collector by name, all else as it is; nothing has no name here."""
	if dimension == COLLECTOR and value:
		return frappe.get_cached_value("User", value, "full_name") or value
	return value
