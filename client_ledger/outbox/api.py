"""What the desk asks the server for about notices: read one, approve, reject, try again, print, list the exceptions.

Each function says what it requires; see client_ledger.outbox.access for who may do what.
"""

import frappe
from frappe import _
from frappe.utils import now_datetime

from client_ledger.outbox import decisions, edits, exceptions
from client_ledger.outbox import print_letters as printing
from client_ledger.outbox.access import ROLES
from client_ledger.outbox.kinds import kind_class
from client_ledger.site.access import permitted_companies
from client_ledger.site.arguments import a_letter, a_text, arguments
from client_ledger.site.doctypes import LEDGER_NOTICE
from client_ledger.site.requirements import CompanyRight, DocumentRight, Listed, OneOf, Right, requires


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(DocumentRight(LEDGER_NOTICE))
def notice_message(name: str) -> dict:
	"""Return the message of a notice: as it went out, or as it would now."""
	notice = frappe.get_doc(LEDGER_NOTICE, name)
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
		"edited_by": frappe.utils.get_fullname(notice.edited_by) if notice.edited_by else None,
	}


@frappe.whitelist(methods=["POST"])
@arguments(message=a_letter)
@requires(OneOf(ROLES["send"]), DocumentRight(LEDGER_NOTICE))
def edit_notice(name: str, subject: str, message: str, figures: str) -> None:
	"""Have a notice go out with another subject and message. figures: of the letter that was edited (notice_message)."""
	edits.edit(name, subject, message, figures, now_datetime())


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES["send"]), DocumentRight(LEDGER_NOTICE))
def restore_notice(name: str) -> None:
	"""Have a notice whose letter was edited go out as its template says."""
	edits.restore(name, now_datetime())


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES["decide"]), Listed(LEDGER_NOTICE))
def approve_notices(names: list[str] | str) -> int:
	"""Approve notices; return how many were."""
	return len(decisions.approve(names))


@frappe.whitelist(methods=["POST"])
@arguments(why=a_text)
@requires(OneOf(ROLES["decide"]), Listed(LEDGER_NOTICE))
def reject_notices(names: list[str] | str, why: str) -> int:
	"""Reject notices, for a reason; return how many were."""
	if not why.strip():
		frappe.throw(_("Enter a reason."))
	return len(decisions.reject(names, why))


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES["work"]), Listed(LEDGER_NOTICE))
def retry_notices(names: list[str] | str) -> int:
	"""Have failed notices sent again; return how many will be."""
	return len(decisions.try_again(names))


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES["work"]), Listed(LEDGER_NOTICE))
def confirm_arrived(names: list[str] | str) -> int:
	"""Mark notices in doubt as arrived; return how many were in doubt."""
	return len(decisions.confirm_arrived(names))


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(OneOf(ROLES["work"]), Listed(LEDGER_NOTICE))
def print_letters(names: list[str] | str) -> str:
	"""Make one PDF of letters that wait to be printed; return its address."""
	return printing.print_batch(names)


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(Right(LEDGER_NOTICE), CompanyRight())
def notice_exceptions(company: str | None = None) -> dict:
	"""Return what was not sent and why, in one company or in all the user may see."""
	companies = permitted_companies()
	return {
		"companies": companies,
		"groups": exceptions.list_exceptions([company] if company else companies, now_datetime()),
		"may": {action: ROLES.can(action) for action in ROLES},
	}
