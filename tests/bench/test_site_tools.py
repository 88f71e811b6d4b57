"""Inserting many rows at once, and batches whose failures are logged."""

import frappe
import pytest
from frappe.utils import now_datetime

from client_ledger.site.jobs import each_or_log
from client_ledger.site.rows import bulk_insert, child_rows, known_fields, stored


def note(title: str, **fields) -> dict:
	return {"title": title, "public": 1, **fields}


class TestBulkInsert:
	def test_standard_fields_are_filled_in(self):
		(name,) = bulk_insert("Note", [note("one")])
		row = frappe.db.get_value("Note", name, "*", as_dict=True)
		assert (row.title, row.public, row.owner, row.modified_by) == ("one", 1, *["Administrator"] * 2)
		assert row.creation == row.modified and abs((now_datetime() - row.creation).total_seconds()) < 60

	def test_what_a_row_gives_is_kept(self):
		long_ago = frappe.utils.get_datetime("2001-02-03 04:05:06")
		names = bulk_insert("Note", [note("a", name="cl-a", creation=long_ago, owner="Guest")])
		assert names == ["cl-a"]
		found = frappe.db.get_value("Note", "cl-a", ["creation", "owner", "modified_by"])
		assert found == (long_ago, "Guest", "Administrator")

	def test_duplicates_may_be_left_out(self):
		bulk_insert("Note", [note("a", name="cl-a")])
		rows = [note("again", name="cl-a"), note("b", name="cl-b")]
		with pytest.raises(Exception, match=r"(?i)duplicate|unique"):
			bulk_insert("Note", rows)
		assert bulk_insert("Note", rows, ignore_duplicates=True) == ["cl-a", "cl-b"]
		assert stored("Note", ["cl-a", "cl-b", "cl-c"]) == {"cl-a", "cl-b"}
		assert frappe.db.get_value("Note", "cl-a", "title") == "a"

	def test_children_are_numbered(self):
		(name,) = bulk_insert("Note", [note("parent")])
		people = [{"user": "Administrator"}, {"user": "Guest"}]
		bulk_insert("Note Seen By", child_rows("Note", name, "seen_by", people))
		assert [(row.idx, row.user) for row in frappe.get_doc("Note", name).seen_by] == [
			(1, "Administrator"),
			(2, "Guest"),
		]

	def test_rows_must_have_the_same_fields(self):
		with pytest.raises(ValueError, match="Note"):
			bulk_insert("Note", [note("a"), {"title": "b"}])

	def test_nothing_is_nothing(self):
		assert bulk_insert("Note", []) == []

	def test_fields_of_another_version_are_left_out(self):
		assert known_fields("Note", [note("a", of_no_version=1)]) == [note("a")]


class TestEachOrLog:
	@staticmethod
	def work(done: list[list[str]], bad: str):
		def work(batch: list[str]) -> int:
			bulk_insert("Note", [note(name, name=f"cl-{name}") for name in batch])
			if bad in batch:
				raise ValueError("of no use")
			done.append(batch)
			return len(batch)

		return work

	def test_a_batch_that_fails_is_done_one_by_one(self):
		done, errors = [], []
		results, failed = each_or_log(
			["a", "b", "c", "d", "e"],
			self.work(done, "b"),
			title="Note not made",
			doctype="Note",
			size=3,
			on_failure=lambda name, error: errors.append((name, str(error))),
			savepoint="cl_test",
		)
		assert (results, failed, errors) == ([1, 1, 2], ["b"], [("b", "of no use")])
		assert done == [["a"], ["c"], ["d", "e"]]
		assert stored("Note", ["cl-a", "cl-b", "cl-c", "cl-d", "cl-e"]) == {"cl-a", "cl-c", "cl-d", "cl-e"}
		(log,) = frappe.get_all("Error Log", {"method": "Note not made: b"}, ["error", "reference_doctype"])
		assert "of no use" in log.error and log.reference_doctype == "Note"

	def test_without_a_savepoint_the_transaction_is_rolled_back(self):
		bulk_insert("Note", [note("before", name="cl-before")])
		results, failed = each_or_log(["a"], self.work([], "a"), title="Note not made", doctype="Note")
		assert (results, failed) == ([], ["a"])
		assert stored("Note", ["cl-before", "cl-a"]) == set()

	def test_nothing_is_nothing(self):
		assert each_or_log([], self.work([], ""), title="Note not made", doctype="Note") == ([], [])
