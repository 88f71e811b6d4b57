"""The preview's forecast of cash: per company and currency, with its record, on the page, in the workbook and by command."""

import csv
import json
from collections import Counter
from itertools import accumulate

import openpyxl
import pytest
from click.testing import CliRunner

from client_ledger.core.forecast.items import CashSource
from client_ledger.preview.cli import main
from client_ledger.preview.figures.companies import CompanyReader, list_companies
from client_ledger.preview.store import ledger_file
from tests.preview.conftest import LATER, TODAY, packed
from tests.preview.test_outputs import outputs  # noqa: F401
from tests.unit.credit.ledgers import invent


@pytest.fixture(scope="module")
def read(sample_path):
	"""Per company: its accounts, its cash by week, and what is delivered and not billed, by currency."""
	connection = ledger_file.open_store(sample_path)
	ledger, found = ledger_file.ledger(connection), {}
	for company, currency in list_companies(connection):
		reader = CompanyReader(connection, ledger, company, currency, TODAY)
		accounts = list(reader.accounts())
		notes = ledger.unbilled_deliveries(reader.scope)
		delivered: dict[str, Counter[str]] = {currency: Counter()}
		for note in notes:
			delivered[currency][note.customer] += float(note.base_unbilled)
		found[company] = (accounts, reader.forecasts(), delivered)
	connection.close()
	return found


def test_all_that_is_owed_and_ordered_is_in_it_less_what_is_on_account(read):
	set_off = 0.0
	for accounts, forecasts, delivered in read.values():
		for one in forecasts:
			there: Counter[str] = Counter()
			on_account: Counter[str] = Counter()
			ordered = 0.0
			for account in accounts:
				for item in account.items:
					if item.currency == one.currency:
						kind = on_account if item.is_credit else there
						kind[item.customer] += abs(float(item.outstanding))
				for order in account.orders:
					if order.currency == one.currency:
						there[order.customer] += float(order.unbilled)
						ordered += float(order.unbilled)
			there.update(delivered.get(one.currency, {}))
			left = sum(max(amount - on_account[customer], 0.0) for customer, amount in there.items())
			set_off += sum(there.values()) - left
			forecast = one.forecast
			expected = sum(week.by_due_date for week in forecast.weeks) + forecast.later_by_due_date
			assert expected == pytest.approx(left)
			assert forecast.later >= 0
			assert (CashSource.DELIVERY in forecast.sources) == bool(delivered.get(one.currency))
			assert (CashSource.ORDER in forecast.sources) == (ordered > 0)
	assert set_off > 0


def test_currencies_are_apart(read):
	several = [forecasts for _accounts, forecasts, _delivered in read.values() if len(forecasts) > 1]
	assert several
	for forecasts in several:
		assert len({one.currency for one in forecasts}) == len(forecasts)


def test_scenarios_bring_no_more_by_any_week(read):
	for _accounts, forecasts, _delivered in read.values():
		for one in forecasts:
			now = list(accumulate(week.expected for week in one.forecast.weeks))
			assert [scenario.name for scenario in one.scenarios] == ["without", "later", "worse"]
			without = one.scenarios[0]
			assert all(
				then <= week.expected + 1e-6
				for then, week in zip(without.weeks, one.forecast.weeks, strict=True)
			)
			assert sum(without.weeks) < now[-1] or not now[-1]


def test_page_and_workbook_say_the_same(outputs, read):  # noqa: F811
	book = openpyxl.load_workbook(outputs.workbook)
	rows = [[cell.value for cell in row] for row in book["Cash Forecast"].iter_rows(min_row=3)]
	for company in packed(outputs.page, "main")["companies"]:
		_accounts, forecasts, _delivered = read[company["name"]]
		assert [one["currency"] for one in company["forecasts"]] == [one.currency for one in forecasts]
		for shown, one in zip(company["forecasts"], forecasts, strict=True):
			weeks = one.forecast.weeks
			assert [row[0] for row in shown["weeks"]] == pytest.approx([w.expected for w in weeks], abs=0.01)
			assert all(low <= high for _expected, low, high, *_rest in shown["weeks"])
			own = [row for row in rows if row[:2] == [company["name"], one.currency]]
			assert [row[4] for row in own] == pytest.approx([week.expected for week in weeks], abs=0.01)
			if shown["scores"]:
				near = one.forecast.scores[0]
				assert shown["scores"][0]["model"][0] == round(near.model.wape, 3)
				assert shown["scores"][0]["lost_to"] == near.lost_to
	assert book["Forecast Record"].max_row > 3


def test_command_of_a_store(database):
	connection = ledger_file.open_store(database)
	company = list_companies(connection)[0][0]
	connection.close()
	arguments = ["forecast", "--db", str(database), "--company", company, "--as-of", LATER.isoformat()]
	shown = CliRunner().invoke(main, arguments)
	assert shown.exit_code == 0, shown.output
	assert "Record of Past Forecasts" in shown.stdout
	found = json.loads(CliRunner().invoke(main, [*arguments, "--json"]).stdout)
	assert len(found[0]["weeks"]) == 13


def test_command_of_a_file(tmp_path):
	path = tmp_path / "paid.csv"
	with path.open("w", newline="") as file:
		writer = csv.writer(file)
		writer.writerow(["customer", "invoice", "invoice date", "due date", "amount", "settled date"])
		for line in invent(2, customers=20).lines:
			settled = line.settled_on or ""
			writer.writerow([line.customer, line.reference, line.issued, line.due, line.amount, settled])
	near, later = json.loads(CliRunner().invoke(main, ["forecast", str(path), "--json"]).stdout)
	assert near["weeks"] == [1, 4] and near["wape"] < near["wape_due_date"] and later["forecasts"] > 20
	assert "WAPE" in CliRunner().invoke(main, ["forecast", str(path)]).stdout


def test_a_file_or_a_store_but_not_both(tmp_path):
	run = CliRunner().invoke
	assert run(main, ["forecast"]).exit_code == 2
	assert run(main, ["forecast", "x.csv", "--db", "y.sqlite"]).exit_code == 2
	assert "does not exist" in run(main, ["forecast", str(tmp_path / "no.csv")]).stderr


def test_a_ledger_without_history_says_so(tmp_path):
	path = tmp_path / "invoices.csv"
	path.write_text("Customer,Invoice No,Invoice Date,Due Date,Amount\nAcme,A-1,2025-06-01,2025-07-01,10\n")
	database = tmp_path / "new.sqlite"
	run = CliRunner().invoke
	assert run(main, ["import", str(path), "--db", str(database)]).exit_code == 0
	found = json.loads(
		run(main, ["forecast", "--db", str(database), "--as-of", "2025-06-30", "--json"]).stdout
	)
	assert found[0]["scores"] is None and sum(week[0] for week in found[0]["weeks"]) > 0
	empty = run(main, ["forecast", "--db", str(database), "--as-of", "2025-05-30"])
	assert empty.exit_code in (0, 1) and "Traceback" not in empty.output
