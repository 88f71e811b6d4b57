"""Files of the archive: among the site's private files, so that backups take them, each under its SHA-256.

No File document leads to them: they are read through the entry alone (`api.archive_file`). A file is written beside its place
and then moved there, so that there is never half of one.
"""

import errno
import hashlib
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import frappe
from frappe import _

from client_ledger.core.archive.canonical import sha256
from client_ledger.core.archive.entry import KeptFile
from client_ledger.core.archive.verify import FileState

FOLDER = ("private", "files", "ledger_archive")
BLOCK = 1 << 20
# A file that was written or met again this lately may belong to a transaction that nobody sees yet.
SETTLED_AFTER = 24 * 3600
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class DiskFull(frappe.ValidationError):
	"""There is no room for a file. What was to be kept with it was not kept."""


def folder() -> Path:
	"""Return the folder of the archive's files."""
	return Path(frappe.get_site_path(*FOLDER))


def path_of(digest: str) -> Path:
	"""Return the path of a file with this SHA-256. Raises ValueError for what is none."""
	if not _DIGEST.fullmatch(digest):
		raise ValueError(f"{digest!r:.80} is no SHA-256")
	return folder() / digest[:2] / digest


def store(name: str, content: bytes) -> KeptFile:
	"""Write a file unless it is there as it is; return what an entry says of it. Raises DiskFull."""
	digest = sha256(content)
	path = path_of(digest)
	if path.exists() and digest_of(path) == digest:
		os.utime(path)
	else:
		with said_when_full():
			path.parent.mkdir(parents=True, exist_ok=True)
			write_whole(path, content)
	return KeptFile(Path(name).name[:140], digest, len(content))


def write_whole(path: Path, content: bytes) -> None:
	"""Write a file so that it is there as a whole or not at all, also after a crash."""
	part = path.with_name(f".{path.name}.{frappe.generate_hash(length=8)}.part")
	try:
		with part.open("wb") as file:
			file.write(content)
			file.flush()
			os.fsync(file.fileno())
		part.replace(path)
	except BaseException:
		with suppress(OSError):
			part.unlink()
		raise


@contextmanager
def said_when_full() -> Iterator[None]:
	"""Raise DiskFull, which says what to do, where the disk takes no more."""
	try:
		yield
	except OSError as error:
		if error.errno not in _FULL:
			raise
		frappe.throw(
			_(
				"The disk of the server is full, so nothing was written. Free space or choose another folder, and try again."
			),
			DiskFull,
			title=_("Disk Full"),
		)


def state(file: KeptFile) -> FileState:
	"""Return whether the disk has a file as it was kept; the file is read as a whole, block by block."""
	try:
		path = path_of(file.sha256)
		if path.stat().st_size != file.size:
			return FileState.CHANGED
		return FileState.SAME if digest_of(path) == file.sha256 else FileState.CHANGED
	except (FileNotFoundError, NotADirectoryError, ValueError):
		return FileState.MISSING


def digest_of(path: Path) -> str:
	"""Return the SHA-256 of a file."""
	digest = hashlib.sha256()
	with path.open("rb") as file:
		while block := file.read(BLOCK):
			digest.update(block)
	return digest.hexdigest()


def remove(digests: Iterable[str]) -> None:
	"""Delete files of purged entries that no other entry has; what was written lately stays for the next time."""
	for digest in digests:
		with suppress(FileNotFoundError, ValueError):
			path = path_of(digest)
			if time.time() - path.stat().st_mtime > SETTLED_AFTER and not in_use(digest):
				path.unlink()


def in_use(digest: str) -> bool:
	"""Return whether an entry has a file with this SHA-256."""
	return bool(frappe.db.exists("Ledger Archive File", {"sha256": digest}))
