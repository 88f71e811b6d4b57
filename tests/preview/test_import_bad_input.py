"""Bad input: a message with file, row and column, and nothing imported."""

import sqlite3
import zipfile

import openpyxl
import pytest
from click.testing import CliRunner

from client_ledger.files.problems import MOST_PROBLEMS
from client_ledger.preview.cli import main
from client_ledger.preview.importing.load import Wishes, import_files
from client_ledger.preview.importing.mapping import read_mapping
from client_ledger.preview.importing.reader import Settings
from client_ledger.preview.problems import BadInput, Refused
from client_ledger.preview.store import ledger_file
from tests.preview.exports import write_csv

INVOICES = ["Invoice No", "Customer", "Invoice Date", "Due Date", "Amount", "Currency"]
PAYMENTS = ["Payment No", "Customer", "Payment Date", "Paid Amount", "Invoice No", "Currency"]
GOOD = ["A-1", "Acme", "2025-01-05", "2025-02-04", "100.00", "EUR"]
PAID = ["P-1", "Acme", "2025-02-01", "60.00", "A-1", "EUR"]


@pytest.fixture
def database(tmp_path):
	return tmp_path / "ledger.sqlite"


def invoices(folder, *rows, header=INVOICES, name="invoices.csv", **how):
	return write_csv(folder / name, [header, *rows], **how)


def payments(folder, *rows, header=PAYMENTS, name="payments.csv"):
	return write_csv(folder / name, [header, *rows])


def problems_of(database, *files, wishes=None):
	with pytest.raises(BadInput) as caught:
		import_files(files, database, wishes or Wishes())
	assert not database.exists(), "something was left behind"
	return caught.value.problems.found


def only(database, *files, wishes=None):
	found = problems_of(database, *files, wishes=wishes)
	assert len(found) == 1, found
	return found[0]


def balances(database):
	connection = ledger_file.open_store(database)
	rows = connection.execute(
		"""
select against_voucher_no, round(sum(amount_in_account_currency), 2) from `tabPayment Ledger Entry`
group by against_voucher_no order by 1"""
	).fetchall()
	connection.close()
	return dict(rows)


def test_good_files(tmp_path, database):
	import_files([invoices(tmp_path, GOOD), payments(tmp_path, PAID)], database, Wishes())
	assert balances(database) == {"A-1": 40.0}


def test_chinese_files(tmp_path, database):
	header = ["客户名称", "发票号码", "开票日期", "到期日", "价税合计", "币种"]
	rows = [["苏州恒远", "A-1", "2025年1月5日", "2025/2/4", "￥1,000.00", "CNY"]]
	paid = payments(
		tmp_path, ["苏州恒远", "2025.02.01", "400", "A-1"], header=["客户", "收款日期", "收款金额", "发票号"]
	)
	import_files([invoices(tmp_path, *rows, header=header, encoding="gb18030"), paid], database, Wishes())
	assert balances(database) == {"A-1": 600.0}


def test_missing_file(tmp_path, database):
	problem = only(database, tmp_path / "nowhere.csv")
	assert problem.file == "nowhere.csv"
	assert "cannot be opened" in problem.text


def test_empty_file(tmp_path, database):
	(tmp_path / "empty.csv").write_bytes(b"")
	assert "empty" in only(database, tmp_path / "empty.csv").text


@pytest.mark.parametrize("content", [b"\n\n\n", b",,,\n,,,\n"])
def test_file_without_rows(tmp_path, database, content):
	(tmp_path / "blank.csv").write_bytes(content)
	assert "no rows" in only(database, tmp_path / "blank.csv").text


def test_file_with_headings_only(tmp_path, database):
	assert "no rows below" in only(database, invoices(tmp_path)).text


def test_wrong_encoding(tmp_path, database):
	path = invoices(tmp_path, ["A-1", "Sté Générale", *GOOD[2:]], encoding="latin-1")
	path.write_bytes(path.read_bytes() + b"\xff\xff\xff")
	problem = only(database, path)
	assert "encoding" in problem.text and "UTF-8" in problem.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_that_work(tmp_path, database, encoding):
	import_files([invoices(tmp_path, ["A-1", "苏州恒远", *GOOD[2:]], encoding=encoding)], database, Wishes())
	connection = ledger_file.open_store(database)
	assert connection.execute("select name from tabCustomer").fetchall() == [("苏州恒远",)]


@pytest.mark.parametrize("name", ["Müller & Söhne", "Société Générale", "Ægir"])
def test_western_excel(tmp_path, database, name):
	import_files([invoices(tmp_path, ["A-1", name, *GOOD[2:]], encoding="cp1252")], database, Wishes())
	connection = ledger_file.open_store(database)
	assert connection.execute("select name from tabCustomer").fetchall() == [(name,)]


def test_damaged_chinese_file_is_not_taken_for_western(tmp_path, database):
	path = invoices(tmp_path, ["A-1", "苏州恒远仪表有限公司", *GOOD[2:]], encoding="gb18030")
	path.write_bytes(path.read_bytes() + b"\xff")
	assert "encoding" in only(database, path).text


def test_binary_file(tmp_path, database):
	path = tmp_path / "picture.csv"
	path.write_bytes(bytes(range(256)) * 20)
	assert "not a text file" in only(database, path).text


def test_old_excel(tmp_path, database):
	path = tmp_path / "old.xls"
	path.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600)
	assert ".xlsx" in only(database, path).text


def test_damaged_workbook(tmp_path, database):
	path = tmp_path / "damaged.xlsx"
	path.write_bytes(b"PK\x03\x04 and then nothing of use")
	assert "not a valid Excel workbook" in only(database, path).text


def test_archive_that_is_no_workbook(tmp_path, database):
	path = tmp_path / "letters.xlsx"
	with zipfile.ZipFile(path, "w") as archive:
		archive.writestr("letter.txt", "hello")
	assert "not a valid Excel workbook" in only(database, path).text


def test_title_merged_above_the_headings_and_empty_rows_below(tmp_path, database):
	book = openpyxl.Workbook()
	for row in (["Sales Register 2025"], [], INVOICES, GOOD, [None] * 6, [None] * 6):
		book.active.append(row)
	book.active.merge_cells("A1:F1")
	book.save(tmp_path / "book.xlsx")
	import_files([tmp_path / "book.xlsx"], database, Wishes())
	assert balances(database) == {"A-1": 100.0}


def test_first_sheet_is_the_wrong_one(tmp_path, database):
	book = openpyxl.Workbook()
	book.active.append(["Read me first"])
	for row in (INVOICES, GOOD):
		(book["Bills"] if "Bills" in book.sheetnames else book.create_sheet("Bills")).append(row)
	book.save(tmp_path / "book.xlsx")
	problem = only(database, tmp_path / "book.xlsx")
	assert "--sheet" in problem.hint and "Bills" in problem.hint
	import_files([tmp_path / "book.xlsx"], database, Wishes(Settings(sheet="Bills")))
	assert balances(database) == {"A-1": 100.0}


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_separators(tmp_path, database, separator):
	path = invoices(tmp_path, [*GOOD[:4], "1,234.50", "EUR"], separator=separator)
	import_files([path], database, Wishes())
	assert balances(database) == {"A-1": 1234.5}


def test_missing_sheet(tmp_path, database):
	book = openpyxl.Workbook()
	book.active.append(INVOICES)
	book.save(tmp_path / "book.xlsx")
	problem = only(database, tmp_path / "book.xlsx", wishes=Wishes(Settings(sheet="Nowhere")))
	assert "Nowhere" in problem.text and "Sheet" in problem.text


def test_quotation_mark_not_closed(tmp_path, database):
	path = tmp_path / "open.csv"
	path.write_text(",".join(INVOICES) + '\nA-1,"Acme' + "x" * 2_000_000, encoding="utf-8")
	problem = only(database, path)
	assert "quotation mark" in problem.text and problem.row == 2


def test_quotation_mark_that_swallows_the_rest(tmp_path, database):
	path = tmp_path / "open.csv"
	lines = [",".join(INVOICES), '"A-1,' + ",".join(GOOD[1:]), ",".join(["A-2", *GOOD[1:]]), ""]
	path.write_text("\n".join(lines), encoding="utf-8")
	problem = only(database, path)
	assert problem.row == 2 and "quotation mark" in problem.hint


@pytest.mark.parametrize("missing", ["Invoice No", "Customer", "Invoice Date", "Amount"])
def test_missing_column(tmp_path, database, missing):
	header = [heading for heading in INVOICES if heading != missing]
	row = [value for heading, value in zip(INVOICES, GOOD, strict=True) if heading != missing]
	problem = only(database, invoices(tmp_path, row, header=header))
	assert problem.row == 1
	assert (missing if missing != "Amount" else "Grand Total") in problem.text
	assert "Due Date" in problem.hint


def test_unknown_headings(tmp_path, database):
	assert "no headings" in only(database, invoices(tmp_path, ["1", "2"], header=["Foo", "Bar"])).text


@pytest.mark.parametrize(
	"text", ["yesterday", "2025-02-30", "31-31-2025", "45000x", "0000-01-01", "999", "99999"]
)
def test_date_that_is_no_date(tmp_path, database, text):
	problem = only(database, invoices(tmp_path, GOOD, ["A-2", "Acme", text, *GOOD[3:]]))
	assert (problem.row, problem.column) == (3, "Invoice Date")
	assert text in problem.text


@pytest.mark.parametrize("cell", ["45658", "45658.75"])
def test_excel_number_of_a_day(tmp_path, database, cell):
	import_files([invoices(tmp_path, ["A-1", "Acme", cell, "45688", "1", "EUR"])], database, Wishes())
	assert days_of(database) == [("2025-01-01", "2025-01-31")]


def test_excel_number_of_a_day_in_a_workbook(tmp_path, database):
	book = openpyxl.Workbook()
	book.active.append(INVOICES)
	book.active.append(["A-1", "Acme", 45658, 45688.5, 1, "EUR"])
	book.save(tmp_path / "book.xlsx")
	import_files([tmp_path / "book.xlsx"], database, Wishes())
	assert days_of(database) == [("2025-01-01", "2025-01-31")]


def days_of(database):
	connection = ledger_file.open_store(database)
	return connection.execute("select posting_date, due_date from `tabSales Invoice`").fetchall()


def test_date_that_may_mean_two_days(tmp_path, database):
	path = invoices(tmp_path, ["A-1", "Acme", "03/04/2025", "05/06/2025", "1", "EUR"])
	found = problems_of(database, path)
	assert {problem.column for problem in found} == {"Invoice Date", "Due Date"}
	assert "--date-order" in found[0].hint
	import_files([path], database, Wishes(Settings(date_order="mdy")))
	connection = ledger_file.open_store(database)
	assert connection.execute("select posting_date, due_date from `tabSales Invoice`").fetchone() == (
		"2025-03-04",
		"2025-05-06",
	)


def test_order_of_day_and_month_is_found_in_the_file(tmp_path, database):
	rows = [[f"A-{i:03d}", "Acme", "3/4/2025", "", "1", "EUR"] for i in range(600)]
	rows.append(["A-600", "Acme", "25/4/2025", "", "1", "EUR"])
	import_files([invoices(tmp_path, *rows)], database, Wishes())
	connection = ledger_file.open_store(database)
	days = connection.execute("select distinct posting_date from `tabSales Invoice` order by 1").fetchall()
	assert days == [("2025-04-03",), ("2025-04-25",)]


@pytest.mark.parametrize("text", ["a lot", "1,23", "12.3.4", "NaN", "1e999", "--5", "=1+1"])
def test_amount_that_is_no_number(tmp_path, database, text):
	problem = only(database, invoices(tmp_path, [*GOOD[:4], text, "EUR"]))
	assert (problem.row, problem.column) == (2, "Amount")
	assert text in problem.text


@pytest.mark.parametrize(
	("text", "amount"),
	[
		("1,234.50", 1234.5),
		("¥ 1,234.50", 1234.5),
		("(12.00)", -12.0),
		("１２３．４５", 123.45),
		("12,34,567.00", 1234567.0),
	],
)
def test_ways_to_write_an_amount(tmp_path, database, text, amount):
	import_files([invoices(tmp_path, [*GOOD[:4], text, "EUR"])], database, Wishes())
	assert balances(database) == {"A-1": amount}


def test_decimal_comma(tmp_path, database):
	path = invoices(tmp_path, [*GOOD[:4], "1.234,50", "EUR"], separator=";")
	import_files([path], database, Wishes(Settings(decimal=",")))
	assert balances(database) == {"A-1": 1234.5}


@pytest.mark.parametrize("column", [0, 1, 2, 4])
def test_empty_cell(tmp_path, database, column):
	row = [value if i != column else "" for i, value in enumerate(GOOD)]
	problem = only(database, invoices(tmp_path, row))
	assert (problem.row, problem.column) == (2, INVOICES[column])


def test_payment_for_no_invoice(tmp_path, database):
	problem = only(
		database,
		invoices(tmp_path, GOOD),
		payments(tmp_path, PAID, ["P-2", "Acme", "2025-02-02", "5", "A-9", "EUR"]),
	)
	assert (problem.file, problem.row, problem.column) == ("payments.csv", 3, "Invoice No")
	assert "A-9" in problem.text


def test_payment_for_another_customers_invoice(tmp_path, database):
	problem = only(database, invoices(tmp_path, GOOD), payments(tmp_path, ["P-1", "Other", *PAID[2:]]))
	assert "Acme" in problem.text and "Other" in problem.text


def test_same_invoice_twice(tmp_path, database):
	problem = only(database, invoices(tmp_path, GOOD, ["A-2", *GOOD[1:]], GOOD))
	assert (problem.row, problem.column) == (4, "Invoice No")
	assert "A-1" in problem.text and "row 2" in problem.text


def test_same_invoice_in_two_files(tmp_path, database):
	more = invoices(tmp_path, GOOD, ["A-2", *GOOD[1:]], name="more.csv")
	problem = only(database, invoices(tmp_path, GOOD), more)
	assert problem.file == "more.csv" and "invoices.csv, row 2" in problem.text


def test_same_payment_twice(tmp_path, database):
	assert "P-1" in only(database, invoices(tmp_path, GOOD), payments(tmp_path, PAID, PAID)).text


def test_same_file_given_twice(tmp_path, database):
	path = invoices(tmp_path, GOOD)
	copy = tmp_path / "copy.csv"
	copy.write_bytes(path.read_bytes())
	assert any("same file" in problem.text for problem in problems_of(database, path, copy))


def test_import_again_is_refused_and_harmless(tmp_path, database):
	path = invoices(tmp_path, GOOD)
	import_files([path], database, Wishes())
	before = database.read_bytes()
	with pytest.raises(Refused, match="already imported"):
		import_files([path], database, Wishes())
	changed = invoices(tmp_path, GOOD, ["A-2", *GOOD[1:]], name="changed.csv")
	with pytest.raises(BadInput, match="already in the ledger"):
		import_files([changed], database, Wishes())
	assert database.read_bytes() == before


def test_all_problems_are_collected(tmp_path, database):
	rows = [[f"A-{i}", "Acme", "never", "2025-01-01", "x", "EUR"] for i in range(40)]
	with pytest.raises(BadInput) as caught:
		import_files([invoices(tmp_path, *rows)], database, Wishes())
	found = caught.value.problems
	assert len(found.found) == MOST_PROBLEMS
	assert found.more == 80 - MOST_PROBLEMS


def test_foreign_amount_without_a_rate(tmp_path, database):
	path = invoices(tmp_path, GOOD, ["A-2", "Acme", "2025-01-05", "", "50", "USD"])
	wishes = Wishes(currency="EUR")
	problem = only(database, path, wishes=wishes)
	assert (problem.row, problem.column) == (3, "Currency")
	assert "--rate USD" in problem.hint


def test_several_currencies_and_nothing_said_of_the_books(tmp_path, database):
	path = invoices(tmp_path, GOOD, ["A-2", "Acme", "2025-01-05", "", "50", "USD"])
	assert any("--currency" in problem.hint for problem in problems_of(database, path))


def test_terms_that_do_not_add_up(tmp_path, database):
	header = [*INVOICES, "Due Date (Payment Schedule)", "Payment Amount (Payment Schedule)"]
	rows = [[*GOOD, "2025-02-04", "60"], ["", "", "", "", "", "", "2025-03-04", "30"]]
	problem = only(database, invoices(tmp_path, *rows, header=header))
	assert "add up to 90" in problem.text


def test_drafts_and_cancelled_documents_are_left_out(tmp_path, database):
	header = [*INVOICES, "Status"]
	rows = [[*GOOD, "Overdue"], ["A-2", *GOOD[1:], "Draft"], ["A-3", *GOOD[1:], "已取消"]]
	result = import_files([invoices(tmp_path, *rows, header=header)], database, Wishes())
	assert (result.files[0].documents, result.files[0].skipped) == (1, 2)


def test_payments_on_the_invoice_rows(tmp_path, database):
	header = [*INVOICES, "Payment Date", "Paid Amount"]
	rows = [[*GOOD, "2025-01-20", "70"], ["A-2", *GOOD[1:], "", ""]]
	result = import_files([invoices(tmp_path, *rows, header=header)], database, Wishes())
	assert (result.invoices, result.payments) == (2, 1)
	assert balances(database) == {"A-1": 30.0, "A-2": 100.0}


@pytest.mark.parametrize("header", [["Payment Date"], ["Payment Date", "Paid Amount"]])
def test_a_payment_date_without_a_paid_amount_is_refused(tmp_path, database, header):
	"""Taken as unpaid, every customer of such a file would be graded as if it never paid."""
	path = invoices(tmp_path, [*GOOD, "2025-01-20"], ["A-2", *GOOD[1:], ""], header=[*INVOICES, *header])
	problem = only(database, path)
	assert (problem.row, problem.column) == (2, "Payment Date")
	assert "no paid amount" in problem.text and "Paid Amount" in problem.hint


def test_mapping(tmp_path, database):
	path = invoices(
		tmp_path,
		["R7", "Kunde AG", "05.01.2025", "1.000,50"],
		header=["Beleg", "Konto", "Tag", "Betrag"],
		separator=";",
	)
	mapping = tmp_path / "mapping.json"
	mapping.write_text(
		'{"kind": "invoices", "columns": {"name": "Beleg", "customer": "Konto", "date": "Tag", "amount": "Betrag"},'
		' "date_order": "dmy", "decimal": ","}'
	)
	import_files([path], database, Wishes(Settings(mappings=read_mapping(mapping))))
	assert balances(database) == {"R7": 1000.5}


@pytest.mark.parametrize(
	"text",
	[
		"not json",
		"[]",
		'{"kind": "orders", "columns": {"name": "A"}}',
		'{"kind": "invoices", "columns": {}}',
		'{"kind": "invoices", "columns": {"nonsense": "A"}}',
		'{"kind": "invoices", "columns": {"name": "A"}, "decimal": ";"}',
		'{"kind": "invoices", "columns": {"name": "A"}, "date_order": "ymd"}',
	],
)
def test_bad_mapping(tmp_path, text):
	path = tmp_path / "mapping.json"
	path.write_text(text)
	with pytest.raises(Refused, match=r"mapping\.json"):
		read_mapping(path)


def test_database_that_is_something_else(tmp_path, database):
	database.write_text("my diary")
	with pytest.raises(Refused, match="not a Client Ledger file"):
		import_files([invoices(tmp_path, GOOD)], database, Wishes())
	assert database.read_text() == "my diary"


def test_failure_while_booking_leaves_nothing(tmp_path, database, monkeypatch):
	def fail(_connection):
		raise RuntimeError("power cut")

	monkeypatch.setattr("client_ledger.preview.store.posting.pay_terms", fail)
	with pytest.raises(RuntimeError):
		import_files([invoices(tmp_path, GOOD)], database, Wishes())
	assert not database.exists()


@pytest.mark.parametrize(("language", "words"), [("en", "is not a valid amount"), ("zh", "不是有效金额")])
def test_command_says_what_is_wrong_and_fails(tmp_path, database, language, words):
	path = invoices(tmp_path, [*GOOD[:4], "a lot", "EUR"])
	result = CliRunner().invoke(main, ["import", str(path), "--db", str(database), "--lang", language])
	assert result.exit_code == 1
	assert words in result.stderr
	assert "invoices.csv" in result.stderr and "Amount" in result.stderr
	assert not database.exists()


def test_command_imports(tmp_path, database):
	files = [str(invoices(tmp_path, GOOD)), str(payments(tmp_path, PAID))]
	result = CliRunner().invoke(main, ["import", *files, "--db", str(database)])
	assert result.exit_code == 0, result.stderr
	assert "1 invoices and 1 payments" in result.stdout


def test_folder_that_cannot_be_made(tmp_path):
	path = invoices(tmp_path, GOOD)
	result = CliRunner().invoke(main, ["import", str(path), "--db", str(path / "ledger.sqlite")])
	assert result.exit_code == 1
	assert "cannot be written to" in result.stderr


def test_full_disk(tmp_path, database, monkeypatch):
	def fail(_connection):
		raise sqlite3.OperationalError("database or disk is full")

	monkeypatch.setattr("client_ledger.preview.store.posting.pay_terms", fail)
	result = CliRunner().invoke(main, ["import", str(invoices(tmp_path, GOOD)), "--db", str(database)])
	assert result.exit_code == 1
	assert "disk is full" in result.stderr
	assert not database.exists()


def test_report_of_nothing(tmp_path, database):
	result = CliRunner().invoke(main, ["report", "--db", str(database), "--out", str(tmp_path / "out")])
	assert result.exit_code == 1
	assert "does not exist" in result.stderr
