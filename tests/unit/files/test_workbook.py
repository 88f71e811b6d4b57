"""The writer of workbooks: texts stay texts, amounts are numbers, days are dates, and one writer is all there is."""

import ast
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from client_ledger.files import workbook
from client_ledger.files.workbook import BOLD, MOST_ROWS, PLAIN, Style, Workbook
from tests.lint.test_floors import modules

FORMULA_SIGNS = ["=", "+", "-", "@", "\t", "\r"]


def saved(book: Workbook) -> bytes:
	file = io.BytesIO()
	book.save(file)
	return file.getvalue()


def written(*rows, styles=PLAIN) -> openpyxl.worksheet.worksheet.Worksheet:
	book = Workbook()
	sheet = book.sheet("Sheet")
	for row in rows:
		sheet.add(row, styles)
	return openpyxl.load_workbook(io.BytesIO(saved(book))).active


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
@pytest.mark.parametrize(
	"style", [PLAIN, BOLD, Style("#,##0.00"), Style(bold=True, fill="24324A", wrap=True)]
)
def test_a_text_that_looks_like_a_formula_is_a_text(sign, style):
	text = f"{sign}cmd|' /C calc'!A0"
	cell = written([text], styles=style)["A1"]
	assert (unescape(cell.value), cell.data_type, cell.quotePrefix) == (text, "s", True)


@given(
	st.text(
		st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="_\ufffe\uffff"),
		min_size=1,
	)
)
def test_any_text_comes_back_as_it_was(text):
	cell = written([text])["A1"]
	assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", text[0] in FORMULA_SIGNS)


def test_an_escaped_character_is_not_made_of_a_text():
	data = Workbook()
	data.sheet("A").add(["_x0041_"])
	with zipfile.ZipFile(io.BytesIO(saved(data))) as package:
		assert b"_x005F_x0041_" in package.read("xl/worksheets/sheet1.xml")


def test_amounts_are_numbers_and_days_are_dates():
	sheet = written(
		[Decimal("1234.50"), 7, 0.25, date(2025, 3, 31), datetime(2025, 3, 31, 18, 30), True, None, ""],
		[Decimal("-0.000000001"), Decimal("1E+3")],
	)
	values = [cell.value for cell in sheet[1]]
	assert values[:4] == [1234.5, 7, 0.25, datetime(2025, 3, 31)]
	assert values[4] == datetime(2025, 3, 31, 18, 30) and values[5] is True and len(values) == 6
	assert sheet["A1"].number_format == "#,##0.00" and sheet["D1"].number_format == "yyyy-mm-dd"
	assert [cell.data_type for cell in sheet[1]] == ["n", "n", "n", "d", "d", "b"]
	assert [cell.value for cell in sheet[2]][:2] == [-1e-9, 1000]


def test_what_no_number_or_date_can_hold_is_a_text():
	sheet = written([float("nan"), Decimal("Infinity"), date(1899, 1, 1), "a\x00b\ud800c", "x" * 40_000])
	assert [cell.data_type for cell in sheet[1]] == ["s"] * 5
	assert [cell.value for cell in sheet[1]][:4] == ["nan", "Infinity", "1899-01-01", "a b c"]
	assert len(sheet["E1"].value) == 32_767


def test_sheets_are_filled_in_turn_with_their_layout():
	book = Workbook("A & B")
	first = book.sheet("A/B: [x", widths=[10, 20.5], frozen_rows=2, landscape=True, repeated_row=2)
	second = book.sheet("a b   x")
	for i in range(3):
		first.add([i, f"first {i}"], [BOLD, Style(size=14, colour="FFFFFF", fill="24324A", wrap=True)])
		second.add([f"second {i}"])
	first.filter_by(2, 2)
	data = saved(book)
	assert data == saved_again(data)
	read = openpyxl.load_workbook(io.BytesIO(data))
	assert read.properties.title == "A & B"
	assert read.sheetnames == ["A B   x", "a b   x 2"]
	sheet = read.worksheets[0]
	assert [row[1] for row in sheet.values] == ["first 0", "first 1", "first 2"]
	assert sheet.freeze_panes == "A3" and sheet.auto_filter.ref == "A2:B3"
	assert sheet.page_setup.orientation == "landscape" and sheet.sheet_properties.pageSetUpPr.fitToPage
	assert sheet.print_title_rows == "$2:$2" and sheet.column_dimensions["B"].width == 20.5
	assert sheet["A1"].font.bold and not sheet["B1"].font.bold
	style = sheet["B1"]
	assert (style.font.size, style.font.color.rgb, style.fill.fgColor.rgb) == (14, "FFFFFFFF", "FF24324A")
	assert style.alignment.wrap_text
	assert [row[0] for row in read.worksheets[1].values] == ["second 0", "second 1", "second 2"]


def saved_again(data: bytes) -> bytes:
	"""Return the same package, its parts checked to be well-formed XML of fixed dates."""
	with zipfile.ZipFile(io.BytesIO(data)) as package:
		assert package.testzip() is None
		for part in package.infolist():
			ElementTree.fromstring(package.read(part))
			assert part.date_time == (1980, 1, 1, 0, 0, 0)
	return data


def test_a_full_sheet_says_so(monkeypatch):
	monkeypatch.setattr(workbook, "MOST_ROWS", 2)
	book = Workbook()
	sheet = book.sheet("Sheet")
	sheet.add([1])
	sheet.add([2])
	with pytest.raises(ValueError, match="full"):
		sheet.add([3])
	saved(book)
	assert MOST_ROWS == 1_048_576


def test_nothing_else_writes_workbooks():
	"""openpyxl reads in one place and writes in one; another that writes would have another rule."""
	users = {}
	for module, path in modules().items():
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
			names = (
				[alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
			)
			source = getattr(node, "module", None) or ""
			if {name.split(".")[0] for name in [*names, source]} & {"openpyxl", "xlsxwriter"}:
				users.setdefault(module, set()).update(names)
			if "make_xlsx" in names:
				users.setdefault(module, set()).add("make_xlsx")
	assert set(users) == {"client_ledger.files.read", "client_ledger.files.workbook"}
	assert users["client_ledger.files.read"] == {"load_workbook", "InvalidFileException"}
