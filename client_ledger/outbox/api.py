"""What the desk asks the server for about notices: read one, approve, reject, try again, print, list the exceptions.

Each function begins with its permission check; see client_ledger.outbox.access for who may do what.
"""

import frappe
from frappe import _
from frappe.utils import now_datetime

from client_ledger.outbox import access, decisions, exceptions
from client_ledger.outbox import print_letters as printing
from client_ledger.outbox.kinds import kind_class
from client_ledger.outbox.listing import permitted_names
from client_ledger.site.access import check_company, permitted_companies
from client_ledger.site.arguments import a_text, arguments
from client_ledger.site.doctypes import LEDGER_NOTICE


@frappe.whitelist(methods=["GET"])
@arguments()
def notice_message(name: str) -> dict:
	"""Return the message of a notice: as it went out, or as it would now."""
	notice = frappe.get_doc(LEDGER_NOTICE, name)
	notice.check_permission("read")
	if not notice.message:
		return kind_class(notice.kind)(now_datetime()).preview(notice)
	return {
		"subject": notice.subject,
		"message": notice.message,
		"to": notice.recipients,
		"language": notice.language,
		"step": notice.step_name,
		"fee": notice.fee,
		"interest": notice.interest,
	}


@frappe.whitelist(methods=["POST"])
@arguments()
def approve_notices(names: list[str] | str) -> int:
	"""Approve notices; return how many were."""
	access.require("decide")
	return len(decisions.approve(permitted_names(names)))


@frappe.whitelist(methods=["POST"])
@arguments(why=a_text)
def reject_notices(names: list[str] | str, why: str) -> int:
	"""Reject notices, for a reason; return how many were."""
	access.require("decide")
	if not why.strip():
		frappe.throw(_("Enter a reason."))
	return len(decisions.reject(permitted_names(names), why))


@frappe.whitelist(methods=["POST"])
@arguments()
def retry_notices(names: list[str] | str) -> int:
	"""Have failed notices sent again; return how many will be."""
	access.require("work")
	return len(decisions.try_again(permitted_names(names)))


@frappe.whitelist(methods=["POST"])
@arguments()
def confirm_arrived(names: list[str] | str) -> int:
	"""Mark notices in doubt as arrived; return how many were in doubt."""
	access.require("work")
	return len(decisions.confirm_arrived(permitted_names(names)))


@frappe.whitelist(methods=["POST"])
@arguments()
def print_letters(names: list[str] | str) -> str:
	"""Make one PDF of letters that wait to be printed; return its address."""
	access.require("work")
	return printing.print_batch(permitted_names(names))


@frappe.whitelist(methods=["GET"])
@arguments()
def notice_exceptions(company: str | None = None) -> dict:
	"""Return what was not sent and why, in one company or in all the user may see."""
	frappe.has_permission(LEDGER_NOTICE, "read", throw=True)
	companies = permitted_companies()
	if company:
		check_company(company)
	return {
		"companies": companies,
		"groups": exceptions.list_exceptions([company] if company else companies, now_datetime()),
		"may": {action: access.can(action) for action in access.ROLES},
	}
