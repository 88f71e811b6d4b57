"""What the form of a check list shows: each check with the documents behind its figure, what was done, and what the user may do."""

from typing import Any

import frappe
from frappe.model.document import Document

from client_ledger.core.entries import Voucher
from client_ledger.core.period_checks import POSSIBLE, ListAction, ListStatus, is_late
from client_ledger.period_checks.access import can
from client_ledger.period_checks.decisions import history_of, is_maker
from client_ledger.period_checks.documents import long_running_days
from client_ledger.period_checks.lists import details_of
from client_ledger.site.access import readable


def shown(doc: Document) -> dict[str, Any]:
	"""Return {checks, history, changes, may, late, dispute_days}.

	checks: rows of the list with their amounts per currency, the documents behind them (`readable` where the user may open
	one) and how many more there are.
	"""
	found = {row.name: details_of(row) for row in doc.checks}
	behind = [one for details in found.values() for one in details.get("rows", ())]
	may_open = readable(Voucher(one["doctype"], one["name"]) for one in behind)
	names = _customer_names({one["customer"] for one in behind if one["customer"]})
	return {
		"checks": [
			{
				"check": row.check_name,
				"state": row.state,
				"found": row.found,
				"explanation": row.explanation,
				"explained_by": row.explained_by,
				"amounts": found[row.name].get("amounts", []),
				"compared": found[row.name].get("compared", []),
				"more": found[row.name].get("more", 0),
				"rows": [
					{
						**one,
						"customer_name": names.get(one["customer"], one["customer"]),
						"readable": Voucher(one["doctype"], one["name"]) in may_open,
					}
					for one in found[row.name].get("rows", ())
				],
			}
			for row in doc.checks
		],
		"history": history_of(doc),
		"changes": frappe.parse_json(doc.changes) or [],
		"may": may(doc),
		"late": is_late(ListStatus(doc.status), frappe.utils.getdate(doc.due_date), frappe.utils.getdate()),
		"dispute_days": long_running_days(),
	}


def may(doc: Document) -> dict[str, bool]:
	"""Return what the user may do with a list as it stands: {read, explain, prepare, approve, reopen, maker}."""
	possible = {action for action, statuses in POSSIBLE.items() if ListStatus(doc.status) in statuses}
	writes = bool(doc.has_permission("write"))
	roles = {
		ListAction.READ: "prepare",
		ListAction.EXPLAIN: "prepare",
		ListAction.PREPARE: "prepare",
		ListAction.APPROVE: "approve",
		ListAction.REOPEN: "reopen",
	}
	allowed = {
		action.value.lower(): writes and action in possible and can(role) for action, role in roles.items()
	}
	maker = is_maker(doc)
	allowed["approve"] = allowed["approve"] and not maker
	return {**allowed, "maker": maker}


def _customer_names(customers: set[str]) -> dict[str, str]:
	rows = frappe.get_all(
		"Customer", {"name": ("in", sorted(customers))}, ["name", "customer_name"], order_by="name"
	)
	return {row.name: row.customer_name for row in rows}
