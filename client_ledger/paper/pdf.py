"""A statement as PDF by the optional engine typst (`pip install client-ledger[pdf]`): some hundredths of a second a page.

	PaperLayout -> JSON -> templates/statement.typ -> PDF

Texts reach the engine as data, never as its markup. It cannot set HTML: a letter head comes as a strip that another
converter made once (LetterHeadStrip). The same layout makes the same file.
"""

import json
import threading
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

from client_ledger.paper import fonts as paper_fonts
from client_ledger.paper.layout import PaperLayout

with suppress(ImportError):
	import typst

_TEMPLATE = Path(__file__).resolve().parent / "templates" / "statement.typ"
# How many letter heads a process keeps ready.
_MOST_KEPT = 20


class PaperError(Exception):
	"""The PDF cannot be made like this."""


class EngineMissing(PaperError):
	"""The optional engine is not installed."""


class NotCovered(PaperError):
	"""Characters of a script that the engine's fonts are not chosen for; another converter may have them."""


class NoChineseFont(PaperError):
	"""No font with Chinese characters is installed: every converter would print boxes."""


@dataclass(frozen=True, slots=True)
class LetterHeadStrip:
	"""A letter head as a PDF of one page, 186 mm wide, of which the upper *height* mm are shown."""

	content: bytes
	height: float


def has_engine() -> bool:
	"""Return whether the optional engine is installed."""
	return "typst" in globals()


def make_pdf(layout: PaperLayout, letter_head: LetterHeadStrip | None = None) -> bytes:
	"""Return the statement as PDF.

	Raises EngineMissing, NotCovered or NoChineseFont where the engine is not the one to make it, PaperError where it fails.
	"""
	if not has_engine():
		raise EngineMissing("typst is not installed")
	installed = _fonts().families()
	text = _json(_fields(layout))
	if not paper_fonts.is_covered([text]):
		raise NotCovered("characters that no chosen font has")
	if paper_fonts.has_chinese([text]) and not paper_fonts.chinese_family(installed):
		raise NoChineseFont("no font with Chinese characters is installed")
	data = {"fonts": paper_fonts.chosen_families(installed), **_language(layout.language)}
	if letter_head:
		data["letter_head"] = {"file": "letter-head.pdf", "height": letter_head.height}
	inputs = {"layout": text, "setting": _json(data)}
	with _LOCK:
		compiler = _compiler(letter_head)
		try:
			return compiler.compile(
				format="pdf",
				sys_inputs=inputs,
				pdf_tags=False,
			)
		except (RuntimeError, OSError) as error:
			raise PaperError(f"typst: {error}") from error


def engine_families() -> list[str]:
	"""Return the families that the engine sets a paper in here."""
	return paper_fonts.chosen_families(_fonts().families()) if has_engine() else []


# A compiler may be used by one thread at a time.
_LOCK = threading.Lock()
_compilers: dict[LetterHeadStrip | None, tuple[TemporaryDirectory, Any]] = {}


def _compiler(letter_head: LetterHeadStrip | None) -> Any:
	"""Return a compiler whose only files are the template and the letter head."""
	if letter_head not in _compilers:
		if len(_compilers) >= _MOST_KEPT:
			folder, _compiler_of_folder = _compilers.pop(next(iter(_compilers)))
			folder.cleanup()
		folder = TemporaryDirectory(prefix="client-ledger-paper-")
		path = Path(folder.name)
		copyfile(_TEMPLATE, path / "statement.typ")
		if letter_head:
			(path / "letter-head.pdf").write_bytes(letter_head.content)
		_compilers[letter_head] = (
			folder,
			typst.Compiler(path / "statement.typ", root=path, font_paths=_fonts()),
		)
	return _compilers[letter_head][1]


@cache
def _fonts() -> Any:
	"""Return the fonts of this machine, looked up once in a process."""
	return typst.Fonts()


def _language(language: str) -> dict[str, str]:
	"""Return how the engine calls a language: "zh-TW" is zh in the region tw, zh by itself is that of the mainland."""
	name, _dash, region = language.replace("_", "-").partition("-")
	region = region or ("cn" if name == "zh" else "")
	found = {"lang": name.lower() if len(name) in (2, 3) else "en"}
	return {**found, "region": region.lower()} if len(region) == 2 else found


def _json(value: Any) -> str:
	return json.dumps(value, ensure_ascii=False, default=_fields)


def _fields(part: Any) -> dict[str, Any]:
	"""Return the fields of a dataclass by name; what is in them is left to JSON."""
	return {field.name: getattr(part, field.name) for field in fields(part)}
