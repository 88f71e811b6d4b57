"""What lists and forms of Receivables Check List ask the server to do."""

import frappe
from frappe.utils import getdate

from client_ledger.core.period_checks import PeriodCheck, PeriodKind
from client_ledger.period_checks import decisions, lists
from client_ledger.period_checks.access import ROLES
from client_ledger.site.arguments import a_date, a_text, arguments, one_of
from client_ledger.site.doctypes import CHECK_LIST, CLIENT_ACCOUNT
from client_ledger.site.requirements import CompanyOf, CompanyRight, DocumentRight, OneOf, Right, requires

# With more client accounts than this the desk does not wait for figures.
READ_AT_ONCE = 5_000
SECONDS = 3600
KINDS, CHECKS = [kind.value for kind in PeriodKind], [check.value for check in PeriodCheck]


@frappe.whitelist(methods=["POST"])
@arguments(period_kind=one_of(*KINDS), day=a_date)
@requires(OneOf(ROLES["prepare"]), Right(CHECK_LIST), CompanyRight())
def make_check_list(company: str, period_kind: str, day: str | None = None) -> dict:
	"""Make the list of the period that *day* is in, of the last one that has ended where none is given.

	Return {name}, also where there is one already, or {queued} where it is made in the background.
	"""
	kind = PeriodKind(period_kind)
	period = lists.period_by_hand(company, kind, getdate(day) if day else None)
	if name := lists.stored_list(company, kind, period):
		return {"name": name}
	given = {"company": company, "kind": kind, "period": period}
	if _is_large(company):
		job = f"make {company} {period_kind} {period.as_of}"
		_enqueue("client_ledger.period_checks.lists.make", job, **given)
		return {"queued": True}
	return {"name": lists.make(**given)}


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES["prepare"]), DocumentRight(CHECK_LIST, "write"), CompanyOf(CHECK_LIST))
def read_figures(name: str) -> dict:
	"""Read the figures of a list that is not prepared again; return {queued} where that is done in the background."""
	decisions.possible(name, decisions.ListAction.READ)
	if _is_large(frappe.db.get_value(CHECK_LIST, name, "company")):
		_enqueue("client_ledger.period_checks.decisions.read_again", f"read {name}", name=name)
		return {"queued": True}
	decisions.read_again(name)
	return {}


@frappe.whitelist(methods=["POST"])
@arguments(check=one_of(*CHECKS), explanation=a_text)
@requires(OneOf(ROLES["prepare"]), DocumentRight(CHECK_LIST, "write"), CompanyOf(CHECK_LIST))
def explain_check(name: str, check: str, explanation: str) -> None:
	"""Explain the exception of a check; an empty explanation takes it back."""
	decisions.explain(name, PeriodCheck(check), explanation)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES["prepare"]), DocumentRight(CHECK_LIST, "write"), CompanyOf(CHECK_LIST))
def prepare_list(name: str) -> None:
	"""Say that a list is complete."""
	decisions.prepare(name)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES["approve"]), DocumentRight(CHECK_LIST, "write"), CompanyOf(CHECK_LIST))
def approve_list(name: str) -> None:
	"""Approve a list that others have prepared."""
	decisions.approve(name)


@frappe.whitelist(methods=["POST"])
@arguments(why=a_text)
@requires(OneOf(ROLES["reopen"]), DocumentRight(CHECK_LIST, "write"), CompanyOf(CHECK_LIST))
def reopen_list(name: str, why: str) -> None:
	"""Open a prepared or approved list again, for a reason."""
	decisions.reopen(name, why)


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(DocumentRight(CHECK_LIST), CompanyOf(CHECK_LIST))
def changed_figures(name: str) -> list[dict]:
	"""Return the checks of a list that find something else today: [{check, was, was_amount, now, now_amount}]."""
	return decisions.as_dicts(decisions.changes_of(frappe.get_doc(CHECK_LIST, name)))


def _is_large(company: str) -> bool:
	return frappe.db.count(CLIENT_ACCOUNT, {"company": company}) > READ_AT_ONCE


def _enqueue(method: str, job: str, **arguments: object) -> None:
	job_id = f"client_ledger_check_list {job}"
	frappe.enqueue(method, queue="long", timeout=SECONDS, job_id=job_id, deduplicate=True, **arguments)
