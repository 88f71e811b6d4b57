"""What a check of the archive came to, in words."""

from collections.abc import Iterator

from frappe import _

from client_ledger.archive.verify import ArchiveCheck
from client_ledger.core.archive.verify import ArchiveFinding, FindingKind

MEANINGS = {
	FindingKind.CHANGED: "is not what was kept",
	FindingKind.REMOVED: "is missing",
	FindingKind.INSERTED: "was not put there by Client Ledger",
	FindingKind.RECHAINED: "was chained anew",
	FindingKind.FILE_MISSING: "lacks a file",
	FindingKind.FILE_CHANGED: "has a file that was changed",
	FindingKind.HOLD_CHANGED: "has another legal hold than is on record",
	FindingKind.BACKDATED: "says it was kept before entries that precede it",
	FindingKind.NOT_CHAINED: "was never chained",
}


def lines(checked: ArchiveCheck) -> Iterator[tuple[str, bool]]:
	"""Yield the lines of a check for the command line, and whether each is bad news."""
	for finding in checked.findings:
		yield f"{checked.company} | {numbers(finding)}: {MEANINGS[finding.kind]}{_behind(finding)}", True
	if checked.count > len(checked.findings):
		yield f"{checked.company} | and {checked.count - len(checked.findings)} more", True
	waits = f", {checked.pending} not chained yet" if checked.pending else ""
	purged = f", {checked.purged} purged" if checked.purged else ""
	held = f"{checked.outside} heads from outside" if checked.outside else "no head from outside"
	yield (
		f"{checked.company}: {checked.entries} entries{purged}{waits}, checked against {held}: {checked.count} findings.",
		bool(checked.count),
	)


def in_words(finding: ArchiveFinding) -> str:
	"""Return a finding as a line in the user's language."""
	detail = f" ({finding.detail})" if finding.detail else ""
	return f"{numbers(finding)}: {_(finding.kind.value)}{detail}"


def numbers(finding: ArchiveFinding) -> str:
	"""Return which entries a finding is about."""
	if finding.first == finding.last:
		return f"#{finding.first}" if finding.first > 0 or not finding.name else finding.name
	return f"#{finding.first}-{finding.last}"


def _behind(finding: ArchiveFinding) -> str:
	known = " | ".join(part for part in (finding.name, finding.detail) if part)
	return f" ({known})" if known else ""
