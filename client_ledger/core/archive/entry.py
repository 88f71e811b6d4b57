"""An entry of the archive: what it says, as one text, and its place in the chain of its company."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from client_ledger.core.archive.canonical import canonical, sha256

FORMAT = 1
# What stands in place of the hash before the first entry.
START = "0" * 64
# Entries about the archive itself.
PURGE, HOLD, HOLD_LIFTED, RENAME = "Purge", "Legal Hold", "Legal Hold Lifted", "Rename"
ON_RECORD = (PURGE, HOLD, HOLD_LIFTED, RENAME)
# What the content says and the database repeats to be listed by.
REPEATED = ("company", "customer", "kind", "reference_doctype", "reference_name", "date", "retention_until")


@dataclass(frozen=True, slots=True)
class KeptFile:
	"""A file of an entry: its name, SHA-256 and size in bytes."""

	name: str
	sha256: str
	size: int


@dataclass(frozen=True, slots=True)
class Content:
	"""What is kept of something. date: its own day; kept_on: the moment it was kept, by the site's clock.

	retention_until: the last day it must be kept, None: for good. figures: as canonical JSON.
	"""

	company: str
	kind: str
	reference_doctype: str
	reference_name: str
	date: date
	kept_on: datetime
	kept_by: str
	customer: str | None = None
	retention_until: date | None = None
	figures: str = "{}"
	files: Sequence[KeptFile] = ()

	def text(self) -> str:
		"""Return the content as it is hashed; figures and files stand in it by their hashes."""
		return canonical(
			{
				"format": FORMAT,
				"company": self.company,
				"customer": self.customer,
				"kind": self.kind,
				"reference_doctype": self.reference_doctype,
				"reference_name": self.reference_name,
				"date": self.date,
				"kept_on": self.kept_on,
				"kept_by": self.kept_by,
				"retention_until": self.retention_until,
				"figures": sha256(self.figures),
				"files": [{"name": one.name, "sha256": one.sha256, "size": one.size} for one in self.files],
			}
		)


@dataclass(frozen=True, slots=True)
class StoredEntry:
	"""An entry as the database has it. sequence: from 1, 0 while it is not chained. content: empty once it was purged.

	columns: what of the content is repeated, by REPEATED, days as ISO texts. creation: when the row was made.
	"""

	name: str
	sequence: int
	previous_hash: str
	content_hash: str
	entry_hash: str
	content: str
	figures: str
	files: Sequence[KeptFile] = ()
	columns: Mapping[str, str | None] = field(default_factory=dict)
	legal_hold: bool = False
	creation: datetime | None = None


def entry_hash(previous_hash: str, sequence: int, content_hash: str) -> str:
	"""Return the hash of an entry: of one line with the hash before it, its number, and the hash of its content."""
	return sha256(f"{previous_hash} {sequence} {content_hash}")


def chained(
	previous_hash: str, sequence: int, content_hashes: Iterable[str]
) -> Iterable[tuple[int, str, str, str]]:
	"""Yield (sequence, previous hash, content hash, entry hash) of entries that follow the one with *sequence*, in order."""
	for content_hash in content_hashes:
		sequence += 1
		own = entry_hash(previous_hash, sequence, content_hash)
		yield sequence, previous_hash, content_hash, own
		previous_hash = own


def read_content(text: str) -> dict[str, Any] | None:
	"""Return a content's values, None where it is none."""
	try:
		found = json.loads(text)
	except ValueError:
		return None
	return found if isinstance(found, dict) else None
