"""Where copies of backups go, away from the machine: each place that the site knows of, and what is there.

S3 is asked itself. Google Drive and Dropbox are told by what Frappe notes of them. A folder that something else copies
backups to is named in the site's configuration, as client_ledger_backup_copies. Version 15 has the three services; in
version 16 they are an app of their own, Offsite Backups, with the same DocTypes.
"""

import importlib.util
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import frappe
from frappe.utils import cint, convert_utc_to_system_timezone, get_datetime

from client_ledger.backups.folder import site_slug
from client_ledger.core.backups import DAY, CopyPlace, read_name
from client_ledger.core.marked import marked

S3, DROPBOX, GOOGLE = "S3 Backup Settings", "Dropbox Settings", "Google Drive"
EVERY = {"Daily": DAY, "Weekly": 7 * DAY, "Monthly": 31 * DAY}
COPIES = "client_ledger_backup_copies"
SECONDS = 20
MOST_PAGES = 50
COPIED_FOLDER = marked("Folder of Copies")


def places() -> list[CopyPlace]:
	"""Return the places that are switched on. One that cannot be asked says why."""
	found = []
	for doctype, place in ((S3, _s3), (DROPBOX, _dropbox), (GOOGLE, _google)):
		if frappe.db.exists("DocType", doctype):
			settings = frappe.db.get_singles_dict(doctype)
			every = EVERY.get(settings.get("frequency") or settings.get("backup_frequency"))
			if cint(settings.get("enabled") or settings.get("enable")) and every:
				found += _asked(doctype, every, lambda place=place, s=settings, e=every: place(s, e))
	if folder := frappe.conf.get(COPIES):
		found += _asked(COPIED_FOLDER, DAY, lambda: _copies(Path(folder)))
	return found


def _asked(service: str, every: timedelta, ask: Callable[[], CopyPlace]) -> Iterator[CopyPlace]:
	try:
		yield ask()
	except Exception as error:
		yield CopyPlace(service, every, error=_short(error))


def _short(error: Exception) -> str:
	text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
	return (text or type(error).__name__).splitlines()[0][:200]


def _s3(settings: dict, every: timedelta) -> CopyPlace:
	"""Ask the bucket for its newest database of this site."""
	if not importlib.util.find_spec("boto3"):
		return CopyPlace(S3, every, known=False)
	import boto3
	from botocore.config import Config

	client = boto3.client(
		"s3",
		aws_access_key_id=settings.get("access_key_id"),
		aws_secret_access_key=frappe.get_doc(S3).get_password("secret_access_key"),
		endpoint_url=settings.get("endpoint_url") or "https://s3.amazonaws.com",
		config=Config(connect_timeout=SECONDS, read_timeout=SECONDS, retries={"max_attempts": 1}),
	)
	pages = client.get_paginator("list_objects_v2").paginate(
		Bucket=settings.get("bucket"),
		Prefix=settings.get("backup_path") or "",
		PaginationConfig={"MaxItems": MOST_PAGES * 1000},
	)
	files = [
		(one["Key"].rsplit("/", 1)[-1], one["Size"], _system_time(one["LastModified"]))
		for page in pages
		for one in page.get("Contents", ())
	]
	return _newest(S3, every, files)


def _system_time(moment: datetime) -> datetime:
	return convert_utc_to_system_timezone(moment).replace(tzinfo=None)


def _newest(service: str, every: timedelta, files: list[tuple[str, int, datetime]]) -> CopyPlace:
	"""Return the place with the newest database of this site among *files* (name, size, when it came there)."""
	databases = [
		(said.moment, name, size)
		for name, size, _ in files
		if (said := read_name(name)) and said.kind == "database" and said.slug == site_slug()
	]
	if not databases:
		return CopyPlace(service, every)
	moment, name, size = max(databases)
	return CopyPlace(service, every, moment, name=name, size=size)


def _google(settings: dict, every: timedelta) -> CopyPlace:
	last = settings.get("last_backup_on")
	return CopyPlace(GOOGLE, every, get_datetime(last) if last else None)


def _dropbox(settings: dict, every: timedelta) -> CopyPlace:
	"""Return when the upload was last tried: whether it arrived Frappe tells by mail alone."""
	tried = frappe.get_all(
		"Scheduled Job Type",
		{"method": ("like", "%dropbox_settings.take_backups_%"), "last_execution": ("is", "set")},
		pluck="last_execution",
		order_by="last_execution desc",
		limit=1,
	)
	return CopyPlace(DROPBOX, every, known=False, tried=get_datetime(tried[0]) if tried else None)


def _copies(folder: Path) -> CopyPlace:
	"""Return what a folder holds that something else copies backups to."""
	files = [
		(entry.name, entry.stat().st_size, datetime.fromtimestamp(entry.stat().st_mtime))
		for entry in os.scandir(folder)
		if entry.is_file()
	]
	return _newest(COPIED_FOLDER, DAY, files)
