"""Statements on paper. To be replaced by client_ledger.paper."""

import io

import frappe
from frappe.utils import fmt_money, formatdate
from werkzeug.wrappers import Response

from client_ledger.core.statements.figures import StatementFigures
from client_ledger.files.workbook import MIME_TYPE, Workbook
from client_ledger.statements.printing import letter_head, make_pdf


def html(figures: StatementFigures) -> str:
	return letter_head(figures.company) + frappe.render_template(
		"client_ledger/templates/statement_notice.html",
		{
			"figures": figures,
			"introduction": [],
			"items": figures.open_items,
			"lines": figures.lines,
			"has_more": False,
			"has_files": False,
			"money": lambda amount, currency: fmt_money(amount, currency=currency),
			"day": lambda value: formatdate(value) if value else "",
		},
	)


def pdf(figures: StatementFigures) -> bytes:
	return make_pdf(html(figures))


def xlsx(figures: StatementFigures) -> bytes:
	book = Workbook("Statement")
	sheet = book.sheet("Statement")
	for line in figures.lines:
		sheet.add([line.posting_date, line.voucher.name, line.debit, line.credit, line.balance])
	out = io.BytesIO()
	book.save(out)
	return out.getvalue()


def response(figures: StatementFigures, file_format: str) -> Response:
	content = pdf(figures) if file_format == "pdf" else xlsx(figures)
	answer = Response(content, mimetype="application/pdf" if file_format == "pdf" else MIME_TYPE)
	answer.headers.set("Content-Disposition", "attachment", filename=figures.file_name(file_format))
	return answer
