"""Reads a table of paid invoices, one row each, into trade lines: all that a backtest needs of another ledger."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from client_ledger.core.credit.lateness import BUSINESS_DAYS, Calendar, TradeLine
from client_ledger.files.headings import find_columns
from client_ledger.files.problems import InputProblem, InputProblems, NotText, UnreadableFile
from client_ledger.files.read import rows
from client_ledger.files.values import text_of
from client_ledger.preview.i18n import _
from client_ledger.preview.problems import BadInput, Refused

# What a column may be called, the best name first; compared by letters and digits.
HEADINGS: dict[str, tuple[str, ...]] = {
	"customer": (
		"customer",
		"customerid",
		"customerno",
		"customernumber",
		"custnumber",
		"customername",
		"client",
	),
	"invoice": ("invoice", "invoiceid", "invoiceno", "invoicenumber", "docid", "reference", "name"),
	"issued": ("invoicedate", "postingdate", "issuedate", "issued", "documentdate", "date"),
	"due": ("duedate", "due", "dueindate"),
	"amount": ("invoiceamount", "amount", "grandtotal", "total", "totalamount", "totalopenamount"),
	"settled": ("settleddate", "settled", "settledon", "paiddate", "paidon", "paymentdate", "cleardate"),
	"disputed": ("disputed", "dispute", "isdisputed"),
}
OPTIONAL = ("invoice", "amount", "disputed")
DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y")
_TRUE = {"1", "y", "yes", "true", "t", "x"}
_EMPTY = {"", "none", "null", "nan", "nat", "-"}


def read_trade_lines(
	path: Path,
	date_format: str | None = None,
	columns: Mapping[str, str] | None = None,
	calendar: Calendar = BUSINESS_DAYS,
	on_blank_amount: Callable[[int], object] | None = None,
) -> list[TradeLine]:
	"""Return the invoices of a CSV or XLSX file. columns: role -> heading, where a heading is not one we know.

	Without a column of amounts all invoices weigh the same. In one, a blank amount is a problem, unless on_blank_amount
	is given: it is then called with the number of the row, which is left out. Rows without an amount above zero (credit
	notes) are left out. Raises BadInput naming row and column, or Refused for a file that is no such table.
	"""
	table = _table(path)
	table.columns = _columns(path, table.headings, columns or {})
	customers, references, disputed = (table.texts(role) for role in ("customer", "invoice", "disputed"))
	issued, due, settled = (table.dates(role, date_format) for role in ("issued", "due", "settled"))
	amounts = table.parsed("amount", _amount, _("This is not a valid amount."))
	table.require("customer", customers, _("The customer is missing."))
	table.require("issued", table.texts("issued"), _("The date is missing."))
	table.require("due", table.texts("due"), _("The date is missing."))
	has_amounts = "amount" in table.columns
	if has_amounts and not on_blank_amount:
		hint = _("Enter the amount, or skip such rows with --skip-blank-amounts")
		table.require("amount", table.texts("amount"), _("The amount is missing."), hint)
	if table.problems:
		raise BadInput(table.problems)
	if has_amounts and on_blank_amount:
		for (number, _cells), amount in zip(table.rows, amounts, strict=True):
			if amount is None:
				on_blank_amount(number)
	lines = [
		TradeLine(
			customers[i],
			references[i],
			issued[i],
			calendar.effective(due[i]),
			1.0 if amounts[i] is None else float(amounts[i]),
			max(settled[i], issued[i]) if settled[i] else None,
			disputed[i].lower() in _TRUE,
		)
		for i in range(len(customers))
		if (not has_amounts if amounts[i] is None else amounts[i] > 0)
	]
	if not lines:
		raise Refused(_("{0} contains no invoices.").format(path))
	return lines


def _table(path: Path) -> "_Table":
	"""Return the headings and the rows that are not empty."""
	if not path.is_file():
		raise Refused(_("{0} does not exist.").format(path))
	try:
		found = [(number, [text_of(cell) for cell in cells]) for number, cells in rows(path)]
	except NotText as error:
		raise Refused(_("{0} is not a text file.").format(path)) from error
	except UnreadableFile as error:
		raise Refused(error.problem(str(path), _).describe(_)) from error
	numbered = [(number, cells) for number, cells in found[1:] if any(cells)]
	if not numbered:
		raise Refused(_("{0} contains no invoices.").format(path))
	return _Table(path.name, found[0][1], numbered)


def _columns(path: Path, headings: Sequence[str], given: Mapping[str, str]) -> dict[str, int]:
	"""Return where each role stands. Raises Refused for one that cannot be found."""
	found = find_columns(headings, HEADINGS, given)
	for role in HEADINGS:
		if role not in found and (role in given or role not in OPTIONAL):
			raise Refused(
				_("{0} has no column for {1}. Specify --column {1}=HEADING. The headings are: {2}").format(
					path, role, ", ".join(headings)
				)
			)
	return found


class _Table:
	"""A table by roles: texts, dates and amounts of a whole column, problems noted."""

	def __init__(self, file: str, headings: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]]):
		self.file, self.headings, self.rows = file, headings, rows
		self.columns: Mapping[str, int] = {}
		self.problems = InputProblems()

	def texts(self, role: str) -> list[str]:
		"""Return the column's cells, empty where there is no such column or the row is too short."""
		place = self.columns.get(role)
		if place is None:
			return [""] * len(self.rows)
		return [row[place] if place < len(row) else "" for _number, row in self.rows]

	def require(self, role: str, texts: Sequence[str], complaint: str, hint: str = "") -> None:
		"""Note a problem for every cell of a column that is empty."""
		for (number, _row), text in zip(self.rows, texts, strict=True):
			if text.lower() in _EMPTY:
				self.problems.add(
					InputProblem(self.file, complaint, number, self.headings[self.columns[role]], hint)
				)

	def dates(self, role: str, date_format: str | None) -> list[date | None]:
		"""Return the column's dates. One format must fit it all; of two that do, the first is not guessed."""
		texts = [_date_text(text) for text in self.texts(role)]
		formats = [date_format] if date_format else _fitting(texts)
		if len(formats) > 1 and any(_date(t, formats[0]) != _date(t, formats[1]) for t in texts if t):
			raise Refused(
				_("{0}: column {1} can be read as {2}. Specify --date-format.").format(
					self.file, self.headings[self.columns[role]], " / ".join(formats)
				)
			)
		wanted = formats[0] if formats else _best(texts)
		return self.parsed(role, lambda text: _date(_date_text(text), wanted), _("This is not a valid date."))

	def parsed(self, role: str, parse: Callable[[str], object], complaint: str) -> list:
		"""Return the column's values, None for empty cells and for what *parse* refuses with a ValueError."""
		found = []
		for (number, _row), text in zip(self.rows, self.texts(role), strict=True):
			value = None
			if text.lower() not in _EMPTY:
				try:
					value = parse(text)
				except ValueError:
					heading = self.headings[self.columns[role]]
					self.problems.add(InputProblem(self.file, f"{complaint} ({text})", number, heading))
			found.append(value)
		return found


def _date_text(text: str) -> str:
	"""Return the date part of a cell, without a time and without the .0 of a number."""
	text = "" if text.lower() in _EMPTY else re.split(r"[ T]", text, maxsplit=1)[0]
	return text.removesuffix(".0")


def _date(text: str, wanted: str) -> date | None:
	return datetime.strptime(text, wanted).date() if text else None


def _fits(text: str, wanted: str) -> bool:
	try:
		_date(text, wanted)
	except ValueError:
		return False
	return True


def _fitting(texts: Sequence[str]) -> list[str]:
	distinct = set(texts)
	return [wanted for wanted in DATE_FORMATS if all(_fits(text, wanted) for text in distinct)]


def _best(texts: Sequence[str]) -> str:
	"""Return the format most cells have, so that the others are named as the problem."""
	return max(DATE_FORMATS, key=lambda wanted: sum(_fits(text, wanted) for text in texts))


def _amount(text: str) -> Decimal:
	try:
		value = Decimal(re.sub(r"[,\s']", "", text))
	except InvalidOperation:
		raise ValueError(text)
	if not value.is_finite():
		raise ValueError(text)
	return value
