"""What was carried over when the books began: opening documents, and those imported then. They were not entered late, nor by anybody."""

from datetime import datetime, timedelta

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Min

from client_ledger.controls.facts.window import FactWindow
from client_ledger.core.entries import SALES_INVOICE

# So long after the first document of the business itself, those from before are still carried over.
_CARRYING_OVER = timedelta(days=60)


def carried_over_until(window: FactWindow) -> datetime | None:
	"""Return until when documents from before the books were carried over; None where no invoice was entered yet."""
	return window.once("carried over", lambda: _until(window.company))


def _until(company: str) -> datetime | None:
	invoice = DocType(SALES_INVOICE)
	query = frappe.qb.from_(invoice).select(Min(invoice.creation))
	((first,),) = query.where((invoice.company == company) & (invoice.is_opening != "Yes")).run()
	return first + _CARRYING_OVER if first else None


def imported(window: FactWindow, doctype: str) -> frozenset[str]:
	"""Return the documents of a DocType that were made by Data Imports while documents were carried over."""
	return window.once(f"imported {doctype}", lambda: _imported(window, doctype))


def _imported(window: FactWindow, doctype: str) -> frozenset[str]:
	if not frappe.db.exists("Data Import", {"reference_doctype": doctype}):
		return frozenset()
	until = carried_over_until(window)
	if until is None or until < window.since_moment:
		# They came before what is looked at.
		return frozenset()
	log, whole = DocType("Data Import Log"), DocType("Data Import")
	query = (
		frappe.qb.from_(log)
		.join(whole)
		.on(whole.name == log.data_import)
		.select(log.docname)
		.where((whole.reference_doctype == doctype) & (log.success == 1) & (log.creation <= until))
	)
	return frozenset(row[0] for row in query.run() if row[0])
