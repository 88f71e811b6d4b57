"""Papers of a visitor: statements as they were sent, invoices, and the ledger of today, as PDF and workbook.

Files are streamed from here after access.py has let the visitor in; their own addresses stay closed to it. Opening a statement
sets when and by whom it was seen.
"""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import frappe
from frappe import _
from frappe.core.doctype.access_log.access_log import make_access_log
from frappe.utils import cint, flt, getdate, now_datetime
from werkzeug.wrappers import Response

from client_ledger.collections import amounts_due, disputes
from client_ledger.core.collections.disputes import disputed_amounts
from client_ledger.core.open_items import OpenItem
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.core.statements.outcome import StatementStatus
from client_ledger.core.statements.parts import Coverage
from client_ledger.files.workbook import BOLD, MIME_TYPE, Workbook
from client_ledger.guest_links import limits, links
from client_ledger.portal.access import NotYours, Visitor
from client_ledger.portal.shown import day, money
from client_ledger.site.doctypes import CUSTOMER_STATEMENT
from client_ledger.site.language import spoken
from client_ledger.statement_runs import files, kept, statement_rows
from client_ledger.statement_runs.terms import StatementTerms, terms_of
from client_ledger.statements import printing
from client_ledger.statements.figures import StatementFacts, statement_figures

SALES_INVOICE = "Sales Invoice"
PDF, XLSX = "pdf", "xlsx"
PAGE_LENGTH = 24
# Statements that reached the customer.
TOLD = (StatementStatus.SENT.value, StatementStatus.PRINTED.value, StatementStatus.SEEN.value)
DOWNLOADED = "Downloaded"
# Files of one visitor within an hour: each takes a second to make.
MOST_FILES, HOUR = 120, 3600
_INVOICE_COLUMNS = ("item_code", "item_name", "qty", "uom", "rate", "amount")


def may_have_file(doctype: str) -> bool:
	"""Return whether documents of a kind are the customer's to have as a file."""
	return doctype == SALES_INVOICE


# --- statements ---


def statements(visitor: Visitor, start: int = 0) -> dict:
	"""Return a page of the statements that the customer was sent, newest first: {rows, more}."""
	rows = frappe.get_all(
		CUSTOMER_STATEMENT,
		{
			"customer": visitor.customer,
			"company": visitor.company,
			"status": ("in", TOLD),
			"figures": ("is", "set"),
		},
		["name", "from_date", "as_of", "coverage", "closing", "shown_currency", "sent_on", "seen_on"],
		order_by="as_of desc, sent_on desc, name desc",
		limit_start=max(cint(start), 0),
		limit=PAGE_LENGTH + 1,
	)
	company_currency = frappe.get_cached_value("Company", visitor.company, "default_currency")
	return {
		"rows": [
			{
				"name": row.name,
				"from": day(row.from_date),
				"as_of": day(row.as_of),
				"coverage": _(row.coverage),
				"closing": money(row.closing, row.shown_currency or company_currency),
				"sent": day(row.sent_on),
				"is_new": not row.seen_on,
			}
			for row in rows[:PAGE_LENGTH]
		],
		"more": len(rows) > PAGE_LENGTH,
	}


def statement_file(visitor: Visitor, name: str, file_format: str) -> Response:
	"""Return a statement as it was told: the file that was sent, else made anew from its figures. It has been seen then."""
	statement = frappe.db.get_value(
		CUSTOMER_STATEMENT, name, ["customer", "company", "status", "seen_on"], as_dict=True
	)
	is_mine = statement and (statement.customer, statement.company) == (visitor.customer, visitor.company)
	if not is_mine or statement.status not in TOLD:
		_refuse()
	_count(visitor)
	document = frappe.get_doc(CUSTOMER_STATEMENT, name)
	figures = kept.stated(document)
	content = _kept_file(document, file_format) or _made_file(document, figures, file_format)
	if not statement.seen_on:
		_see(visitor, name)
	_note(visitor, _("Statement of {0}").format(figures.as_of), file_format)
	return _answer(content, figures.file_name(file_format), file_format)


def _kept_file(document: "frappe.model.document.Document", file_format: str) -> bytes | None:
	url = document.get(file_format)
	try:
		found = files.read_files(document.name, [url]) if url else []
	except OSError:
		# Gone from the disk: what it said is kept beside.
		found = []
	return found[0][1] if found else None


def _made_file(
	document: "frappe.model.document.Document", figures: StatementFigures, file_format: str
) -> bytes:
	terms = terms_of(document.schedule) or StatementTerms()
	with spoken(document.language or None), _any_may_print():
		if file_format == XLSX:
			return files.workbook(figures)
		return _pdf(document.name, lambda: files.pdf(document.name, figures, terms.print_format))


def _see(visitor: Visitor, name: str) -> None:
	now = now_datetime()
	seen = {"seen_on": now, "seen_by": visitor.shown_name[:140], "status": StatementStatus.SEEN.value}
	statement_rows.update(name, seen, now)
	# A file is asked for by a request that only reads.
	frappe.local.flags.commit = True


# --- invoices ---


def invoice_file(visitor: Visitor, name: str, file_format: str) -> Response:
	"""Return a submitted invoice of the customer."""
	row = frappe.db.get_value(SALES_INVOICE, name, ["customer", "company", "docstatus"], as_dict=True)
	if not row or (row.customer, row.company, row.docstatus) != (visitor.customer, visitor.company, 1):
		_refuse()
	_count(visitor)
	_note(visitor, name, file_format)
	title = f"{name}.{file_format}".replace("/", "-")
	if file_format == XLSX:
		return _answer(_invoice_workbook(name), title, XLSX)
	with _any_may_print():
		content = _pdf(name, lambda: frappe.get_print(SALES_INVOICE, name, as_pdf=True))
	return _answer(content, title, PDF)


def _invoice_workbook(name: str) -> bytes:
	invoice = frappe.get_doc(SALES_INVOICE, name)
	book = Workbook(name)
	sheet = book.sheet(_(SALES_INVOICE), widths=(22, 40, 12, 10, 16, 16))
	for field in ("name", "posting_date", "due_date", "customer_name", "company", "po_no", "currency"):
		label = _(invoice.meta.get_label(field)) if field != "name" else _(SALES_INVOICE)
		sheet.add([label, invoice.get(field)], [BOLD, BOLD])
	sheet.add([])
	meta = frappe.get_meta("Sales Invoice Item")
	sheet.add([_(meta.get_label(field)) for field in _INVOICE_COLUMNS], BOLD)
	for row in invoice.items:
		sheet.add([row.get(field) for field in _INVOICE_COLUMNS])
	sheet.add([])
	for row in invoice.taxes:
		sheet.add([row.description, None, None, None, None, flt(row.tax_amount)])
	for field in ("net_total", "total_taxes_and_charges", "grand_total", "outstanding_amount"):
		sheet.add([_(invoice.meta.get_label(field)), None, None, None, None, invoice.get(field)], BOLD)
	file = BytesIO()
	book.save(file)
	return file.getvalue()


# --- the ledger of today ---


def ledger_file(visitor: Visitor, file_format: str, from_date: date | None, open_only: bool) -> Response:
	"""Return the ledger up to today, or what is open of it. Raises frappe.ValidationError for a period that has not begun."""
	today = getdate()
	if from_date and from_date > today:
		frappe.throw(_("The period begins after today. Choose an earlier day."))
	_count(visitor)
	figures = statement_figures(
		visitor.company,
		visitor.customer,
		today,
		None if open_only else from_date,
		Coverage.OPEN_ITEMS if open_only else Coverage.ACTIVITY,
		None,
		_facts,
	)
	content = (
		files.workbook(figures)
		if file_format == XLSX
		else _pdf(visitor.customer, lambda: printing.pdf_file(figures))
	)
	_note(visitor, _("Ledger"), file_format)
	return _answer(content, figures.file_name(file_format), file_format)


def _facts(company: str, items: list[OpenItem], as_of: date) -> StatementFacts:
	"""Return what is disputed and asked for: the customer's own, which no permission of a colleague hides."""
	customers = sorted({item.customer for item in items})
	disputed = disputed_amounts(disputes.running(customers, company)) if customers else {}
	return StatementFacts(disputed, amounts_due.by_party(items, as_of))


# --- common ---


def _pdf(of: str, make: Callable[[], bytes]) -> bytes:
	"""Return a PDF. What keeps it from being made is for colleagues to read: the customer is told what it can do."""
	said = len(frappe.local.message_log)
	try:
		return make()
	except (OSError, frappe.ValidationError):
		del frappe.local.message_log[said:]
		# Deferred: what is thrown undoes what this request writes.
		frappe.log_error(title=f"Customer Portal: no PDF of {of}"[:140], defer_insert=True)
		frappe.throw(
			_("The PDF cannot be made at the moment. Take the Excel file, or ask the company for it.")
		)


class _any_may_print:
	"""Within it Frappe prints without asking for permission: whose paper it is has been asked before."""

	def __enter__(self) -> None:
		self.before = frappe.flags.ignore_print_permissions
		frappe.flags.ignore_print_permissions = True

	def __exit__(self, *error: object) -> None:
		frappe.flags.ignore_print_permissions = self.before


def _answer(content: bytes, name: str, file_format: str) -> Response:
	answer = Response(content, mimetype=MIME_TYPE if file_format == XLSX else "application/pdf")
	answer.headers.set("Content-Disposition", "attachment", filename=name)
	answer.headers["Cache-Control"] = "no-store, private"
	answer.headers["X-Content-Type-Options"] = "nosniff"
	return answer


def _count(visitor: Visitor) -> None:
	limits.count("portal files", visitor.identity, MOST_FILES, HOUR)


def _note(visitor: Visitor, what: str, file_format: str) -> None:
	"""Keep who has taken which paper."""
	if visitor.link:
		links.record(visitor.link.name, DOWNLOADED, f"{what} ({file_format.upper()})")
	else:
		make_access_log(
			doctype="Customer",
			document=visitor.customer,
			file_type=file_format.upper(),
			method=f"Customer Portal: {what}"[:140],
		)


def _refuse() -> None:
	frappe.throw(
		_("This paper is not available to you. Load the page again and choose one of its list."), NotYours
	)
