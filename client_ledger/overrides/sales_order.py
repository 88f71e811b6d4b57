"""Sales Order: what is ordered and not billed, and the credit check; closing and reopening only change its status."""

from frappe.model.document import Document

from client_ledger.credit.check import check
from client_ledger.credit.check.holds import WITHDRAWN, close_holds
from client_ledger.site.refresh_queue import mark_stale


def on_change(doc: Document, method: str | None = None) -> None:
	"""A submitted or cancelled document changes its customer's account; a draft does not."""
	if doc.docstatus:
		mark_stale([doc.customer])


def after_insert(doc: Document, method: str | None = None) -> None:
	"""Until it is committed, a submit that is held leaves nothing of it."""
	check.after_insert(doc)


def before_submit(doc: Document, method: str | None = None) -> None:
	"""Credit rules may hold it: then it stays a draft."""
	check.check_document(doc)


def on_submit(doc: Document, method: str | None = None) -> None:
	"""The host's own limit stands again."""
	check.after_submit(doc)


def on_cancel(doc: Document, method: str | None = None) -> None:
	"""It no longer counts for documents that are checked at this moment."""
	check.after_cancel(doc)


def on_trash(doc: Document, method: str | None = None) -> None:
	"""A draft that is deleted leaves the queue."""
	close_holds(doc, WITHDRAWN)


def before_update_after_submit(doc: Document, method: str | None = None) -> None:
	"""Its items may not grow beyond what may be owed."""
	check.check_change(doc)


def on_update_after_submit(doc: Document, method: str | None = None) -> None:
	"""The host's own limit stands again."""
	check.after_change(doc)


def before_change(doc: Document, method: str | None = None) -> None:
	"""Opening it again counts as submitting it again."""
	check.check_reopening(doc)
