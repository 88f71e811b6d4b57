"""Reading files that people hand in: as a path or as uploaded bytes, in any encoding, within bounds."""

import io
import zipfile
from datetime import datetime

import openpyxl
import pytest

from client_ledger.core.marked import marked
from client_ledger.files.headings import find_columns, letters, normal
from client_ledger.files.problems import MOST_PROBLEMS, InputProblem, InputProblems, NotText, UnreadableFile
from client_ledger.files.read import UPLOAD, Limits, further_sheets, rows

TABLE = "Customer;Amount;Note\nMüller;1,5;a\n云海;2;b\n"
EXPECTED = [(1, ["Customer", "Amount", "Note"]), (2, ["Müller", "1,5", "a"]), (3, ["云海", "2", "b"])]


def workbook(*sheets: tuple[str, list]) -> bytes:
	book = openpyxl.Workbook()
	book.remove(book.active)
	for title, lines in sheets:
		sheet = book.create_sheet(title)
		for line in lines:
			sheet.append(line)
	file = io.BytesIO()
	book.save(file)
	return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_is_read_in_any_encoding_from_a_path_and_from_bytes(tmp_path, encoding):
	data = TABLE.encode(encoding)
	path = tmp_path / "table.txt"
	path.write_bytes(data)
	assert list(rows(path)) == list(rows(data)) == EXPECTED


def test_western_text_is_told_from_chinese():
	assert list(rows("Name,Ort\nMüller,Köln\n".encode("cp1252")))[1] == (2, ["Müller", "Köln"])


@pytest.mark.parametrize("separator", list(",;\t|"))
def test_the_separator_is_found(separator):
	assert list(rows(f"a{separator}b\n1{separator}2\n".encode()))[1] == (2, ["1", "2"])


def test_a_workbook_keeps_its_types_and_names_its_sheets():
	day = datetime(2025, 3, 31)
	data = workbook(("First", [["a", None, 1, 2.5, day]]), ("Second", [["b"]]))
	assert list(rows(data)) == [(1, ["a", None, 1, 2.5, day])]
	assert list(rows(data, "Second")) == [(1, ["b"])]
	assert further_sheets(data) == ["Second"] and further_sheets(b"a,b") == []
	with pytest.raises(UnreadableFile, match=r"has no sheet Third\. Available sheets: First, Second"):
		list(rows(data, "Third"))


@pytest.mark.parametrize(
	("data", "complaint"),
	[
		(b"", "the file is empty"),
		(bytes.fromhex("D0CF11E0A1B11AE1"), "old Excel format"),
		(b"PK not a workbook", "not a valid Excel workbook"),
		(b"a,b\0,c", "not a text file"),
		(b'a,"b\n' + b"c,d\n" * 500_000, "not valid CSV"),
	],
)
def test_what_cannot_be_read_is_named(data, complaint):
	with pytest.raises(UnreadableFile, match=complaint):
		list(rows(data))


def test_a_missing_file_is_named(tmp_path):
	with pytest.raises(UnreadableFile, match="cannot be opened"):
		rows(tmp_path / "none.csv")


def test_binary_files_are_told_from_damaged_text():
	with pytest.raises(NotText):
		list(rows(bytes(range(256))))


def test_size_and_rows_are_bounded():
	with pytest.raises(UnreadableFile, match=r"larger than 0 MB"):
		rows(b"a,b\n", limits=Limits(size=3))
	found = rows(b"a\nb\nc\n", limits=Limits(rows=2))
	assert [next(found), next(found)] == [(1, ["a"]), (2, ["b"])]
	with pytest.raises(UnreadableFile, match="more than 2 rows"):
		next(found)
	assert len(list(rows(b"a\nb\n", limits=UPLOAD))) == 2


def test_a_workbook_that_unpacks_to_more_than_it_may_is_refused_unread():
	data = io.BytesIO(workbook(("First", [["a"]])))
	with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as parts:
		parts.writestr("xl/media/bomb", bytes(2_000_000))
	with pytest.raises(UnreadableFile, match="larger than 1 MB"):
		list(rows(data.getvalue(), limits=Limits(unpacked=1 << 20)))
	assert list(rows(data.getvalue())) == [(1, ["a"])]


def test_headings_are_compared_as_people_mean_them():
	assert normal(" Grand  Total: ") == normal("grand total") == "grand total"
	assert normal("金额 （本币）") == "金额(本币)"
	assert letters("Customer_ID.") == letters("customer id") == "customerid"
	known = {"customer": ("client", "customer"), "amount": ("amount",), "due": ("due date",)}
	assert find_columns(["Customer", "Amount", "Fällig"], known, {"due": "fällig"}) == {
		"customer": 0,
		"amount": 1,
		"due": 2,
	}
	assert find_columns(["Kunde"], known, {}) == {}


def test_a_workbook_within_its_bounds_is_read():
	book = workbook(("Sheet", [["Date", "Amount"], ["2026-01-05", 300, None, None]]))
	assert list(rows(book, limits=Limits(columns=2))) == [(1, ["Date", "Amount"]), (2, ["2026-01-05", 300])]
	with pytest.raises(UnreadableFile, match="more than 1 columns"):
		list(rows(book, limits=Limits(columns=1)))


def test_problems_say_where_and_what_to_do_in_the_language_asked_for():
	german = {"row {0}": "Zeile {0}", "column {0}": "Spalte {0}", "has more than {0} rows.": "hat zu viele."}
	problem = InputProblem("a.csv", "ist leer.", 7, "Betrag", "Fülle sie aus.")
	assert problem.describe(german.get) == "a.csv, Zeile 7, Spalte Betrag: ist leer. Fülle sie aus."
	assert problem.place(marked) == "a.csv, row 7, column Betrag"
	error = UnreadableFile("has more than {0} rows.", 5)
	assert str(error) == "has more than 5 rows."
	assert error.problem("a.csv", german.get).text == "hat zu viele."


def test_only_the_first_problems_are_kept():
	found = InputProblems()
	assert not found
	for row in range(MOST_PROBLEMS + 3):
		found.add(InputProblem("a.csv", "is empty.", row))
	assert found and len(found.found) == MOST_PROBLEMS and found.more == 3
