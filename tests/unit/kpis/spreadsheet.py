"""Calculates a workbook's formulas anew, knowing nothing of KPIs: cells, ranges, + - * /, and a handful of functions.

A formula is read as an expression whose names are looked up; what it does not know fails the test.
"""

import re
from functools import cache
from typing import IO

import openpyxl

_RANGE = re.compile(r"(?:(\w+)!)?\$?([A-Z])\$?(\d+):\$?([A-Z])\$?(\d+)")
_CELL = re.compile(r"(?:\b(\w+)!)?\$?\b([A-Z])\$?(\d+)\b")

Cells = dict[tuple[str, str, int], float | str | None]


def recalculated(file: IO[bytes]) -> Cells:
	"""Return the values of all cells by (sheet, column, row), formulas calculated."""
	file.seek(0)
	book = openpyxl.load_workbook(file)
	raw = {
		(sheet.title, cell.column_letter, cell.row): cell
		for sheet in book
		for line in sheet.iter_rows()
		for cell in line
	}

	@cache
	def value(sheet: str, column: str, row: int):
		cell = raw.get((sheet, column, row))
		if cell is None or cell.value is None:
			return None
		return calculate(sheet, cell.value[1:]) if cell.data_type == "f" else cell.value

	def span(sheet: str, column: str, first: str, last: str) -> list:
		return [value(sheet, column, row) for row in range(int(first), int(last) + 1)]

	def calculate(sheet: str, formula: str):
		spans: list[list] = []

		def keep(found: re.Match) -> str:
			spans.append(span(found[1] or sheet, found[2], found[3], found[5]))
			return f"spans[{len(spans) - 1}]"

		# Of IF only one branch may be calculated: the other may divide by nothing.
		text = _RANGE.sub(keep, _lazy(formula))
		text = _CELL.sub(lambda m: f"number(value({(m[1] or sheet)!r},{m[2]!r},{m[3]}))", text)
		return eval(text, dict(_FUNCTIONS, spans=spans, value=value))

	return {key: value(*key) for key in raw}


def _lazy(text: str) -> str:
	"""Return IF(a,b,c), and an IF in c, as an expression of which only one branch is calculated."""
	if not text.startswith("IF("):
		return text
	parts, depth, start = [], 0, 3
	for place in range(3, len(text) - 1):
		depth += (text[place] == "(") - (text[place] == ")")
		if text[place] == "," and not depth:
			parts.append(text[start:place])
			start = place + 1
	condition, yes, no = *parts, text[start:-1]
	return f"(({yes}) if ({condition}) else ({_lazy(no)}))"


def number(found):
	return 0 if found is None else found


def sumifs(amounts, names, wanted):
	"""A spreadsheet compares texts without their case."""
	return sum(
		amount or 0
		for amount, name in zip(amounts, names, strict=True)
		if str(name).lower() == str(wanted).lower()
	)


def large(values, place):
	return sorted((found for found in values if found is not None), reverse=True)[place - 1]


def add(*values):
	flat = [one for found in values for one in (found if isinstance(found, list) else [found])]
	return sum(found or 0 for found in flat)


_FUNCTIONS = {
	"__builtins__": {},
	"number": number,
	"SUMIFS": sumifs,
	"LARGE": large,
	"SUM": add,
	"MAX": max,
	"ROUND": lambda found, digits: round(found + (1e-9 if found >= 0 else -1e-9), digits),
}
