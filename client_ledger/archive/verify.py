"""Checking the archive of a company against its own chain, the disk, and every head that is known of it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import frappe
from frappe.utils import now_datetime

from client_ledger.archive import files
from client_ledger.archive.entries import entries, events_of
from client_ledger.core.archive.entry import START, KeptFile, StoredEntry
from client_ledger.core.archive.heads import heads_in, read_head
from client_ledger.core.archive.verify import Anchor, ArchiveFinding, Verification
from client_ledger.site.doctypes import ARCHIVE_ANCHOR, ARCHIVE_CHAIN

# What is stored and shown of a check; all are counted.
SHOWN = 100


@dataclass
class ArchiveCheck:
	"""What a check of one company came to. outside: how many heads from outside it was held against."""

	company: str
	count: int = 0
	findings: list[ArchiveFinding] = field(default_factory=list)
	entries: int = 0
	pending: int = 0
	purged: int = 0
	outside: int = 0


def check(
	company: str,
	outside: Sequence[Anchor] = (),
	progress: Callable[[int], object] = lambda _number: None,
	state: Callable[[KeptFile], files.FileState] = files.state,
) -> ArchiveCheck:
	"""Check the archive of a company. outside: heads from elsewhere. Changes nothing.

	progress: called with a number of entries. state: looks a file up. It commits first, for a view of one moment.
	"""
	frappe.db.commit()  # nosemgrep: the entries, their events and their head are read as of one moment
	chain = frappe.db.get_value(
		ARCHIVE_CHAIN, {"company": company}, ["name", "sequence", "entry_hash"], as_dict=True
	)
	verification = Verification(
		events_of(company),
		now_datetime(),
		[*own_anchors(company), *outside],
		# Without its note, whatever is chained is more than is known.
		(chain.sequence, chain.entry_hash or START) if chain else (0, START),
		state,
	)
	checked = ArchiveCheck(company, outside=len(outside))
	for finding in verification.findings(_counted(entries(company), progress)):
		checked.count += 1
		if len(checked.findings) < SHOWN:
			checked.findings.append(finding)
	checked.entries, checked.pending = verification.entries, verification.pending
	checked.purged = verification.purged
	return checked


def own_anchors(company: str) -> list[Anchor]:
	"""Return the heads that were taken every night."""
	rows = frappe.get_all(
		ARCHIVE_ANCHOR,
		{"company": company},
		["sequence", "entry_hash", "taken_on"],
		order_by="taken_on",
	)
	return [Anchor(row.sequence, row.entry_hash or "", row.taken_on, str(row.taken_on)) for row in rows]


def _counted(found: Iterable[StoredEntry], progress: Callable[[int], object]) -> Iterable[StoredEntry]:
	for entry in found:
		yield entry
		progress(1)


def outside_anchors(
	company: str | None, heads: Iterable[str] = (), paths: Iterable[str] = ()
) -> dict[str, list[Anchor]]:
	"""Return heads that were kept outside, by company: SEQ:HASH of *company*, and those in files of saved mails.

	Raises ValueError for what is no head, a file without any, and a head of a chain that this site does not know: an archive
	that was emptied and begun anew has another one.
	"""
	found: dict[str, list[Anchor]] = {}
	for text in heads:
		head = read_head(text)
		found.setdefault(company or "", []).append(Anchor(head.sequence, head.entry_hash, source=text))
	chains = dict(frappe.get_all(ARCHIVE_CHAIN, ["name", "company"], as_list=True, order_by="name"))
	for path in paths:
		known = heads_in(Path(path).read_bytes())
		if not known:
			raise ValueError(f"{path}: no head of an archive in this file")
		for head in known:
			of = chains.get(head.chain) or _was_of(head.chain)
			if not of:
				raise ValueError(
					f"{path}: this site has no chain {head.chain}, whose head {head.sequence} was sent"
				)
			if company in (None, of):
				found.setdefault(of, []).append(Anchor(head.sequence, head.entry_hash, source=path))
	return found


def _was_of(chain: str) -> str | None:
	return frappe.db.get_value(ARCHIVE_ANCHOR, {"chain": chain}, "company")
