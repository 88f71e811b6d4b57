"""The nightly check of backups: what lies in the folder and elsewhere is told, and people are told of it once."""

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from shutil import copyfile
from threading import Thread

import frappe
import pytest
from frappe.utils import get_datetime, now_datetime

from client_ledger import tasks
from client_ledger.backups import check, folder, places
from client_ledger.backups.api import check_now
from client_ledger.backups.waiting import last_check
from client_ledger.home.api import get_home
from client_ledger.site.documents import NotByHand
from tests.bench import factories as f

pytestmark = pytest.mark.every_version

ADMIN, AUDITOR = "backup.admin@example.com", "backup.auditor@example.com"
VERSION = int(frappe.__version__.split(".")[0])


@pytest.fixture
def backup(tmp_path: Path, monkeypatch) -> Path:
	"""A good backup of an hour ago with its files, the only one there is."""
	home = tmp_path / "backups"
	home.mkdir()
	frappe.db.delete("Backup Check")
	monkeypatch.setattr(folder, "backup_folder", lambda: home)
	moment = f"{now_datetime() - timedelta(hours=1):%Y%m%d_%H%M%S}-{folder.site_slug()}"
	for kind in ("files", "private-files"):
		(home / f"{moment}-{kind}.tar").write_bytes(b"x")
	path = home / f"{moment}-database.sql.gz"
	path.write_bytes(gzip.compress(b"insert into x values (1);\n" * 1000 + b"-- Dump completed\n"))
	return path


@contextmanager
def as_user(name: str) -> Iterator[None]:
	frappe.set_user(name)
	try:
		yield
	finally:
		frappe.set_user("Administrator")


def row(name: str) -> frappe._dict:
	return frappe.db.get_value("Backup Check", name, "*", as_dict=True)


def codes(name: str) -> list[str]:
	return [one["code"] for one in json.loads(row(name).findings)]


def test_a_good_backup_that_is_nowhere_else(backup: Path):
	name = check.check()
	found = row(name)
	assert (found.kind, found.verdict, found.backup, codes(name)) == (
		"Check",
		"Warning",
		backup.name,
		["on_machine"],
	)
	assert (
		found.with_files and not found.encrypted and 0.9 < found.age_hours < 1.2 and found.told in ("", None)
	)
	frappe.db.set_single_value("Client Ledger Settings", "backups_copied_elsewhere", 1)
	again = check.check()
	assert (row(again).verdict, codes(again)) == ("Good", [])


def test_a_sudden_drop_is_told_by_what_was_there_before_it_was_deleted(backup: Path):
	check.check()
	frappe.db.set_value(
		"Backup Check", {"backup": backup.name}, {"backup": "earlier", "size_mb": 1}, update_modified=False
	)
	assert codes(check.check())[:2] == ["no_good", "smaller"]


def test_the_copy_in_a_folder_is_held_against_the_backup(backup: Path, tmp_path: Path, monkeypatch):
	copies = tmp_path / "copies"
	copies.mkdir()
	monkeypatch.setitem(frappe.conf, places.COPIES, str(copies))
	assert codes(check.check()) == ["place_empty"]
	copyfile(backup, copies / backup.name)
	good = check.check()
	assert codes(good) == [] and get_datetime(row(good).copied_on) == get_datetime(row(good).taken_on)
	(copies / backup.name).write_bytes(b"half")
	assert codes(check.check()) == ["place_differs"]
	monkeypatch.setitem(frappe.conf, places.COPIES, str(tmp_path / "gone"))
	assert codes(check.check()) == ["place_failed"]


class Bucket(BaseHTTPRequestHandler):
	"""Answers as S3 does when it is asked what a bucket holds."""

	key, size = "", 0

	def do_GET(self) -> None:
		body = (
			'<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>'
			f"<KeyCount>1</KeyCount><IsTruncated>false</IsTruncated><Contents><Key>{self.key}</Key>"
			f"<LastModified>2026-01-01T00:00:00.000Z</LastModified><Size>{self.size}</Size></Contents></ListBucketResult>"
		).encode()
		self.send_response(200)
		self.send_header("Content-Type", "application/xml")
		self.end_headers()
		self.wfile.write(body)

	def log_message(self, *_: object) -> None:
		pass


@pytest.mark.skipif(VERSION > 15, reason="the services are an app of their own since 16")
def test_services_of_version_15_are_asked(backup: Path):
	from frappe.utils.password import set_encrypted_password

	server = HTTPServer(("127.0.0.1", 0), Bucket)
	Thread(target=server.serve_forever, daemon=True).start()
	values = {
		"enabled": 1,
		"frequency": "Daily",
		"bucket": "b",
		"access_key_id": "id",
		"endpoint_url": f"http://127.0.0.1:{server.server_port}",
	}
	frappe.db.set_single_value(places.S3, values)
	set_encrypted_password(places.S3, places.S3, "secret-of-s3", "secret_access_key")
	try:
		Bucket.key, Bucket.size = f"20261101_000000/{backup.name}", backup.stat().st_size
		assert codes(check.check()) == []
		Bucket.size = 5
		assert codes(check.check()) == ["place_differs"]
		Bucket.key = "x/20200101_000000-other_site-database.sql.gz"
		assert codes(check.check()) == ["place_empty"]
		frappe.db.set_single_value(places.S3, "endpoint_url", "http://127.0.0.1:9")
		failed = check.check()
		assert codes(failed) == ["place_failed"] and "secret-of-s3" not in row(failed).findings
	finally:
		server.shutdown()
	frappe.db.set_single_value(places.S3, "enabled", 0)
	uploaded = now_datetime() - timedelta(days=3)
	frappe.db.set_single_value(places.GOOGLE, {"enable": 1, "frequency": "Daily", "last_backup_on": uploaded})
	frappe.db.set_single_value(places.DROPBOX, {"enabled": 1, "backup_frequency": "Weekly"})
	assert codes(check.check()) == ["place_not_tried", "place_late"]


def test_people_are_told_once_and_when_it_is_over(backup: Path, monkeypatch):
	told = []
	monkeypatch.setattr(check, "notify", lambda users, doctype, name, text: told.append((users, text())))
	for user, role in ((ADMIN, "System Manager"), (AUDITOR, "Auditor")):
		f.make_user(user, (role,))
	whole = backup.read_bytes()
	backup.write_bytes(b"")
	names = [check.check() for _ in range(3)]
	assert [row(name).told or "" for name in names] == ["Alert", "", ""]
	assert codes(names[0])[:2] == ["no_good", "empty"]
	backup.write_bytes(whole[:-20])
	assert codes(check.check())[:2] == ["no_good", "broken"]
	backup.write_bytes(whole)
	assert [row(check.check()).told or "" for _ in range(2)] == ["Recovery", ""]
	assert [text for _, text in told] == [
		"There is no good backup that is new enough: {0}",
		"There is a good backup again: {0}",
	]
	assert {ADMIN, AUDITOR} <= told[0][0]


def test_a_notification_reaches_them(backup: Path):
	f.make_user(ADMIN, ("System Manager",))
	backup.unlink()
	name = check.check()
	assert codes(name) == ["none"]
	logs = frappe.get_all("Notification Log", {"document_name": name, "for_user": ADMIN}, pluck="subject")
	assert len(logs) == 1 and "There is no good backup" in logs[0]


def test_a_check_is_kept_as_it_is_and_shown_in_the_readers_language(backup: Path):
	name = check.check()
	doc = frappe.get_doc("Backup Check", name)
	with pytest.raises((frappe.PermissionError, NotByHand)):
		doc.save()
	with pytest.raises(frappe.PermissionError):
		doc.delete()
	texts = {}
	for language in ("en", "zh"):
		frappe.local.lang = language
		doc.run_method("onload")
		texts[language] = doc.get_onload("findings")[0]["text"]
	frappe.local.lang = "en"
	assert texts["en"].startswith("All backups are on") and texts["zh"].startswith("所有备份")
	with as_user(f.make_user(AUDITOR, ("Auditor",)).name):
		assert last_check()["verdict"] == get_home()["backup"]["verdict"] == "Warning"
		with pytest.raises(frappe.PermissionError):
			check_now()
	with as_user(f.make_user("backup.sales@example.com", ("Sales User",)).name):
		assert last_check() is None and get_home()["backup"] is None


def test_a_folder_that_is_gone_and_a_check_that_fails(monkeypatch, tmp_path: Path):
	monkeypatch.setattr(folder, "backup_folder", lambda: tmp_path / "gone")
	assert codes(check.check()) == ["no_folder"]
	monkeypatch.setattr(folder, "backup_folder", lambda: 1 / 0)
	tasks.check_backups()
	assert frappe.db.exists("Error Log", {"method": ("like", "%checking the backups%")})
