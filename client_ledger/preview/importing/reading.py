"""Rows out of CSV and XLSX files, one at a time, whatever their encoding and separator."""

import codecs
import csv
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from client_ledger.preview.i18n import _
from client_ledger.preview.problems import InputProblem

Row = tuple[int, list]
_CHUNK = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SEPARATORS = ",;\t|"
_LONGEST_CELL = 1 << 20
# A byte beyond ASCII between ASCII ones: an accented letter. Chinese has them in pairs.
_ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
_BEYOND_ASCII = bytes(range(128, 256))
_OLD_EXCEL = bytes.fromhex("D0CF11E0")


class Unreadable(Exception):
	"""The file cannot be read as a table."""

	def __init__(self, problem: InputProblem):
		self.problem = problem
		super().__init__(str(problem))


def rows(path: Path, sheet: str | None = None) -> Iterator[Row]:
	"""Yield (row number from 1, cells) of a CSV or XLSX file; what it is, its content says. Raises Unreadable."""
	try:
		with path.open("rb") as file:
			start = file.read(8)
	except OSError as error:
		text = _("cannot be opened: {0}.").format(error.strerror or error)
		raise _unreadable(path, text, hint=_("Check the path and your read permission.")) from error
	if not start:
		raise _unreadable(path, _("the file is empty."), hint=_("Export it again."))
	if start.startswith(_OLD_EXCEL):
		raise _unreadable(path, _("this is the old Excel format. Save it as .xlsx or .csv."))
	return _sheet_rows(path, sheet) if start.startswith(b"PK") else _text_rows(path)


def _unreadable(path: Path, text: str, row: int | None = None, hint: str = "") -> Unreadable:
	return Unreadable(InputProblem(path.name, text, row, hint=hint))


def _no_workbook(path: Path, error: Exception) -> Unreadable:
	text = _("is not a valid Excel workbook ({0}).").format(error)
	return _unreadable(path, text, hint=_("Open it in Excel and save it again as .xlsx or CSV."))


def _text_rows(path: Path) -> Iterator[Row]:
	encoding = _encoding(path)
	csv.field_size_limit(_LONGEST_CELL)
	number = 0
	with path.open(encoding=encoding, newline="") as file:
		separator = _separator(file.read(1 << 16))
		file.seek(0)
		try:
			for number, cells in enumerate(csv.reader(file, delimiter=separator), start=1):
				yield number, cells
		except csv.Error as error:
			text = _("is not valid CSV ({0}). Check for an unclosed quotation mark.").format(error)
			raise _unreadable(path, text, number + 1) from error


def _encoding(path: Path) -> str:
	"""Return the encoding of a text file: UTF-8, UTF-16 with a mark, GB 18030 or Windows-1252. Reads all of it."""
	with path.open("rb") as file:
		start = file.read(4)
	for mark, encoding in _BOMS:
		if start.startswith(mark):
			return _checked(path, (encoding,))
	return _checked(path, ("utf-8", None))


def _without_unicode(path: Path) -> str:
	"""Return the encoding of a text that is not Unicode: Chinese, or Western where accented letters stand alone."""
	beyond = alone = 0
	with path.open("rb") as file:
		while chunk := file.read(_CHUNK):
			beyond += len(chunk) - len(chunk.translate(None, _BEYOND_ASCII))
			alone += len(_ALONE.findall(chunk))
	return "cp1252" if alone > 0.9 * beyond else "gb18030"


def _checked(path: Path, encodings: tuple[str | None, ...]) -> str:
	"""Return the first encoding that fits the whole file; None stands for the one that is not Unicode."""
	for encoding in encodings:
		encoding = encoding or _without_unicode(path)
		decoder = codecs.getincrementaldecoder(encoding)()
		with path.open("rb") as file:
			try:
				while chunk := file.read(_CHUNK):
					if b"\0" in chunk and encoding != "utf-16":
						raise _unreadable(path, _("is not a text file. Use a .csv or .xlsx file."))
					decoder.decode(chunk)
				decoder.decode(b"", final=True)
			except UnicodeDecodeError:
				continue
		return encoding
	raise _unreadable(
		path, _("has an unsupported encoding. Save it as UTF-8 (in Excel: CSV UTF-8) or GB 18030.")
	)


def _separator(start: str) -> str:
	"""Return the separator that the first lines agree on."""
	lines = [line for line in start.splitlines()[:20] if line.strip()]
	return max(_SEPARATORS, key=lambda sign: max((line.count(sign) for line in lines), default=0))


def further_sheets(path: Path) -> list[str]:
	"""Return the sheets of a workbook after its first, none for any other file."""
	if not zipfile.is_zipfile(path):
		return []
	book = load_workbook(path, read_only=True)
	try:
		return book.sheetnames[1:]
	finally:
		book.close()


def _sheet_rows(path: Path, sheet: str | None) -> Iterator[Row]:
	try:
		book = load_workbook(path, read_only=True, data_only=True)
	except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, ParseError) as error:
		raise _no_workbook(path, error) from error
	try:
		if sheet and sheet not in book.sheetnames:
			text = _("has no sheet {0}. Available sheets: {1}.").format(sheet, ", ".join(book.sheetnames))
			raise _unreadable(path, text)
		found = book[sheet] if sheet else book.worksheets[0]
		# The size a writer noted may be wrong; read what is there.
		found.reset_dimensions()
		for number, cells in enumerate(found.iter_rows(values_only=True), start=1):
			yield number, list(cells)
	except (zipfile.BadZipFile, ParseError, KeyError, ValueError, EOFError) as error:
		raise _no_workbook(path, error) from error
	finally:
		book.close()
