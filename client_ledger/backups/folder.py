"""The folder of the site's backups: where Frappe puts them, what lies in it, and how much room is left."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import frappe
from frappe.utils import cint, get_site_path
from frappe.utils.backups import BACKUP_ENCRYPTION_CONFIG_KEY

from client_ledger.backups.reading import inspect
from client_ledger.core.backups import Backup, Facts, collect, is_good, size_before
from client_ledger.site.doctypes import BACKUP_CHECK, LEDGER_SETTINGS

# Newest backups that are read to the end, in search of a good one.
MOST_READ = 3
# For all of them together; a job of a whole night is given 25 minutes.
SECONDS = 1200
MEGABYTE = 1024 * 1024


def backup_folder() -> Path:
	"""Return the folder that Frappe backs the site up to."""
	return Path(get_site_path(frappe.conf.get("backup_path") or "private/backups"))


def site_slug() -> str:
	"""Return the site's name as it stands in the names of its backups."""
	return frappe.local.site.replace(".", "_")


def encryption_key() -> str | None:
	"""Return the key of the site's encrypted backups. Frappe would make a new one where none is; that opens no backup."""
	return frappe.conf.get(BACKUP_ENCRYPTION_CONFIG_KEY)


def look(read: bool = True) -> Facts:
	"""Return what there is in the folder. read: whether backups are read to the end, until a good one is found."""
	folder = backup_folder()
	shown = os.path.abspath(folder)
	try:
		files = [(entry.name, entry.stat().st_size) for entry in os.scandir(folder) if entry.is_file()]
	except FileNotFoundError:
		return Facts(shown, trouble="no_folder")
	except OSError:
		return Facts(shown, trouble="folder_denied")
	backups, others = collect(files, site_slug())
	before = _size_before(backups)
	if read:
		backups = _read(folder, backups, before)
	return Facts(
		shown,
		backups,
		others=others,
		vouched=bool(cint(frappe.db.get_single_value(LEDGER_SETTINGS, "backups_copied_elsewhere"))),
		before=before,
		room=shutil.disk_usage(folder).free,
	)


def _size_before(backups: list[Backup]) -> int:
	"""Return the size of the last good backup that an earlier check saw and that has been deleted since."""
	row = frappe.get_all(
		BACKUP_CHECK,
		{
			"kind": "Check",
			"backup": ("not in", [backup.name for backup in backups] or [""]),
			"size_mb": (">", 0),
		},
		pluck="size_mb",
		order_by="checked_on desc",
		limit=1,
	)
	return int(row[0] * MEGABYTE) if row else 0


def _read(folder: Path, backups: list[Backup], before: int) -> list[Backup]:
	found = list(backups)
	seconds = SECONDS / MOST_READ
	for place, backup in enumerate(found[:MOST_READ]):
		content, encrypted = inspect(folder / backup.name, encryption_key(), seconds)
		found[place] = replace(backup, content=content, encrypted=encrypted)
		if is_good(found[place], size_before(found, place, before)):
			break
	return found
