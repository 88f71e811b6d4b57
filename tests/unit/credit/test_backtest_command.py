"""`client-ledger backtest` over a CSV table and over an imported store, and what it says to bad input."""

import json
from datetime import date
from decimal import Decimal

import pytest
from click.testing import CliRunner

from client_ledger.core.credit.lateness import EVERY_DAY
from client_ledger.preview.cli import main
from client_ledger.preview.importing.trade_lines import read_trade_lines
from client_ledger.preview.problems import BadInput, Refused
from client_ledger.preview.store import ledger_file

from .ledgers import invent

HEADINGS = "Customer ID,Invoice No,Invoice Date,Due Date,Amount,Settled Date,Disputed\n"


def run(*arguments):
	return CliRunner(env={"LC_ALL": "C"}).invoke(main, ["backtest", *map(str, arguments)])


@pytest.fixture(scope="module")
def world():
	return invent(21, customers=25, days=500)


@pytest.fixture
def table(tmp_path, world):
	path = tmp_path / "invoices.csv"
	rows = [
		f"{li.customer},{li.reference},{li.issued},{li.due},{li.amount},{li.settled_on or ''},No\n"
		for li in world.lines
	]
	path.write_text(HEADINGS + "".join(rows), encoding="utf-8")
	return path


def written(tmp_path, text, encoding="utf-8"):
	path = tmp_path / "table.csv"
	path.write_bytes(text.encode(encoding))
	return path


def test_a_table_is_read_as_it_was_written(table, world):
	assert read_trade_lines(table) == world.lines


def test_the_command_prints_every_figure(table):
	found = run(table)
	assert found.exit_code == 0, found.output
	for text in (
		"Grades", "AUC", "Bad Rate", "Due Date", "Customer Average", "This Method", "Weekly Cash", "Unrated:",
		"5-13", "P(5 or more days late)",
	):  # fmt: skip
		assert text in found.output


def test_json_holds_the_same_figures(table, world):
	found = run(table, "--json", "--until", world.until)
	assert found.exit_code == 0, found.output
	figures = json.loads(found.output)
	assert figures["lines"] == len(world.lines)
	assert [row["grade"] for row in figures["grades"]["grades"]] == ["A", "B", "C", "D", "E"]
	assert 0.5 < figures["grades"]["auc"] <= 1
	assert sum(row["count"] for row in figures["grades"]["migration"]["counts"]) > 0
	assert figures["dates"]["mae"] < figures["dates"]["mae_due_date"]


def test_a_store_gives_what_the_table_gives(tmp_path, table, world):
	path = tmp_path / "ledger.sqlite"
	fill(path, world.lines, ["Testers"])
	from_store, from_table = run("--db", path, "--json"), run(table, "--json")
	assert from_store.exit_code == 0, from_store.output
	assert json.loads(from_store.output)["grades"] == json.loads(from_table.output)["grades"]


def test_a_store_of_several_companies_asks_which(tmp_path, world):
	path = tmp_path / "ledger.sqlite"
	fill(path, world.lines[:50], ["Testers", "Others"])
	refused = run("--db", path)
	assert refused.exit_code == 1
	assert "Others, Testers" in refused.output
	assert run("--db", path, "--company", "Testers").exit_code == 0
	assert run("--db", path, "--company", "Others").exit_code == 1


def fill(path, lines, companies):
	"""Book *lines* in a store, for the first of *companies*; what is paid is paid in two halves."""
	connection = ledger_file.create(path)
	connection.execute("begin")
	writer = ledger_file.StoreWriter(connection)
	for company in companies:
		debtors = f"Debtors - {company}"
		writer.add("Company", {"name": company, "default_currency": "USD"})
		writer.add(
			"Account",
			{"name": debtors, "company": company, "account_type": "Receivable", "account_currency": "USD"},
		)
	debtors = f"Debtors - {companies[0]}"

	def entry(day, li, voucher, kind, amount):
		writer.add(
			"Payment Ledger Entry",
			{
				"posting_date": day, "company": companies[0], "account": debtors, "party_type": "Customer",
				"party": li.customer, "voucher_type": kind, "voucher_no": voucher,
				"against_voucher_type": "Sales Invoice", "against_voucher_no": li.reference,
				"amount": amount, "amount_in_account_currency": amount,
			},
		)  # fmt: skip

	for li in lines:
		amount = Decimal(str(li.amount))
		writer.add(
			"Sales Invoice",
			{
				"name": li.reference, "customer": li.customer, "company": companies[0],
				"posting_date": li.issued, "due_date": li.due, "debit_to": debtors, "currency": "USD",
				"grand_total": amount, "base_grand_total": amount, "docstatus": 1,
			},
		)  # fmt: skip
		entry(li.issued, li, li.reference, "Sales Invoice", amount)
		if li.settled_on:
			half = (amount / 2).quantize(Decimal("0.01"))
			entry(li.issued, li, f"PE1 {li.reference}", "Payment Entry", -half)
			entry(li.settled_on, li, f"PE2 {li.reference}", "Payment Entry", half - amount)
	writer.flush()
	connection.execute("commit")
	connection.close()


def test_exactly_one_source(table):
	assert run().exit_code == 2
	assert run(table, "--db", "x.sqlite").exit_code == 2
	assert run("--db", table.parent / "none.sqlite").exit_code == 1
	assert run(table.parent / "none.csv").exit_code == 1
	assert run("--db", table).exit_code == 1


def test_headings_dates_and_delimiters(tmp_path):
	text = "custNumber;posting_date;due_in_date;total_open_amount;clear_date;note\nÜmit;20240105;20240204.0;1,250.50;2024-02-10 0:00:00;x\n"
	with pytest.raises(BadInput, match="row 2, column clear_date"):
		read_trade_lines(
			written(tmp_path, text.replace("20240204.0;1,250.50;2024-02-10 0:00:00", "20240204.0;1;soon"))
		)
	(found,) = read_trade_lines(written(tmp_path, text), calendar=EVERY_DAY)
	assert found == ("Ümit", "", date(2024, 1, 5), date(2024, 2, 4), 1250.5, date(2024, 2, 10), False, None)


def test_chinese_files_and_named_columns(tmp_path):
	path = written(tmp_path, "客户,开票,到期,收款\n云海,2024/1/5,2024/2/5,\n", "gb18030")
	with pytest.raises(Refused, match="no column for customer"):
		read_trade_lines(path)
	columns = {"customer": "客户", "issued": "开票", "due": "到期", "settled": "收款"}
	(found,) = read_trade_lines(path, columns=columns)
	assert (found.customer, found.settled_on, found.amount) == ("云海", None, 1.0)
	arguments = [f"--column={role}={heading}" for role, heading in columns.items()]
	assert run(path, *arguments).exit_code == 0
	assert run(path, "--column", "colour=客户").exit_code == 2


def test_weekends_and_holidays(tmp_path):
	path = written(tmp_path, HEADINGS + "Ada,1,2024-01-05,2024-02-03,1,,Yes\n")
	holidays = tmp_path / "holidays.txt"
	holidays.write_text("2024-02-05\n")
	assert read_trade_lines(path)[0].due == date(2024, 2, 5)
	assert read_trade_lines(path, calendar=EVERY_DAY)[0].due == date(2024, 2, 3)
	assert read_trade_lines(path)[0].disputed
	assert run(path, "--holidays", holidays).exit_code == 0
	assert run(path, "--seven-days").exit_code == 0
	assert run(path, "--without-disputed").exit_code == 1
	holidays.write_text("tomorrow\n")
	assert run(path, "--holidays", holidays).exit_code == 2


def test_ambiguous_dates_are_asked_for(tmp_path):
	path = written(tmp_path, HEADINGS + "Ada,1,01/02/2024,03/04/2024,1,05/04/2024,\n")
	with pytest.raises(Refused, match="--date-format"):
		read_trade_lines(path)
	assert read_trade_lines(path, "%d/%m/%Y")[0].issued == date(2024, 2, 1)
	assert run(path, "--date-format", "%m/%d/%Y").exit_code == 0


def test_blank_amounts_are_refused_or_left_out_and_listed(tmp_path, world):
	rows = [
		f"{li.customer},{li.reference},{li.issued},{li.due},{li.amount},{li.settled_on or ''},No\n"
		for li in world.lines
	]
	blank = "Ada,{0},2023-01-05,2023-02-06,,2023-02-06,No\n"
	rows[1:1] = [blank.format("x1"), blank.format("x2")]
	rows.append(blank.format("x3"))
	path = written(tmp_path, HEADINGS + "".join(rows))
	with pytest.raises(
		BadInput, match=r"row 3, column Amount: The amount is missing\. .*--skip-blank-amounts"
	):
		read_trade_lines(path)
	assert run(path).exit_code == 1
	skipped = []
	assert read_trade_lines(path, on_blank_amount=skipped.append) == world.lines
	assert skipped == [3, 4, len(rows) + 1]
	found = run(path, "--skip-blank-amounts", "--json")
	assert found.exit_code == 0
	assert f"3 rows (3-4, {len(rows) + 1})" in found.output


def test_without_a_column_of_amounts_all_invoices_weigh_the_same(tmp_path):
	path = written(tmp_path, "customer,issued,due,settled\nAda,2024-01-05,2024-02-05,2024-02-05\n")
	assert [li.amount for li in read_trade_lines(path)] == [1.0]


@pytest.mark.parametrize(
	("row", "place"),
	[
		("Ada,1,2024-01-05,2024-02-05,much,,", "row 3, column Amount"),
		("Ada,1,2024-01-05,2024-02-31,1,,", "row 3, column Due Date"),
		("Ada,1,,2024-02-05,1,,", "row 3, column Invoice Date"),
		(",1,2024-01-05,2024-02-05,1,,", "row 3, column Customer ID"),
		("Ada,1", "row 3, column Invoice Date"),
	],
)
def test_bad_rows_are_named(tmp_path, row, place):
	path = written(tmp_path, HEADINGS + "Ada,1,2024-01-05,2024-02-05,1,,\n" + row + "\n")
	with pytest.raises(BadInput, match=place):
		read_trade_lines(path)
	assert run(path).exit_code == 1


@pytest.mark.parametrize(
	"text", ["", HEADINGS, HEADINGS + "\n\n", HEADINGS + "Ada,1,2024-01-05,2024-02-05,-5,,\n"]
)
def test_tables_without_invoices(tmp_path, text):
	with pytest.raises(Refused):
		read_trade_lines(written(tmp_path, text))


def test_binary_files_are_refused(tmp_path):
	path = tmp_path / "table.csv"
	path.write_bytes(bytes(range(256)))
	with pytest.raises(Refused, match="not a text file"):
		read_trade_lines(path)
