"""What customers were at a month's end: today's group, territory and sales person with what Versions tell taken back; the rest as of today.

today's values -> changes of the customers since that day, the newest first, taken back -> values at the end of the day
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

import frappe
from frappe.utils import getdate

from client_ledger.kpis.dimensions import (
	GROUP,
	SALES_PERSON,
	TERRITORY,
	first_of_team,
	sales_teams,
	values_of,
)
from client_ledger.ledger.database import chunks

# Fields of Customer by dimension; of what the account holds Frappe keeps no Versions, as no form writes it.
_FIELDS = {GROUP: "customer_group", TERRITORY: "territory"}
_TEAM = "sales_team"
# Versions are long texts: so many are read at once.
_AT_ONCE = 500
Team = dict[str, dict[str, Any]]


class Members(NamedTuple):
	"""What each customer was by a dimension; "" or no entry where it was nothing. as_of: at the end of which day."""

	of: Mapping[str, str]
	as_of: date


def members_on(company: str, day: date) -> dict[str, Members]:
	"""Return per dimension what customers were at the end of *day*, or else are today."""
	today = getdate()
	now = values_of(company)
	found = {dimension: Members(values, today) for dimension, values in now.items()}
	if day >= today or not frappe.get_meta("Customer").track_changes:
		return found
	fields = {field: dict(now[dimension]) for dimension, field in _FIELDS.items()}
	teams = sales_teams()
	for customer, change in _changes_since(day):
		for field, values in fields.items():
			_take_back(values, customer, field, change)
		if _names_team(change):
			teams[customer] = _team_before(teams.get(customer, {}), change)
	for dimension, field in _FIELDS.items():
		found[dimension] = Members(fields[field], day)
	found[SALES_PERSON] = Members(first_of_team(teams), day)
	return found


def _changes_since(day: date) -> Iterator[tuple[str, dict[str, Any]]]:
	"""Yield (customer, what changed) of the Versions after a day that are about a dimension, the newest first."""
	version = frappe.qb.DocType("Version")
	about = version.data.like(f'%"{_TEAM}"%')
	for field in _FIELDS.values():
		about |= version.data.like(f'%"{field}"%')
	names = (
		frappe.qb.from_(version)
		.select(version.name)
		.where((version.ref_doctype == "Customer") & (version.creation >= day + timedelta(days=1)) & about)
		.orderby(version.creation, order=frappe.qb.desc)
		.run(pluck=True)
	)
	for some in chunks(names, _AT_ONCE):
		rows = frappe.get_all(
			"Version", {"name": ("in", list(some))}, ["docname", "data"], order_by="creation desc, name desc"
		)
		for row in rows:
			yield row.docname, _parsed(row.data)


def _parsed(data: str | None) -> dict[str, Any]:
	try:
		found = json.loads(data or "{}")
	except ValueError:
		return {}
	return found if isinstance(found, dict) else {}


def _take_back(values: dict[str, str], customer: str, field: str, change: Mapping[str, Any]) -> None:
	for changed, old, _new in change.get("changed") or ():
		if changed == field and customer in values:
			values[customer] = old or ""


def _names_team(change: Mapping[str, Any]) -> bool:
	return any(
		row[0] == _TEAM for key in ("added", "removed", "row_changed") for row in change.get(key) or ()
	)


def _team_before(team: Team, change: Mapping[str, Any]) -> Team:
	"""Return a sales team by row name as it was before a change."""
	found = {name: dict(row) for name, row in team.items()}
	for table, row in change.get("added") or ():
		if table == _TEAM:
			found.pop(row.get("name"), None)
	for table, row in change.get("removed") or ():
		if table == _TEAM:
			found[row.get("name")] = row
	for table, _place, name, changed in change.get("row_changed") or ():
		if table == _TEAM and name in found:
			found[name] |= {field: old for field, old, _new in changed}
	return found
