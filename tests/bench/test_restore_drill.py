"""A restore that is tried: it passes on what Frappe backed up, fails as it should, and leaves nothing behind."""

import gzip
import json
import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copyfile

import frappe
import pytest
from frappe.utils import now_datetime
from frappe.utils.backups import new_backup

from client_ledger.archive import drill as archive_drill
from client_ledger.backups.check import check
from client_ledger.backups.compare import HOOK
from client_ledger.backups.drill import run_drill
from client_ledger.backups.scratch import MARK, CannotTry, Login, Scratch
from client_ledger.core.backups import BackupFinding, BackupVerdict
from tests.bench import factories as f
from tests.tools import database

pytestmark = pytest.mark.usefixtures("scratch_site", "kept_schema")

CUSTOMER = "Backed Up"
COMPARED = "GL Entry,Payment Ledger Entry,Sales Invoice,Account,User,Installed Application"


@pytest.fixture(scope="module")
def login(scratch_site: str) -> Login:
	found = database.administrator(frappe.conf, os.environ)
	return Login(found.user, found.password)


@pytest.fixture(scope="module")
def invoices(scratch_site: str) -> list[str]:
	customer = f.make_customer(CUSTOMER).name
	names = [f.make_invoice(customer, amount).name for amount in (100, 250)]
	for doctype in ("GL Entry", "Payment Ledger Entry", "Sales Invoice"):
		table = frappe.qb.DocType(doctype)
		frappe.qb.update(table).set(table.creation, now_datetime() - timedelta(hours=1)).run()
	frappe.db.commit()
	return names


@pytest.fixture(scope="module")
def full(invoices: list[str]) -> Path:
	"""A backup of the whole site, with its files, made by Frappe."""
	made = new_backup(ignore_files=False, force=True)
	return Path(made.backup_path_db).resolve()


@pytest.fixture(scope="module")
def small(full: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
	"""What is compared, as a backup that does not say that it is only a part: it is restored in a second."""
	folder = tmp_path_factory.mktemp("small")
	made = folder / full.name
	new_backup(ignore_files=True, force=True, backup_path_db=str(made), include_doctypes=COMPARED)
	text = gzip.decompress(made.read_bytes())
	made.write_bytes(gzip.compress(re.sub(rb"(?m)^-- (Partial Backup|Backup contains).*\n", b"", text), 1))
	return made


def row(name: str) -> frappe._dict:
	return frappe.db.get_value("Backup Check", name, "*", as_dict=True)


def codes(name: str) -> list[str]:
	return [one["code"] for one in json.loads(row(name).findings)]


def findings(name: str) -> dict[str, dict]:
	return {
		one["values"].get("doctype", "") + one["code"]: one["values"]
		for one in json.loads(row(name).findings)
	}


def scratch_exists(login: Login) -> bool:
	it = Scratch(login)
	try:
		return bool(
			it.rows("select 1 as x from information_schema.schemata where schema_name = %s", [it.name])
		)
	finally:
		it.close()


def test_what_frappe_backs_up_is_good_to_the_check(full: Path):
	name = check()
	assert row(name).backup == full.name and row(name).with_files
	assert codes(name) == ["on_machine"]


def test_the_command_restores_the_newest_backup_and_drops_it(full: Path, invoices: list[str], login: Login):
	before = frappe.db.count("GL Entry"), frappe.db.count("User")
	command = [
		"-m",
		"frappe.utils.bench_helper",
		"frappe",
		"--site",
		frappe.local.site,
		"client-ledger",
		"restore-drill",
	]
	command += ["--db-root-username", login.user]
	if login.password:
		command += ["--db-root-password", login.password]
	done = subprocess.run(
		[sys.executable, *command],
		capture_output=True,
		text=True,
		timeout=300,
		cwd=os.environ["SITES_PATH"],
		check=False,
	)
	assert done.returncode == 0, done.stdout + done.stderr
	frappe.db.rollback()
	name = re.search(r"Backup Check: (\w+)", done.stdout)[1]
	found = row(name)
	assert (found.kind, found.verdict, found.backup) == ("Drill", "Good", full.name), found.findings
	assert found.frappe_version == frappe.__version__ and found.seconds > 0
	compared = json.loads(found.compared)
	assert all(one["backup"] == one["live"] for one in compared["balances"])
	receivable = [
		one
		for one in compared["balances"]
		if one["company"] == f.COMPANY and one["account_type"] == "Receivable"
	]
	assert {one["doctype"] for one in receivable} == {"GL Entry", "Payment Ledger Entry"}
	assert {one["backup"] for one in receivable} == {"350.00"}
	counted = {one["doctype"]: one["backup"] for one in compared["rows"]}
	assert counted["Sales Invoice"] >= len(invoices) and counted["GL Entry"] >= 4
	assert not scratch_exists(login)
	assert before == (frappe.db.count("GL Entry"), frappe.db.count("User"))


def drill(login: Login, path: Path, **more) -> str:
	return run_drill(login, str(path), **more).name


def test_a_drill_finds_what_was_changed_removed_or_added_since(
	small: Path, invoices: list[str], login: Login
):
	first, second = invoices
	assert row(drill(login, small)).verdict == "Good"
	frappe.db.sql("update `tabGL Entry` set debit = debit + 1 where voucher_no = %s and debit > 0", first)
	frappe.db.sql(
		"update `tabPayment Ledger Entry` set creation = creation + interval 1 hour where voucher_no = %s",
		second,
	)
	frappe.db.sql("update `tabSales Invoice` set name = 'SINV-SNEAKED' where name = %s", second)
	frappe.db.commit()
	try:
		found = drill(login, small)
		said = findings(found)
		assert row(found).verdict == "Bad"
		assert said["GL Entrydrill_changed"]["examples"] == first
		assert said["Payment Ledger Entrydrill_gone"]["examples"] == second
		assert "SINV-SNEAKED" in said["Sales Invoicedrill_missing"]["examples"]
		assert "Payment Ledger Entrydrill_balance" in said and "GL Entrydrill_balance" in said
	finally:
		frappe.db.sql(
			"update `tabPayment Ledger Entry` set creation = creation - interval 1 hour where voucher_no = %s",
			second,
		)
		frappe.db.sql("update `tabSales Invoice` set name = %s where name = 'SINV-SNEAKED'", second)
		frappe.db.sql("update `tabGL Entry` set debit = debit - 1 where voucher_no = %s and debit > 0", first)
		frappe.db.commit()


def sees_another_database(scratch: Scratch, until: datetime) -> list[BackupFinding]:
	"""What another capability may add to a drill: it reads the restored database as its own site."""
	own, database = frappe.db.count("Sales Invoice"), frappe.db.sql("select database()")[0][0]
	with scratch.as_site():
		restored = frappe.db.sql("select database()")[0][0]
		same = frappe.db.count("Sales Invoice") == own and restored == scratch.name != database
	text = f"{same} {restored}"
	return [BackupFinding("of_another", BackupVerdict.WARNING, {"text": text})]


def test_other_capabilities_add_to_a_drill(small: Path, login: Login, monkeypatch):
	assert "client_ledger.archive.drill.findings" in frappe.get_hooks(HOOK)
	monkeypatch.setattr(archive_drill, "findings", sees_another_database)
	name = drill(login, small)
	assert row(name).verdict == "Warning" and findings(name)["of_another"]["text"].startswith("True ")


def test_what_cannot_be_restored_is_said_and_nothing_is_left(small: Path, tmp_path: Path, login: Login):
	text, path = gzip.decompress(small.read_bytes()), tmp_path / small.name
	table = b"DROP TABLE IF EXISTS `tabUser`;"
	assert table in text
	for data, code, word in (
		(b"", "empty", ""),
		(small.read_bytes()[:-20], "broken", ""),
		(
			gzip.compress(text.replace(table, b"select nonsense from nowhere;\n" + table, 1), 1),
			"drill_failed",
			"ERROR",
		),
		(
			gzip.compress(b"-- Partial Backup of Frappe Site x\n" + text, 1),
			"drill_failed",
			"some of the tables",
		),
		(gzip.compress(b"create table x (id int);\n"), "drill_failed", "doesn't exist"),
		(
			gzip.compress(text + b"drop database `%b`;\n" % frappe.conf.db_name.encode(), 1),
			"drill_failed",
			"denied",
		),
	):
		path.write_bytes(data)
		name = drill(login, path)
		assert row(name).verdict == "Bad" and codes(name) == [code], (code, row(name).findings)
		assert word in row(name).findings
		assert not scratch_exists(login)
	assert frappe.db.count("Account") > 2


def test_an_encrypted_backup_takes_its_key(small: Path, tmp_path: Path, login: Login):
	path = tmp_path / small.name
	copyfile(small, path)
	options = ["--batch", "--yes", "--pinentry-mode", "loopback", "--passphrase-fd", "0", "-c", str(path)]
	subprocess.run(["gpg", *options], input=b"the key", check=True, capture_output=True)
	os.replace(f"{path}.gpg", path)
	wrong = drill(login, path, key="another")
	assert codes(wrong) == ["wrong_key"] and row(wrong).encrypted
	assert row(drill(login, path, key="the key")).verdict == "Good"


def test_a_backup_of_another_site_is_told(small: Path, login: Login):
	made = frappe.db.get_value("User", "Administrator", "creation")
	frappe.db.set_value("User", "Administrator", "creation", "2001-01-01", update_modified=False)
	frappe.db.commit()
	try:
		assert codes(drill(login, small)) == ["drill_other_site"]
	finally:
		frappe.db.set_value("User", "Administrator", "creation", made, update_modified=False)
		frappe.db.commit()


def test_what_a_killed_drill_left_is_dropped_and_what_is_not_ours_stays(small: Path, login: Login):
	left = Scratch(login)
	left._connect()
	left._do(f"create database `{left.name}`")
	try:
		left._do(f"create table `{left.name}`.`something` (id int)")
		with pytest.raises(CannotTry, match="no restore drill made"):
			drill(login, small)
		assert scratch_exists(login)
		left._do(f"create table `{left.name}`.`{MARK}` (id int)")
		assert row(drill(login, small)).verdict == "Good"
		assert not scratch_exists(login)
	finally:
		left._do(f"drop database if exists `{left.name}`")
		left.close()


def test_without_an_administrator_it_is_said_what_to_do(small: Path):
	count = frappe.db.count("Backup Check")
	with pytest.raises(CannotTry, match="--db-root-username"):
		drill(Login(frappe.conf.db_name, "wrong"), small)
	with pytest.raises(CannotTry, match="may not create a database"):
		drill(Login(frappe.conf.db_name, frappe.conf.db_password), small)
	with pytest.raises(CannotTry, match="no file"):
		drill(Login(), small.with_name("missing"))
	assert frappe.db.count("Backup Check") == count
