"""A customer's ledger on paper: a page to print from the browser, and a PDF where the site can make one."""

import frappe
from frappe import _
from frappe.utils import fmt_money, formatdate
from frappe.utils.jinja_globals import is_rtl
from frappe.utils.pdf import get_pdf
from werkzeug.wrappers import Response

from client_ledger.core.ageing import bucket_labels
from client_ledger.site.messages import filled
from client_ledger.statements.statement import Statement

TEMPLATE = "client_ledger/templates/print/customer_ledger.html"
# A longer PDF takes minutes and hundreds of pages; the workbook is made for that.
MOST_PDF_ROWS = 3000


def page(statement: Statement) -> Response:
	"""Return the ledger as an HTML page that opens the browser's print dialog."""
	return Response(render(statement, with_dialog=True), mimetype="text/html")


def pdf(statement: Statement) -> Response:
	"""Return the ledger as a PDF file. Throws with advice where the site cannot make PDFs, or not this long."""
	if len(statement.rows) > MOST_PDF_ROWS:
		frappe.throw(
			filled(
				_("{0} rows are too many for a PDF. Select a later From Date or export to Excel."),
				len(statement.rows),
			)
		)
	content = make_pdf(render(statement, with_dialog=False))
	answer = Response(content, mimetype="application/pdf")
	answer.headers.set("Content-Disposition", "inline", filename=statement.file_name("pdf"))
	return answer


def make_pdf(html: str) -> bytes:
	try:
		return get_pdf(html, {"orientation": "Portrait", "page-size": "A4"})
	except OSError as error:
		reason = (str(error).strip().splitlines() or ["wkhtmltopdf"])[0]
		frappe.throw(
			filled(
				_(
					"The PDF could not be created ({0}). Use Print instead and choose “Save as PDF” in the browser."
				),
				reason,
			)
		)


def render(statement: Statement, with_dialog: bool) -> str:
	"""Return the page as HTML that needs nothing else, so that it prints the same everywhere."""
	return frappe.render_template(
		TEMPLATE,
		{
			"statement": statement,
			"letter_head": letter_head(statement.company),
			"buckets": _buckets(statement),
			"money": lambda amount, currency: fmt_money(amount, currency=currency),
			"day": lambda value: formatdate(value) if value else "",
			"printed_on": formatdate(frappe.utils.nowdate()),
			"with_dialog": with_dialog,
			"lang": frappe.local.lang,
			"direction": "rtl" if is_rtl() else "ltr",
		},
	)


def letter_head(company: str) -> str:
	"""Return the company's letter head, or the site's default one, as HTML; "" where there is none."""
	name = frappe.get_cached_value("Company", company, "default_letter_head")
	name = name or frappe.db.get_value("Letter Head", {"is_default": 1, "disabled": 0})
	content = frappe.db.get_value("Letter Head", name, "content") if name else None
	return frappe.render_template(content, {"doc": frappe._dict(company=company)}) if content else ""


def _buckets(statement: Statement) -> list[tuple[str, object]]:
	labels = [_("Not Due"), *(_("{0} days").format(label) for label in bucket_labels())]
	return list(zip(labels, [statement.ageing.not_due, *statement.ageing.buckets], strict=True))
