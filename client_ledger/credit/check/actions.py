"""What the buttons on holds do beyond one decision: many decided for one reason, and a release with the submit behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.workflow import get_workflow_name

from client_ledger.credit.check import decisions
from client_ledger.site.doctypes import CREDIT_HOLD
from client_ledger.site.messages import filled
from client_ledger.site.one_by_one import MOST_AT_ONCE, try_each, why
from client_ledger.site.requirements import Given, Requirement


def decide_each(names: Sequence[str], decide: Callable[[str], Document]) -> list[dict]:
	"""Decide on each of the holds *names* once; return a row per hold: what it is, whether it was decided, else why not.

	Each is stored by itself: one that is refused stops no other. Raises frappe.ValidationError for none and for too many.
	"""
	names = list(dict.fromkeys(names))
	if not names:
		frappe.throw(_("Select at least one Credit Hold."))
	if len(names) > MOST_AT_ONCE:
		frappe.throw(filled(_("Select at most {0} Credit Holds at once."), MOST_AT_ONCE))
	tried = try_each(names, decide, CREDIT_HOLD)
	return [
		{
			**(_shown(one.result) if one.result else _named(name)),
			"done": bool(one.result),
			"reason": one.reason,
		}
		for name, one in tried
	]


def _named(name: str) -> dict:
	"""Return what a hold that was not decided on is, as far as the user may see it."""
	seen = frappe.get_list(
		CREDIT_HOLD,
		{"name": name},
		["name", "status", "reference_name", "customer_name", "customer"],
		limit_page_length=1,
	)
	return (
		_shown(seen[0]) if seen else {"name": name, "status": "", "reference_name": "", "customer_name": ""}
	)


def _shown(hold: Document | frappe._dict) -> dict:
	return {
		"name": hold.name,
		"status": hold.status,
		"reference_name": hold.reference_name,
		"customer_name": hold.customer_name or hold.customer,
	}


def can_submit(hold: Document) -> bool:
	"""Return whether the user may submit the document of *hold*: a draft that no workflow takes further."""
	doctype, name = hold.reference_doctype, hold.reference_name
	if frappe.db.get_value(doctype, name, "docstatus") != 0 or get_workflow_name(doctype):
		return False
	return bool(frappe.has_permission(doctype, "submit", doc=name))


@dataclass(frozen=True, slots=True)
class SubmitOfHeld(Requirement):
	"""The right to submit the document of the hold that an argument names, while it waits for a decision."""

	argument: str = "name"

	def check(self, given: Given) -> None:
		hold = frappe.get_doc(CREDIT_HOLD, given[self.argument])
		if hold.status in decisions.UNDECIDED and not can_submit(hold):
			frappe.throw(
				filled(_("You cannot submit {0}. Release it only."), hold.reference_name),
				frappe.PermissionError,
			)


def release_and_submit(name: str, reason: str, grace_days: int = 0) -> dict:
	"""Release a hold, then submit its document as the user, with the document's own permissions and checks.

	Returns {"status" of the hold, "submitted", "reason" why not}. The release is stored first: it stays whatever
	becomes of the submit. Raises as `release` does.
	"""
	hold = decisions.release(name, reason, grace_days)
	frappe.db.commit()  # nosemgrep: a submit that fails leaves the document released
	said = len(frappe.local.message_log)
	refused = ""
	try:
		frappe.get_doc(hold.reference_doctype, hold.reference_name).submit()
		frappe.db.commit()  # nosemgrep: what fails now is answered, not raised
	except Exception as error:
		frappe.db.rollback()
		del frappe.local.message_log[said:]
		refused = why(error, hold.reference_doctype, hold.reference_name)
	status = frappe.db.get_value(CREDIT_HOLD, name, "status")
	return {"status": status, "submitted": not refused, "reason": refused}
