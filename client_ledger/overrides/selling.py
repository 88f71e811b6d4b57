"""What Sales Order, Delivery Note and Sales Invoice have in common: their customer's account follows them, and the credit check."""

from frappe.model.document import Document

from client_ledger.credit.check import check
from client_ledger.credit.check.holds import WITHDRAWN, close_holds
from client_ledger.site.arguments import in_words
from client_ledger.site.refresh_queue import mark_stale


def on_change(doc: Document, method: str | None = None) -> None:
	"""A submitted or cancelled document changes its customer's account; a draft does not."""
	if doc.docstatus:
		mark_stale([doc.customer])


def after_insert(doc: Document, method: str | None = None) -> None:
	"""Mark the draft as new: a held submit in the same transaction would roll it back too."""
	check.after_insert(doc)


def before_submit(doc: Document, method: str | None = None) -> None:
	"""Test the credit rules. Raises CreditHoldError where they hold the document, which stays a draft, TryAgain where
	another one of the customer is being checked for too long."""
	in_words(lambda: check.check_document(doc))


def on_submit(doc: Document, method: str | None = None) -> None:
	"""Let ERPNext's limit checks apply again, and close the document's hold."""
	check.after_submit(doc)


def on_cancel(doc: Document, method: str | None = None) -> None:
	"""Stop counting the document for others that are being checked at this moment."""
	check.after_cancel(doc)


def on_trash(doc: Document, method: str | None = None) -> None:
	"""Withdraw the hold of a draft that is deleted."""
	close_holds(doc, WITHDRAWN)


def before_change(doc: Document, method: str | None = None) -> None:
	"""Test the credit rules where a closed document is opened again, as when it is submitted."""
	in_words(lambda: check.check_reopening(doc))
