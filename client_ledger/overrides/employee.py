"""Employee: it tells which accounts are of one person."""

import frappe
from frappe.model.document import Document

from client_ledger.core.marked import marked
from client_ledger.duties.changes import look, told
from client_ledger.duties.people import EMAILS


def on_change(doc: Document, method: str | None = None) -> None:
	"""Look again at the users whom it names, or has named, where that has changed."""
	before = doc.get_doc_before_save()
	fields = ("user_id", *EMAILS)
	if method == "on_update" and before and all(before.get(f) == doc.get(f) for f in fields):
		return
	named = {one.get(field) for one in (doc, before) if one for field in fields} - {None, ""}
	users = frappe.get_all("User", {"name": ("in", sorted(named))}, pluck="name", order_by="name")
	if users:
		look(told(marked("Employee {0}"), doc.name), users)
