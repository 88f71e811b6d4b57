"""What the desk asks the server for about credit: the Credit tab, grades for lists, assessments, decisions on holds.

Each function begins with its permission check.
"""

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.credit import tab
from client_ledger.credit.check import actions, decisions
from client_ledger.credit.check.documents import CHECKED
from client_ledger.credit.check.holds import WAITING
from client_ledger.credit.grades import assessments, lists
from client_ledger.credit.limits import changes, references
from client_ledger.credit.limits import view as limits_view
from client_ledger.ledger.site import site_ledger
from client_ledger.site.access import check_company, check_customer, permitted_companies
from client_ledger.site.arguments import a_text, an_amount, arguments, one_of
from client_ledger.site.doctypes import CREDIT_HOLD, CREDIT_LIMIT, CREDIT_REFERENCE
from client_ledger.site.messages import filled
from client_ledger.site.request import make_request


@frappe.whitelist(methods=["GET"])
@arguments()
def customer_credit(customer: str, company: str | None = None) -> dict:
	"""Return the Credit tab: grade with its reasons and trend, exposure against the limit, requests, holds, references.

	Without a company: the user's own if the customer has an account with it, else the one with most exposure.
	"""
	check_customer(customer)
	companies, default = tab.companies_of(customer, permitted_companies())
	request = make_request(customer, company or default, None)
	return tab.overview(site_ledger(), customer, request.company, companies, request.as_of)


@frappe.whitelist(methods=["GET"])
@arguments()
def customer_credit_documents(customer: str, company: str, part: str) -> list[dict]:
	"""Return the documents one part of the exposure is made of: "receivable", "orders" or "deliveries"."""
	check_customer(customer)
	request = make_request(customer, company, None)
	return limits_view.document_rows(site_ledger(), customer, request.company, part)


@frappe.whitelist(methods=["GET"])
@arguments()
def customer_exposure(customer: str, company: str) -> dict:
	"""Return the limit in force with its steps, what counts for it, and every document behind it."""
	check_customer(customer)
	check_company(company)
	return limits_view.exposure_view(customer, company)


@frappe.whitelist(methods=["GET"])
@arguments(limit_type=one_of(changes.PERMANENT, changes.TEMPORARY, changes.NO_CREDIT), amount=an_amount)
def limit_request(
	customer: str, company: str, limit_type: str = changes.PERMANENT, amount: float | str | None = None
) -> dict:
	"""Return what a requested limit would change, in the company's currency: old, new and recommended limit, exposure, what is free."""
	check_customer(customer)
	check_company(company)
	return limits_view.request_view(customer, company, limit_type, amount)


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
def customer_grades(customers: list[str] | str) -> dict[str, dict]:
	"""Return the grade of each of *customers* that the user may see, for lists."""
	frappe.has_permission("Client Account", "read", throw=True)
	return lists.grades(customers, getdate())


@frappe.whitelist(methods=["POST"])
@arguments()
def assess_now(customer: str, company: str) -> str:
	"""Assess a customer now; return the assessment's name. Takes the right to make assessments."""
	frappe.has_permission("Credit Assessment", "create", throw=True)
	make_request(customer, company, None)
	check_customer(customer)
	return assessments.assess_now(customer, company)


@frappe.whitelist(methods=["POST"])
@arguments()
def approve_reference(name: str) -> None:
	"""Approve a reference that raises a limit, requested by somebody else."""
	frappe.has_permission(CREDIT_REFERENCE, "write", doc=name, throw=True)
	references.approve(name)


@frappe.whitelist(methods=["POST"])
@arguments()
def approve_limit(name: str) -> str:
	"""Approve a credit limit that somebody else requested; return the document's name."""
	frappe.has_permission(CREDIT_LIMIT, "submit", doc=name, throw=True)
	return changes.approve(name).name


@frappe.whitelist(methods=["GET"])
@arguments()
def hold_of(doctype: str, name: str) -> dict | None:
	"""Return the hold of a draft the user may read, for its banner; None where there is none."""
	if doctype not in CHECKED:
		frappe.throw(filled(_("{0} cannot be put on credit hold."), _(doctype)))
	frappe.has_permission(doctype, "read", doc=name, throw=True)
	found = frappe.get_list(
		CREDIT_HOLD,
		filters={"reference_doctype": doctype, "reference_name": name, "status": ("in", WAITING)},
		fields=["name", "status", "reference_name"],
		order_by="held_on desc",
		limit_page_length=1,
	)
	return found[0] if found else None


@frappe.whitelist(methods=["POST"])
@arguments(reason=a_text)
def release_hold(name: str, reason: str, grace_days: int = 0) -> str:
	"""Release a held document; return the hold's status."""
	frappe.has_permission(CREDIT_HOLD, "write", doc=name, throw=True)
	return decisions.release(name, reason, grace_days).status


@frappe.whitelist(methods=["POST"])
@arguments(reason=a_text)
def reject_hold(name: str, reason: str) -> str:
	"""Reject a held document; return the hold's status."""
	frappe.has_permission(CREDIT_HOLD, "write", doc=name, throw=True)
	return decisions.reject(name, reason).status


@frappe.whitelist(methods=["POST"])
@arguments(reason=a_text)
def release_holds(names: list[str] | str, reason: str, grace_days: int = 0) -> list[dict]:
	"""Release several held documents for one reason; return for each whether it was, and else why not."""
	frappe.has_permission(CREDIT_HOLD, "write", throw=True)
	return actions.decide_each(names, lambda name: decisions.release(name, reason, grace_days))


@frappe.whitelist(methods=["POST"])
@arguments(reason=a_text)
def reject_holds(names: list[str] | str, reason: str) -> list[dict]:
	"""Reject several held documents for one reason; return for each whether it was, and else why not."""
	frappe.has_permission(CREDIT_HOLD, "write", throw=True)
	return actions.decide_each(names, lambda name: decisions.reject(name, reason))


@frappe.whitelist(methods=["POST"])
@arguments(reason=a_text)
def release_and_submit(name: str, reason: str, grace_days: int = 0) -> dict:
	"""Release a held document and submit it as the user; a submit that fails leaves it released, and the answer says why."""
	frappe.has_permission(CREDIT_HOLD, "write", doc=name, throw=True)
	return actions.release_and_submit(name, reason, grace_days)


@frappe.whitelist(methods=["POST"])
@arguments()
def reevaluate_hold(name: str) -> str:
	"""Test the rules on one held document again; return the hold's status. Whoever may see the hold may ask."""
	frappe.has_permission(CREDIT_HOLD, "read", doc=name, throw=True)
	return decisions.reevaluate(name)


@frappe.whitelist(methods=["POST"])
@arguments()
def reevaluate_holds() -> None:
	"""Test the rules on all held documents again, in the background."""
	frappe.has_permission(CREDIT_HOLD, "write", throw=True)
	frappe.enqueue(
		"client_ledger.tasks.reevaluate_holds", queue="long", job_id="client_ledger_holds", deduplicate=True
	)
