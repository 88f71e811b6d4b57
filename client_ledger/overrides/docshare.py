"""DocShare: a document that is shared gives rights on it past all roles."""

from frappe.model.document import Document
from frappe.utils import cint

from client_ledger.core.marked import marked
from client_ledger.duties.changes import is_watched, look, told
from client_ledger.duties.shares import is_of_oneself


def on_change(doc: Document, method: str | None = None) -> None:
	"""Look at who it is shared with, where a duty is about its DocType and more than reading is or was shared."""
	gives = (_gives(doc) or _gives(doc.get_doc_before_save())) and not is_of_oneself(doc)
	if gives and is_watched(doc.share_doctype):
		users = None if cint(doc.everyone) else [doc.user]
		look(told(marked("{0} {1} shared"), doc.share_doctype, doc.share_name), users)


def _gives(doc: Document | None) -> bool:
	return bool(doc and (cint(doc.write) or cint(doc.submit)))
