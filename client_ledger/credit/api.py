"""What the desk asks the server for about credit: the Credit tab, grades for lists, assessments, decisions on holds.

Each function says what it requires.
"""

import frappe
from frappe.utils import getdate

from client_ledger.credit import tab
from client_ledger.credit.check import actions, decisions
from client_ledger.credit.check.approvers import DECIDING_ROLES
from client_ledger.credit.check.documents import CheckedDocument
from client_ledger.credit.check.holds import WAITING
from client_ledger.credit.grades import assessments, lists
from client_ledger.credit.limits import changes, references
from client_ledger.credit.limits import view as limits_view
from client_ledger.ledger.site import site_ledger
from client_ledger.site.access import permitted_companies
from client_ledger.site.arguments import a_text, an_amount, arguments, one_of
from client_ledger.site.doctypes import (
	CLIENT_ACCOUNT,
	CREDIT_ASSESSMENT,
	CREDIT_HOLD,
	CREDIT_LIMIT,
	CREDIT_REFERENCE,
)
from client_ledger.site.request import make_request
from client_ledger.site.requirements import CompanyRight, CustomerRight, DocumentRight, OneOf, Right, requires
from client_ledger.site.visible import may_list


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(CustomerRight(), CompanyRight())
def customer_credit(customer: str, company: str | None = None) -> dict:
	"""Return the Credit tab: grade with its reasons and trend, exposure against the limit, requests, holds, references.

	Without a company: the user's own if the customer has an account with it, else the one with most exposure.
	"""
	companies, default = tab.companies_of(customer, permitted_companies())
	request = make_request(customer, company or default, None)
	return tab.overview(site_ledger(), customer, request.company, companies, request.as_of)


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(CustomerRight(), CompanyRight())
def customer_credit_documents(customer: str, company: str, part: str) -> list[dict]:
	"""Return the documents one part of the exposure is made of: "receivable", "orders" or "deliveries"."""
	request = make_request(customer, company, None)
	return limits_view.document_rows(site_ledger(), customer, request.company, part)


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(CustomerRight(), CompanyRight())
def customer_exposure(customer: str, company: str) -> dict:
	"""Return the limit in force with its steps, what counts for it, and every document behind it."""
	return limits_view.exposure_view(customer, company)


@frappe.whitelist(methods=["GET"])
@arguments(limit_type=one_of(changes.PERMANENT, changes.TEMPORARY, changes.NO_CREDIT), amount=an_amount)
@requires(CustomerRight(), CompanyRight())
def limit_request(
	customer: str, company: str, limit_type: str = changes.PERMANENT, amount: float | str | None = None
) -> dict:
	"""Return what a requested limit would change, in the company's currency: old, new and recommended limit, exposure, what is free."""
	return limits_view.request_view(customer, company, limit_type, amount)


@frappe.whitelist(methods=["GET", "POST"])
@arguments()
@requires(Right(CLIENT_ACCOUNT))
def customer_grades(customers: list[str] | str) -> dict[str, dict]:
	"""Return the grade of each of *customers* that the user may see, for lists."""
	return lists.grades(customers, getdate())


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(Right(CREDIT_ASSESSMENT, "create"), CustomerRight(), CompanyRight())
def assess_now(customer: str, company: str) -> str:
	"""Assess a customer now; return the assessment's name. Takes the right to make assessments."""
	return assessments.assess_now(customer, company)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(DocumentRight(CREDIT_REFERENCE, "write"), Right(CREDIT_LIMIT, "submit"))
def approve_reference(name: str) -> None:
	"""Approve a reference that raises a limit, requested by somebody else."""
	references.approve(name)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(DocumentRight(CREDIT_LIMIT, "submit"))
def approve_limit(name: str) -> str:
	"""Approve a credit limit that somebody else requested; return the document's name."""
	return changes.approve(name).name


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(CheckedDocument())
def hold_of(doctype: str, name: str) -> dict | None:
	"""Return the hold of a draft the user may read, for its banner; None where there is none, or holds are closed to the user."""
	if not may_list(CREDIT_HOLD):
		return None
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
@requires(OneOf(DECIDING_ROLES), DocumentRight(CREDIT_HOLD, "write"))
def release_hold(name: str, reason: str, grace_days: int = 0) -> str:
	"""Release a held document; return the hold's status."""
	return decisions.release(name, reason, grace_days).status


@frappe.whitelist(methods=["POST"])
@arguments(reason=a_text)
@requires(OneOf(DECIDING_ROLES), DocumentRight(CREDIT_HOLD, "write"))
def reject_hold(name: str, reason: str) -> str:
	"""Reject a held document; return the hold's status."""
	return decisions.reject(name, reason).status


@frappe.whitelist(methods=["POST"])
@arguments(reason=a_text)
@requires(OneOf(DECIDING_ROLES), Right(CREDIT_HOLD, "write"))
def release_holds(names: list[str] | str, reason: str, grace_days: int = 0) -> list[dict]:
	"""Release several held documents for one reason; return for each whether it was, and else why not."""
	return actions.decide_each(names, lambda name: decisions.release(name, reason, grace_days))


@frappe.whitelist(methods=["POST"])
@arguments(reason=a_text)
@requires(OneOf(DECIDING_ROLES), Right(CREDIT_HOLD, "write"))
def reject_holds(names: list[str] | str, reason: str) -> list[dict]:
	"""Reject several held documents for one reason; return for each whether it was, and else why not."""
	return actions.decide_each(names, lambda name: decisions.reject(name, reason))


@frappe.whitelist(methods=["POST"])
@arguments(reason=a_text)
@requires(OneOf(DECIDING_ROLES), DocumentRight(CREDIT_HOLD, "write"), actions.SubmitOfHeld())
def release_and_submit(name: str, reason: str, grace_days: int = 0) -> dict:
	"""Release a held document and submit it as the user; a submit that fails leaves it released, and the answer says why."""
	return actions.release_and_submit(name, reason, grace_days)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(DocumentRight(CREDIT_HOLD))
def reevaluate_hold(name: str) -> str:
	"""Test the rules on one held document again; return the hold's status. Whoever may see the hold may ask."""
	return decisions.reevaluate(name)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(Right(CREDIT_HOLD, "write"))
def reevaluate_holds() -> None:
	"""Test the rules on all held documents again, in the background."""
	frappe.enqueue(
		"client_ledger.tasks.reevaluate_holds", queue="long", job_id="client_ledger_holds", deduplicate=True
	)
