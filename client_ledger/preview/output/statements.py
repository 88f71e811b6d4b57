"""Writes statements into a folder: a page, a PDF, a workbook, or all of them, one of each per customer."""

import errno
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from client_ledger.core.statements.figures import StatementFigures, file_name
from client_ledger.paper import xlsx
from client_ledger.paper.html import html_page
from client_ledger.paper.layout import lay_out
from client_ledger.paper.pdf import NoChineseFont, NotCovered, has_engine, make_pdf
from client_ledger.paper.style import PaperStyle, plain_style
from client_ledger.preview import i18n
from client_ledger.preview.i18n import _
from client_ledger.preview.problems import Refused

FORMATS = ("html", "pdf", "xlsx")


class NoFont(Refused):
	"""This computer has no font for the language of the statements."""


@dataclass(slots=True)
class WrittenStatements:
	"""What was written. empty: customers without anything to state, who have none. without_pdf: those whose script it lacks."""

	statements: int = 0
	files: list[Path] = field(default_factory=list)
	empty: int = 0
	without_pdf: list[str] = field(default_factory=list)


def style_of(language: str) -> PaperStyle:
	"""Return the style of papers in a language of the preview's."""
	return plain_style(language, lambda message, context=None: i18n.translate(message, language))


def check_formats(formats: Sequence[str]) -> None:
	"""Raise Refused where a format cannot be made here."""
	if "pdf" in formats and not has_engine():
		raise Refused(
			_('PDF files need the package typst. Install it with: pip install "client-ledger[pdf]"')
		)


def write_statements(
	statements: Iterable[StatementFigures],
	folder: Path,
	formats: Sequence[str],
	style: PaperStyle,
	made_on: date,
	with_empty: bool = False,
	progress: Callable[[int], None] | None = None,
) -> WrittenStatements:
	"""Write *statements* into *folder*. with_empty: also those without anything to state.

	Raises Refused where the folder cannot be written to, the disk is full or no font has Chinese characters; what was
	written before stays, the file that was begun is removed.
	"""
	written, taken = WrittenStatements(), set()
	for figures in statements:
		if figures.is_empty and not with_empty:
			written.empty += 1
		else:
			stem = _free_stem(figures, taken)
			for extension in formats:
				_write(figures, folder / f"{stem}.{extension}", extension, style, made_on, written)
			written.statements += 1
		if progress:
			progress(1)
	return written


def _write(
	figures: StatementFigures,
	path: Path,
	extension: str,
	style: PaperStyle,
	made_on: date,
	written: WrittenStatements,
) -> None:
	if extension == "pdf":
		try:
			content = make_pdf(lay_out(figures, style, made_on))
		except NotCovered:
			written.without_pdf.append(figures.customer_name)
			return
		except NoChineseFont as error:
			raise NoFont(
				_(
					"This computer has no font with Chinese characters: a PDF would show boxes. "
					"Install one, for example Noto Sans CJK, or choose --format html."
				)
			) from error
	elif extension == "html":
		content = html_page(lay_out(figures, style, made_on)).encode()
	with _reported(path, written):
		if extension == "xlsx":
			with path.open("wb") as file:
				xlsx.write(figures, style, file)
		else:
			path.write_bytes(content)
	written.files.append(path)


@contextmanager
def _reported(path: Path, written: WrittenStatements):
	"""Say what is wrong where a file cannot be written, and leave no half of it behind."""
	try:
		yield
	except OSError as error:
		try:
			path.unlink(missing_ok=True)
		except OSError:
			pass
		if error.errno in (errno.ENOSPC, errno.EDQUOT):
			raise Refused(
				_("The disk is full: {0} could not be written. {1} files were written before it.").format(
					path, len(written.files)
				)
			) from error
		raise Refused(_("{0} cannot be written to: {1}.").format(path, error.strerror)) from error


def _free_stem(figures: StatementFigures, taken: set[str]) -> str:
	"""Return a name for the files of a statement that no other statement of this folder has, on no system."""
	stem, number = Path(figures.file_name("x")).stem, 1
	while stem.casefold() in taken:
		number += 1
		stem = Path(file_name(f"{figures.customer}-{figures.as_of}-{number}", "x")).stem
	taken.add(stem.casefold())
	return stem
