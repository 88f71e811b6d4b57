"""A statement as an Excel workbook, written row by row: memory does not grow with it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import IO

from client_ledger.core.money import ZERO
from client_ledger.core.movements import Opening
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.core.statements.parts import Coverage
from client_ledger.files.workbook import BOLD, PLAIN, Workbook
from client_ledger.paper.rows import StatementRow, item_rows, listed_rows
from client_ledger.paper.style import PaperStyle

_WIDTHS = (12, 16, 24, 28, 12, 22, 10, 9, 16, 16, 16, 16, 16, 16, 16)


def write(figures: StatementFigures, style: PaperStyle, file: IO[bytes]) -> None:
	"""Write the workbook to *file*: the ledger or the open items, the open items beside a ledger, the amount due."""
	_ = style.translate
	book = Workbook(_("Ledger"))
	_fill(book, _("Ledger"), rows(figures, style), _widths(figures))
	if figures.coverage is Coverage.BOTH:
		items = (line(row, DocTypeNames(style), figures) for row in item_rows(figures, style))
		values = ((columns(figures, style), True), *((row, False) for row in items))
		_fill(book, _("Open Items"), values, _widths(figures))
	if figures.due:
		_fill(book, _("Amount Due"), due_rows(figures, style), (12, 36, 24, 12, 16, 24))
	book.save(file)


def _fill(
	book: Workbook, title: str, values: Iterable[tuple[Sequence, bool]], widths: Sequence[float]
) -> None:
	sheet = book.sheet(title, widths=widths)
	for row, bold in values:
		sheet.add(row, BOLD if bold else PLAIN)


def _widths(figures: StatementFigures) -> tuple[float, ...]:
	return (*_WIDTHS, 24) if figures.is_group else _WIDTHS


def rows(figures: StatementFigures, style: PaperStyle) -> Iterable[tuple[Sequence, bool]]:
	"""Yield the values of each row of the first sheet, and whether it is set in bold."""
	_ = style.translate
	yield (_("Customer"), figures.customer_name, figures.customer), True
	for customer, name in figures.customers[1:]:
		yield (None, name, customer), False
	yield (_("Company"), figures.company), False
	yield (_("As Of"), figures.as_of), False
	if figures.open_only:
		yield (_("Open Items Only"),), False
	yield (), False
	yield columns(figures, style), True
	if not figures.open_only:
		yield from _totals(figures, _("Opening Balance"), figures.from_date, figures.opening)
	names = DocTypeNames(style)
	for row in listed_rows(figures, style):
		yield line(row, names, figures), False
	closing = _("Closing Balance", context="Client Ledger")
	yield from _totals(figures, closing, figures.as_of, figures.closing)


def due_rows(figures: StatementFigures, style: PaperStyle) -> Iterable[tuple[Sequence, bool]]:
	"""Yield what the customer is asked for, per currency: overdue, less what is not asked for and on account, to pay."""
	_ = style.translate
	names = dict(figures.customers)
	more = (_("Customer"),) if figures.is_group else ()
	yield (_("Currency"), _("Amount Due"), _("Document"), _("Date"), _("Amount"), *more), True
	for due in figures.due:
		end = (names[due.customer],) if figures.is_group else ()
		yield (due.currency, _("Overdue"), None, None, due.overdue, *end), False
		if due.withheld:
			label = _("Disputed, Promised, Announced or Referred")
			yield (due.currency, label, None, None, -due.withheld, *end), False
		for credit in due.credits:
			label = _("On Account") if credit.voucher else _("Payment Received, Not Yet Booked")
			name = credit.voucher.name if credit.voucher else None
			yield (due.currency, label, name, credit.posting_date, -credit.amount, *end), False
		yield (due.currency, _("Total to Pay"), None, None, due.net, *end), True


def columns(figures: StatementFigures, style: PaperStyle) -> list[str]:
	"""Return the column headers; those in company currency only where it is another one."""
	_ = style.translate
	headers = [_("Date"), _("Document Type"), _("Document"), _("Allocated To"), _("Due Date"), _("Status")]
	headers += [_("Days Late"), _("Currency"), _("Debit"), _("Credit"), _("Balance"), _("Outstanding")]
	if figures.has_base:
		headers += [
			f"{label} ({figures.company_currency})" for label in (_("Debit"), _("Credit"), _("Balance"))
		]
	return [*headers, _("Customer")] if figures.is_group else headers


def line(row: StatementRow, doctypes: "DocTypeNames", figures: StatementFigures) -> list:
	"""Return the values of one row. doctypes: their names in the paper's language."""
	values = [
		row.posting_date,
		doctypes[row.voucher.doctype],
		row.voucher.name,
		", ".join(voucher.name for voucher in row.against),
		row.due_date,
		row.status,
		row.days_late,
		row.currency,
		row.debit,
		row.credit,
		row.balance,
		row.outstanding,
	]
	if figures.has_base:
		values += [row.base_debit, row.base_credit, row.base_balance]
	return [*values, dict(figures.customers)[row.customer]] if figures.is_group else values


def _totals(
	figures: StatementFigures, label: str, day: date | None, balance: Opening
) -> Iterable[tuple[list, bool]]:
	"""Yield one row per currency with its balance; the company's balance is in the last."""
	for currency in figures.currencies:
		values = [day, label, None, None, None, None, None, currency, None, None]
		values += [balance.by_currency.get(currency, ZERO), None]
		if figures.has_base:
			is_last = currency == figures.currencies[-1]
			values += [None, None, balance.base if is_last else None]
		yield values, True


class DocTypeNames(dict):
	"""Names of DocTypes in the paper's language, translated once each."""

	def __init__(self, style: PaperStyle):
		self.translate = style.translate

	def __missing__(self, doctype: str) -> str:
		self[doctype] = self.translate(doctype)
		return self[doctype]
