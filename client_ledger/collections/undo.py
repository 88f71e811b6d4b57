"""Taking back an outcome that was logged by mistake, shortly after and where nothing followed."""

from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_to_date, now_datetime

from client_ledger.collections import account_sync, follow_ups
from client_ledger.collections.outcomes import MISSED
from client_ledger.site.doctypes import CANCELLED, DONE, FOLLOW_UP, OPEN
from client_ledger.site.messages import bold, filled

MINUTES = 15
_EMPTY = ("done_on", "done_by", "next_date", "next_follow_up", "communication")


def undo(name: str) -> str:
	"""Take back the outcome of a follow-up; return the customer's name.

	A contact that was made with it is cancelled, a planned follow-up is open again; what it planned and noted on the
	customer's timeline is gone. Raises frappe.ValidationError where it is too late, or something has followed.
	"""
	doc = frappe.get_doc(FOLLOW_UP, name, for_update=True)
	_require_undoable(doc, now_datetime())
	if doc.next_follow_up:
		follow_ups.withdraw(doc.next_follow_up, _("The outcome that planned it was undone."))
	said = _("{0}: {1}").format(_(doc.channel), _(doc.outcome))
	_forget_note(doc, said)
	if follow_ups.is_made_with_contact(doc):
		frappe.db.set_value(FOLLOW_UP, name, "workflow_state", CANCELLED)
	else:
		frappe.db.set_value(FOLLOW_UP, name, {**dict.fromkeys(_EMPTY), "outcome": "", "workflow_state": OPEN})
		follow_ups.assign(frappe.get_doc(FOLLOW_UP, name))
	doc.add_comment("Info", _("Undone: {0}").format(said))
	account_sync.sync_accounts([doc.customer])
	return doc.customer_name or doc.customer


def _require_undoable(doc: Document, now: datetime) -> None:
	if doc.workflow_state != DONE:
		frappe.throw(filled(_("{0} has no outcome that could be undone."), bold(doc.name)))
	if doc.done_by != frappe.session.user:
		frappe.throw(_("Only the user who logged an outcome can undo it."), frappe.PermissionError)
	if doc.done_on < add_to_date(now, minutes=-MINUTES):
		frappe.throw(
			filled(_("An outcome can be undone within {0} minutes. Log a new contact instead."), MINUTES)
		)
	if doc.promise or doc.dispute:
		frappe.throw(
			filled(_("{0} was recorded with it. Cancel that instead."), bold(doc.promise or doc.dispute))
		)
	if _has_followed(doc):
		frappe.throw(filled(_("Something has followed {0}, so it can no longer be undone."), bold(doc.name)))


def _has_followed(doc: Document) -> bool:
	"""Return whether the follow-up it planned was worked on, or the customer was contacted again."""
	if doc.next_follow_up:
		state = frappe.db.get_value(FOLLOW_UP, doc.next_follow_up, "workflow_state")
		if state not in (None, OPEN):
			return True
	later = {
		"customer": doc.customer,
		"company": doc.company,
		"workflow_state": DONE,
		"done_on": (">", doc.done_on),
		"name": ("!=", doc.name),
	}
	return bool(frappe.db.exists(FOLLOW_UP, later))


def _forget_note(doc: Document, said: str) -> None:
	"""Take what was noted of the contact off the customer's timeline."""
	if doc.communication:
		frappe.db.set_value(FOLLOW_UP, doc.name, "communication", None, update_modified=False)
		frappe.delete_doc("Communication", doc.communication, ignore_permissions=True, force=True)
	if doc.outcome in MISSED:
		noted = {
			"reference_doctype": "Customer",
			"reference_name": doc.customer,
			"comment_type": "Info",
			"content": said,
			"owner": doc.done_by,
			"creation": (">=", add_to_date(doc.done_on, minutes=-1)),
		}
		if name := frappe.db.get_value("Comment", noted, "name", order_by="creation desc"):
			frappe.delete_doc("Comment", name, ignore_permissions=True, force=True)
