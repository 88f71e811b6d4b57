"""Nights with real commits: a control that raises, a worker that is killed, two nights at once. Nothing is doubled, nothing lost."""

import threading

import frappe
import pytest

from client_ledger.controls import nightly, store
from client_ledger.controls import runs as stored_runs
from client_ledger.controls.access import SHIPPED_ROLE
from tests.bench.conftest import connect
from tests.bench.controls.made_books import (
	BOSS,
	TWO,
	MadeBooks,
	findings,
	make_people,
	night,
	patched,
	runs,
)

CODE = "unallocated_receipt"
MISSING = "number_gap"


@pytest.fixture(scope="module", autouse=True)
def committed(scratch_site):
	make_people()
	frappe.db.commit()
	return scratch_site


@pytest.fixture
def books(monkeypatch):
	for doctype in (
		"Control Finding",
		"Control Finding Document",
		"Control Run",
		"Error Log",
		"Notification Log",
	):
		frappe.db.delete(doctype)
	frappe.db.commit()
	books = patched(monkeypatch, MadeBooks())
	books.receipt("RC-1", 50, 700)
	books.receipt("RC-2", 60, 800, TWO)
	for number in (1, 2, 3, 4, 6, 7, 8):
		books.invoice(f"INV-{number:05}", 40, 100 + number)
	return books


def test_a_control_that_raises_stops_no_other_and_looks_again(books, monkeypatch):
	books.receipt("RC-1", 50, 700)
	for number in (1, 2, 3, 4, 6, 7, 8):
		books.invoice(f"INV-{number:05}", 40, 100 + number)
	real = nightly.rerun_findings

	def broken(rerun, facts, values):
		if rerun.control.code == CODE:
			raise ArithmeticError("no such figure")
		return real(rerun, facts, values)

	monkeypatch.setattr(nightly, "rerun_findings", broken)
	night()
	assert len(findings("number_gap")) == 1 and not findings()
	(run,) = runs()
	assert (run.status, run.looked_at) == ("Failed", None) and "no such figure" in run.error
	assert frappe.db.exists("Error Log", {"method": ("like", f"Control {CODE}%")})
	monkeypatch.setattr(nightly, "rerun_findings", real)
	books.changed.clear()
	night()
	assert len(findings()) == 2 and len(findings("number_gap")) == 1
	(run,) = runs()
	assert (run.status, run.new_count) == ("Done", 2)


class Killed(BaseException):
	"""What ends a worker between two controls or in the middle of one."""


@pytest.mark.parametrize("after", ["findings", "run"])
def test_killed_in_the_middle_and_run_again(books, monkeypatch, after):
	real_insert, real_write = store._insert_documents, stored_runs.write

	def insert(found):
		real_insert(found)
		if after == "findings" and found:
			raise Killed

	def write(company, setting, *rest):
		real_write(company, setting, *rest)
		if after == "run" and setting.control.code == CODE:
			raise Killed

	monkeypatch.setattr(store, "_insert_documents", insert)
	monkeypatch.setattr(stored_runs, "write", write)
	with pytest.raises(Killed):
		night()
	frappe.db.rollback()
	monkeypatch.setattr(store, "_insert_documents", real_insert)
	monkeypatch.setattr(stored_runs, "write", real_write)
	night()
	assert len(findings()) == 2 and len(findings(MISSING)) == 1
	assert len(runs()) == 1 and len(runs(MISSING)) == 1
	documents = frappe.get_all(
		"Control Finding Document", {"parent": ("in", [row.name for row in findings()])}
	)
	assert len(documents) == 2


def test_two_nights_at_once(books, committed):
	errors = []

	def work():
		connect(committed)
		try:
			night()
		except Exception as error:
			errors.append(error)
		finally:
			frappe.destroy()

	threads = [threading.Thread(target=work) for _number in range(3)]
	for one in threads:
		one.start()
	for one in threads:
		one.join(120)
	frappe.db.rollback()
	assert not errors and not frappe.get_all("Error Log", {"method": ("like", "Control%")}, pluck="error")
	assert len(findings()) == 2 and len(findings(MISSING)) == 1
	assert [run.new_count for run in runs()] == [2]
	assert not [row for row in findings() if not row.told]


def test_everybody_is_told_once(books, monkeypatch):
	night()
	night()
	frappe.db.rollback()
	logs = frappe.get_all(
		"Notification Log", {"for_user": BOSS, "document_type": "Control Finding"}, ["subject"]
	)
	assert len(logs) == 1 and "things for you to look at" in logs[0].subject
	assert SHIPPED_ROLE == "Credit Manager"
