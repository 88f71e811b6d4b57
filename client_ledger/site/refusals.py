"""What is refused stays on record although everything else of the request is rolled back."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import strip_html
from markupsafe import Markup, escape

from client_ledger.site.messages import filled


def refuse(
	doc: Document,
	text: str,
	error: type[Exception] = frappe.PermissionError,
	on: tuple[str, str | None] | None = None,
	title: str | None = None,
) -> None:
	"""Raise *error* with *text*, and keep that: as a comment on *doc*, else on *on* (DocType, name), else in the Activity Log.

	A new document is not stored, so that its refusal stands at what it was about.
	"""
	# Version 15's database driver quotes what is Markup as HTML.
	user, said = frappe.session.user, str(escape(text))
	places = [(doc.doctype, doc.name), on or ("", None)]

	def keep() -> None:
		place = next((place for place in places if place[1] and frappe.db.exists(*place)), None)
		record = _comment(place, user, said) if place else _activity(doc.doctype, user, said)
		frappe.get_doc(record).insert(ignore_permissions=True, ignore_links=True)
		frappe.db.commit()  # nosemgrep: the record outlives what was refused

	frappe.db.after_rollback.add(keep)
	frappe.throw(text, error, title=title)


def _comment(place: tuple[str, str | None], user: str, html: str) -> dict:
	return {
		"doctype": "Comment",
		"comment_type": "Info",
		"reference_doctype": place[0],
		"reference_name": place[1],
		"comment_email": user,
		"content": str(filled(_("Refused: {0}"), Markup(html))),
	}


def _activity(doctype: str, user: str, html: str) -> dict:
	return {
		"doctype": "Activity Log",
		"user": user,
		"status": "Failed",
		"subject": _("{0} refused: {1}").format(_(doctype), strip_html(html))[:140],
		"content": html,
	}
