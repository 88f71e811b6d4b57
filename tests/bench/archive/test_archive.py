"""What goes into an archive and comes out of it: once, as it was, through its own ways alone."""

import csv
import io
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import frappe
import pytest
from frappe.utils import add_days, getdate, now_datetime, nowdate

from client_ledger.archive import api, files, heads, invoices, nightly, retention, verify, waiting
from client_ledger.archive.chain import chain_company
from client_ledger.archive.export import ExportPart, export
from client_ledger.archive.keep import keep, keep_at_least_figures
from client_ledger.core.archive.heads import heads_in
from tests.bench import factories as f
from tests.bench.archive.setting import COMPANY, empty, head, keep_some, kinds_found
from tests.bench.doors.http import call, delete, post, put

pytestmark = [pytest.mark.every_version]
CUSTOMER = "Archive Customer"


@pytest.fixture(autouse=True)
def archive(tmp_path):
	empty()
	f.make_customer(CUSTOMER)


def entry(**filters) -> frappe._dict:
	return frappe.db.get_value("Ledger Archive", {"company": COMPANY, **filters}, "*", as_dict=True)


def test_an_invoice_is_kept_when_submitted_and_when_cancelled():
	invoice = f.make_invoice(CUSTOMER, 123.45, company=COMPANY)
	kept = entry(kind="Invoice")
	figures = json.loads(kept.figures)
	assert (kept.reference_name, kept.customer, str(kept.date)) == (invoice.name, CUSTOMER, nowdate())
	assert (figures["grand_total"], figures["items"][0]["rate"]) == ("123.45", "123.45")
	assert kept.retention_until == getdate(f"{getdate().year + 10}-12-31")
	assert kept.sequence == 0 and chain_company(COMPANY) == 1
	invoice.cancel()
	assert entry(kind="Invoice Cancelled").reference_name == invoice.name
	assert kinds_found() == set()
	chain_company(COMPANY)
	assert kinds_found() == set()


def test_the_pdf_of_an_invoice_is_an_entry_of_its_own(monkeypatch):
	frappe.db.set_single_value("Client Ledger Settings", "archive_invoice_pdf", 1)
	invoice = f.make_invoice(CUSTOMER, 10, company=COMPANY)
	monkeypatch.setattr(frappe, "get_print", lambda *_names, **_options: b"%PDF of it")
	for _night in range(2):
		invoices.catch_up_pdfs()
	kept = entry(kind="Invoice PDF", reference_name=invoice.name)
	digest = frappe.db.get_value("Ledger Archive File", {"parent": kept.name}, "sha256")
	assert files.path_of(digest).read_bytes() == b"%PDF of it"
	assert kinds_found() == set()


def test_what_is_kept_twice_is_there_once():
	names = keep_some(3)
	assert keep_some(3) == names
	assert frappe.db.count("Ledger Archive", {"company": COMPANY}) == 3
	frappe.db.savepoint("kept")
	keep("Letter", COMPANY, "Ledger Notice", "undone", figures={})
	frappe.db.rollback(save_point="kept")
	assert not entry(reference_name="undone")


def test_settings_say_what_is_kept_and_for_how_long():
	settings = frappe.get_doc("Client Ledger Settings")
	settings.append("archive_rules", {"kind": "Letter", "keep": 0})
	settings.append("archive_rules", {"kind": "Statement", "keep": 1, "retention_years": 0})
	settings.save()
	assert keep("Letter", COMPANY, "Ledger Notice", "x") is None
	assert entry(name=keep("Statement", COMPANY, "Customer", CUSTOMER)).retention_until is None
	settings.update({"archive": 0, "archive_rules": []})
	settings.save()
	assert keep("Reply", COMPANY, "Customer", CUSTOMER) is None


@pytest.mark.parametrize("user", ["Administrator", "System Manager"])
def test_nobody_changes_or_deletes_an_entry(user):
	(name,) = keep_some(1, customer=CUSTOMER)
	if user != "Administrator":
		frappe.set_user(
			f.make_user("archive.manager@example.com", (user, "Accounts Manager", "Auditor")).name
		)
	before = frappe.db.get_value("Ledger Archive", name, "*")
	answers = [
		put("Ledger Archive", name, figures="{}"),
		delete("Ledger Archive", name),
		post("Ledger Archive", company=COMPANY, kind="Letter"),
		call(
			"frappe.client.set_value",
			"POST",
			doctype="Ledger Archive",
			name=name,
			fieldname="date",
			value=nowdate(),
		),
		call("frappe.client.delete", "POST", doctype="Ledger Archive", name=name),
		call("frappe.client.rename_doc", "POST", doctype="Ledger Archive", old_name=name, new_name="other"),
		call(
			"frappe.client.insert",
			"POST",
			doc={"doctype": "Ledger Archive", "company": COMPANY, "kind": "Letter"},
		),
		put("Archive Chain", frappe.db.get_value("Archive Chain", {"company": COMPANY}), status="Intact"),
	]
	assert [answer.status for answer in answers if answer.status < 400] == []
	assert frappe.db.get_value("Ledger Archive", name, "*") == before
	assert kinds_found() == set()
	with pytest.raises(frappe.PermissionError):
		frappe.delete_doc("Ledger Archive", name, force=True, ignore_permissions=True)


def test_no_file_leads_to_what_the_archive_has():
	names = keep_some(3)
	digest = frappe.db.get_value("Ledger Archive File", {"parent": names[2]}, "sha256")
	file = frappe.get_doc(
		{"doctype": "File", "file_name": "own.txt", "content": "own", "is_private": 1}
	).insert()
	file.file_url = f"/{'/'.join(files.FOLDER)}/{digest[:2]}/{digest}"
	with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
		file.save()
	assert files.path_of(digest).exists()


def test_a_customer_that_is_renamed_and_merged():
	keep_some(2, customer=CUSTOMER)
	f.make_customer("Archive Other")
	frappe.rename_doc("Customer", CUSTOMER, "Archive Renamed")
	assert kinds_found() == set()
	chain_company(COMPANY)
	frappe.rename_doc("Customer", "Archive Renamed", "Archive Other", merge=True)
	chain_company(COMPANY)
	assert entry(reference_name="notice-1").customer == "Archive Other"
	assert kinds_found() == set()


def test_retention_legal_hold_and_purge():
	names = keep_some(6, customer=CUSTOMER, on=add_days(nowdate(), -365 * 12))
	(later,) = keep_some(1, 7)
	with pytest.raises(frappe.ValidationError):
		retention.hold(names[:1], " ")
	assert retention.hold(names[:2], "Court case") == 2
	assert retention.lift_hold(names[1:2], "Settled") == 1
	path = files.path_of(frappe.db.get_value("Ledger Archive File", {"parent": names[2]}, "sha256"))
	known = head()
	assert retention.purge(COMPANY, "Retention is over") == 5
	assert path.exists(), "another transaction may be about to keep the same"
	chain_company(COMPANY)
	assert (entry(name=names[0]).content or "") != "" and (entry(name=later).content or "") != ""
	gone = entry(name=names[2])
	assert (gone.content, gone.figures, gone.customer, gone.reference_name) == (None,) * 4
	assert gone.content_hash and gone.purged_on
	assert kinds_found(outside=[known]) == set()
	assert verify.check(COMPANY).purged == 5
	assert retention.purge(COMPANY, "Again") == 0


def test_the_head_goes_outside_once_a_day_and_finds_what_the_site_cannot():
	frappe.db.set_single_value("Client Ledger Settings", "archive_head_to", "head@outside.example\nbad")
	outgoing_account()
	keep_some(3)
	assert heads.send_heads() >= 1
	assert heads.send_heads() == 0
	mail = frappe.get_last_doc("Email Queue", {"reference_doctype": "Archive Chain"})
	assert [row.recipient for row in mail.recipients] == ["head@outside.example"]
	chain = frappe.db.get_value("Archive Chain", {"company": COMPANY}, ["name", "sequence", "entry_hash"])
	assert chain in heads_in(mail.message.encode())
	saved = Path(frappe.get_site_path("private", "head.eml"))
	saved.write_text(mail.message)
	known = verify.outside_anchors(COMPANY, [], [str(saved)])[COMPANY]
	assert kinds_found(outside=known) == set()
	frappe.db.delete("Archive Anchor")
	frappe.db.sql("delete from `tabLedger Archive` where company = %s and sequence = 3", COMPANY)
	last = frappe.db.get_value("Ledger Archive", {"company": COMPANY, "sequence": 2}, "entry_hash")
	frappe.db.set_value("Archive Chain", chain[0], {"sequence": 2, "entry_hash": last})
	assert kinds_found() == set()
	assert kinds_found(outside=known) == {"Removed"}


def outgoing_account() -> None:
	for name in frappe.get_all("Email Account", {"default_outgoing": 1}, pluck="name"):
		frappe.db.set_value("Email Account", name, "default_outgoing", 0)
	account = frappe.new_doc("Email Account", name="Archive Heads", email_account_name="Archive Heads")
	account.update(
		{"email_id": "archive@site.example", "enable_outgoing": 1, "default_outgoing": 1, "smtp_server": "x"}
	)
	account.db_insert()
	frappe.local.outgoing_email_account = {}


def test_heads_that_cannot_be_mailed_are_noted_all_the_same(monkeypatch):
	frappe.db.set_single_value("Client Ledger Settings", "archive_head_to", "head@outside.example")
	keep_some(1)

	def fails(**_mail):
		raise frappe.OutgoingEmailError

	monkeypatch.setattr(frappe, "sendmail", fails)
	assert heads.send_heads() >= 1
	assert not frappe.db.get_value("Archive Anchor", {"company": COMPANY}, "recipients")


def test_a_finding_is_told_once_and_stands_on_the_home_page():
	auditor = f.make_user("archive.auditor@example.com", ("Auditor",)).name
	frappe.clear_cache(user=auditor)
	keep_some(3)
	assert nightly.check_and_note(COMPANY).count == 0
	assert waiting.findings([COMPANY]) is None
	frappe.db.set_value("Ledger Archive", {"company": COMPANY, "sequence": 2}, "figures", "{}")
	logged = frappe.db.count("Error Log", {"reference_doctype": "Archive Chain"})
	for _night in range(2):
		assert nightly.check_and_note(COMPANY).count == 1
	assert frappe.db.count("Error Log", {"reference_doctype": "Archive Chain"}) == logged + 1
	(row,) = waiting.findings([COMPANY])["rows"]
	assert (row.company, row.findings_count) == (COMPANY, 1)
	found = api.verify_archive(COMPANY)
	assert found["count"] == 1 and found["findings"][0].startswith("#2")


def test_an_export_is_checked_with_public_tools_alone(tmp_path):
	keep_some(6, customer=CUSTOMER)
	keep("Reply", COMPANY, "Customer", CUSTOMER, customer=CUSTOMER, figures={"text": "=1+1", "x": "<b>"})
	chain_company(COMPANY)
	path = tmp_path / "archive.zip"
	assert export(COMPANY, path) == 7
	assert [one.name for one in tmp_path.iterdir()] == ["archive.zip"]
	unpacked = tmp_path / "unpacked"
	with ZipFile(path) as packed:
		packed.extractall(unpacked)
	subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=unpacked, check=True)
	assert checked(unpacked)[0] == 0
	rows = list(csv.reader(io.StringIO((unpacked / "figures.csv").read_text("utf-8-sig"))))
	assert ["7", "text", "'=1+1"] in rows
	page = (unpacked / "index.html").read_text("utf-8")
	assert "如何检查" in page and f"7:{head().entry_hash}" in page
	one = unpacked / "figures" / "00000002.json"
	one.write_text(one.read_text("utf-8").replace("2.2", "9.9"), "utf-8")
	status, said = checked(unpacked)
	assert status == 1 and "entry 2" in said
	assert export(COMPANY, path, ExportPart(from_date=add_days(nowdate(), 1))) == 0


def checked(folder: Path) -> tuple[int, str]:
	ran = subprocess.run([sys.executable, "check.py"], cwd=folder, capture_output=True, text=True)
	return ran.returncode, ran.stdout


def test_a_full_disk_says_what_to_do_and_leaves_nothing(tmp_path, monkeypatch):
	keep_some(3)
	(tmp_path / ".archive.zip.part").symlink_to("/dev/full")
	with pytest.raises(files.DiskFull):
		export(COMPANY, tmp_path / "archive.zip")
	assert list(tmp_path.iterdir()) == []

	def full(*_arguments):
		raise OSError(28, "No space left on device")

	monkeypatch.setattr(files, "write_whole", full)
	with pytest.raises(files.DiskFull):
		keep("Letter", COMPANY, "Ledger Notice", "no room", files=[("a", b"never seen before")])
	assert not entry(reference_name="no room")


def test_where_the_disk_is_full_figures_are_kept_without_their_files(monkeypatch):
	def full(*_arguments):
		raise OSError(28, "No space left on device")

	monkeypatch.setattr(files, "write_whole", full)
	about = ("Letter", COMPANY, "Ledger Notice", "little room")
	name = keep_at_least_figures(*about, files=[("a", b"seen never before")], figures={"total": 7})
	kept = entry(reference_name="little room")
	assert kept.name == name and '"total"' in kept.figures
	assert not frappe.db.count("Ledger Archive File", {"parent": name})
	assert not frappe.get_message_log()
	assert frappe.db.count("Error Log", {"reference_name": "little room"}) == 1


def test_a_file_is_read_through_its_entry_alone():
	names = keep_some(3, customer=CUSTOMER)
	digest = frappe.db.get_value("Ledger Archive File", {"parent": names[2]}, "sha256")
	assert call("client_ledger.archive.api.archive_file", "GET", name=names[2], digest=digest).status == 200
	assert call("client_ledger.archive.api.archive_file", "GET", name=names[0], digest=digest).status == 404
	frappe.set_user(f.make_user("archive.portal@example.com", ("Customer",)).name)
	assert call("client_ledger.archive.api.archive_file", "GET", name=names[2], digest=digest).status == 403


def test_an_entry_outlives_its_customer_for_who_sees_all():
	f.make_customer("Archive Gone")
	(name,) = keep_some(1, customer="Archive Gone")
	frappe.delete_doc("Customer", "Archive Gone")
	frappe.set_user(f.make_user("archive.gone@example.com", ("Auditor", "Accounts Manager")).name)
	assert frappe.get_list("Ledger Archive", {"name": name}, pluck="customer") == ["Archive Gone"]
	assert frappe.has_permission("Ledger Archive", "read", doc=name)
	frappe.set_user("Administrator")
	assert kinds_found() == set()


def test_an_entry_that_nobody_chains_is_found():
	name = keep("Letter", COMPANY, "Ledger Notice", "waits")
	assert kinds_found() == set()
	frappe.db.set_value("Ledger Archive", name, "creation", now_datetime() - timedelta(days=3))
	assert kinds_found() == {"Not Chained"}
