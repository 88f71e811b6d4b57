"""What the desk asks the server for about credit: assessments, exposure, decisions on holds.

Each function begins with its permission check.
"""

import frappe
from frappe.utils import getdate

from client_ledger.customer_credit.view import credit_view
from client_ledger.customer_ledger.access import check_customer, permitted_companies
from client_ledger.customer_ledger.source import account_ties, default_company
from client_ledger.grading import assessments
from client_ledger.holds import decisions
from client_ledger.holds.queue import HOLD
from client_ledger.ledger.site import site_ledger
from client_ledger.limits import view
from client_ledger.reporting.scope import check_company


@frappe.whitelist(methods=["GET"])
def customer_credit(customer: str, company: str | None = None) -> dict:
	"""Return what the Credit tab shows: grade with its reasons, exposure and limit, holds and history.

	Without a company: the user's own if the customer has entries with it, else the one with the largest balance.
	"""
	check_customer(customer)
	companies = permitted_companies()
	if company:
		check_company(company)
	ties = account_ties(site_ledger(), customer, companies, getdate())
	shown = sorted({*ties, *([company] if company else [])}) or companies
	return credit_view(customer, company or default_company(companies, ties), shown)


@frappe.whitelist(methods=["GET"])
def customer_exposure(customer: str, company: str) -> dict:
	"""Return the limit in force with its steps, what counts for it, and every document behind it."""
	check_customer(customer)
	check_company(company)
	return view.exposure_view(customer, company)


@frappe.whitelist(methods=["POST"])
def assess_now(customer: str, company: str) -> str:
	"""Assess a customer now; return the assessment's name. Takes the right to make assessments."""
	frappe.has_permission("Credit Assessment", "create", throw=True)
	check_customer(customer)
	check_company(company)
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
