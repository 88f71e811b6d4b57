"""What entries on record say of the archive itself: what was purged, what is under legal hold, which names changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from client_ledger.core.archive.entry import HOLD, HOLD_LIFTED, PURGE, RENAME
from client_ledger.core.archive.ranges import Ranges


@dataclass
class Events:
	"""What holds at the end of a chain. renames: (sequence, DocType, old name, new name), in their order."""

	purged: Ranges = field(default_factory=Ranges)
	held: Ranges = field(default_factory=Ranges)
	renames: list[tuple[int, str, str, str]] = field(default_factory=list)

	def note(self, sequence: int, kind: str, figures: Mapping[str, Any]) -> None:
		"""Take in an entry on record. sequence: its own; those that are not chained yet come last, as None would."""
		numbers = [number for number in _list(figures.get("sequences")) if isinstance(number, int)]
		if kind == PURGE:
			for number in numbers:
				self.purged.add(number)
		elif kind == HOLD:
			for number in numbers:
				self.held.add(number)
		elif kind == HOLD_LIFTED:
			for number in numbers:
				self.held.discard(number)
		elif kind == RENAME:
			names = (str(figures.get(key)) for key in ("doctype", "old", "new"))
			self.renames.append((sequence, *names))

	def name_now(self, doctype: str | None, name: str | None, sequence: int) -> str | None:
		"""Return what a document is called by now that was called *name* when the entry with *sequence* was kept."""
		for at, of, old, new in self.renames:
			if at > sequence and of == doctype and old == name:
				name = new
		return name

	def add_all(self, entries: Iterable[tuple[int, str, Mapping[str, Any]]]) -> "Events":
		"""Take in entries on record (sequence, kind, figures) in the order of the chain."""
		for sequence, kind, figures in entries:
			self.note(sequence, kind, figures)
		return self


def _list(value: Any) -> list:
	return value if isinstance(value, list) else []
