"""Writes CSV files for spreadsheets. A text that would be a formula there stays a text."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from client_ledger.files.workbook import FORMULA_SIGNS

_NUMBER = re.compile(r"-?\d[\d.]*")


def csv_of(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
	"""Return the file's content. None is an empty cell."""
	lines = io.StringIO()
	csv.writer(lines).writerow(heads)
	# Spreadsheets take it for UTF-8 only with its mark.
	return lines.getvalue().encode("utf-8-sig") + b"".join(map(csv_line, rows))


def csv_line(row: Sequence[object]) -> bytes:
	"""Return one row of a file."""
	text = io.StringIO()
	csv.writer(text).writerow([_cell(value) for value in row])
	return text.getvalue().encode()


def _cell(value: object) -> str:
	text = "" if value is None else str(value)
	return f"'{text}" if text.startswith(FORMULA_SIGNS) and not _NUMBER.fullmatch(text) else text
