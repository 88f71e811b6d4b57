"""An export for an auditor: a ZIP that is checked with public tools, written straight to the disk, whole or not at all."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import frappe
from frappe import _
from frappe.utils import now_datetime

from client_ledger.archive import files
from client_ledger.archive.entries import pages
from client_ledger.core.archive.entry import START, StoredEntry, read_content
from client_ledger.files.csv_file import csv_line, csv_of
from client_ledger.site.doctypes import ARCHIVE_CHAIN, LEDGER_ARCHIVE

TEMPLATES = Path(__file__).parent.parent / "templates" / "archive"
HEADS = (
	"sequence", "kind", "customer", "reference_doctype", "reference_name", "date", "kept_on", "kept_by", "retention_until",
	"legal_hold", "purged", "files", "content_hash", "previous_hash", "entry_hash",
)  # fmt: skip
FIGURE_HEADS = ("sequence", "figure", "value")


@dataclass(frozen=True)
class ExportPart:
	"""Which entries are exported. customer: "" for all. from_date, to_date: by the entry's own day, ISO, "" open."""

	customer: str = ""
	from_date: str = ""
	to_date: str = ""

	@property
	def is_whole(self) -> bool:
		"""Return whether it is the whole archive."""
		return not (self.customer or self.from_date or self.to_date)

	def takes(self, entry: StoredEntry) -> bool:
		"""Return whether an entry is in it."""
		day = entry.columns["date"] or ""
		is_of = not self.customer or entry.columns["customer"] == self.customer
		return (
			is_of
			and (not self.from_date or day >= self.from_date)
			and (not self.to_date or day <= self.to_date)
		)

	def __str__(self) -> str:
		days = f"{self.from_date or '…'} – {self.to_date or '…'}" if self.from_date or self.to_date else ""
		return ", ".join(part for part in (self.customer, days) if part)


def export(
	company: str,
	path: Path,
	part: ExportPart | None = None,
	readable: Callable[[Sequence[str]], set[str]] | None = None,
	progress: Callable[[int], object] = lambda _number: None,
) -> int:
	"""Write the archive of a company as a ZIP to *path*; return how many entries. Entries that are not chained yet are left out.

	readable: returns those of names that may be exported, None: all may. progress: called with a number of entries. Raises
	files.DiskFull, and leaves no half file, whatever happens.
	"""
	part = part or ExportPart()
	unfinished = path.with_name(f".{path.name}.part")
	frappe.db.commit()  # nosemgrep: the archive as of one moment
	try:
		with files.said_when_full():
			path.parent.mkdir(parents=True, exist_ok=True)
			number = _Export(company, part, readable, progress).write(unfinished)
			unfinished.replace(path)
	finally:
		with suppress(OSError):
			unfinished.unlink()
	return number


class _Export:
	def __init__(
		self,
		company: str,
		part: ExportPart,
		readable: Callable[[Sequence[str]], set[str]] | None,
		progress: Callable[[int], object],
	):
		self.company, self.part, self.readable, self.progress = company, part, readable, progress
		self.written: set[bytes] = set()
		self.number = 0

	def write(self, path: Path) -> int:
		with ExitStack() as stack:
			self.zip = stack.enter_context(ZipFile(path, "w", ZIP_DEFLATED))
			# Members are written one at a time: what grows along with the others waits on the disk.
			self.sums, self.lines, self.csv, self.figures = (
				stack.enter_context(TemporaryFile(dir=path.parent)) for _each in range(4)
			)
			self.csv.write(csv_of(HEADS, []))
			self.figures.write(csv_of(FIGURE_HEADS, []))
			for entry in self._entries():
				self._add(entry)
			self._finish()
		return self.number

	def _entries(self) -> Iterator[StoredEntry]:
		for page in pages(self.company):
			allowed = self.readable([entry.name for entry in page]) if self.readable else None
			for entry in page:
				if (
					entry.sequence > 0
					and self.part.takes(entry)
					and (allowed is None or entry.name in allowed)
				):
					yield entry
			self.progress(len(page))

	def _add(self, entry: StoredEntry) -> None:
		self.number += 1
		said = read_content(entry.content) or {}
		if entry.content:
			self._text(f"content/{entry.sequence:08}.json", entry.content)
			self._text(f"figures/{entry.sequence:08}.json", entry.figures)
			for row in _flat("", _json(entry.figures)):
				self.figures.write(csv_line((entry.sequence, *row)))
		for file in entry.files:
			self._file(file.sha256)
		hashes = {
			"sequence": entry.sequence,
			"previous_hash": entry.previous_hash,
			"content_hash": entry.content_hash,
			"entry_hash": entry.entry_hash,
			"purged": not entry.content,
		}
		self.lines.write(f"{json.dumps(hashes)}\n".encode())
		names = " ".join(f"{file.name}={file.sha256}" for file in entry.files)
		told = {**said, **entry.columns, **hashes, "files": names, "legal_hold": int(entry.legal_hold)}
		told["purged"] = int(hashes["purged"])
		self.csv.write(csv_line([told.get(head) for head in HEADS]))

	def _file(self, digest: str) -> None:
		key = bytes.fromhex(digest) if len(digest) == 64 else digest.encode()
		if key in self.written:
			return
		self.written.add(key)
		# What is missing on the disk is missing here, and the check says so.
		with suppress(FileNotFoundError, ValueError):
			self.zip.write(files.path_of(digest), f"files/{digest}", ZIP_STORED)
			self.sums.write(f"{digest}  files/{digest}\n".encode())

	def _text(self, name: str, text: str | bytes) -> None:
		data = text.encode() if isinstance(text, str) else text
		self.zip.writestr(name, data)
		self.sums.write(f"{hashlib.sha256(data).hexdigest()}  {name}\n".encode())

	def _finish(self) -> None:
		chain = frappe.db.get_value(
			ARCHIVE_CHAIN, {"company": self.company}, ["name", "sequence", "entry_hash"], as_dict=True
		) or frappe._dict(name="", sequence=0, entry_hash=START)
		about = {
			"company": self.company,
			"chain": chain.name,
			"sequence": chain.sequence,
			"head": chain.entry_hash,
			"entries": self.number,
			"whole": self.part.is_whole and (self.readable is None or self.number == chain.sequence),
			"part": asdict(self.part),
			"exported_on": now_datetime().isoformat(timespec="seconds"),
			"exported_by": frappe.session.user,
			"hash": "SHA-256",
			"entry_hash_of": "previous_hash, sequence and content_hash, with a space between them",
		}
		for name, temporary in (
			("entries.jsonl", self.lines),
			("entries.csv", self.csv),
			("figures.csv", self.figures),
		):
			self._stream(name, temporary)
		self._text("manifest.json", json.dumps(about, ensure_ascii=False, indent=1))
		self._text("check.py", (TEMPLATES / "check.txt").read_bytes())
		page = frappe.render_template(
			(TEMPLATES / "index.html").read_text(encoding="utf-8"), _escaped(about, self.part)
		)
		self._text("index.html", page)
		self.sums.seek(0)
		self.zip.writestr("SHA256SUMS", self.sums.read())

	def _stream(self, name: str, temporary: IO[bytes]) -> None:
		temporary.seek(0)
		digest = hashlib.sha256()
		with self.zip.open(name, "w", force_zip64=True) as member:
			while block := temporary.read(files.BLOCK):
				digest.update(block)
				member.write(block)
		self.sums.write(f"{digest.hexdigest()}  {name}\n".encode())


def _escaped(about: dict[str, Any], part: ExportPart) -> dict[str, Any]:
	texts = {key: frappe.utils.escape_html(str(value)) for key, value in about.items()}
	return {
		**texts,
		"whole": about["whole"],
		"part": frappe.utils.escape_html(str(part)) or _("some entries"),
	}


def _flat(path: str, value: Any) -> Iterator[tuple[str, str]]:
	"""Yield the figures of a tree, each with its path."""
	if isinstance(value, dict):
		for key, part in value.items():
			yield from _flat(f"{path}.{key}" if path else key, part)
	elif isinstance(value, list):
		for number, part in enumerate(value, 1):
			yield from _flat(f"{path}[{number}]", part)
	elif value is not None:
		yield path, str(value)


def _json(text: str) -> Any:
	try:
		return json.loads(text or "{}")
	except ValueError:
		return {}


def readable_of_user(names: Sequence[str]) -> set[str]:
	"""Return those of entries that the user may list."""
	return set(
		frappe.get_list(
			LEDGER_ARCHIVE, {"name": ("in", list(names))}, pluck="name", order_by="name", limit_page_length=0
		)
	)
