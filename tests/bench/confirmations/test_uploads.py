"""Ledgers that customers upload: bounded, kept as private files, read by a job, and every failure said where it is seen."""

import io
import zipfile
from decimal import Decimal

import frappe
import pytest
from frappe.utils import getdate
from openpyxl import Workbook

from client_ledger.confirmations import api, uploads
from client_ledger.files.read import MEGABYTE
from tests.bench import factories as f
from tests.bench.confirmations.setting import (
	AS_OF,
	answer,
	asked,
	csv,
	guest,
	notifications,
	page,
	read_uploads,
	replies_of,
	token_of,
	upload,
)

pytestmark = pytest.mark.every_version
ROWS = (("2026-01-05", "INV-1", "", 300), ("2026-01-20", "PAY-1", 100, ""))


@pytest.fixture(autouse=True)
def comparable(monkeypatch) -> list[tuple[str, str]]:
	"""What was handed over to be compared."""
	found: list[tuple[str, str]] = []
	monkeypatch.setattr(
		"client_ledger.confirmations.replies.comparable", lambda *names: found.append(names), raising=True
	)
	return found


def workbook(*rows) -> bytes:
	book = Workbook()
	for row in rows:
		book.active.append(row)
	file = io.BytesIO()
	book.save(file)
	return file.getvalue()


def test_a_ledger_is_kept_as_a_private_file_and_read(mailbox, comparable):
	doc = asked("Upload One", 500)
	found = upload(token_of(doc), csv(*ROWS), "our ledger.csv")
	assert found.status == 200 and not found.data["message"]["refused"]
	(reply,) = replies_of(doc)
	assert (reply.answer, reply.processing, reply.file_name) == (
		"Ledger Uploaded",
		"Waiting",
		"our ledger.csv",
	)
	file = frappe.get_doc("File", {"attached_to_doctype": reply.doctype, "attached_to_name": reply.name})
	assert file.is_private and file.file_url == reply.file and reply.file.startswith("/private/")
	assert (doc.reload().status, doc.comparison_status) == ("Under Review", "Waiting")
	entry = frappe.db.get_value("Ledger Archive", {"reference_name": reply.name})
	assert frappe.get_doc("Ledger Archive", entry).files[0].file_name == "our ledger.csv"
	assert "being read" in page(token_of(doc)).body
	reply = read_uploads(doc)
	assert (reply.processing, reply.rows_read, reply.error) == ("Read", 2, None)
	assert (reply.from_date, reply.to_date) == (getdate("2026-01-05"), getdate("2026-01-20"))
	assert comparable == [(doc.name, reply.name)]
	assert [line.amount for line in uploads.ledger_of(reply).lines] == [Decimal(-300), Decimal(100)]
	uploads.read(reply.name)
	assert len(comparable) == 1, "a second job does nothing"


def test_a_workbook_is_read_as_well(mailbox):
	doc = asked("Upload Book")
	content = workbook(["Date", "Invoice No", "Amount"], ["2026-01-05", "INV-1", 300])
	assert upload(token_of(doc), content, "ledger.xlsx").status == 200
	reply = read_uploads(doc)
	assert reply.processing == "Read", reply.error


def test_the_same_file_twice_is_said_and_kept_once(mailbox):
	doc = asked("Upload Twice")
	upload(token_of(doc), csv(*ROWS))
	read_uploads(doc)
	again = upload(token_of(doc), csv(*ROWS), "renamed.csv")
	assert again.status == 417 and "same file was uploaded" in again.text
	assert len(replies_of(doc)) == 1
	assert upload(token_of(doc), csv(*ROWS, ("2026-01-25", "INV-2", "", 5))).status == 200
	first, second = replies_of(doc)
	assert (first.state, second.state) == ("Replaced", "Counted")


@pytest.mark.parametrize(
	("content", "text"),
	[
		(b"%PDF-1.7 not a table", "no ledger"),
		(b"\x00\x01\x02\xff" * 50, ""),
		(b"Date,Invoice No,Debit,Credit\n", "no rows"),
		(csv(("2026-01-05", "INV-1", "many", "")), "not a valid amount"),
		(csv(("someday", "INV-1", 5, "")), "not a valid date"),
		(b"Number,Text\n1,Hello\n", ""),
		(b"PK\x03\x04 no workbook", ""),
		(
			b"Date,Invoice No,Currency,Amount\n2026-01-05,INV-1,JPY,300\n",
			"the ledger is in JPY, but this confirmation is in",
		),
	],
	ids=["pdf", "noise", "headings alone", "amount", "date", "other table", "no workbook", "other currency"],
)
def test_what_is_no_ledger_is_said_on_the_page_and_to_the_responsible(mailbox, comparable, content, text):
	doc = asked("Upload Bad")
	user = f.make_user("confirm.upload@example.com", ("Credit Controller", "Sales User"))
	doc.db_set("responsible", user.name)
	assert upload(token_of(doc), content).status == 200
	reply = read_uploads(doc)
	assert reply.processing == "Failed" and reply.error and text in reply.error, reply.error
	assert doc.reload().comparison_status == "Failed" and doc.comparison_error
	said = guest("standing", token_of(doc), "GET").data["message"]["replies"][0]
	assert said["error"] == reply.error and "could not be read" in said["processing_text"]
	told = notifications(doc)
	assert any("could not be read" in subject for subject in told), told
	assert not comparable and frappe.db.exists("File", {"attached_to_name": reply.name})
	again = upload(token_of(doc), content)
	assert again.status == 417 and "Correct it" in again.text
	assert upload(token_of(doc), csv(*ROWS)).status == 200, "a better one may follow"


def test_failures_are_told_in_the_readers_language(mailbox):
	doc = asked("Upload Chinese")
	upload(token_of(doc), csv(("someday", "INV-1", 5, "")), _lang="zh")
	assert "不是有效" in read_uploads(doc).error


def test_a_file_without_numbers_is_read_and_that_is_said(mailbox):
	doc = asked("Upload Numbers")
	upload(token_of(doc), b"Date,Amount\n2026-01-05,300\n")
	reply = read_uploads(doc)
	assert reply.processing == "Read" and "no column with numbers" in reply.read_note
	said = guest("standing", token_of(doc), "GET").data["message"]["replies"][0]
	assert "Add a column" in said["note"]


def test_what_is_too_large_is_not_even_kept(mailbox):
	doc = asked("Upload Large")
	for content, text in ((b"x" * (10 * MEGABYTE + 1), "larger than 10 MB"), (b"", "empty")):
		found = upload(token_of(doc), content)
		assert found.status == 417 and text in found.text
	assert not replies_of(doc)


def test_a_bomb_is_stopped_and_harms_nothing(mailbox):
	doc = asked("Upload Bomb")
	file = io.BytesIO()
	with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
		for name in zipfile.ZipFile(io.BytesIO(workbook(["Date", "Amount"]))).namelist():
			book.writestr(name, zipfile.ZipFile(io.BytesIO(workbook(["Date", "Amount"]))).read(name))
		book.writestr("xl/worksheets/sheet9.xml", b"0" * (300 * MEGABYTE))
	assert len(file.getvalue()) < MEGABYTE
	assert upload(token_of(doc), file.getvalue(), "ledger.xlsx").status == 200
	assert read_uploads(doc).processing == "Failed"


def test_formulas_are_never_run(mailbox):
	doc = asked("Upload Formula")
	content = workbook(
		["Date", "Invoice No", "Amount"],
		["2026-01-05", '=HYPERLINK("http://evil.example","x")', "=1+1"],
		["2026-01-06", "=cmd|' /C calc'!A0", 5],
	)
	upload(token_of(doc), content, "ledger.xlsx")
	reply = read_uploads(doc)
	assert reply.processing == "Read" and reply.rows_read == 1
	assert [line.amount for line in uploads.ledger_of(reply).lines] == [5]


def test_a_worker_that_dies_leaves_nothing_unread(mailbox, monkeypatch):
	doc = asked("Upload Dies")
	upload(token_of(doc), csv(*ROWS))
	(reply,) = replies_of(doc)

	def die(*_args):
		raise MemoryError

	with monkeypatch.context() as patch:
		patch.setattr(uploads, "read_ledger", die)
		# What is rolled back here has been committed before, where no test's transaction is around it.
		patch.setattr(frappe.db, "rollback", lambda *_args, **_more: None)
		uploads.read(reply.name)
	assert reply.reload().processing == "Failed" and "MemoryError" in reply.error
	api.read_again(name=reply.name)
	uploads.read(reply.name)
	assert reply.reload().processing == "Read"
	queued: list[str] = []
	monkeypatch.setattr(uploads, "enqueue", queued.append)
	frappe.db.set_value(
		"Confirmation Reply",
		reply.name,
		{"processing": "Reading", "modified": "2020-01-01"},
		update_modified=False,
	)
	uploads.enqueue_lost()
	assert queued == [reply.name]


def test_after_differences_the_ledger_may_follow_but_not_after_agreement(mailbox):
	doc = asked("Upload Follows", 500)
	answer(doc, "Other Balance", balance=400)
	assert not upload(token_of(doc), csv(*ROWS)).data["message"]["refused"]
	assert doc.reload().status == "Under Review" and doc.stated_balance == 400
	agreed = asked("Upload Agreed", 500)
	answer(agreed)
	said = upload(token_of(agreed), csv(*ROWS)).data["message"]["refused"]
	assert "has already answered" in said
	assert agreed.reload().status == "Confirmed" and AS_OF


def test_people_enter_a_ledger_that_came_by_mail(mailbox):
	doc = asked("Upload By Hand")
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "by-mail.csv",
			"is_private": 1,
			"content": csv(*ROWS),
			"attached_to_doctype": doc.doctype,
			"attached_to_name": doc.name,
		}
	).insert()
	api.enter_ledger(name=doc.name, file_url=file.file_url, declared_name="Li Wei")
	reply = read_uploads(doc)
	assert (reply.processing, reply.origin, reply.user) == ("Read", "User", "Administrator")


def test_another_customers_login_opens_no_file_of_this_one(mailbox):
	doc = asked("Upload Private")
	upload(token_of(doc), csv(*ROWS))
	(reply,) = replies_of(doc)
	file = frappe.get_doc("File", {"attached_to_name": reply.name})
	stranger = f.make_user("confirm.stranger@example.com", ("Customer",)).name
	frappe.db.set_value("User", stranger, "user_type", "Website User")
	for user in (stranger, "Guest"):
		frappe.set_user(user)
		assert not file.is_downloadable()
		assert not frappe.has_permission("File", "read", doc=file)
	frappe.set_user("Administrator")
	assert file.is_downloadable()
