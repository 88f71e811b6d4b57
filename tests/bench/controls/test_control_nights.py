"""From the night to the row: found once, still there, gone when it is mended, and back when it is back."""

import json

import frappe
import pytest
from frappe.utils import add_days, getdate

from client_ledger.controls import closing, nightly
from client_ledger.core.controls.catalogue import CONTROLS
from client_ledger.core.controls.lifecycle import FindingStatus
from client_ledger.home.api import get_home
from tests.bench.controls.made_books import (
	BOSS,
	CLERK,
	COMPANY,
	MAKER,
	ONE,
	TWO,
	MadeBooks,
	as_user,
	findings,
	make_people,
	night,
	patched,
	runs,
)

pytestmark = pytest.mark.every_version
CODE = "unallocated_receipt"


@pytest.fixture
def books(monkeypatch):
	make_people()
	return patched(monkeypatch, MadeBooks())


def test_all_controls_are_shipped_and_on():
	assert set(frappe.get_all("Ledger Control", {"enabled": 1}, pluck="name")) == set(CONTROLS)
	doc = frappe.get_doc("Ledger Control", CODE)
	assert [(row.parameter, row.value) for row in doc.parameters] == [
		(one.name, float(one.default)) for one in CONTROLS[CODE].parameters
	]


def test_found_shown_closed_with_a_reason_and_gone_when_mended(books):
	books.receipt("RC-1", 50, 700)
	books.receipt("RC-2", 45, 300, TWO)
	night()
	one, two = findings()
	assert (one.status, one.customer, one.amount) == ("Open", ONE, 700)
	assert "RC-1" in one.reason and MAKER in [*one.people.split("\n"), one.person or ""]
	assert one.due_date == getdate(add_days(None, 14))
	documents = frappe.get_all(
		"Control Finding Document", {"parent": one.name}, ["document_type", "document_name"]
	)
	assert [(row.document_type, row.document_name) for row in documents] == [("Payment Entry", "RC-1")]
	(run,) = runs()
	assert (run.status, run.found_count, run.new_count, run.looked_where) == ("Done", 2, 2, "All")
	assert json.loads(run.parameters) == {"days": "30", "share": "2"}

	waiting = as_user(BOSS, lambda: get_home(COMPANY)["lists"]["controls"])
	assert waiting["total"] == 2 and [row["name"] for row in waiting["rows"]] == [one.name, two.name]

	assert as_user(BOSS, lambda: closing.close([two.name], FindingStatus.ACCEPTED, "Paid in advance")) == 1
	assert as_user(BOSS, lambda: get_home(COMPANY)["lists"]["controls"])["total"] == 1

	books.changed.clear()
	books.remove("RC-1")
	night()
	one, two = findings()
	assert (one.status, one.resolution) == ("Gone", CONTROLS[CODE].mended)
	assert (two.status, two.resolution, two.closed_by) == ("Accepted", "Paid in advance", BOSS)
	assert "controls" not in as_user(BOSS, lambda: get_home(COMPANY)["lists"])


def test_a_second_night_changes_nothing_and_looks_at_what_changed(books):
	books.receipt("RC-1", 50, 700)
	night()
	before = {row.name: (row.status, row.first_found, row.history) for row in findings()}
	books.changed.clear()
	books.reads.clear()
	night()
	assert not books.reads, "nothing has changed and no day has passed"
	assert {row.name: (row.status, row.first_found, row.history) for row in findings()} == before
	books.receipt("RC-3", 60, 80, TWO)
	night()
	assert {one.customers for one in books.reads if one.control.code == CODE} == {frozenset({TWO})}
	assert len(findings()) == 2
	(run,) = runs()
	assert (run.new_count, run.looked_where) == (2, "Those That Changed")


def test_after_a_day_what_ripens_is_looked_at_again(books):
	books.receipt("RC-1", 10, 700)
	night()
	assert not findings()
	books.changed.clear()
	books.receipts.clear()
	books.receipt("RC-1", 40, 700)
	books.changed.clear()
	yesterday = {"run_date": add_days(None, -1), "unique_key": "of yesterday"}
	frappe.db.set_value("Control Run", {"control": CODE, "company": COMPANY}, yesterday)
	night()
	assert len(findings()) == 1
	assert [run.new_count for run in runs()] == [0, 1]


def test_what_is_found_again_is_one_row(books):
	books.receipt("RC-1", 50, 700)
	night()
	books.remove("RC-1")
	night()
	books.receipt("RC-1", 51, 650)
	night()
	(row,) = findings()
	assert (row.status, row.found_again, row.amount, row.resolution) == ("Open", 1, 650, None)
	assert [entry["what"] for entry in json.loads(row.history)] == ["Found", "Gone", "Found Again"]


def test_what_was_said_to_be_mended_and_is_not_opens_again(books):
	books.receipt("RC-1", 50, 700)
	night()
	(row,) = findings()
	as_user(CLERK, lambda: closing.close([row.name], FindingStatus.RESOLVED, "Allocated"))
	books.receipt("RC-1", 50, 700)
	night()
	(row,) = findings()
	assert (row.status, row.found_again) == ("Open", 1)
	as_user(BOSS, lambda: closing.close([row.name], FindingStatus.ACCEPTED, "Stays on account"))
	books.receipt("RC-1", 50, 700)
	night()
	(row,) = findings()
	assert row.status == "Accepted"


def test_a_night_with_older_facts_leaves_what_is_stored(books, monkeypatch):
	books.receipt("RC-1", 50, 700)
	night()
	old = nightly.now_datetime()
	books.remove("RC-1")
	night()
	assert findings()[0].status == "Gone"
	# The first night's worker comes late: it still has the receipt.
	books.receipt("RC-1", 50, 700)
	monkeypatch.setattr(nightly, "now_datetime", lambda: old)
	night()
	assert findings()[0].status == "Gone"
