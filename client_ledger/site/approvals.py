"""Maker and checker: who requests a change never approves it, whatever the role and whichever the way in."""

from itertools import islice

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime
from frappe.utils.user import get_users_with_role

from client_ledger.site.messages import bold, filled
from client_ledger.site.notify import MOST_READERS, notify, notify_later

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


def ask_approvers(doc: Document) -> None:
	"""Have those who may approve a new request notified, after this transaction."""
	notify_later("client_ledger.site.approvals.tell_approvers", doctype=doc.doctype, name=doc.name)


def tell_approvers(doctype: str, name: str) -> None:
	"""Notify those who may approve a request, and had no hand in it, that it waits for them."""
	doc = frappe.get_doc(doctype, name)
	if doc.docstatus != 0:
		return
	makers = {doc.owner, doc.requested_by, *(doc.makers or "").split()}
	notify(
		_approvers(doc, makers),
		doctype,
		name,
		lambda: _("{0} was requested and waits for your approval."),
	)


def _approvers(doc: Document, makers: set[str]) -> list[str]:
	"""Return whoever may submit *doc*, but for its *makers*, by name."""
	roles = {row.role for row in doc.meta.permissions if row.submit}
	users = {user for role in roles for user in get_users_with_role(role)} - makers
	found = (
		user for user in sorted(users) if frappe.has_permission(doc.doctype, "submit", doc=doc, user=user)
	)
	return list(islice(found, MOST_READERS))


def check_approver(doc: Document) -> None:
	"""Note who approves. Raises frappe.PermissionError where that is one who requested, owns or changed it."""
	if is_maker(doc):
		frappe.throw(own_request(doc), frappe.PermissionError)
	doc.approved_by, doc.approved_on = frappe.session.user, now_datetime()


def own_request(doc: Document) -> str:
	"""Return why who requested or changed *doc* does not approve it."""
	return filled(
		_("You requested or changed {0}, so another user must approve it."),
		bold(doc.name or _(doc.doctype)),
	)


def is_maker(doc: Document | frappe._dict) -> bool:
	"""Return whether the user owns, requested or changed a document (or its row with owner, requested_by and makers)."""
	return frappe.session.user in {doc.owner, doc.requested_by, *(doc.makers or "").split()}
