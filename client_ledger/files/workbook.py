"""Writes XLSX workbooks, row by row, in memory that does not grow with them.

One rule for every cell: a text is stored as a text, whatever it looks like, so that a customer named "=1+1" is no formula;
one that a spreadsheet would take for a formula when the cell is edited, or saved as CSV, gets the quote prefix. Amounts are
stored as numbers and days as dates.

The rows of each sheet go to a temporary file of its own, so that several sheets may be filled in turn. Format: ECMA-376,
Office Open XML.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from tempfile import TemporaryFile
from typing import IO, NamedTuple
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576
AMOUNT_FORMAT = "#,##0.00"
DATE_FORMAT = "yyyy-mm-dd"
_LONGEST_TEXT = 32_767
_LONGEST_TITLE = 31
# What begins a formula in a spreadsheet, or lets one begin behind it.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
# What XML cannot hold; such characters come out of damaged exports.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# How Excel writes a character by its number; a text that looks so must not become that character.
_CHARACTER = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_TITLES = re.compile(r"[\\/*?:\[\]]")
# Excel counts days from here; earlier ones than March 1900 it cannot show.
_DAY_ZERO, _FIRST_DAY = date(1899, 12, 30), date(1900, 3, 1)
_CHUNK = 1 << 20
_SAME_DATE = (1980, 1, 1, 0, 0, 0)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Style(NamedTuple):
	"""How a cell looks. number_format: of numbers and dates; "" takes the one of the value's kind. colours: RRGGBB."""

	number_format: str = ""
	bold: bool = False
	size: int = 11
	colour: str = ""
	fill: str = ""
	wrap: bool = False


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
		self.book, self.title, self.widths = book, title, widths
		self.frozen_rows, self.landscape, self.repeated_row = frozen_rows, landscape, repeated_row
		self.rows = 0
		self.filtered: str | None = None
		self._file = TemporaryFile()

	def add(self, values: Iterable[object], styles: Sequence[Style] | Style = PLAIN) -> None:
		"""Add a row; None and "" stay empty. styles: of each cell, or one for all. Raises ValueError when the sheet is full."""
		if self.rows >= MOST_ROWS:
			raise ValueError(f"sheet {self.title} is full")
		self.rows += 1
		cells = []
		for i, value in enumerate(values):
			if value is not None and value != "":
				style = styles if isinstance(styles, Style) else styles[i]
				cells.append(self.book._cell(f"{column_letters(i)}{self.rows}", value, style))
		if cells:
			self._file.write(f'<row r="{self.rows}">{"".join(cells)}</row>'.encode())

	def filter_by(self, heading_row: int, columns: int) -> None:
		"""Let readers filter the rows below the headings in *heading_row* (from 1)."""
		last = max(self.rows, heading_row + 1)
		self.filtered = f"$A${heading_row}:${column_letters(columns - 1)}${last}"

	def _write(self, part: IO[bytes]) -> None:
		part.write((_DECLARATION + f'<worksheet xmlns="{_MAIN}">' + self._head()).encode())
		part.write(b"<sheetData>")
		self._file.seek(0)
		while chunk := self._file.read(_CHUNK):
			part.write(chunk)
		self._file.close()
		part.write(b"</sheetData>" + self._tail().encode() + b"</worksheet>")

	def _head(self) -> str:
		fit = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>' if self.landscape else ""
		pane = ""
		if self.frozen_rows:
			below = f"A{self.frozen_rows + 1}"
			pane = f'<pane ySplit="{self.frozen_rows}" topLeftCell="{below}" activePane="bottomLeft" state="frozen"/>'
		selected = ' tabSelected="1"' if self is self.book.sheets[0] else ""
		view = f'<sheetViews><sheetView{selected} workbookViewId="0">{pane}</sheetView></sheetViews>'
		columns = "".join(
			f'<col min="{i}" max="{i}" width="{width}" customWidth="1"/>'
			for i, width in enumerate(self.widths, start=1)
		)
		return fit + view + (f"<cols>{columns}</cols>" if columns else "")

	def _tail(self) -> str:
		filtered = f'<autoFilter ref="{self.filtered.replace("$", "")}"/>' if self.filtered else ""
		setup = '<pageSetup orientation="landscape" fitToHeight="0"/>' if self.landscape else ""
		return filtered + setup


class Workbook:
	"""A workbook that is written to *file* when it is saved."""

	def __init__(self, title: str = ""):
		self.title = title
		self.sheets: list[Sheet] = []
		self._styles: dict[tuple[Style, bool], int] = {(PLAIN, False): 0}

	def sheet(self, title: str, **layout: object) -> Sheet:
		"""Add a sheet; its title is made one that Excel accepts. layout: as Sheet takes it."""
		title = _NOT_IN_TITLES.sub(" ", _legal(title)).strip("'")[:_LONGEST_TITLE] or "Sheet"
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
		with ZipFile(file, "w", ZIP_DEFLATED, allowZip64=True) as package:
			for i, sheet in enumerate(self.sheets, start=1):
				with package.open(_part(f"xl/worksheets/sheet{i}.xml"), "w", force_zip64=True) as part:
					sheet._write(part)
			for name, text in (
				("xl/workbook.xml", self._workbook()),
				("xl/styles.xml", self._style_sheet()),
				("xl/_rels/workbook.xml.rels", self._workbook_relations()),
				("docProps/core.xml", self._properties()),
				("_rels/.rels", _PACKAGE_RELATIONS),
				("[Content_Types].xml", self._content_types()),
			):
				package.writestr(_part(name), _DECLARATION + text)

	def _cell(self, place: str, value: object, style: Style) -> str:
		if isinstance(value, bool):
			return f'<c r="{place}"{self._style(style)} t="b"><v>{int(value)}</v></c>'
		if isinstance(value, date) and _day(value) >= _FIRST_DAY:
			style = style if style.number_format else style._replace(number_format=DATE_FORMAT)
			return f'<c r="{place}"{self._style(style)}><v>{_serial(value)}</v></c>'
		if isinstance(value, int | float | Decimal) and isfinite(value):
			if isinstance(value, Decimal) and not style.number_format:
				style = style._replace(number_format=AMOUNT_FORMAT)
			number = format(value, "f") if isinstance(value, Decimal) else repr(value)
			return f'<c r="{place}"{self._style(style)}><v>{number}</v></c>'
		text = _legal(str(value))[:_LONGEST_TEXT]
		quoted = text.startswith(_FORMULA_SIGNS)
		body = escape(_CHARACTER.sub("_x005F_", text), {"\r": "&#13;"})
		return f'<c r="{place}"{self._style(style, quoted)} t="inlineStr"><is><t xml:space="preserve">{body}</t></is></c>'

	def _style(self, style: Style, quoted: bool = False) -> str:
		index = self._styles.setdefault((style, quoted), len(self._styles))
		return f' s="{index}"' if index else ""

	# Parts of the package

	def _workbook(self) -> str:
		sheets = "".join(
			f'<sheet name={quoteattr(sheet.title)} sheetId="{i}" r:id="rId{i}"/>'
			for i, sheet in enumerate(self.sheets, start=1)
		)
		names = []
		for i, sheet in enumerate(self.sheets):
			quoted = "'" + sheet.title.replace("'", "''") + "'"
			if sheet.filtered:
				area = escape(f"{quoted}!{sheet.filtered}")
				names.append(
					f'<definedName name="_xlnm._FilterDatabase" localSheetId="{i}" hidden="1">{area}</definedName>'
				)
			if sheet.repeated_row:
				area = escape(f"{quoted}!${sheet.repeated_row}:${sheet.repeated_row}")
				names.append(
					f'<definedName name="_xlnm.Print_Titles" localSheetId="{i}">{area}</definedName>'
				)
		defined = f"<definedNames>{''.join(names)}</definedNames>" if names else ""
		return (
			f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><bookViews><workbookView/></bookViews>'
			f"<sheets>{sheets}</sheets>{defined}</workbook>"
		)

	def _workbook_relations(self) -> str:
		count = len(self.sheets)
		rows = [
			f'<Relationship Id="rId{i}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{i}.xml"/>'
			for i in range(1, count + 1)
		]
		rows.append(f'<Relationship Id="rId{count + 1}" Type="{_RELATIONS}/styles" Target="styles.xml"/>')
		return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(rows)}</Relationships>'

	def _content_types(self) -> str:
		kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
		sheets = "".join(
			f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{kind}.worksheet+xml"/>'
			for i in range(1, len(self.sheets) + 1)
		)
		return (
			f'<Types xmlns="{_PACKAGE}/content-types">'
			'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
			'<Default Extension="xml" ContentType="application/xml"/>'
			f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
			f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
			'<Override PartName="/docProps/core.xml" '
			'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
			f"{sheets}</Types>"
		)

	def _properties(self) -> str:
		return (
			f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
			f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(_legal(self.title))}</dc:title>'
			"</cp:coreProperties>"
		)

	def _style_sheet(self) -> str:
		"""Return the fonts, fills and number formats that cells use, and each cell format by their numbers."""
		formats: dict[str, int] = {}
		fonts, fills = {_font(PLAIN): 0}, {'<fill><patternFill patternType="none"/></fill>': 0}
		# The second fill is Excel's own.
		fills['<fill><patternFill patternType="gray125"/></fill>'] = 1
		cells = []
		for style, quoted in self._styles:
			number = 0
			if style.number_format:
				number = formats.setdefault(style.number_format, 164 + len(formats))
			font = fonts.setdefault(_font(style), len(fonts))
			fill = fills.setdefault(_fill(style), len(fills)) if style.fill else 0
			prefix = ' quotePrefix="1"' if quoted else ""
			alignment = ' applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf>'
			cells.append(
				f'<xf numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="0" xfId="0" applyNumberFormat="1" '
				f'applyFont="1" applyFill="1"{prefix}' + (alignment if style.wrap else "/>")
			)
		numbers = "".join(
			f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>' for code, number in formats.items()
		)
		listed = f'<numFmts count="{len(formats)}">{numbers}</numFmts>' if formats else ""
		return (
			f'<styleSheet xmlns="{_MAIN}">{listed}'
			f'<fonts count="{len(fonts)}">{"".join(fonts)}</fonts>'
			f'<fills count="{len(fills)}">{"".join(fills)}</fills>'
			'<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
			'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
			f'<cellXfs count="{len(cells)}">{"".join(cells)}</cellXfs>'
			'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
			"</styleSheet>"
		)


_PACKAGE_RELATIONS = (
	f'<Relationships xmlns="{_PACKAGE}/relationships">'
	f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
	f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
	"</Relationships>"
)


def column_letters(index: int) -> str:
	"""Return the letters of a column, counted from 0: A, B, ..., Z, AA."""
	letters = ""
	while index >= 0:
		index, place = divmod(index, 26)
		letters = chr(ord("A") + place) + letters
		index -= 1
	return letters


def _part(name: str) -> ZipInfo:
	"""Return a part of the package, with the same date always, so that the same rows make the same file."""
	part = ZipInfo(name, _SAME_DATE)
	part.compress_type = ZIP_DEFLATED
	return part


def _legal(text: str) -> str:
	return _ILLEGAL.sub(" ", text)


def _day(value: date) -> date:
	return value.date() if isinstance(value, datetime) else value


def _serial(value: date) -> str:
	days = (_day(value) - _DAY_ZERO).days
	if not isinstance(value, datetime):
		return str(days)
	seconds = value.hour * 3600 + value.minute * 60 + value.second
	return repr(days + seconds / 86_400)


def _font(style: Style) -> str:
	bold = "<b/>" if style.bold else ""
	colour = f'<color rgb="FF{style.colour}"/>' if style.colour else ""
	return f'<font>{bold}<sz val="{style.size}"/>{colour}<name val="Calibri"/><family val="2"/></font>'


def _fill(style: Style) -> str:
	return f'<fill><patternFill patternType="solid"><fgColor rgb="FF{style.fill}"/><bgColor indexed="64"/></patternFill></fill>'
