"""Checking a chain: what was changed, removed, inserted, or chained anew since a head that somebody knows.

One pass over the entries in the order of their numbers; what is remembered does not grow with them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from client_ledger.core.archive.canonical import sha256
from client_ledger.core.archive.entry import REPEATED, START, KeptFile, StoredEntry, entry_hash, read_content
from client_ledger.core.archive.events import Events
from client_ledger.core.marked import marked

# How long an entry may wait to be chained, and how far its clock may lie behind that of entries before it.
WAITING = timedelta(days=1)
SLACK = timedelta(days=2)
_LINKS = {"company": "Company", "customer": "Customer"}


class FindingKind(str, Enum):
	"""What is wrong with an archive."""

	CHANGED = marked("Changed")
	REMOVED = marked("Removed")
	INSERTED = marked("Inserted")
	RECHAINED = marked("Chained Anew")
	FILE_MISSING = marked("File Missing")
	FILE_CHANGED = marked("File Changed")
	HOLD_CHANGED = marked("Legal Hold Changed")
	BACKDATED = marked("Backdated")
	NOT_CHAINED = marked("Not Chained")


@dataclass(frozen=True, slots=True)
class ArchiveFinding:
	"""Something wrong. first, last: numbers of the entries it is about. name: of the row, where there is one.

	detail: what exactly: a column, a file's name, where a head was known from.
	"""

	kind: FindingKind
	first: int
	last: int
	name: str = ""
	detail: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
	"""A head that was known at a moment. source: where it is known from, for people."""

	sequence: int
	entry_hash: str
	taken_on: datetime | None = None
	source: str = ""


class FileState(Enum):
	"""What the disk has of a file."""

	SAME, MISSING, CHANGED = range(3)


@dataclass
class Verification:
	"""One check of one chain; iterate `findings()` once, then read the counts.

	anchors: in any order. events: of the whole chain. head: (sequence, hash) that the site notes of the chain, None: it
	notes none. file_state: looks a file up. now: of the site's clock.
	"""

	events: Events
	now: datetime
	anchors: Iterable[Anchor] = ()
	head: tuple[int, str] | None = None
	file_state: Callable[[KeptFile], FileState] = lambda _file: FileState.SAME
	entries: int = 0
	pending: int = 0
	purged: int = 0
	last: int = 0
	last_hash: str = START
	_latest: datetime | None = None
	_waiting: list[Anchor] = field(default_factory=list)

	def findings(self, entries: Iterable[StoredEntry]) -> Iterator[ArchiveFinding]:
		"""Yield what is wrong. entries: by number, those that are not chained first."""
		self._waiting = sorted(self.anchors, key=lambda anchor: anchor.sequence, reverse=True)
		yield from self._anchors_before(1)
		for entry in entries:
			if entry.sequence < 1:
				self.pending += 1
				yield from self._pending(entry)
			else:
				self.entries += 1
				yield from self._chained(entry)
			yield from self._content(entry)
		yield from self._end()

	# --- the chain ---

	def _pending(self, entry: StoredEntry) -> Iterator[ArchiveFinding]:
		if entry.sequence < 0 or (entry.creation and entry.creation < self.now - WAITING):
			yield self._of(FindingKind.NOT_CHAINED, entry)

	def _chained(self, entry: StoredEntry) -> Iterator[ArchiveFinding]:
		expected = self.last + 1
		if entry.sequence < expected:
			yield self._of(FindingKind.INSERTED, entry)
			return
		gap = entry.sequence > expected
		if gap:
			yield ArchiveFinding(FindingKind.REMOVED, expected, entry.sequence - 1)
		elif entry.previous_hash != self.last_hash:
			yield self._of(FindingKind.RECHAINED, entry)
		if entry.entry_hash != entry_hash(entry.previous_hash, entry.sequence, entry.content_hash):
			yield self._of(FindingKind.CHANGED, entry, "entry_hash")
		yield from self._anchors_before(entry.sequence)
		self.last, self.last_hash = entry.sequence, entry.entry_hash
		yield from self._anchors_at(entry)

	def _anchors_before(self, sequence: int) -> Iterator[ArchiveFinding]:
		"""Yield heads that were known of entries that are not there: the gap itself is reported by whoever follows."""
		while self._waiting and self._waiting[-1].sequence < sequence:
			anchor = self._waiting.pop()
			if anchor.sequence > 0:
				yield ArchiveFinding(
					FindingKind.REMOVED, anchor.sequence, anchor.sequence, detail=anchor.source
				)
			elif anchor.entry_hash != START:
				yield ArchiveFinding(FindingKind.RECHAINED, 0, 0, detail=anchor.source)

	def _anchors_at(self, entry: StoredEntry) -> Iterator[ArchiveFinding]:
		while self._waiting and self._waiting[-1].sequence == entry.sequence:
			anchor = self._waiting.pop()
			if anchor.entry_hash != entry.entry_hash:
				yield self._of(FindingKind.RECHAINED, entry, anchor.source)
			elif anchor.taken_on:
				# What comes behind a known head was kept after it.
				self._latest = max(self._latest or anchor.taken_on, anchor.taken_on)

	def _end(self) -> Iterator[ArchiveFinding]:
		known = max((anchor.sequence for anchor in self._waiting), default=0)
		sources = [anchor.source for anchor in self._waiting if anchor.sequence == known]
		if self.head and self.head[0] > known:
			known, sources = self.head[0], [""]
		if known > self.last:
			yield ArchiveFinding(FindingKind.REMOVED, self.last + 1, known, detail=sources[0])
		elif self.head and self.head != (self.last, self.last_hash):
			if self.head[0] < self.last:
				yield ArchiveFinding(FindingKind.INSERTED, self.head[0] + 1, self.last)
			else:
				yield ArchiveFinding(FindingKind.RECHAINED, self.last, self.last)

	# --- one entry ---

	def _content(self, entry: StoredEntry) -> Iterator[ArchiveFinding]:
		if not entry.content:
			yield from self._purged(entry)
			return
		if sha256(entry.content) != entry.content_hash:
			yield self._of(FindingKind.CHANGED, entry, "content")
		said = read_content(entry.content)
		if said is None:
			return
		if said.get("figures") != sha256(entry.figures):
			yield self._of(FindingKind.CHANGED, entry, "figures")
		yield from self._columns(entry, said)
		yield from self._files(entry, said)
		yield from self._moment(entry, said)

	def _purged(self, entry: StoredEntry) -> Iterator[ArchiveFinding]:
		self.purged += 1
		if entry.sequence < 1 or entry.sequence not in self.events.purged:
			yield self._of(FindingKind.REMOVED, entry, "content")
		elif entry.figures or entry.files:
			yield self._of(FindingKind.CHANGED, entry, "figures" if entry.figures else "files")

	def _columns(self, entry: StoredEntry, said: dict) -> Iterator[ArchiveFinding]:
		for column in REPEATED:
			value = said.get(column)
			doctype = said.get("reference_doctype") if column == "reference_name" else _LINKS.get(column)
			if entry.sequence > 0 and doctype:
				value = self.events.name_now(doctype, value, entry.sequence)
			# An entry that is not chained yet may carry a new name already.
			is_loose = entry.sequence < 1 and doctype
			if (entry.columns.get(column) or None) != (value or None) and not is_loose:
				yield self._of(FindingKind.CHANGED, entry, column)
		if entry.legal_hold != (entry.sequence in self.events.held):
			yield self._of(FindingKind.HOLD_CHANGED, entry)

	def _files(self, entry: StoredEntry, said: dict) -> Iterator[ArchiveFinding]:
		files = [
			KeptFile(str(one.get("name")), str(one.get("sha256")), one.get("size"))
			for one in said.get("files") or []
		]
		if list(entry.files) != files:
			yield self._of(FindingKind.CHANGED, entry, "files")
		for file in files:
			state = self.file_state(file)
			if state is not FileState.SAME:
				missing = state is FileState.MISSING
				kind = FindingKind.FILE_MISSING if missing else FindingKind.FILE_CHANGED
				yield self._of(kind, entry, file.name)

	def _moment(self, entry: StoredEntry, said: dict) -> Iterator[ArchiveFinding]:
		try:
			kept_on = datetime.fromisoformat(said.get("kept_on") or "")
		except (TypeError, ValueError):
			yield self._of(FindingKind.CHANGED, entry, "kept_on")
			return
		if entry.sequence < 1:
			return
		if self._latest and kept_on < self._latest - SLACK:
			yield self._of(FindingKind.BACKDATED, entry)
		self._latest = max(self._latest or kept_on, kept_on)

	def _of(self, kind: FindingKind, entry: StoredEntry, detail: str = "") -> ArchiveFinding:
		return ArchiveFinding(kind, entry.sequence, entry.sequence, entry.name, detail)
