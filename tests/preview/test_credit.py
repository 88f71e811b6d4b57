"""The preview's grades, dates and cash are the core's, in the page and in the workbook."""

from datetime import date, timedelta

import openpyxl
import pytest

from client_ledger.core.credit.assessment import UNRATED, assess
from client_ledger.core.credit.backtest import backtest
from client_ledger.core.credit.histogram import expect, learn
from client_ledger.core.credit.lateness import BUSINESS_DAYS, trade_lines
from client_ledger.core.credit.measures import measure
from client_ledger.core.credit.scorecard import Scorecard
from client_ledger.ledger.reader import Scope
from client_ledger.preview import i18n
from client_ledger.preview.figures import companies, credit
from client_ledger.preview.output.outputs import write_outputs
from client_ledger.preview.store import ledger_file, posting
from client_ledger.sample.generator import generate
from tests.preview.conftest import TODAY
from tests.preview.test_outputs import packed
from tests.unit.credit.ledgers import invent

CARD = Scorecard()


@pytest.fixture(scope="module")
def read(sample_path):
	"""Every company of the sample: its trade lines, its accounts' figures and its own."""
	connection = ledger_file.open_store(sample_path)
	ledger, found = ledger_file.ledger(connection), []
	for company, currency in companies.list_companies(connection):
		reader = companies.CompanyReader(connection, ledger, company, currency, TODAY)
		accounts = list(reader.accounts())
		names = tuple(account.master.customer for account in accounts)
		lines = trade_lines(ledger.settlements(Scope((company,), names), TODAY))
		found.append((lines, accounts, reader.totals()))
	connection.close()
	return found


def test_grades_are_those_of_all_settlements(read):
	graded = 0
	for lines, accounts, _totals in read:
		inputs = measure(lines, TODAY)
		for account in accounts:
			made = account.credit.assessment
			if account.master.customer in inputs:
				expected = assess(inputs[account.master.customer], CARD)
				assert made.grade == expected.grade
				assert made.score == pytest.approx(expected.score, abs=1e-3)
				graded += made.score is not None
			else:
				assert made.grade == UNRATED
	assert graded > 20


def test_each_item_owed_has_its_dates_and_credits_have_none(read):
	seen = 0
	for lines, accounts, _totals in read:
		lateness = learn(lines, TODAY)
		for account in accounts:
			for item, found in zip(account.items, account.credit.expected, strict=True):
				if item.is_credit:
					assert found is None
					continue
				due = BUSINESS_DAYS.effective(item.due_date)
				assert found == expect(lateness.of(account.master.customer), due, TODAY)
				assert TODAY < found.earliest <= found.expected <= found.latest
				seen += 1
	assert seen > 20


def test_expected_cash_is_all_that_is_owed(read):
	for _lines, accounts, totals in read:
		owed = sum(float(i.base_outstanding) for a in accounts for i in a.items if not i.is_credit)
		for forecast in (totals.credit.cash, totals.credit.by_due_date):
			assert len(forecast.weeks) == 13
			assert sum(forecast.weeks) + forecast.later == pytest.approx(owed)
		overdue = sum(
			float(i.base_outstanding)
			for a in accounts
			for i in a.items
			if not i.is_credit and i.due_date <= TODAY
		)
		assert totals.credit.by_due_date.weeks[0] >= overdue - 0.01


def test_backtest_is_that_of_the_command(read):
	for lines, _accounts, totals in read:
		found, expected = totals.credit.test, backtest(lines)
		assert totals.credit.tested_customers == totals.credit.customers
		assert (found.lines, found.until) == (expected.lines, expected.until)
		assert found.grades.auc == pytest.approx(expected.grades.auc)
		assert found.dates.mae == pytest.approx(expected.dates.mae)
		assert found.cash.near.wape == pytest.approx(expected.cash.near.wape)


def test_a_large_ledger_is_tested_on_whole_customers():
	lines = invent(5).lines
	part = credit.sample(lines, len(lines) // 3)
	names = {line.customer for line in part}
	assert 0 < len(names) < len({line.customer for line in lines})
	assert part == [line for line in lines if line.customer in names]
	assert credit.sample(lines, len(lines) // 3) == part
	assert credit.sample(lines, len(lines)) == lines


def test_nothing_to_learn_from():
	grader = credit.Grader(TODAY)
	grader.learn()
	made = grader.account("Nobody", [])
	assert made.assessment.grade == UNRATED and made.expected == []
	assert grader.company().test is None


def test_page_has_both_languages(sample, tmp_path):
	found = write_outputs(sample, tmp_path, TODAY, with_workbook=False)
	main = packed(found.page, "main")
	assert main["grades"] == ["A", "B", "C", "D", "E", UNRATED]
	seen = set()
	for company in main["companies"]:
		assert len(company["credit"]["weeks"]) == 13 == len(company["credit"]["expected"]) - 1
		assert company["credit"]["weeks"][0] == (TODAY + timedelta(days=1)).isoformat()
		for account in company["accounts"]:
			block = packed(found.page, f"block-{account['block']}")[account["place"]]["credit"]
			seen.add(account["grade"])
			for row in block["factors"]:
				assert row[0] in main["messages"]["zh"]
				assert row[3] and row[4] and row[3] != row[4]
			assert bool(block["unrated"]) == (account["grade"] == UNRATED)
			assert all(len(heading) == 2 and rows for heading, rows in block["lifts"])
	assert len(seen) > 3


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_workbook(sample, tmp_path, language):
	i18n.use(language)
	found = write_outputs(sample, tmp_path, TODAY)
	book = openpyxl.load_workbook(found.workbook)
	grades, cash, items = (
		book[i18n.translate(name, language)] for name in ("Credit Grades", "Expected Cash", "Open Items")
	)
	heads = [cell.value for cell in grades[2]]
	column = {
		name: heads.index(i18n.translate(name, language))
		for name in ("Credit Grade", "Credit Score", "Reasons")
	}
	rows = list(grades.iter_rows(min_row=3, values_only=True))
	accounts = [a for c in packed(found.page, "main")["companies"] for a in c["accounts"]]
	assert len(rows) == len(accounts)
	for row, account in zip(rows, accounts, strict=True):
		assert row[column["Credit Grade"]] == i18n.translate(account["grade"], language)
		assert (row[column["Credit Score"]] is None) == (account["score"] is None)
		assert row[column["Reasons"]]
	weeks = list(cash.iter_rows(min_row=3, values_only=True))
	assert len(weeks) == 14 * len({row[0] for row in weeks})
	expected = [amount for c in packed(found.page, "main")["companies"] for amount in c["credit"]["expected"]]
	assert [row[4] for row in weeks] == pytest.approx(expected, abs=0.01)
	assert sum(row[4] for row in weeks) == pytest.approx(sum(row[5] for row in weeks))
	at = [cell.value for cell in items[2]].index(i18n.translate("Expected", language))
	dates = [row[at] for row in items.iter_rows(min_row=3, values_only=True) if row[at]]
	assert dates and all(day.date() > TODAY for day in dates)
	assert isinstance(dates[0].date(), date)


def test_of_the_sample_company_hardly_anything_is_owed_by_the_worst_grade(tmp_path):
	"""An old item of a few thousands made its largest customer, with two thirds of the receivables, an E."""
	connection = ledger_file.create(tmp_path / "sample.sqlite")
	posting.post_all(connection, generate(1, date(2026, 11, 27), 120))
	ledger_file.make_indexes(connection)
	ledger, today = ledger_file.ledger(connection), date(2026, 11, 27)
	company = "Lantern Instruments (Shanghai)"
	owed: dict[str, float] = {}
	for item in ledger.open_items(Scope((company,)), today):
		owed[item.customer] = owed.get(item.customer, 0.0) + float(item.base_outstanding)
	lines = trade_lines(ledger.settlements(Scope((company,), tuple(owed)), today))
	connection.close()
	by_grade: dict[str, float] = {}
	for customer, inputs in measure(lines, today).items():
		made = assess(inputs, CARD)
		assert made.grade != "E" or made.scored_grade == "E"
		by_grade[made.grade] = by_grade.get(made.grade, 0.0) + max(owed.get(customer, 0.0), 0.0)
	assert by_grade["E"] <= 0.15 * sum(by_grade.values())
