"""References that raise a limit: requested by one person, in force once another has approved them, as limits are."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate

from client_ledger.site.approvals import check_approver, is_maker, note_request
from client_ledger.site.doctypes import CREDIT_LIMIT, CREDIT_REFERENCE
from client_ledger.site.documents import by_action
from client_ledger.site.messages import bold, filled

RAISE, CAP = "Raise", "Cap"
NOT_REQUIRED, PENDING, APPROVED = "Not Required", "Pending Approval", "Approved"


def request_approval(doc: Document) -> None:
	"""Note who requests a reference that raises, and that it waits; a change of what was approved waits again.

	Raises frappe.PermissionError for whoever loosens a cap without the right to approve limits.
	"""
	if doc.flags.approves:
		return
	before = None if doc.is_new() else doc.get_doc_before_save()
	if before:
		check_loosened(before, doc)
	note_request(doc)
	changed = not before or any(
		str(before.get(field) or "") != str(doc.get(field) or "") for field in doc.REQUESTED
	)
	if doc.limit_effect != RAISE:
		doc.update({"approval_status": NOT_REQUIRED, "approved_by": None, "approved_on": None})
	elif changed:
		doc.update({"approval_status": PENDING, "approved_by": None, "approved_on": None})


def approve(name: str) -> None:
	"""Bring a reference that raises a limit into force. Raises frappe.PermissionError for whoever requested it."""
	doc = frappe.get_doc(CREDIT_REFERENCE, name, for_update=True)
	doc.check_permission("write")
	frappe.has_permission(CREDIT_LIMIT, "submit", throw=True)
	if doc.approval_status != PENDING:
		frappe.throw(filled(_("{0} is not waiting for approval."), bold(doc.name)))
	check_approver(doc)
	doc.approval_status = APPROVED
	doc.flags.approves = True
	by_action(doc).save()


def may_approve(doc: Document) -> bool:
	"""Return whether the user may approve it: has the right, and is none of those who requested it."""
	return (
		doc.approval_status == PENDING
		and not is_maker(doc)
		and bool(frappe.has_permission(CREDIT_LIMIT, "submit"))
	)


def check_loosened(before: Document, after: Document | None) -> None:
	"""Refuse a cap less tight than the one that was: higher, shorter, of somebody else, or gone. after: None where deleted.

	Raises frappe.PermissionError, unless the user may approve limits.
	"""
	if before.limit_effect != CAP or getdate(before.valid_to) < getdate():
		return
	if before.flags.ignore_permissions or frappe.has_permission(CREDIT_LIMIT, "submit"):
		return
	tight = (
		after
		and after.limit_effect == CAP
		and after.customer == before.customer
		and (after.company or None) in (before.company or None, None)
		and flt(after.amount) <= flt(before.amount)
		and getdate(after.valid_from) <= getdate(before.valid_from)
		and getdate(after.valid_to) >= getdate(before.valid_to)
	)
	if not tight:
		frappe.throw(
			_(
				"This reference caps the credit limit. Only users who can approve credit limits can loosen it."
			),
			frappe.PermissionError,
		)
