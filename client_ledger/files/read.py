"""Rows out of CSV and XLSX files, one at a time, whatever their encoding and separator.

What a file is, its content says, not its name. A file is given as a path or as the bytes that were uploaded.
"""

import codecs
import csv
import io
import re
import time
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, NamedTuple
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from client_ledger.core.marked import marked
from client_ledger.files.problems import NotText, UnreadableFile

Row = tuple[int, list]
Source = Path | bytes
MEGABYTE = 1 << 20
_CHUNK = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SEPARATORS = ",;\t|"
_LONGEST_CELL = 1 << 20
# A byte beyond ASCII between ASCII ones: an accented letter. Chinese has them in pairs.
_ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
_BEYOND_ASCII = bytes(range(128, 256))
_OLD_EXCEL = bytes.fromhex("D0CF11E0")


# What openpyxl and the modules below it raise for a workbook that is damaged, or made to do damage.
_BROKEN_WORKBOOK = (
	zipfile.BadZipFile,
	zlib.error,
	InvalidFileException,
	ParseError,
	ArithmeticError,
	AttributeError,
	EOFError,
	LookupError,
	OSError,
	RuntimeError,
	TypeError,
	ValueError,
)


class Limits(NamedTuple):
	"""How much is read at most; None: without a bound. unpacked: bytes of a workbook's parts, which are compressed.

	seconds: that may pass until the last row is taken, the time that whoever takes them needs included.
	"""

	size: int | None = None
	unpacked: int | None = None
	rows: int | None = None
	columns: int | None = None
	seconds: float | None = None


UNLIMITED = Limits()
# For files that users upload to a site, where others wait for the same worker.
UPLOAD = Limits(size=25 * MEGABYTE, unpacked=500 * MEGABYTE, rows=200_000, columns=500, seconds=300)


def rows(source: Source, sheet: str | None = None, limits: Limits = UNLIMITED) -> Iterator[Row]:
	"""Yield (row number from 1, cells) of a CSV or XLSX file: texts of a CSV, typed values of a workbook.

	sheet: of a workbook, its first by default. Raises UnreadableFile, also while rows are read.
	"""
	started = time.monotonic()
	try:
		with _open(source) as file:
			start = file.read(8)
			size = file.seek(0, io.SEEK_END)
	except OSError as error:
		raise UnreadableFile(
			marked("cannot be opened: {0}."),
			error.strerror or error,
			hint=marked("Check the path and your read permission."),
		) from error
	if not start:
		raise UnreadableFile(marked("the file is empty."), hint=marked("Export it again."))
	if limits.size is not None and size > limits.size:
		raise UnreadableFile(
			marked("is larger than {0} MB."),
			limits.size // MEGABYTE,
			hint=marked("Split it into several files."),
		)
	if start.startswith(_OLD_EXCEL):
		raise UnreadableFile(marked("this is the old Excel format. Save it as .xlsx or .csv."))
	found = _sheet_rows(source, sheet, limits) if start.startswith(b"PK") else _text_rows(source)
	bounds = (limits.rows, limits.columns, limits.seconds)
	return found if bounds == (None, None, None) else _bounded(found, limits, started)


def _open(source: Source) -> IO[bytes]:
	return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def _bounded(found: Iterator[Row], limits: Limits, started: float) -> Iterator[Row]:
	for number, cells in found:
		if limits.rows is not None and number > limits.rows:
			raise UnreadableFile(
				marked("has more than {0} rows."), limits.rows, hint=marked("Split it into several files.")
			)
		if limits.columns is not None and len(cells) > limits.columns:
			raise UnreadableFile(
				marked("has more than {0} columns."),
				limits.columns,
				row=number,
				hint=marked("Delete the columns that are not needed."),
			)
		if limits.seconds is not None and time.monotonic() - started > limits.seconds:
			raise UnreadableFile(
				marked("takes longer than {0} seconds to read."),
				round(limits.seconds),
				hint=marked("Split it into several files."),
			)
		yield number, cells


# Text


def _text_rows(source: Source) -> Iterator[Row]:
	encoding = _encoding(source)
	csv.field_size_limit(_LONGEST_CELL)
	number = 0
	with io.TextIOWrapper(_open(source), encoding=encoding, newline="") as file:
		separator = _separator(file.read(1 << 16))
		file.seek(0)
		try:
			for number, cells in enumerate(csv.reader(file, delimiter=separator), start=1):
				yield number, cells
		except csv.Error as error:
			raise UnreadableFile(
				marked("is not valid CSV ({0}). Check for an unclosed quotation mark."), error, row=number + 1
			) from error


def _encoding(source: Source) -> str:
	"""Return the encoding of a text file: UTF-8, UTF-16 with a mark, GB 18030 or Windows-1252. Reads all of it."""
	with _open(source) as file:
		start = file.read(4)
	for mark, encoding in _BOMS:
		if start.startswith(mark):
			return _checked(source, (encoding,))
	return _checked(source, ("utf-8", None))


def _without_unicode(source: Source) -> str:
	"""Return the encoding of a text that is not Unicode: Chinese, or Western where accented letters stand alone."""
	beyond = alone = 0
	with _open(source) as file:
		while chunk := file.read(_CHUNK):
			beyond += len(chunk) - len(chunk.translate(None, _BEYOND_ASCII))
			alone += len(_ALONE.findall(chunk))
	return "cp1252" if alone > 0.9 * beyond else "gb18030"


def _checked(source: Source, encodings: tuple[str | None, ...]) -> str:
	"""Return the first encoding that fits the whole file; None stands for the one that is not Unicode."""
	for encoding in encodings:
		encoding = encoding or _without_unicode(source)
		decoder = codecs.getincrementaldecoder(encoding)()
		with _open(source) as file:
			try:
				while chunk := file.read(_CHUNK):
					if b"\0" in chunk and encoding != "utf-16":
						raise NotText(marked("is not a text file. Use a .csv or .xlsx file."))
					decoder.decode(chunk)
				decoder.decode(b"", final=True)
			except UnicodeDecodeError:
				continue
		return encoding
	raise NotText(marked("has an unsupported encoding. Save it as UTF-8 (in Excel: CSV UTF-8) or GB 18030."))


def _separator(start: str) -> str:
	"""Return the separator that the first lines agree on."""
	lines = [line for line in start.splitlines()[:20] if line.strip()]
	return max(_SEPARATORS, key=lambda sign: max((line.count(sign) for line in lines), default=0))


# Workbooks


def further_sheets(source: Source) -> list[str]:
	"""Return the sheets of a workbook after its first, none for any other file."""
	with _open(source) as file:
		if not zipfile.is_zipfile(file):
			return []
		book = load_workbook(file, read_only=True)
		try:
			return book.sheetnames[1:]
		finally:
			book.close()


def _sheet_rows(source: Source, sheet: str | None, limits: Limits) -> Iterator[Row]:
	with _open(source) as file:
		try:
			if limits.unpacked is not None:
				_check_unpacked(file, limits.unpacked)
			book = load_workbook(file, read_only=True, data_only=True)
		except _BROKEN_WORKBOOK as error:
			raise _no_workbook(error) from error
		try:
			if sheet and sheet not in book.sheetnames:
				raise UnreadableFile(
					marked("has no sheet {0}. Available sheets: {1}."), sheet, ", ".join(book.sheetnames)
				)
			found = book[sheet] if sheet else book.worksheets[0]
			# The size a writer noted may be wrong; read what is there.
			found.reset_dimensions()
			# One column beyond what is allowed is enough to say so.
			last = None if limits.columns is None else limits.columns + 1
			for number, cells in enumerate(found.iter_rows(values_only=True, max_col=last), start=1):
				yield number, list(cells) if last is None else _without_padding(cells)
		except _BROKEN_WORKBOOK as error:
			raise _no_workbook(error) from error
		finally:
			book.close()


def _without_padding(cells: Sequence) -> list:
	"""Return the cells of a row up to the last one that holds something: a bounded reader fills rows up to its bound."""
	length = len(cells)
	while length and cells[length - 1] is None:
		length -= 1
	return list(cells[:length])


def _check_unpacked(file: IO[bytes], most: int) -> None:
	"""Raise UnreadableFile for a workbook whose parts say that they are larger than *most* bytes together."""
	with zipfile.ZipFile(file) as parts:
		if sum(part.file_size for part in parts.infolist()) > most:
			raise UnreadableFile(
				marked("is larger than {0} MB."),
				most // MEGABYTE,
				hint=marked("Split it into several files."),
			)
	file.seek(0)


def _no_workbook(error: Exception) -> UnreadableFile:
	return UnreadableFile(
		marked("is not a valid Excel workbook ({0})."),
		error,
		hint=marked("Open it in Excel and save it again as .xlsx or CSV."),
	)
