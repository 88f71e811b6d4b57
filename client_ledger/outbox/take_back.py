"""Taking a mail back that waits in the Email Queue: its notice is as if it had not been handed over yet.

The row of the queue stays, ended, with the reason. The Communication is deleted: nobody was written to.
"""

from datetime import datetime

import frappe
from frappe import _
from frappe.utils import cint

from client_ledger.outbox.edits import outdated_fields
from client_ledger.outbox.kinds import NoticeKind
from client_ledger.outbox.notice_rows import NoticeRow, mark_failed, rewrite_items, update, verdict_fields
from client_ledger.outbox.notice_status import ERROR, NoticeStatus
from client_ledger.outbox.outgoing import Outdated, Outgoing, SendDecision, Unrenderable

# What a notice that waits to be sent has of its own contact; without it, it is decided on like any other.
AS_BEFORE = {"status": NoticeStatus.APPROVED.value, "contact_on": None, "day_key": None, "holds": 0}
_EMPTY = dict.fromkeys(
	"reason reason_detail sending_on data_on email_queue communication recipients cc language subject message".split()
)


def take_back(kind: NoticeKind, row: NoticeRow, decision: SendDecision, now: datetime) -> str:
	"""Take a locked notice back and give it the status of *decision*; return why, in words.

	One that may go out, but reads otherwise by now, is approved still and goes out anew.
	"""
	fields = {
		**AS_BEFORE,
		**_EMPTY,
		"fee": 0,
		"interest": 0,
		"taken_back": cint(row.taken_back) + 1,
		**kind.taken_back(row),
	}
	if row.communication:
		frappe.db.set_value("Email Queue", row.email_queue, "communication", None)
		frappe.delete_doc(
			"Communication", row.communication, force=True, ignore_permissions=True, ignore_missing=True
		)
	if isinstance(decision, Outgoing):
		update(row.name, fields, now)
		return _("Withdrawn before it was sent: its amount, items or recipient have changed.")
	if isinstance(decision, Unrenderable):
		update(row.name, fields, now)
		mark_failed(row.name, ERROR, str(decision.error), now)
		return _("Withdrawn before it was sent: {0}").format(decision.error)
	if isinstance(decision, Outdated):
		update(row.name, {**fields, **outdated_fields(decision)}, now)
		rewrite_items({row.name: decision.items})
		return _("Withdrawn before it was sent: the amounts of its edited letter have changed.")
	update(row.name, {**fields, **verdict_fields(decision.verdict)}, now)
	if decision.items is not None:
		rewrite_items({row.name: decision.items})
	return _("Withdrawn before it was sent: {0}").format(_(decision.verdict.reason.value))
