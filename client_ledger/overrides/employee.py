"""Employee: it tells which accounts are of one person."""

from frappe.model.document import Document

from client_ledger.core.marked import marked
from client_ledger.duties.changes import look, told
from client_ledger.duties.people import EMAILS


def on_change(doc: Document, method: str | None = None) -> None:
	"""Look at all users again where it names others: an address that two name is nobody's own, so that anybody's may change."""
	before = doc.get_doc_before_save()
	fields = ("user_id", *EMAILS)
	if method == "on_update" and before and all(before.get(f) == doc.get(f) for f in fields):
		return
	if any(one and one.get(field) for one in (doc, before) for field in fields):
		look(told(marked("Employee {0}"), doc.name))
