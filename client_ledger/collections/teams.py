"""Teams on a site: who looks after each account, and who is its manager."""

from collections.abc import Iterable

import frappe
from frappe.utils import cint

from client_ledger.core.collections.ownership import (
	Belonging,
	ScopeKind,
	Team,
	TeamMember,
	TeamScope,
	collector,
)
from client_ledger.site.doctypes import COLLECTOR_TEAM

# The field of a scope's row that holds its value.
VALUE_OF = {
	ScopeKind.TERRITORY: "territory",
	ScopeKind.CUSTOMER_GROUP: "customer_group",
	ScopeKind.SEGMENT: "segment",
	ScopeKind.CUSTOMER: "customer",
}


def site_teams() -> list[Team]:
	"""Return the enabled teams."""
	names = frappe.get_all(COLLECTOR_TEAM, {"enabled": 1}, pluck="name", order_by="name")
	return [_as_team(frappe.get_cached_doc(COLLECTOR_TEAM, name)) for name in names]


def _as_team(doc: "frappe.model.document.Document") -> Team:
	return Team(
		doc.name,
		tuple(TeamMember(row.user, cint(row.share)) for row in doc.members),
		tuple(TeamScope(ScopeKind(row.applies_to), _value(row)) for row in doc.scopes),
		doc.for_company or "",
	)


def _value(row: "frappe.model.document.Document") -> str:
	field = VALUE_OF.get(ScopeKind(row.applies_to))
	return (row.get(field) or "") if field else ""


def collectors_of(accounts: Iterable[frappe._dict]) -> dict[str, str | None]:
	"""Return who looks after each account by its name. accounts: name, customer, company, group, territory, segment."""
	teams = site_teams()
	if not teams:
		return {row.name: None for row in accounts}
	groups, territories = _lineage("Customer Group"), _lineage("Territory")
	return {
		row.name: collector(
			Belonging(
				row.customer,
				row.company,
				row.volume_segment or "",
				groups.get(row.customer_group, ()),
				territories.get(row.territory, ()),
			),
			teams,
		)
		for row in accounts
	}


def _lineage(doctype: str) -> dict[str, tuple[str, ...]]:
	"""Return each node of a tree with those above it, the closest first."""
	parent = dict(
		frappe.get_all(
			doctype, fields=["name", f"parent_{frappe.scrub(doctype)}"], order_by="name", as_list=True
		)
	)
	found = {}
	for name in parent:
		line, node = [], name
		while node and node not in line:
			line.append(node)
			node = parent.get(node)
		found[name] = tuple(line)
	return found


def manager_of(user: str) -> str | None:
	"""Return the manager of the team a user is in, None where it is in none or is its manager."""
	member, team = frappe.qb.DocType("Collector Team Member"), frappe.qb.DocType(COLLECTOR_TEAM)
	rows = (
		frappe.qb.from_(member)
		.join(team)
		.on(team.name == member.parent)
		.select(team.manager)
		.where((member.user == user) & (team.enabled == 1) & team.manager.isnotnull())
		.where(team.manager != "")
		.orderby(team.name)
		.limit(1)
	).run()
	return rows[0][0] if rows and rows[0][0] != user else None
