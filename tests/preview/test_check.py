"""`client-ledger check`: faults in imported files come out as findings, on the page, in the workbook and as JSON."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from client_ledger.core.controls.catalogue import WITHOUT_A_SITE
from client_ledger.preview.cli import main
from client_ledger.preview.figures.controls import read_facts
from client_ledger.preview.store import ledger_file
from tests.preview.conftest import LATER

FIRST, AS_OF = date(2026, 1, 5), "2026-11-20"
COMPANY = "Lantern Instruments Europe"


def invoice_lines() -> list[str]:
	"""Fifty-nine invoices of seven customers: one number is missing, one is billed twice, one customer owes since February."""
	lines = ["Customer,Invoice No,Invoice Date,Due Date,Amount,Currency,Payment Date,Paid Amount"]
	for n in range(1, 61):
		if n == 30:
			continue
		day, amount = FIRST + timedelta(days=n * 4), f"{100 + n * 7.13:.2f}"
		if n == 41:
			day, amount = day - timedelta(days=1), f"{100 + 40 * 7.13:.2f}"
		due = day + timedelta(days=30)
		paid = "," if n in (8, 40, 41) else f"{due},{amount}"
		lines.append(f"C{5 if n == 41 else n % 7},INV-{n:04d},{day},{due},{amount},EUR,{paid}")
	return lines


@pytest.fixture
def store(tmp_path) -> Path:
	invoices, payments, database = tmp_path / "inv.csv", tmp_path / "pay.csv", tmp_path / "my.sqlite"
	invoices.write_text("\n".join(invoice_lines()), encoding="utf-8")
	payments.write_text(
		"Payment No,Payment Date,Customer,Paid Amount,Currency\nP-1,2026-02-01,=1+1,500.00,EUR\nP-2,2026-11-10,C1,1.00,EUR\n",
		encoding="utf-8",
	)
	run("import", invoices, payments, "--db", database, "--company", "<b>Muster</b>", "--currency", "EUR")
	return database


def run(*arguments: object, code: int = 0) -> str:
	result = CliRunner().invoke(main, list(map(str, arguments)))
	assert result.exit_code == code, (result.output, result.exception)
	return result.output


def test_faults_of_the_files_are_found(store):
	rows = json.loads(run("check", "--db", store, "--as-of", AS_OF, "--json"))
	assert [row["control"] for row in rows] == list(WITHOUT_A_SITE)
	found = {one["key"]: one for row in rows for one in row["findings"]}
	assert set(found) == {
		"number_gap:INV-0030", "duplicate_invoice:INV-0040:INV-0041", "unallocated_receipt:P-1",
		"sold_while_overdue:C1:INV-0008",
	}  # fmt: skip
	assert found["number_gap:INV-0030"]["documents"] == ["INV-0029", "INV-0031"]
	assert found["duplicate_invoice:INV-0040:INV-0041"]["amount"] == 385.20
	silent = {row["control"]: row["silent"] for row in rows if row["silent"]}
	assert silent == {"first_digits": "There are too few amounts."}
	past = next(row["history"] for row in rows if row["control"] == "number_gap")
	assert len(past) == 12 and sum(past.values()) == 1


def test_the_page_and_the_workbook(store, tmp_path):
	out = tmp_path / "out"
	said = run("check", "--db", store, "--as-of", AS_OF, "--out", out)
	assert "Gap in Numbering" in said and "controls.html" in said.replace("\n", "")
	page = (out / "controls.html").read_text(encoding="utf-8")
	assert "<b>Muster" not in page and "&lt;b&gt;Muster" in page and "http" not in page
	for words in (
		"INV-0030",
		"Not Applicable:",
		"There are too few amounts.",
		"Invoiced Late",
		"EUR",
		"385.20",
	):
		assert words in page.replace("\xa0", " "), words
	book = load_workbook(out / "controls.xlsx")
	controls, findings, months = book.worksheets
	assert controls.max_row == 3 + len(WITHOUT_A_SITE) and months.max_column == 14
	rows = list(findings.iter_rows(min_row=2))
	assert len(rows) == 4
	quoted = [cell for row in rows for cell in row if str(cell.value).startswith("=")]
	assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in quoted] == [("=1+1", "s", True)]


def test_in_chinese(store, tmp_path):
	said = run("check", "--db", store, "--as-of", AS_OF, "--out", tmp_path / "zh", "--lang", "zh")
	page = (tmp_path / "zh" / "controls.html").read_text(encoding="utf-8")
	assert 'lang="zh"' in page and "金额" in page and "检查发现" in page and "工作簿" in said


def test_one_control_with_another_parameter(store):
	only = (
		"check",
		"--db",
		store,
		"--as-of",
		AS_OF,
		"--json",
		"--control",
		"sold_while_overdue",
		"--months",
		"0",
	)
	(row,) = json.loads(run(*only))
	assert len(row["findings"]) == 1 and row["history"] == {} and row["parameters"]["days"] == 90
	(row,) = json.loads(run(*only, "--set", "sold_while_overdue.days=200"))
	assert row["findings"] == [] and row["parameters"]["days"] == 200


@pytest.mark.parametrize(
	("setting", "words"),
	[
		("sold_while_overdue.days=9999", "must be between 7 and 365"),
		("sold_while_overdue.weeks=3", "not a parameter"),
		("late_billing.hours=3", "no such control here"),
		("days=3", "CONTROL.PARAMETER=VALUE"),
		("lapping.links=", "CONTROL.PARAMETER=VALUE"),
	],
)
def test_what_is_refused_says_what_to_do(store, tmp_path, setting, words):
	said = run("check", "--db", store, "--out", tmp_path / "no", "--set", setting, code=1)
	assert words in " ".join(said.split()) and not (tmp_path / "no").exists()


def test_a_file_in_the_place_of_the_folder(store, tmp_path):
	(tmp_path / "file").write_text("x", encoding="utf-8")
	said = run("check", "--db", store, "--as-of", AS_OF, "--out", tmp_path / "file", code=2)
	assert "is a file" in " ".join(said.split())


def test_the_store_as_facts(database):
	"""Amounts are those of the account; what is open by the facts is what is open by the ledger."""
	connection = ledger_file.open_store(database)
	facts = read_facts(connection, COMPANY, "EUR", LATER)
	owed = dict(
		connection.execute(
			"""select against_voucher_no, round(sum(amount_in_account_currency), 2) from `tabPayment Ledger Entry`
			where company = ? and against_voucher_type = 'Sales Invoice' and delinked = 0 and posting_date <= ?
			group by against_voucher_no having abs(sum(amount_in_account_currency)) > 0.02""",
			(COMPANY, str(LATER)),
		)
	)
	connection.close()
	assert len({one.currency for one in facts.invoices}) > 1, "the sample has a foreign currency"
	open_ones = {
		one.name
		for one in facts.invoices
		if one.cancelled_on is None and not one.is_return and facts.is_open(one)
	}
	positive = {name for name, amount in owed.items() if amount > 0}
	assert positive and open_ones == positive


def test_an_earlier_day_and_an_empty_store(database, tmp_path):
	rows = json.loads(
		run(
			"check",
			"--db",
			database,
			"--company",
			COMPANY,
			"--as-of",
			"2020-01-01",
			"--json",
			"--months",
			"0",
		)
	)
	assert all(not row["findings"] for row in rows)
	assert "--company" in run("check", "--db", database, code=1)
	assert "does not exist" in " ".join(run("check", "--db", tmp_path / "none.sqlite", code=1).split())
