"""A restore that is tried: the newest backup into a database of its own, compared with the ledger, and dropped.

The site itself is only read. What came of it is kept as a Backup Check of the kind Drill, also where it failed.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import frappe
from frappe import _
from frappe.utils import now_datetime
from frappe.utils.synchronization import LockTimeoutError, filelock

from client_ledger.backups.check import DRILL, store
from client_ledger.backups.compare import compare
from client_ledger.backups.folder import MEGABYTE, backup_folder, encryption_key, look
from client_ledger.backups.reading import FIRST, UnreadableBackup, frappe_version, is_encrypted, opened
from client_ledger.backups.scratch import CannotTry, DrillError, Login, scratch
from client_ledger.core.backups import (
	HOUR,
	BackupContent,
	BackupFinding,
	BackupVerdict,
	Restored,
	judge_drill,
	read_name,
)
from client_ledger.site.messages import filled

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Drill:
	"""What came of a trial. name: of its Backup Check."""

	name: str
	verdict: BackupVerdict
	findings: tuple[BackupFinding, ...]


def run_drill(
	login: Login, backup: str | None = None, key: str | None = None, say: Say = lambda text: None
) -> Drill:
	"""Restore a backup into a database of its own, compare it, drop it, and keep the result.

	backup: a path, or the name of a file in the folder of backups; the newest full one unless given. key: of its encryption, the
	site's unless given. say: told what is being done. Raises CannotTry where no trial can be made; nothing is kept then.
	"""
	path = _choose(backup)
	started = time.monotonic()
	try:
		with filelock("client_ledger_restore_drill", timeout=1):
			restored, version, findings = _tried(path, login, key or encryption_key(), say)
	except LockTimeoutError as error:
		raise CannotTry(
			_("Another restore drill is running on this site. Wait until it has ended.")
		) from error
	verdict = BackupVerdict.BAD
	if restored:
		verdict, findings = judge_drill(restored)
	name = _store(path, verdict, findings, restored, version, time.monotonic() - started)
	frappe.db.commit()  # nosemgrep: the command ends here
	return Drill(name, verdict, findings)


def _choose(backup: str | None) -> Path:
	if backup:
		path = next((one for one in (Path(backup), backup_folder() / backup) if one.is_file()), None)
		if not path:
			raise CannotTry(filled(_("There is no file {0}."), backup))
		return path
	facts = look(read=False)
	if full := next((one for one in facts.backups if not one.partial), None):
		return backup_folder() / full.name
	raise CannotTry(
		filled(
			_("There is no full backup of this site in {0}. Take one with bench backup --with-files."),
			facts.folder,
		)
	)


def _tried(
	path: Path, login: Login, key: str | None, say: Say
) -> tuple[Restored | None, str, tuple[BackupFinding, ...]]:
	"""Return what the restored backup holds, or else why it could not be restored; and the version of Frappe that made it."""
	head = _Head()
	# The site's connection is not kept through a restore that may take hours.
	frappe.db.commit()  # nosemgrep: nothing is written
	frappe.db.close()
	try:
		with opened(path, key) as stream, scratch(login) as database:
			say(filled(_("Restoring {0} into the database {1} …"), path.name, database.name))
			database.fill(head.over(stream))
			if head.is_partial:
				raise DrillError(_("It holds only some of the tables; bench restore would refuse it."))
			say(_("Comparing …"))
			return compare(database, _taken_on(path)), head.version, ()
	except UnreadableBackup as error:
		code = BackupContent(error.content).name.lower()
		return None, head.version, (BackupFinding(code, BackupVerdict.BAD, {"backup": path.name}),)
	except CannotTry:
		raise
	except DrillError as error:
		return None, head.version, (BackupFinding(error.code, BackupVerdict.BAD, {"error": str(error)}),)
	except (frappe.db.ProgrammingError, frappe.db.OperationalError) as error:
		# A dump that broke off without an error lacks tables.
		return (
			None,
			head.version,
			(BackupFinding("drill_failed", BackupVerdict.BAD, {"error": str(error)[:300]}),),
		)


class _Head:
	"""What the first lines of a backup say, read while it is restored."""

	def __init__(self) -> None:
		self._first = b""

	def over(self, lines: Iterator[bytes]) -> Iterator[bytes]:
		"""Yield the lines, having looked at the first of them."""
		for line in lines:
			if len(self._first) < FIRST:
				self._first += line[:FIRST]
			yield line

	@property
	def version(self) -> str:
		return frappe_version(self._first)

	@property
	def is_partial(self) -> bool:
		return b"-- Partial Backup" in self._first


def _taken_on(path: Path) -> datetime:
	"""Return when a backup was made: as its name says, else as its file does."""
	said = read_name(path.name)
	return said.moment if said else datetime.fromtimestamp(path.stat().st_mtime)


def _store(
	path: Path,
	verdict: BackupVerdict,
	findings: tuple[BackupFinding, ...],
	restored: Restored | None,
	version: str,
	seconds: float,
) -> str:
	taken_on, now = _taken_on(path), now_datetime()
	compared = {
		"rows": [asdict(one) for one in restored.rows] if restored else [],
		"balances": [asdict(one) for one in restored.balances] if restored else [],
	}
	return store(
		DRILL,
		verdict,
		findings,
		checked_on=now,
		backup=path.name,
		taken_on=taken_on,
		age_hours=round((now - taken_on) / HOUR, 1),
		size_mb=path.stat().st_size / MEGABYTE,
		encrypted=int(path.stat().st_size > 0 and is_encrypted(path)),
		with_files=int(_has_files(path)),
		frappe_version=version,
		seconds=round(seconds),
		compared=json.dumps(compared, ensure_ascii=False),
	)


def _has_files(path: Path) -> bool:
	said = read_name(path.name)
	return bool(said) and any(
		one.slug == said.slug and one.moment == said.moment and one.kind == "files"
		for file in path.parent.iterdir()
		if (one := read_name(file.name))
	)
