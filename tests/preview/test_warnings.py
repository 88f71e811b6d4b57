"""The preview's early warnings: by command, on the page and in the workbook, of a ledger whose customers change."""

import csv
import json

import openpyxl
import pytest
from click.testing import CliRunner

from benchmarks.warning_ledgers import LedgerStyle, invent_company
from client_ledger.core.credit.lateness import known
from client_ledger.core.early_warnings.catalogue import CUSTOMER_SIGNALS, SIGNALS
from client_ledger.preview.cli import main
from client_ledger.preview.output.outputs import write_outputs
from client_ledger.preview.store import ledger_file
from tests.preview.conftest import packed
from tests.preview.test_outputs import browser, open_page, outputs, wait_until_narrow  # noqa: F401

HEADINGS = ["Customer", "Invoice", "Invoice Date", "Due Date", "Amount", "Payment Date", "Paid Amount"]


@pytest.fixture(scope="module")
def changing(tmp_path_factory):
	"""Return a store with a ledger whose customers change, its CSV file, and its last day."""
	folder = tmp_path_factory.mktemp("warnings")
	events, until = invent_company(2, LedgerStyle(customers=100, distress=0.3, told=False))
	table, database = folder / "invoices.csv", folder / "ledger.sqlite"
	with table.open("w", newline="") as file:
		writer = csv.writer(file)
		writer.writerow(HEADINGS)
		for line in known(events.lines, until):
			paid = (line.settled_on, line.amount) if line.settled_on else ("", "")
			writer.writerow([line.customer, line.reference, line.issued, line.due, line.amount, *paid])
	arguments = ["import", str(table), "--db", str(database), "--company", "Acme", "--currency", "EUR"]
	done = CliRunner().invoke(main, [*arguments, "--lang", "en"])
	assert not done.exit_code, done.output
	return database, table, until


@pytest.fixture(scope="module")
def page_of_changing(changing, tmp_path_factory):
	"""Return page and workbook of that ledger."""
	database, _table, until = changing
	connection = ledger_file.open_store(database)
	made = write_outputs(connection, tmp_path_factory.mktemp("report"), until)
	connection.close()
	return made


def _json(*arguments: str) -> dict:
	done = CliRunner().invoke(main, ["warnings", *arguments, "--json"])
	assert not done.exit_code, done.output
	return json.loads(done.stdout)


def test_a_store_says_the_same_as_the_table_it_was_imported_from(changing):
	database, table, until = changing
	store = _json("--db", str(database), "--as-of", until.isoformat())
	file = _json(str(table))
	assert [row["code"] for row in store["signals"]] == [signal.code for signal in SIGNALS]
	assert store["invoices"] == file["invoices"] == store["tested"]
	for ours, theirs in zip(store["signals"], file["signals"], strict=True):
		if ours["code"].startswith("company") or ours["code"].startswith("orders"):
			continue
		assert abs(ours["raised"] - theirs["raised"]) <= 2, ours["code"]


def test_what_is_raised_is_on_and_says_why(changing):
	database, _table, until = changing
	found = _json("--db", str(database), "--as-of", until.isoformat())
	on = {row["name"] for row in found["signals"] if row["is_on"]}
	assert found["now"] and {row["signal"] for row in found["now"]} <= on
	for row in found["now"]:
		assert row["because"][0] and row["because"][1] and row["action"]
	scores = [row["score"] for row in found["now"] if row["customer"]]
	assert scores == sorted(scores, reverse=True)
	off = [row for row in found["signals"] if not row["is_on"]]
	assert all(row["verdict"] != "Beats the Base Rate" for row in off)
	risky = [row["score"] for row in found["riskiest"]]
	assert risky == sorted(risky, reverse=True) and all(row["raised_by"] for row in found["riskiest"][:1])


def test_command_prints_records_and_what_was_missed(changing):
	database, _table, until = changing
	arguments = ["--lang", "en", "warnings", "--db", str(database), "--as-of", until.isoformat()]
	done = CliRunner().invoke(main, arguments)
	assert not done.exit_code, done.output
	text = " ".join(done.output.split())
	assert "Record of Each Signal, 105 Weeks" in text
	assert "times that a customer turned bad, a signal that is on had warned" in text
	assert "The Tenth of the Customers at Highest Risk" in text and "Never raised:" in text


@pytest.mark.parametrize(
	"rows, says",
	[
		([], "no invoices"),
		([["Ada", "1", "2026-01-05", "2026-02-04", "100", "", ""]], "too few months"),
	],
)
def test_a_table_with_nothing_to_look_back_on_says_so(tmp_path, rows, says):
	path = tmp_path / "short.csv"
	with path.open("w", newline="") as file:
		csv.writer(file).writerows([HEADINGS, *rows])
	done = CliRunner().invoke(main, ["--lang", "en", "warnings", str(path)])
	assert done.exit_code == 1
	assert says in " ".join(done.output.split())


def test_neither_or_both_inputs_are_refused(changing):
	database, table, _until = changing
	for arguments in ([], [str(table), "--db", str(database)]):
		assert CliRunner().invoke(main, ["warnings", *arguments]).exit_code == 2


def test_page_and_workbook_hold_it(page_of_changing):
	company = packed(page_of_changing.page, "main")["companies"][0]
	found = company["warnings"]
	assert len(found["signals"]) == len(SIGNALS) and found["weeks"] == 105
	assert found["caught"] <= found["turns"]
	book = openpyxl.load_workbook(page_of_changing.workbook, read_only=True)
	assert {"Early Warnings", "Warning Record"} <= set(book.sheetnames)
	names = {cell for row in book["Warning Record"].iter_rows(values_only=True) for cell in row}
	assert names >= {signal.name for signal in CUSTOMER_SIGNALS}


def test_sample_company_with_little_history_is_told_apart(outputs):  # noqa: F811
	for company in packed(outputs.page, "main")["companies"]:
		for row in company["warnings"]["signals"]:
			assert row["is_on"] is (row["company"] or row["verdict"] == "Beats the Base Rate")


def test_browser_shows_warnings_at_both_widths_and_languages(page_of_changing, open_page):  # noqa: F811
	page = open_page(page_of_changing.page)
	assert page.locator("#warning-records tbody tr").count() == len(SIGNALS)
	assert page.locator("#warning-now tbody tr").count() >= 1
	assert "On: beats the base rate" in page.locator("#warning-records").inner_text()
	page.set_viewport_size({"width": 390, "height": 844})
	wait_until_narrow(page, 390)
	english = page.locator("#warning-now").inner_text()
	page.click("#language")
	assert page.locator("#warning-now tbody tr").count() >= 1
	assert english
