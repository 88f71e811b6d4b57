"""Duties and rules as they are kept on the site, read for the rules of the core."""

from collections.abc import Iterable
from dataclasses import replace

import frappe
from frappe.utils.safe_exec import is_safe_exec_enabled

from client_ledger.core.duties.conflicts import KeptApart
from client_ledger.core.duties.rights import Way
from client_ledger.duties.own_actions import OWN_ACTIONS, way_of
from client_ledger.site.doctypes import DUTY_RIGHT, DUTY_RULE

DutyRow = frappe._dict
FIELDS = (
	"parent",
	"document_type",
	"permission",
	"workflow_action",
	"own_action",
	"where_field",
	"where_value",
)


def active_rules(names: Iterable[str] | None = None) -> list[KeptApart]:
	"""Return the active rules, by name; of *names* only, where they are given."""
	filters: dict = {"enabled": 1}
	if names is not None:
		filters["name"] = ("in", list(names))
	rows = frappe.get_all(DUTY_RULE, filters, ["name", "first_duty", "second_duty"], order_by="name")
	return [KeptApart(row.name, row.first_duty, row.second_duty) for row in rows]


def duty_rows(duties: Iterable[str]) -> list[DutyRow]:
	"""Return the rows of duties: their ways."""
	return frappe.get_all(
		DUTY_RIGHT,
		{"parent": ("in", list(duties)), "parenttype": "Duty"},
		list(FIELDS),
		order_by="parent, idx",
	)


def ways_of(rows: Iterable[DutyRow]) -> dict[str, list[Way]]:
	"""Return the ways of doing each duty, by its name. A way through a DocType that is gone is none, nor one through scripts
	that the site does not run, nor one that only what was done is told by.
	"""
	found: dict[str, list[Way]] = {}
	for row in rows:
		if row.document_type == "Server Script" and not is_safe_exec_enabled():
			continue
		if row.own_action in OWN_ACTIONS:
			if OWN_ACTIONS[row.own_action].done_only:
				continue
			way = way_of(OWN_ACTIONS[row.own_action])
			ways = _by_rights(way) if len(way.rights) == 1 and not way.roles else [way]
		else:
			right = (row.document_type, row.permission.lower())
			ways = _by_rights(Way((right,), action=row.workflow_action or ""))
		found.setdefault(row.parent, []).extend(ways)
	return found


def _by_rights(way: Way) -> list[Way]:
	"""Return a way by one right with what that takes besides: Frappe saves what it submits or cancels, or makes it as submitted."""
	((doctype, right),) = way.rights
	besides = {"submit": ("write", "create"), "cancel": ("write",)}.get(right, ())
	return [replace(way, rights=((doctype, right), (doctype, other))) for other in besides] or [way]


def duties_of(rules: Iterable[KeptApart]) -> list[str]:
	"""Return the duties that rules name."""
	return sorted({name for rule in rules for name in (rule.first, rule.second)})


def watched_doctypes() -> set[str]:
	"""Return the DocTypes whose permissions matter to an active rule."""
	ways = ways_of(duty_rows(duties_of(active_rules())))
	return {doctype for found in ways.values() for way in found for doctype, _right in way.rights}
