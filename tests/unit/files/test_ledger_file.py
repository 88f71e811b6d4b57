"""A ledger that somebody hands in: English and Chinese headings, balances, signs, and files that harm nothing."""

import io
import random
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from client_ledger.core.reconciliation.lines import LineKind
from client_ledger.files.ledger_file import LedgerWishes, read_ledger, with_plausible_kinds
from client_ledger.files.read import UNLIMITED, Limits
from tests.unit.files.test_read import workbook

SAP = """Vendor line items;;;;;
Posting Date;Document Type;Reference;Assignment;Amount in local currency;Curr
31.01.2026;Invoice;SINV-00101;PO-1;-1.000,50;eur
02.02.2026;Payment;;;250,00;eur
;;;Total;-750,50;
"""
CHINESE = """应付账款明细账,,,,,,
日期,凭证字号,摘要,借方,贷方,方向,余额
2026-01-01,,期初余额,,,贷,"1,500.00"
2026年1月6日,记-12,发票00101,,"1,000.00",贷,"2,500.00"
2026/1/19,记-22,付货款,"2,000.00",,贷,500.00
,,本月合计,"2,000.00","1,000.00",,
2026-01-31,记-30,付货款,600.00,,借,100.00
"""


def read(data, limits=UNLIMITED, **wishes):
	return read_ledger(data, "theirs.csv", LedgerWishes(**wishes), str, limits)


def complaint(data, limits=UNLIMITED, **wishes):
	"""Return what is said of a file, all of it."""
	found = read(data, limits, **wishes)
	assert found.problems and not found.lines
	return " ".join(problem.describe(str) for problem in found.problems.found)


def test_signed_amounts_with_a_decimal_comma_and_a_day_first():
	found = read(SAP.encode())
	assert [
		(one.date, one.amount, one.currency, one.number, one.references, one.kind) for one in found.lines
	] == [
		(date(2026, 1, 31), Decimal("-1000.50"), "EUR", "SINV-00101", ("PO-1",), LineKind.INVOICE),
		(date(2026, 2, 2), Decimal("250.00"), "EUR", "", (), LineKind.PAYMENT),
	]
	assert found.has_numbers and found.skipped == 1 and not found.side.opening
	turned = with_plausible_kinds(found.side.turned())
	assert [one.kind for one in turned.lines] == [LineKind.INVOICE, LineKind.PAYMENT]
	assert with_plausible_kinds(found.side).lines[0].kind is LineKind.CREDIT_NOTE


def test_a_chinese_ledger_with_a_balance_and_its_side():
	side = read(CHINESE.encode("gb18030"), currency="CNY").side
	assert [one.amount for one in side.lines] == [-1000, 2000, 600]
	assert (side.opening, side.closing) == ({"CNY": -1500}, {"CNY": 100})
	assert side.begins == date(2026, 1, 6) and side.balance("CNY") == side.added_up("CNY")


@pytest.mark.parametrize("is_newest_first", [False, True])
def test_running_balances_give_the_opening_however_they_are_signed_and_ordered(is_newest_first):
	rows = [("2026-01-02", 100, "", 700), ("2026-01-05", "", 50, 650), ("2026-01-09", 30, "", 680)]
	rows = rows[::-1] if is_newest_first else rows
	text = "Date,Voucher No,Debit,Credit,Balance\n" + "".join(
		",".join(map(str, (r[0], "V", *r[1:]))) + "\n" for r in rows
	)
	side = read(text.encode()).side
	assert (side.opening, side.closing) == ({"": 600}, {"": 680})


def test_a_row_keeps_its_id_in_the_next_file_and_twins_have_two():
	head, row = "Date,Invoice No,Amount\n", "2026-01-02,A-1,10.00\n"
	first, later = read((head + row).encode()), read((head + "2026-01-01,B,5\n" + row + row).encode())
	assert first.lines[0].id == later.lines[1].id != later.lines[2].id


def test_formulas_are_read_as_values_and_texts_stay_texts():
	book = openpyxl.Workbook()
	book.active.append(["Date", "Reference", "Amount"])
	book.active.append([date(2026, 1, 2), "=cmd|' /C calc'!A0", "=1000*2"])
	file = io.BytesIO()
	book.save(file)
	# What no program has calculated has no value.
	assert "Where amounts are formulas, open the file in Excel and save it again." in complaint(
		file.getvalue()
	)
	assert read(b"Date,Reference,Amount\n2026-01-02,=HYPERLINK(1),5\n").lines[0].number == "=HYPERLINK(1)"


@pytest.mark.parametrize(
	("data", "limits", "said"),
	[
		(b"", {}, "the file is empty. Export it again."),
		(b"\x89PNG\r\n\x1a\n\0\0", {}, "is not a text file"),
		(b"Dear Sirs,\nplease find our balance below.\n", {}, "this is no ledger: no headings were recognised. Add headings"),
		(b"Date,Text\n2026-01-01,a\n", {}, "row 1: a ledger requires a column with amounts; the headings are: Date, Text."),
		(b"Reference,Amount\nA,5\n", {}, "a ledger requires a column with dates"),
		(b"Date,Amount\n", {}, "the file has headings, but no rows below them."),
		(b"Date,Amount\n2026-01-01,five\n", {}, 'row 2, column Amount: "five" is not a valid amount.'),
		(b"Date,Amount\n2026-13-01,5\n", {}, 'row 2, column Date: "2026-13-01" is not a valid date.'),
		(b"Date,Amount\n03/04/2026,5\n", {}, "the date 03/04/2026 is ambiguous."),
		(b"Date,Amount\n" + b"2026-01-01,5\n" * 50, {"rows": 20}, "has more than 20 rows. Split it"),
		(b"Date,Amount" + b",x" * 50 + b"\n", {"columns": 20}, "row 1: has more than 20 columns. Delete the columns"),
		(b"Date,Amount\n" + b"2026-01-01,5\n" * 50, {"seconds": 0}, "takes longer than 0 seconds to read."),
		(b"Date,Amount\n" + b"2026-01-01,5\n" * 90_000, {"size": 1 << 20}, "is larger than 1 MB."),
		(workbook(("Cover", [["Hello"]]), ("Ledger", [["Date", "Amount"]])), {}, "name the one to read: Ledger."),
	],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_what_where_and_what_to_do(data, limits, said):
	assert said in complaint(data, Limits(**limits))


def test_a_wide_or_unpacked_workbook_is_not_read_to_its_end():
	wide = workbook(("A", [["Date", "Amount", *["x"] * 300]]))
	assert "more than 100 columns" in complaint(wide, Limits(columns=100))
	assert "is larger than 0 MB" in complaint(wide, Limits(unpacked=1000))


def test_damaged_workbooks_are_refused_and_never_raise():
	good = workbook(
		("A", [["Date", "Invoice No", "Amount"], *([f"2026-01-0{n}", f"I-{n}", n] for n in range(1, 9))])
	)
	with zipfile.ZipFile(io.BytesIO(good)) as package:
		parts = {name: package.read(name) for name in package.namelist()}
	made, laughs = random.Random(17), "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
	for turn in range(60):
		changed = dict(parts)
		name = made.choice(sorted(parts))
		data = bytearray(changed[name])
		for _change in range(made.randrange(1, 6)):
			data[made.randrange(len(data))] = made.choice(b'<>"&/09ac=')
		changed[name] = bytes(data)
		if turn == 0:
			sheet = parts["xl/worksheets/sheet1.xml"].decode()
			bomb = f'<!DOCTYPE w [<!ENTITY e0 "aaaaaaaaaa">{laughs}]><worksheet'
			changed["xl/worksheets/sheet1.xml"] = (
				sheet.replace("<worksheet", bomb, 1).replace("<v>", "<v>&e9;", 1).encode()
			)
		file = io.BytesIO()
		with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
			for part, content in changed.items():
				package.writestr(part, content)
		packed = bytearray(file.getvalue())
		if turn % 2:
			packed[made.randrange(len(packed))] ^= 255
		found = read(bytes(packed))
		assert turn or found.problems
