"""The preview's KPIs are the core's: on the page, in the workbook, by command, and calculated again by a spreadsheet."""

import io
import json
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from click.testing import CliRunner

from client_ledger.core.account import position
from client_ledger.core.kpis.definitions import DEFINITIONS
from client_ledger.core.kpis.measure import measure
from client_ledger.core.kpis.rows import Window
from client_ledger.ledger.kpi_book import read_book
from client_ledger.ledger.reader import Scope
from client_ledger.paper.kpi_workbook import write_kpi_workbook
from client_ledger.preview.cli import main
from client_ledger.preview.figures.companies import list_companies
from client_ledger.preview.store import ledger_file
from tests.preview.conftest import LATER, TODAY, packed
from tests.preview.test_outputs import browser, open_page, outputs, wait_until_narrow  # noqa: F401
from tests.unit.kpis.spreadsheet import recalculated


@pytest.fixture(scope="module")
def books(sample_path):
	"""Per company: its ledger's facts and its KPIs."""
	connection = ledger_file.open_store(sample_path)
	ledger, found = ledger_file.ledger(connection), {}
	for company, currency in list_companies(connection):
		rows = connection.execute(
			"select distinct party from `tabPayment Ledger Entry` where company = ?", (company,)
		)
		window = Window(TODAY, 3)
		book = read_book(ledger, company, [row[0] for row in rows], [window])
		items = ledger.open_items(Scope((company,)), TODAY)
		found[company] = (currency, position(items, TODAY), measure(book, window), book)
	connection.close()
	return found


def test_kpis_start_from_the_ledger(books):
	for _currency, owed, measured, _book in books.values():
		inputs = measured.of("receivable").inputs
		assert inputs["receivable"] == owed.receivable
		assert measured.tie.balance == owed.balance and measured.tie.difference == 0
		assert measured.of("average_days_delinquent").inputs["overdue"] == owed.overdue


def test_moves_explain_what_changed(books):
	"""What is left to other entries is what journals did, not what nobody could explain."""
	for _currency, _owed, measured, book in books.values():
		month, changed, moved = measured.window.month_before, Counter(), Counter()
		for day, sign in ((month, -1), (TODAY, 1)):
			for row in book.open_on[day]:
				changed[row.voucher] += sign * row.amount
		for move in book.moves:
			if month < move.posted <= TODAY:
				moved[move.voucher] += move.amount
		assert {v for v in (*changed, *moved) if abs(changed[v] - moved[v]) > Decimal("0.001")} == set()
		assert len(moved) > 10
		parts = {cause.name: amount for cause, amount in measured.of("receivable").change.parts.items()}
		assert parts["MIX"] == 0 and parts["BILLING"] > 0 > parts["PAYMENTS"]


def test_a_spreadsheet_calculates_the_same_to_the_cent(books):
	for currency, _owed, measured, _book in books.values():
		file = io.BytesIO()
		write_kpi_workbook(file, measured, "Acme", currency, str)
		cells = recalculated(file)
		for row, kpi in enumerate(measured.kpis, 2):
			if kpi.value is not None:
				assert round(cells["KPIs", "B", row], 2) == float(kpi.shown), kpi.definition.key


def test_page_says_what_the_core_says(outputs, books):  # noqa: F811
	for company in packed(outputs.page, "main")["companies"]:
		_currency, _owed, measured, _book = books[company["name"]]
		found = company["kpis"]
		assert [row["key"] for row in found["rows"]] == [definition.key for definition in DEFINITIONS]
		for row, kpi in zip(found["rows"], measured.kpis, strict=True):
			assert row["value"] == (None if kpi.shown is None else float(kpi.shown))
			assert (row["missing"] is None) == (kpi.value is not None)
			assert row["drilled"] == len(measured.drill(kpi))
			if row["parts"]:
				change = Decimal(str(row["value"])) - Decimal(str(row["before"]))
				assert abs(sum(map(Decimal, map(str, row["parts"]))) - change) < Decimal("0.001")
		assert len(found["ends"]) == 12
		for parts in found["parts"].values():
			assert sum(part[1] for part in parts) == pytest.approx(float(measured.of("receivable").value))


def test_workbook_has_the_kpis(outputs, books):  # noqa: F811
	sheet = openpyxl.load_workbook(outputs.workbook)["KPIs"]
	rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
	assert len(rows) == len(books) * len(DEFINITIONS)
	for company, currency, label, value, *_rest in rows:
		if label == "DSO":
			assert currency == books[company][0]
			assert value == float(books[company][2].of("dso").shown)


def test_command(database, tmp_path):
	run, path = CliRunner().invoke, tmp_path / "kpis.xlsx"
	company = _first_company(database)
	arguments = ["kpis", "--db", str(database), "--company", company, "--as-of", LATER.isoformat()]
	shown = run(main, [*arguments, "--workbook", str(path)])
	assert shown.exit_code == 0, shown.output
	assert "Ties to the General Ledger" in shown.stdout
	found = json.loads(run(main, [*arguments, "--json", "--months", "12"]).stdout)
	assert found["balance"] == found["general_ledger"]
	assert found["kpis"]["cost_per_collected"]["missing"] == "no_time_logged"
	cells = recalculated(io.BytesIO(path.read_bytes()))
	assert all(cells["KPIs", "E", row] in (None, 0) for row in range(2, len(DEFINITIONS) + 2))
	refused = run(main, [*arguments, "--workbook", str(tmp_path / "none" / "kpis.xlsx")])
	assert refused.exit_code == 1 and "cannot be written" in refused.stderr


def test_before_the_first_invoice_everything_says_why(database):
	day = (LATER - timedelta(days=4000)).isoformat()
	company = _first_company(database)
	arguments = ["kpis", "--db", str(database), "--company", company, "--as-of", day, "--json"]
	found = json.loads(CliRunner().invoke(main, arguments).stdout)
	missing = {key: row["missing"] for key, row in found["kpis"].items() if row["value"] is None}
	assert missing["dso"] == "no_sales" and missing["current_share"] == "nothing_owed"
	assert set(found["kpis"]) - set(missing) == {"receivable", "dso_count_back"}


def _first_company(database) -> str:
	connection = ledger_file.open_store(database)
	name = list_companies(connection)[0][0]
	connection.close()
	return name


def test_browser_kpi_opens_with_formula_and_rows(outputs, open_page):  # noqa: F811
	page = open_page(outputs.page)
	assert page.locator("tr.kpi").count() == len(DEFINITIONS)
	page.click("tr[data-kpi=dso] button")
	detail = page.locator("tr.kpi-detail")
	assert "Receivable / credit sales × days" in detail.inner_text()
	assert detail.locator("tbody tr").count() > 5
	page.click("tr[data-kpi=dso] button")
	assert page.locator("tr.kpi-detail").count() == 0
	page.click("#kpi-dimensions button >> nth=1")
	assert page.locator("#kpi-parts tbody tr").count() >= 1


def test_browser_forecast_and_phone_width(outputs, open_page):  # noqa: F811
	page = open_page(outputs.page)
	assert page.locator("#forecast-weeks tbody tr").count() == 13
	assert "Record of Past Forecasts" in page.locator("#forecast-record").inner_text()
	page.set_viewport_size({"width": 390, "height": 844})
	page.click("tr[data-kpi=dso] button")
	wait_until_narrow(page, 390)
