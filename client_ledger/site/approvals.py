"""Maker and checker: who requests a change never approves it, whatever the role and whichever the way in."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from client_ledger.site.messages import bold, filled

# Fields that decide nothing by themselves and are never taken from what was sent.
_NOTED = ("requested_by", "makers", "approved_by", "approved_on")


def note_request(doc: Document) -> None:
	"""Note who requests what the document asks for: whoever enters it, and whoever changes one of its REQUESTED fields.

	Called when a draft is validated. What was noted before comes from the stored document, whatever was sent.
	"""
	before = None if doc.is_new() else doc.get_doc_before_save()
	for field in _NOTED:
		doc.set(field, before.get(field) if before else None)
	if not before or any(str(before.get(f) or "") != str(doc.get(f) or "") for f in doc.REQUESTED):
		user = frappe.session.user
		doc.requested_by = doc.requested_by or user
		doc.makers = "\n".join(dict.fromkeys([*(doc.makers or "").split(), user]))


def check_approver(doc: Document) -> None:
	"""Note who approves. Raises frappe.PermissionError where that is one who requested, owns or changed it."""
	if is_maker(doc):
		frappe.throw(
			filled(
				_("You requested or changed {0}, so another user must approve it."),
				bold(doc.name or _(doc.doctype)),
			),
			frappe.PermissionError,
		)
	doc.approved_by, doc.approved_on = frappe.session.user, now_datetime()


def is_maker(doc: Document | frappe._dict) -> bool:
	"""Return whether the user owns, requested or changed a document (or its row with owner, requested_by and makers)."""
	return frappe.session.user in {doc.owner, doc.requested_by, *(doc.makers or "").split()}
