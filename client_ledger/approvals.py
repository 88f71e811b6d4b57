"""Maker and checker: who requests a change never approves it, whatever the role and whichever the way in."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime


def note_request(doc: Document) -> None:
	"""Note who requests: whoever enters the document."""
	doc.requested_by = frappe.session.user
	doc.approved_by = doc.approved_on = None


def check_approver(doc: Document) -> None:
	"""Note who approves. Raises frappe.PermissionError where that is the requester, the owner or who changed it last."""
	user = frappe.session.user
	stored = frappe.db.get_value(doc.doctype, doc.name, ["requested_by", "owner"], as_dict=True)
	makers = {doc.owner, *(stored.values() if stored else ())}
	# A draft that was changed by somebody else was requested by that one as well.
	makers |= set(_editors(doc))
	if user in makers:
		frappe.throw(
			_("{0} was requested or changed by you; somebody else has to approve it.").format(
				frappe.bold(doc.name or _(doc.doctype))
			),
			frappe.PermissionError,
		)
	doc.approved_by, doc.approved_on = user, now_datetime()


def _editors(doc: Document) -> list[str]:
	"""Return who changed what the document asks for, by its versions."""
	rows = frappe.get_all(
		"Version", {"ref_doctype": doc.doctype, "docname": doc.name}, ["owner", "data"], order_by="creation"
	)
	return [row.owner for row in rows if _touches(doc, row.data)]


def _touches(doc: Document, data: str) -> bool:
	changed = {row[0] for row in (frappe.parse_json(data) or {}).get("changed", ())}
	return bool(changed & set(doc.REQUESTED))
