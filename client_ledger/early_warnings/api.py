"""What forms, lists, the Collections tab and the home page ask the server to do about early warnings."""

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.collections.access import AccountRight
from client_ledger.core.early_warnings.signals import ProposedAction
from client_ledger.early_warnings import decisions, switching, view
from client_ledger.early_warnings.access import ROLES
from client_ledger.site.arguments import a_date, a_text, an_amount, arguments, one_of
from client_ledger.site.doctypes import EARLY_WARNING, WARNING_SETUP
from client_ledger.site.messages import filled
from client_ledger.site.one_by_one import MOST_AT_ONCE, try_each
from client_ledger.site.requirements import (
	CompanyOf,
	CompanyRight,
	DocumentRight,
	Listed,
	OneOf,
	Right,
	requires,
)

ACTIONS = tuple(action.value for action in ProposedAction)
# A setup is called as its company.
_SETS_UP = (OneOf(ROLES["manage"]), CompanyRight(), DocumentRight(WARNING_SETUP, "write", "company"))
_WORKS = (OneOf(ROLES["work"]), DocumentRight(EARLY_WARNING), CompanyOf(EARLY_WARNING))


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(AccountRight(), CompanyRight(), Right(EARLY_WARNING))
def customer_warnings(customer: str, company: str) -> list[dict]:
	"""Return the warnings of a customer that run, and the last ones that have ended."""
	return view.of_customer(customer, company)


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(DocumentRight(EARLY_WARNING), CompanyOf(EARLY_WARNING))
def warning_record(name: str) -> dict:
	"""Return the record of a warning's signal on this ledger, and what the user may do about it."""
	return view.record_of(name)


@frappe.whitelist(methods=["POST"])
@arguments(until=a_date, why=a_text)
@requires(*_WORKS)
def snooze_warning(name: str, until: str, why: str = "") -> None:
	"""Put a warning off until a day."""
	decisions.snooze(name, getdate(until), why)


@frappe.whitelist(methods=["POST"])
@arguments(action=one_of(*ACTIONS), amount=an_amount, due_date=a_date, remark=a_text)
@requires(*_WORKS)
def act_on_warning(
	name: str,
	action: str,
	amount: float | str | None = None,
	due_date: str | None = None,
	remark: str = "",
) -> dict:
	"""Do something about a warning: a follow-up or a limit request; return {doctype, name} of what was made."""
	return decisions.act(
		name,
		ProposedAction(action),
		amount=amount,
		due_date=getdate(due_date) if due_date else None,
		remark=remark,
	)


@frappe.whitelist(methods=["POST"])
@arguments(because=one_of(*decisions.REASONS), remark=a_text)
@requires(*_WORKS)
def close_warning(name: str, because: str, remark: str = "") -> None:
	"""Close a warning for a reason."""
	decisions.close(name, because, remark)


@frappe.whitelist(methods=["POST"])
@arguments(because=one_of(*decisions.REASONS), remark=a_text)
@requires(OneOf(ROLES["work"]), Listed(EARLY_WARNING))
def close_warnings(names: list[str] | str, because: str, remark: str = "") -> list[dict]:
	"""Close several for one reason; return [{name, reason}]: why one was not closed, empty where it was."""
	if not 0 < len(names) <= MOST_AT_ONCE:
		frappe.throw(filled(_("Select between 1 and {0} warnings."), MOST_AT_ONCE))
	tried = try_each(names, lambda name: decisions.close(name, because, remark), EARLY_WARNING)
	return [{"name": name, "reason": one.reason} for name, one in tried]


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(*_WORKS)
def reopen_warning(name: str) -> None:
	"""Open a warning again."""
	decisions.reopen(name)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES["manage"]), DocumentRight(EARLY_WARNING), CompanyOf(EARLY_WARNING))
def give_warning(name: str, user: str) -> None:
	"""Make somebody responsible for a warning."""
	decisions.give_to(name, user)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(*_SETS_UP)
def replay_warnings(company: str) -> None:
	"""Have the past of a company replayed in the background."""
	switching.start_replay(company)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(*_SETS_UP)
def switch_warnings_on(company: str) -> None:
	"""Have warnings raised for a company every night."""
	switching.switch_on(company)


@frappe.whitelist(methods=["POST"])
@arguments(reason=a_text)
@requires(*_SETS_UP)
def switch_warnings_off(company: str, reason: str) -> None:
	"""Raise no more warnings for a company."""
	switching.switch_off(company, reason)
