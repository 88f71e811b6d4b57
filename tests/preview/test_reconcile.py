"""`client-ledger reconcile`: two files in, the identity, a page and a workbook out; bad input says what to do."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from client_ledger.preview.cli import main
from tests.preview.conftest import TODAY

OURS = """Posting Date,Voucher Type,Voucher No,Debit (CNY),Credit (CNY),Balance (CNY)
,,Opening,,,500.00
2026-01-05,Sales Invoice,SINV-2026-00101,1000.00,,1500.00
2026-01-07,Sales Invoice,SINV-2026-00102,250.50,,1750.50
2026-01-09,Sales Invoice,SINV-2026-00103,80.00,,1830.50
2026-01-20,Payment Entry,PAY-77,,1000.00,830.50
2026-01-30,Sales Invoice,SINV-2026-00104,99.00,,929.50
"""
THEIRS = """应付账款明细账
日期,凭证号,摘要,借方,贷方,方向,余额
2026-01-01,,期初余额,,,贷,500.00
2026-01-06,记-12,发票 00101,,"1,000.00",贷,"1,500.00"
2026-01-08,记-15,发票 00102,,240.50,贷,"1,740.50"
2026-01-19,记-22,付货款,"1,000.00",,贷,740.50
2026-01-31,=1+1,<b>付货款</b>,33.00,,贷,707.50
"""


@pytest.fixture
def files(tmp_path) -> tuple[Path, Path]:
	ours, theirs = tmp_path / "ours.csv", tmp_path / "theirs.csv"
	ours.write_text(OURS, encoding="utf-8")
	theirs.write_text(THEIRS, encoding="gb18030")
	return ours, theirs


def run(*arguments: object, code: int = 0) -> str:
	result = CliRunner().invoke(main, ["reconcile", *map(str, arguments)])
	assert result.exit_code == code, (result.output, result.exception)
	return " ".join(result.output.split())


@pytest.mark.parametrize(
	("language", "words"),
	[
		("en", ("Their Balance", "Open a Dispute", "Look again on", "Number Written Otherwise", "CNY 707.50", "CNY 929.50")),
		("zh", ("对方余额", "发起争议", "号码写法不同", "707.50", "929.50")),
	],
)  # fmt: skip
def test_the_page_and_the_workbook_lead_from_their_balance_to_ours(files, tmp_path, language, words):
	out = tmp_path / "out"
	said = run(*files, "--out", out, "--currency", "cny", "--language", language)
	assert "707.50" in said and "2 matches" not in said
	page = (out / "reconciliation.html").read_text(encoding="utf-8")
	assert f'lang="{language}"' in page
	for word in words:
		assert word in page.replace("\xa0", " "), word
	assert "<b>付货款" not in page and "http" not in page
	book = load_workbook(out / "differences.xlsx")
	summary, differences, matches = book.worksheets
	amounts = [row[2] for row in summary.values if row[1] == "CNY"]
	assert float(amounts[0]) == 707.5 and float(amounts[-1]) == 929.5
	assert round(sum(amounts[1:-1]), 2) == 222.0
	rows = list(differences.iter_rows(min_row=2))
	assert round(sum(row[8].value for row in rows), 2) == 222.0
	quoted = [cell for row in rows for cell in row if str(cell.value).startswith("=")]
	assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in quoted] == [("=1+1", "s", True)]
	assert matches.max_row == 4


def test_a_statement_that_the_preview_wrote_can_be_ours(sample_path, tmp_path):
	company = (
		"--company",
		"Lantern Instruments Europe",
		"--as-of",
		TODAY,
		"--kind",
		"activity",
		"--format",
		"xlsx",
	)
	command = ["statements", "--db", sample_path, *company, "--customer", "CUST-0001", "--output", tmp_path]
	result = CliRunner().invoke(main, list(map(str, command)))
	assert result.exit_code == 0, result.output
	(ours,) = tmp_path.glob("*.xlsx")
	sheet = load_workbook(ours).active
	rows = [row for row in sheet.values]
	heading = next(place for place, row in enumerate(rows) if row[0] == "Date")
	lines = [row for row in rows[heading + 1 :] if row[2]]
	# The customer's own: what we debit it credits, by the end of our number alone.
	theirs = tmp_path / "theirs.csv"
	text = "Date,Reference,Debit,Credit,Currency\n"
	for row in lines:
		text += f"{row[0]:%Y-%m-%d},{row[2].split('-')[-1]},{row[9] or ''},{row[8] or ''},{row[7]}\n"
	theirs.write_text(text, encoding="utf-8")
	run(ours, theirs, "--out", tmp_path / "out", "--as-of", TODAY)
	book = load_workbook(tmp_path / "out" / "differences.xlsx")
	assert book.worksheets[2].max_row - 1 == len(lines) > 5
	assert [row[8] for row in book.worksheets[1].iter_rows(min_row=2, values_only=True)] == []


def test_bad_input_says_what_to_do(files, tmp_path):
	ours, theirs = files
	out = ("--out", tmp_path / "out")
	assert "are the same file. Name our ledger and the customer's." in run(ours, ours, *out, code=1)
	assert "missing.csv: cannot be opened" in run(ours, tmp_path / "missing.csv", *out, code=1)
	assert "--tolerance x is not valid" in run(ours, theirs, *out, "--tolerance", "x", code=1)
	bad = tmp_path / "bad.csv"
	bad.write_text("Date,Reference,Amount\n2026-01-01,A,x\n2026-01-02,B,y\n", encoding="utf-8")
	said = run(ours, bad, *out, code=1)
	assert (
		'bad.csv, row 2, column Amount: "x" is not a valid amount.' in said
		and "Nothing was compared." in said
	)
	assert not (tmp_path / "out").exists()
	foreign = tmp_path / "foreign.csv"
	foreign.write_text("Date,Amount,Currency\n2026-01-01,5,USD\n", encoding="utf-8")
	said = run(ours, foreign, *out, "--currency", "CNY")
	assert (
		"has lines in USD, which our ledger has not" in said and "no column with numbers of documents" in said
	)
