"""A statement of a site as a page to print, as a PDF and as a workbook.

	figures -> client_ledger/paper -> PDF by the fast engine, where it is installed, else by ERPNext's converter from the page

The engine cannot set HTML: a letter head is set once by ERPNext's converter and then shown on every statement. What the
engine is not made for (a tall letter head, scripts such as Arabic) goes to the converter as a whole.
"""

from tempfile import TemporaryFile

import frappe
from frappe import _
from frappe.utils import getdate
from frappe.utils.pdf import get_pdf
from werkzeug.wrappers import Response
from werkzeug.wsgi import FileWrapper

from client_ledger.core.statements.figures import StatementFigures
from client_ledger.files.workbook import MIME_TYPE
from client_ledger.paper import fonts, xlsx
from client_ledger.paper.html import html_page
from client_ledger.paper.layout import PaperLayout, lay_out
from client_ledger.paper.pdf import NoChineseFont, PaperError, has_engine
from client_ledger.paper.pdf import make_pdf as engine_pdf
from client_ledger.site.messages import filled
from client_ledger.statements.letter_head import letter_head, strip_of
from client_ledger.statements.style import site_style

# Longer ones take minutes and hundreds of pages; the workbook is made for that.
MOST_PDF_ROWS = 3000
MOST_ENGINE_ROWS = 20_000
_BLOCK = 64 * 1024


def page(figures: StatementFigures) -> Response:
	"""Return the statement as an HTML page that opens the browser's print dialog."""
	return Response(render(figures, with_dialog=True), mimetype="text/html")


def pdf(figures: StatementFigures) -> Response:
	"""Return the statement as a PDF file. Throws with advice where the site cannot make PDFs, or not this long."""
	return pdf_response(pdf_file(figures), figures)


def pdf_response(content: bytes, figures: StatementFigures) -> Response:
	"""Return a PDF of a statement as a file."""
	answer = Response(content, mimetype="application/pdf")
	answer.headers.set("Content-Disposition", "inline", filename=figures.file_name("pdf"))
	return answer


def workbook(figures: StatementFigures) -> Response:
	"""Return the statement as an Excel workbook to download."""
	file = TemporaryFile()
	xlsx.write(figures, site_style(), file)
	file.seek(0)
	answer = Response(FileWrapper(file, _BLOCK), mimetype=MIME_TYPE, direct_passthrough=True)
	answer.call_on_close(file.close)
	answer.headers.set("Content-Disposition", "attachment", filename=figures.file_name("xlsx"))
	return answer


def render(figures: StatementFigures, with_dialog: bool) -> str:
	"""Return the page as HTML, in the language spoken now. with_dialog: to print it, which takes a letter head that is there."""
	return html_page(_layout(figures), letter_head(figures.company, strict=with_dialog), with_dialog)


def pdf_file(figures: StatementFigures) -> bytes:
	"""Return the statement as PDF, in the language spoken now.

	Raises frappe.ValidationError with advice where it is too long, no converter is there, no font with Chinese characters, or
	the company's letter head is gone.
	"""
	rows = len(figures.lines) + len(figures.open_items)
	if rows > (MOST_ENGINE_ROWS if has_engine() else MOST_PDF_ROWS):
		_throw_too_long(rows)
	return pdf_of(_layout(figures), figures.company, rows)


def pdf_of(layout: PaperLayout, company: str, rows: int = 0, title: str | None = None) -> bytes:
	"""Return a paper of a company as PDF, under its letter head. rows: how long it is. title: a statement's unless given.

	Raises frappe.ValidationError as `pdf_file` does.
	"""
	head = letter_head(company, title=title)
	try:
		if content := _by_engine(layout, head):
			return content
	except NoChineseFont:
		_throw_no_chinese_font()
	if rows > MOST_PDF_ROWS:
		_throw_too_long(rows)
	html = html_page(layout, head)
	if fonts.has_chinese([html]) and fonts.system_has_chinese() is False:
		_throw_no_chinese_font()
	return make_pdf(html)


def make_pdf(html: str) -> bytes:
	"""Return a page as PDF by ERPNext's converter. Raises frappe.ValidationError with advice where there is none."""
	try:
		return get_pdf(html, {"orientation": "Portrait", "page-size": "A4"})
	except OSError as error:
		throw_not_converted(error)


def throw_not_converted(error: OSError) -> None:
	"""Raise frappe.ValidationError with what ERPNext's converter says, and what to do."""
	reason = (str(error).strip().splitlines() or ["wkhtmltopdf"])[0]
	frappe.throw(
		filled(
			_(
				"The PDF could not be created ({0}). Use Print instead and choose “Save as PDF” in the browser."
			),
			reason,
		)
	)


def _layout(figures: StatementFigures) -> PaperLayout:
	return lay_out(figures, site_style(), getdate())


def _by_engine(layout: PaperLayout, head: str) -> bytes | None:
	"""Return the PDF of the fast engine, None where it is not the one to make it. Raises NoChineseFont."""
	if not has_engine():
		return None
	strip = strip_of(head) if head else None
	if head and not strip:
		return None
	try:
		return engine_pdf(layout, strip)
	except NoChineseFont:
		raise
	except PaperError as error:
		frappe.logger("client_ledger").warning(f"by ERPNext's converter: {layout.file_title}: {error}")
		return None


def _throw_too_long(rows: int) -> None:
	frappe.throw(
		filled(_("{0} rows are too many for a PDF. Select a later From Date or export to Excel."), rows)
	)


def _throw_no_chinese_font() -> None:
	frappe.throw(
		_(
			"The server has no font with Chinese characters: they would be printed as boxes. "
			"Install one, for example the package fonts-noto-cjk, and restart the workers."
		)
	)
