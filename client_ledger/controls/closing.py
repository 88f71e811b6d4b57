"""What people do with findings: take one up, close it with a reason, open it again.

Whoever a finding is about does none of it. Accepting, which leaves things as they are, is for managers.
"""

from collections.abc import Sequence

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, now_datetime, today

from client_ledger.controls import guards, rows
from client_ledger.controls.access import ROLES, works_on
from client_ledger.core.controls.lifecycle import OPEN_STATUSES, FindingStatus, is_reason
from client_ledger.core.marked import marked
from client_ledger.site.doctypes import CONTROL_FINDING, LEDGER_CONTROL
from client_ledger.site.documents import by_action
from client_ledger.site.messages import bold, filled
from client_ledger.site.roles import has_one_of, roles_text

TAKEN_UP, REOPENED = marked("Taken Up"), marked("Reopened")


def take_up(name: str) -> None:
	"""Say that the user looks at an open finding."""
	doc = _locked(name)
	_check_may(doc, _("You cannot take this up"))
	_check_open(doc, is_open=True)
	doc.update({"status": FindingStatus.IN_PROGRESS.value, "responsible": frappe.session.user})
	doc.history = rows.with_entry(doc.history, TAKEN_UP, now_datetime())
	_save(doc)


def close(names: Sequence[str], status: FindingStatus, why: str) -> int:
	"""Close findings as accepted or resolved, all for one reason, and return how many.

	Raises where one of them may not be closed by the user, which stays on record; then none is closed.
	"""
	for name in names:
		doc = _locked(name)
		_check_may(doc, _("You cannot close this"))
		if status is FindingStatus.ACCEPTED and not has_one_of(ROLES["accept"]):
			text = _("You cannot accept what was found. One of these roles is required: {0}.")
			guards.refuse(doc, filled(text, roles_text(ROLES["accept"])))
		if not is_reason(why):
			guards.refuse(
				doc,
				filled(
					_("{0} is required: say what was done, or why it may stay as it is."),
					bold(_(doc.meta.get_label("resolution"))),
				),
			)
		_check_open(doc, is_open=True)
		now = now_datetime()
		doc.update(
			{
				"status": status.value,
				"resolution": why.strip(),
				"resolution_message": None,
				"closed_by": frappe.session.user,
				"closed_on": now,
				"history": rows.with_entry(doc.history, status.value, now, why=why.strip()),
			}
		)
		_save(doc)
	return len(names)


def reopen(name: str, why: str) -> None:
	"""Open a closed finding again, for a reason."""
	doc = _locked(name)
	_check_may(doc, _("You cannot open this again"))
	_check_open(doc, is_open=False)
	if not is_reason(why):
		frappe.throw(filled(_("{0} is required. Say in a few words what it is."), bold(_("Reason"))))
	days = frappe.db.get_value(LEDGER_CONTROL, doc.control, "deadline")
	doc.update(
		{
			"status": FindingStatus.OPEN.value,
			"resolution": None,
			"resolution_message": None,
			"closed_by": None,
			"closed_on": None,
			"due_date": add_days(today(), days),
			"escalated_on": None,
			"history": rows.with_entry(doc.history, REOPENED, now_datetime(), why=why.strip()),
		}
	)
	_save(doc)


def _check_may(doc: Document, what: str) -> None:
	guards.refuse_about(doc, what)
	if not works_on(doc):
		frappe.throw(
			filled(
				_("{0}: it is for those with the role {1}, or for who is responsible for it."),
				what,
				_(doc.responsible_role or "Credit Manager"),
			),
			frappe.PermissionError,
		)


def _check_open(doc: Document, is_open: bool) -> None:
	if (FindingStatus(doc.status) in OPEN_STATUSES) == is_open:
		return
	if is_open:
		text = _("{0} is closed: {1}. Open it again first, with a reason.")
	else:
		text = _("{0} is open: {1}. Reload the page.")
	frappe.throw(filled(text, bold(_(doc.control_title)), _(doc.status)))


def _locked(name: str) -> Document:
	"""Return a finding that nobody else changes until this transaction ends."""
	return frappe.get_doc(CONTROL_FINDING, name, for_update=True)


def _save(doc: Document) -> None:
	doc.flags.ignore_permissions = True
	by_action(doc).save()
