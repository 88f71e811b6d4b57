"""The archive in a restored backup: its chains hold, and go on in today's. Called by the restore drill."""

from collections.abc import Iterator
from datetime import datetime

import frappe

from client_ledger.archive.entries import companies
from client_ledger.archive.verify import check
from client_ledger.backups.scratch import Scratch
from client_ledger.core.archive.entry import KeptFile
from client_ledger.core.archive.verify import FileState
from client_ledger.core.backups import BackupFinding, BackupVerdict
from client_ledger.site.doctypes import ARCHIVE_CHAIN, LEDGER_ARCHIVE

BROKEN, FORKED, WHOLE = "archive_broken", "archive_forked", "archive_whole"


def findings(scratch: Scratch, until: datetime) -> list[BackupFinding]:
	"""Return what is wrong with the archive in a restored database, and how many entries of it hold."""
	with scratch.as_site():
		if not frappe.db.table_exists(LEDGER_ARCHIVE):
			return []
		# Files are not in the database; those on the disk are the nightly check's.
		checks = [check(company, state=_as_kept) for company in companies()]
		heads = frappe.get_all(
			ARCHIVE_CHAIN, fields=["company", "sequence", "entry_hash"], order_by="company"
		)
	wrong = [
		BackupFinding(BROKEN, BackupVerdict.BAD, {"company": one.company, "number": one.count})
		for one in checks
		if one.count
	]
	wrong += _forked(heads)
	if wrong:
		return wrong
	number = sum(one.entries for one in checks)
	return [BackupFinding(WHOLE, BackupVerdict.GOOD, {"number": number})] if number else []


def _as_kept(_file: KeptFile) -> FileState:
	return FileState.SAME


def _forked(heads: list[frappe._dict]) -> Iterator[BackupFinding]:
	"""Yield the companies whose chain of today does not go on from the restored one."""
	for head in heads:
		if not head.sequence:
			continue
		here = {"company": head.company, "sequence": head.sequence}
		if frappe.db.get_value(LEDGER_ARCHIVE, here, "entry_hash") != head.entry_hash:
			yield BackupFinding(FORKED, BackupVerdict.BAD, {"company": head.company, "number": head.sequence})
