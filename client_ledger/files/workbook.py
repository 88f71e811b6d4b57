"""Writes XLSX workbooks with openpyxl, row by row, in memory that does not grow with them.

One rule for every cell: a text is stored as a text, whatever it looks like, so that a customer named "=1+1" is no formula (only
what code calls a Formula is one);
one that a spreadsheet would take for a formula when the cell is edited, or saved as CSV, gets the quote prefix. Amounts are
stored as numbers and days as dates. The same rows make the same file.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from os import PathLike
from shutil import copyfileobj
from typing import IO, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576
AMOUNT_FORMAT = "#,##0.00"
DATE_FORMAT = "yyyy-mm-dd"
_LONGEST_TEXT = 32_767
_LONGEST_TITLE = 31
# What begins a formula in a spreadsheet, or lets one begin behind it.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
# What XML cannot hold; such characters come out of damaged exports.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# How Excel writes a character by its number; a text that looks so must not become that character.
_CHARACTER = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_TITLES = re.compile(r"[\\/*?:\[\]]")
# Earlier days Excel cannot show.
_FIRST_DAY = date(1900, 3, 1)
_SAME_MOMENT = datetime(1980, 1, 1)


class Style(NamedTuple):
	"""How a cell looks. number_format: of numbers and dates; "" takes the one of the value's kind. colours: RRGGBB."""

	number_format: str = ""
	bold: bool = False
	size: int = 11
	colour: str = ""
	fill: str = ""
	wrap: bool = False


class Formula(str):
	"""A formula that code wrote, beginning with "="; never a text that came from outside, nor made of one."""

	__slots__ = ()


PLAIN, BOLD = Style(), Style(bold=True)


class Sheet:
	"""One sheet, whose rows are added from the top."""

	def __init__(
		self,
		book: "Workbook",
		title: str,
		widths: Sequence[float] = (),
		frozen_rows: int = 0,
		landscape: bool = False,
		repeated_row: int | None = None,
	):
		self.book, self.rows = book, 0
		self._sheet = book._book.create_sheet(title)
		for column, width in enumerate(widths, start=1):
			self._sheet.column_dimensions[get_column_letter(column)].width = width
		if frozen_rows:
			self._sheet.freeze_panes = f"A{frozen_rows + 1}"
		if landscape:
			self._sheet.page_setup.orientation = "landscape"
			self._sheet.page_setup.fitToHeight = 0
			self._sheet.sheet_properties.pageSetUpPr.fitToPage = True
		if repeated_row:
			self._sheet.print_title_rows = f"{repeated_row}:{repeated_row}"

	@property
	def title(self) -> str:
		"""Return the title as it stands on the sheet's tab."""
		return self._sheet.title

	def add(self, values: Iterable[object], styles: Sequence[Style] | Style = PLAIN) -> None:
		"""Add a row; None and "" stay empty. styles: of each cell, or one for all. Raises ValueError when the sheet is full."""
		if self.rows >= MOST_ROWS:
			raise ValueError(f"sheet {self.title} is full")
		self.rows += 1
		self._sheet.append(
			[
				None
				if value is None or value == ""
				else self._cell(value, styles if isinstance(styles, Style) else styles[i])
				for i, value in enumerate(values)
			]
		)

	def filter_by(self, heading_row: int, columns: int) -> None:
		"""Let readers filter the rows below the headings in *heading_row* (from 1)."""
		last = max(self.rows, heading_row + 1)
		self._sheet.auto_filter.ref = f"A{heading_row}:{get_column_letter(columns)}{last}"

	def _cell(self, value: object, style: Style) -> WriteOnlyCell:
		quoted = False
		if isinstance(value, Formula):
			cell = WriteOnlyCell(self._sheet, str(value))
			cell.data_type = "f"
		elif isinstance(value, bool):
			cell = WriteOnlyCell(self._sheet, value)
		elif isinstance(value, date) and _day(value) >= _FIRST_DAY:
			cell = WriteOnlyCell(self._sheet, value)
			style = style if style.number_format else style._replace(number_format=DATE_FORMAT)
		elif isinstance(value, int | float | Decimal) and isfinite(value):
			cell = WriteOnlyCell(self._sheet, value)
			if isinstance(value, Decimal) and not style.number_format:
				style = style._replace(number_format=AMOUNT_FORMAT)
		else:
			text = _ILLEGAL.sub(" ", str(value))[:_LONGEST_TEXT]
			quoted = text.startswith(FORMULA_SIGNS)
			# A carriage return in XML would come back as a line feed.
			escaped = _CHARACTER.sub("_x005F_", text).replace("\r", "_x000D_")
			cell = WriteOnlyCell(self._sheet, escaped)
			cell.data_type = "s"
		self.book._dress(cell, style, quoted)
		return cell


class Workbook:
	"""A workbook that is written to *file* when it is saved."""

	def __init__(self, title: str = ""):
		self.sheets: list[Sheet] = []
		self._book = openpyxl.Workbook(write_only=True)
		properties = self._book.properties
		properties.title = _ILLEGAL.sub(" ", title)
		properties.created = properties.modified = _SAME_MOMENT
		self._styles: dict[tuple[Style, bool], StyleArray] = {}

	def sheet(self, title: str, **layout: object) -> Sheet:
		"""Add a sheet; its title is made one that Excel accepts. layout: as Sheet takes it."""
		title = _NOT_IN_TITLES.sub(" ", _ILLEGAL.sub(" ", title)).strip("'")[:_LONGEST_TITLE] or "Sheet"
		taken = {sheet.title.lower() for sheet in self.sheets}
		free, number = title, 1
		while free.lower() in taken:
			number += 1
			free = f"{title[: _LONGEST_TITLE - len(str(number)) - 1]} {number}"
		sheet = Sheet(self, free, **layout)
		self.sheets.append(sheet)
		return sheet

	def save(self, file: IO[bytes]) -> None:
		"""Write the workbook; nothing can be added after. It must have a sheet."""
		with _Package(file, "w", ZIP_DEFLATED, allowZip64=True) as package:
			ExcelWriter(self._book, package).write_data()

	def _dress(self, cell: WriteOnlyCell, style: Style, quoted: bool) -> None:
		"""Give a cell its style; openpyxl looks each style up once."""
		if (style, quoted) not in self._styles:
			cell.font = Font(
				"Calibri", style.size, style.bold, color=f"FF{style.colour}" if style.colour else None
			)
			if style.fill:
				cell.fill = PatternFill("solid", f"FF{style.fill}")
			if style.wrap:
				cell.alignment = Alignment(vertical="center", wrap_text=True)
			cell.number_format = style.number_format or "General"
			cell.quotePrefix = quoted
			self._styles[style, quoted] = cell._style
		cell._style = self._styles[style, quoted]


class _Package(ZipFile):
	"""A package whose parts all have the same date, so that the same rows make the same file."""

	def writestr(self, name: str, data: str | bytes) -> None:
		"""Write a part from memory."""
		super().writestr(_part(name), data)

	def write(self, path: str | PathLike, name: str) -> None:
		"""Write a part from a file."""
		with open(path, "rb") as source, self.open(_part(name), "w", force_zip64=True) as part:
			copyfileobj(source, part)


def _part(name: str) -> ZipInfo:
	part = ZipInfo(name, _SAME_MOMENT.timetuple()[:6])
	part.compress_type = ZIP_DEFLATED
	return part


def _day(value: date) -> date:
	return value.date() if isinstance(value, datetime) else value
