"""What the desk asks the server for about credit: assessments, decisions on holds.

Each function begins with its permission check.
"""

import frappe

from client_ledger.customer_ledger.access import check_customer
from client_ledger.customer_ledger.source import make_request
from client_ledger.grading import assessments
from client_ledger.holds import decisions
from client_ledger.holds.queue import HOLD


@frappe.whitelist(methods=["POST"])
def assess_now(customer: str, company: str) -> str:
	"""Assess a customer now; return the assessment's name. Takes the right to make assessments."""
	frappe.has_permission("Credit Assessment", "create", throw=True)
	make_request(customer, company, None)
	check_customer(customer)
	return assessments.assess_now(customer, company)


@frappe.whitelist(methods=["POST"])
def release_hold(name: str, reason: str, grace_days: int = 0) -> str:
	"""Release a held document; return the hold's status."""
	frappe.has_permission(HOLD, "write", doc=name, throw=True)
	return decisions.release(name, reason, grace_days).status


@frappe.whitelist(methods=["POST"])
def reject_hold(name: str, reason: str) -> str:
	"""Reject a held document; return the hold's status."""
	frappe.has_permission(HOLD, "write", doc=name, throw=True)
	return decisions.reject(name, reason).status


@frappe.whitelist(methods=["POST"])
def reevaluate_hold(name: str) -> str:
	"""Test the rules on one held document again; return the hold's status. Whoever may see the hold may ask."""
	frappe.has_permission(HOLD, "read", doc=name, throw=True)
	return decisions.reevaluate(name)


@frappe.whitelist(methods=["POST"])
def reevaluate_holds() -> None:
	"""Test the rules on all held documents again, in the background."""
	frappe.has_permission(HOLD, "write", throw=True)
	frappe.enqueue(
		"client_ledger.tasks.reevaluate_holds", queue="long", job_id="client_ledger_holds", deduplicate=True
	)
