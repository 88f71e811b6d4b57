"""What waits for a person in credit, for the home page: held documents, and limits that somebody has requested.

Each answer is {"total", "amounts": [{currency, amount}], "rows"}: of all that the user may see, and the first few; None where
the list is closed to the user.
"""

from collections.abc import Sequence

import frappe
from frappe import _
from frappe.utils import flt
from pypika.queries import Table
from pypika.terms import Criterion

from client_ledger.credit.check.approvers import PARTIES, may_decide
from client_ledger.credit.check.holds import ON_HOLD
from client_ledger.credit.limits import changes, references
from client_ledger.site.approvals import is_maker
from client_ledger.site.doctypes import CREDIT_HOLD, CREDIT_HOLD_REASON, CREDIT_LIMIT, CREDIT_REFERENCE
from client_ledger.site.visible import may_list, summed, sums


def holds(companies: Sequence[str], most: int) -> dict | None:
	"""Return the documents on hold, longest waiting first. may_decide: whether the user may release or reject one."""
	if not may_list(CREDIT_HOLD):
		return None
	counted = sums(CREDIT_HOLD, companies, "amount", lambda hold: hold.status == ON_HOLD)
	rows = frappe.get_list(
		CREDIT_HOLD,
		{"company": ("in", companies), "status": ON_HOLD},
		["name", "customer", "customer_name", "company", "amount", "currency", "held_on", *PARTIES],
		order_by="held_on, name",
		limit_page_length=most,
	)
	rules = _rules_of([row.name for row in rows])
	may_write = frappe.has_permission(CREDIT_HOLD, "write")
	return {
		**summed(counted),
		"rows": [
			{
				"name": row.name,
				"customer": row.customer,
				"customer_name": row.customer_name,
				"company": row.company,
				"reference_doctype": row.reference_doctype,
				"reference_name": row.reference_name,
				"amount": flt(row.amount),
				"currency": row.currency,
				"held_on": str(row.held_on),
				"rules": rules.get(row.name, []),
				"may_decide": bool(may_write and may_decide(row, frappe.session.user)),
			}
			for row in rows
		],
	}


def _rules_of(holds: Sequence[str]) -> dict[str, list[str]]:
	"""Return the rules that hold each of *holds*, translated, in their order."""
	if not holds:
		return {}
	rows = frappe.get_all(
		CREDIT_HOLD_REASON,
		{"parent": ("in", holds), "parenttype": CREDIT_HOLD, "action": "Hold"},
		["parent", "rule"],
		order_by="parent, idx",
	)
	found: dict[str, list[str]] = {}
	for row in rows:
		of_hold = found.setdefault(row.parent, [])
		if (rule := _(row.rule)) not in of_hold:
			of_hold.append(rule)
	return found


def limits(companies: Sequence[str], most: int) -> dict | None:
	"""Return the limits and raising references that wait for approval, the oldest first; None for who may not approve any.

	may_approve: whether the user may approve one, which whoever requested it may not.
	"""
	if not may_list(CREDIT_LIMIT) or not frappe.has_permission(CREDIT_LIMIT, "submit"):
		return None
	found = [_limits(companies, most)]
	if may_list(CREDIT_REFERENCE):
		found.append(_references(companies, most))
	counted = [row for sums_of, _rows in found for row in sums_of]
	rows = sorted((row for _sums, rows in found for row in rows), key=lambda row: row["requested_on"])
	return {**summed(counted), "rows": rows[:most]}


def _limits(companies: Sequence[str], most: int) -> tuple[list, list[dict]]:
	by_workflow = frappe.get_meta(CREDIT_LIMIT).has_field("workflow_state")
	waiting = {"company": ("in", companies), "docstatus": 0}
	if by_workflow:
		waiting["workflow_state"] = changes.PENDING

	def where(limit: Table) -> Criterion:
		is_draft = limit.docstatus == 0
		return is_draft & (limit.workflow_state == changes.PENDING) if by_workflow else is_draft

	rows = frappe.get_list(
		CREDIT_LIMIT,
		waiting,
		["name", "customer", "customer_name", "company", "currency", "amount", "limit_type", "previous_state",
		 "previous_limit", "reason", "owner", "requested_by", "makers", "creation"],
		order_by="creation, name",
		limit_page_length=most,
	)  # fmt: skip
	return sums(CREDIT_LIMIT, companies, "amount", where), [
		{
			**_request(CREDIT_LIMIT, row),
			"limit_type": row.limit_type,
			"previous_limit": flt(row.previous_limit) if row.previous_state == "Limited" else None,
			"reason": row.reason,
		}
		for row in rows
	]


def _references(companies: Sequence[str], most: int) -> tuple[list, list[dict]]:
	rows = frappe.get_list(
		CREDIT_REFERENCE,
		{"company": ("in", companies), "limit_effect": references.RAISE, "approval_status": references.PENDING},
		["name", "customer", "customer_name", "company", "currency", "amount", "reference_type", "provider", "owner",
		 "requested_by", "makers", "creation"],
		order_by="creation, name",
		limit_page_length=most,
	)  # fmt: skip

	def where(reference: Table) -> Criterion:
		return (reference.limit_effect == references.RAISE) & (
			reference.approval_status == references.PENDING
		)

	return sums(CREDIT_REFERENCE, companies, "amount", where), [
		{**_request(CREDIT_REFERENCE, row), "limit_type": row.reference_type, "reason": row.provider}
		for row in rows
	]


def _request(doctype: str, row: frappe._dict) -> dict:
	return {
		"doctype": doctype,
		"name": row.name,
		"customer": row.customer,
		"customer_name": row.customer_name,
		"company": row.company,
		"currency": row.currency,
		"amount": flt(row.amount),
		"requested_by": frappe.utils.get_fullname(row.requested_by or row.owner),
		"requested_on": str(row.creation),
		"may_approve": not is_maker(row),
	}
