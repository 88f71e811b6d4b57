"""Invoices in the archive: what was submitted, figure by figure, that it was cancelled, and its PDF where that is asked for."""

from typing import Any

import frappe
from frappe.model import no_value_fields, table_fields
from frappe.model.document import Document
from frappe.utils import add_days, cint, now_datetime

from client_ledger.archive.keep import keep
from client_ledger.archive.kinds import INVOICE, INVOICE_CANCELLED, INVOICE_PDF, rule_of
from client_ledger.site.doctypes import LEDGER_ARCHIVE, LEDGER_SETTINGS
from client_ledger.site.jobs import each_or_log, log_if_queue_fails

SALES_INVOICE = "Sales Invoice"
# How long the nightly job looks for PDFs that are still to be made.
CATCH_UP_DAYS = 7
_LONG = ("Attach", "Attach Image", "Image", "Signature", "Geolocation", "Barcode")


def keep_submitted(doc: Document) -> None:
	"""Keep an invoice that is being submitted, in its transaction."""
	name = keep(
		INVOICE,
		doc.company,
		doc.doctype,
		doc.name,
		customer=doc.customer,
		figures=figures_of(doc),
		on=doc.posting_date,
	)
	if name and wants_pdf():
		frappe.db.after_commit.add(lambda: _queue_pdf(doc.name))


def keep_cancelled(doc: Document) -> None:
	"""Keep that an invoice is being cancelled."""
	keep(
		INVOICE_CANCELLED,
		doc.company,
		doc.doctype,
		doc.name,
		customer=doc.customer,
		figures={"name": doc.name, "cancelled_by": frappe.session.user, "cancelled_on": now_datetime()},
	)


def figures_of(doc: Document) -> dict[str, Any]:
	"""Return every field of a document and its rows that says something."""
	found: dict[str, Any] = {"doctype": doc.doctype, "name": doc.name}
	for df in doc.meta.fields:
		value = doc.get(df.fieldname)
		if df.fieldtype in table_fields:
			rows = [figures_of(row) for row in value or ()]
			if rows:
				found[df.fieldname] = rows
		elif value not in (None, "", 0) and df.fieldtype not in (*no_value_fields, *_LONG):
			found[df.fieldname] = value if isinstance(value, int | float) else str(value)
	return found


def wants_pdf() -> bool:
	"""Return whether invoices are kept as PDF too."""
	wanted = cint(frappe.get_cached_doc(LEDGER_SETTINGS).get("archive_invoice_pdf"))
	return bool(wanted) and rule_of(INVOICE_PDF).keep


def _queue_pdf(name: str) -> None:
	with log_if_queue_fails(f"PDF of {name} not made yet"):
		frappe.enqueue("client_ledger.archive.invoices.keep_pdf", queue="long", name=name)


def keep_pdf(name: str) -> None:
	"""Keep the PDF of an invoice as it is printed by default: an entry of its own, once."""
	doc = frappe.get_doc(SALES_INVOICE, name)
	if doc.docstatus != 1 or frappe.db.exists(
		LEDGER_ARCHIVE,
		{"kind": INVOICE_PDF, "reference_doctype": SALES_INVOICE, "reference_name": name},
	):
		return
	pdf = frappe.get_print(SALES_INVOICE, name, as_pdf=True)
	keep(
		INVOICE_PDF,
		doc.company,
		SALES_INVOICE,
		name,
		customer=doc.customer,
		figures={"name": name, "grand_total": doc.grand_total, "currency": doc.currency},
		files=[(f"{name}.pdf".replace("/", "-"), pdf)],
		on=doc.posting_date,
	)


def catch_up_pdfs() -> None:
	"""Make the PDFs that a worker did not get to. Commits."""
	if not wants_pdf():
		return
	kept = {"reference_doctype": SALES_INVOICE, "creation": (">", add_days(now_datetime(), -CATCH_UP_DAYS))}
	names = {
		kind: set(
			frappe.get_all(LEDGER_ARCHIVE, {**kept, "kind": kind}, pluck="reference_name", order_by="name")
		)
		for kind in (INVOICE, INVOICE_PDF, INVOICE_CANCELLED)
	}
	missing = sorted(names[INVOICE] - names[INVOICE_PDF] - names[INVOICE_CANCELLED])
	each_or_log(
		missing,
		lambda batch: [keep_pdf(name) for name in batch],
		title="Archive: PDF not made",
		doctype=SALES_INVOICE,
		size=1,
	)
