"""A customer's ledger as an Excel workbook, written row by row to a temporary file and streamed from there."""

from collections.abc import Iterable, Sequence
from datetime import date
from tempfile import TemporaryFile
from typing import IO

from frappe import _
from werkzeug.wrappers import Response
from werkzeug.wsgi import FileWrapper

from client_ledger.core.money import as_money
from client_ledger.core.movements import Opening
from client_ledger.files.workbook import BOLD, MIME_TYPE, PLAIN, Workbook
from client_ledger.statements.statement import Statement, StatementRow

_BLOCK = 64 * 1024
_WIDTHS = (12, 16, 24, 28, 12, 22, 10, 9, 16, 16, 16, 16, 16, 16, 16)


def response(statement: Statement) -> Response:
	"""Return the workbook as a download."""
	file = TemporaryFile()
	write(statement, file)
	file.seek(0)
	answer = Response(FileWrapper(file, _BLOCK), mimetype=MIME_TYPE, direct_passthrough=True)
	answer.call_on_close(file.close)
	answer.headers.set("Content-Disposition", "attachment", filename=statement.file_name("xlsx"))
	return answer


def write(statement: Statement, file: IO[bytes]) -> None:
	"""Write the workbook to *file*; memory does not grow with the number of rows."""
	book = Workbook(_("Ledger"))
	sheet = book.sheet(_("Ledger"), widths=_WIDTHS)
	for values, bold in rows(statement):
		sheet.add(values, BOLD if bold else PLAIN)
	if statement.due:
		sheet = book.sheet(_("Amount Due"), widths=(12, 36, 24, 12, 16))
		for values, bold in due_rows(statement):
			sheet.add(values, BOLD if bold else PLAIN)
	book.save(file)


def rows(statement: Statement) -> Iterable[tuple[Sequence, bool]]:
	"""Yield the values of each row of the sheet, and whether it is set in bold."""
	yield (_("Customer"), statement.customer_name, statement.customer), True
	yield (_("Company"), statement.company), False
	yield (_("As Of"), statement.as_of), False
	if statement.open_only:
		yield (_("Open Items Only"),), False
	yield (), False
	yield columns(statement), True
	if not statement.open_only:
		for values in totals(statement, _("Opening Balance"), statement.from_date, statement.opening):
			yield values, True
	doctypes = {doctype: _(doctype) for doctype in {row.voucher.doctype for row in statement.rows}}
	for row in statement.rows:
		yield line(row, doctypes, statement.has_base), False
	for values in totals(
		statement, _("Closing Balance", context="Client Ledger"), statement.as_of, statement.closing
	):
		yield values, True


def due_rows(statement: Statement) -> Iterable[tuple[Sequence, bool]]:
	"""Yield what the customer is asked for, per currency: overdue, less what is not asked for and on account, to pay."""
	yield (_("Currency"), _("Amount Due"), _("Document"), _("Date"), _("Amount")), True
	for currency, amount in statement.due:
		yield (currency, _("Overdue"), None, None, amount.overdue), False
		if amount.withheld:
			yield (currency, _("Disputed, Promised or Referred"), None, None, -amount.withheld), False
		for credit in amount.credits:
			label = _("On Account") if credit.voucher else _("Payment Received, Not Yet Booked")
			name = credit.voucher.name if credit.voucher else None
			yield (currency, label, name, credit.posting_date, -credit.amount), False
		yield (currency, _("Total to Pay"), None, None, amount.net), True


def columns(statement: Statement) -> list[str]:
	"""Return the column headers; those in company currency only where it is another one."""
	headers = [_("Date"), _("Document Type"), _("Document"), _("Allocated To"), _("Due Date"), _("Status")]
	headers += [_("Days Late"), _("Currency"), _("Debit"), _("Credit"), _("Balance"), _("Outstanding")]
	if statement.has_base:
		headers += [
			f"{label} ({statement.company_currency})" for label in (_("Debit"), _("Credit"), _("Balance"))
		]
	return headers


def line(row: StatementRow, doctypes: dict[str, str], has_base: bool) -> list:
	"""Return the values of one movement. doctypes: their names in the user's language."""
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
	return [*values, row.base_debit, row.base_credit, row.base_balance] if has_base else values


def totals(statement: Statement, label: str, day: date | None, opening: Opening) -> Iterable[list]:
	"""Yield one row per currency with its balance; the company's balance is in the last."""
	for currency in statement.currencies:
		values = [day, label, None, None, None, None, None, currency, None, None]
		values += [as_money(opening.by_currency.get(currency)), None]
		if statement.has_base:
			is_last = currency == statement.currencies[-1]
			values += [None, None, opening.base if is_last else None]
		yield values
