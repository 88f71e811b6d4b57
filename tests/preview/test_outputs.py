"""The page and the workbook: they say what the core says, open in a browser, and trust no name."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.utils.escape import unescape

from client_ledger.core.account import position
from client_ledger.ledger.reader import Scope
from client_ledger.preview import i18n
from client_ledger.preview.cli import main
from client_ledger.preview.output.outputs import write_outputs
from client_ledger.preview.store import ledger_file, posting
from client_ledger.sample.documents import (
	CompanyMaster,
	CustomerMaster,
	Documents,
	DocumentTerm,
	InvoiceDocument,
)
from tests.preview.conftest import TODAY, packed

EVIL = "=cmd|' /C calc'!A0 </script><script>document.title='evil'</script>"
ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def outputs(sample_path, tmp_path_factory):
	connection = ledger_file.open_store(sample_path)
	i18n.use("en")
	found = write_outputs(connection, tmp_path_factory.mktemp("outputs"), TODAY)
	connection.close()
	return found


@pytest.fixture
def evil(tmp_path):
	"""A ledger whose customer has a dangerous name."""
	connection = ledger_file.create(tmp_path / "evil.sqlite")
	day, amount = date(2025, 1, 1), Decimal("12.50")
	documents = Documents(
		TODAY, [CompanyMaster("Acme", "A", "EUR")], [CustomerMaster(EVIL, EVIL, "EUR", EVIL, "+49", "@x")]
	)
	documents.invoices.append(
		InvoiceDocument(
			"-1",
			"Acme",
			EVIL,
			day,
			day,
			"EUR",
			Decimal(1),
			amount,
			amount,
			terms=(DocumentTerm(day, amount),),
		)
	)
	posting.post_all(connection, documents)
	found = write_outputs(connection, tmp_path, TODAY)
	connection.close()
	return found


def test_page_says_what_the_core_says(outputs, sample):
	ledger, companies = ledger_file.ledger(sample), packed(outputs.page, "main")["companies"]
	assert len(companies) == 2
	for company in companies:
		items = ledger.open_items(Scope((company["name"],)), TODAY)
		found = position(items, TODAY)
		assert Decimal(str(company["balance"])) == found.balance
		assert Decimal(str(company["overdue"])) == found.overdue
		assert Decimal(str(company["unallocated"])) == found.unallocated
		assert company["open_items"] == len(items)
		assert [Decimal(str(v)) for v in company["ageing"]] == [found.ageing.not_due, *found.ageing.buckets]
		for account in company["accounts"]:
			block = packed(outputs.page, f"block-{account['block']}")[account["place"]]
			own = [i for i in items if i.customer == account["id"]]
			assert len(block["items"]) == len(own)
			outstanding = sum(Decimal(str(row[8])) for row in block["items"])
			assert outstanding == Decimal(str(account["balance"])) == sum(i.base_outstanding for i in own)


def test_page_is_small_and_asks_no_network(outputs):
	text = outputs.page.read_text(encoding="utf-8")
	assert len(text) < 1_000_000
	assert not re.findall(r"<(?:script|img|iframe)[^>]+src=|<link|@import|url\(", text)
	assert "default-src 'none'" in text


def test_same_store_same_page(outputs, sample, tmp_path):
	i18n.use("en")
	again = write_outputs(sample, tmp_path, TODAY, with_workbook=False)
	assert again.page.read_bytes() == outputs.page.read_bytes()
	assert again.workbook is None and not list(tmp_path.glob("*.xlsx"))


def test_names_cannot_break_out_of_the_page(evil):
	text = evil.page.read_text(encoding="utf-8")
	assert "document.title='evil'" not in text
	assert text.count("</script>") == text.count("<script")


def test_workbook_has_numbers_dates_and_frozen_headings(outputs, sample):
	book = openpyxl.load_workbook(outputs.workbook)
	assert book.sheetnames == [
		"Summary",
		"Worklist",
		"Ageing",
		"Credit Grades",
		"Expected Cash",
		"KPIs",
		"Cash Forecast",
		"Forecast Record",
		"Early Warnings",
		"Warning Record",
		"Open Items",
		"Movements",
	]
	for sheet in book:
		assert sheet.freeze_panes == "A3"
		assert sheet.auto_filter.ref
		assert sheet.max_row > 3
	items = book["Open Items"]
	heads = [cell.value for cell in items[2]]
	row = dict(zip(heads, [cell.value for cell in items[3]], strict=True))
	assert isinstance(row["Due Date"], datetime)
	assert isinstance(row["Outstanding"], int | float)
	expected = sum(
		item.base_outstanding
		for company, _currency in sample.execute("select name, default_currency from tabCompany")
		for item in ledger_file.ledger(sample).open_items(Scope((company,)), TODAY)
	)
	column = heads.index("Outstanding (Company Currency)") + 1
	total = sum(items.cell(i, column).value for i in range(3, items.max_row + 1))
	assert round(Decimal(total), 2) == expected


def test_workbook_holds_no_formula(evil):
	book = openpyxl.load_workbook(evil.workbook)
	cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
	assert any(cell.value == EVIL for cell in cells)
	assert not [cell for cell in cells if cell.data_type == "f"]
	assert all(cell.quotePrefix for cell in cells if str(cell.value)[:1] in "=+@" and cell.data_type == "s")
	with zipfile.ZipFile(evil.workbook) as archive:
		assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


def test_no_sheet_takes_a_name_for_a_formula(tmp_path):
	"""Customers, groups and invoices may begin with any sign that begins a formula."""
	connection = ledger_file.create(tmp_path / "signs.sqlite")
	day, amount = date(2025, 1, 1), Decimal("12.50")
	documents = Documents(TODAY, [CompanyMaster("=Acme", "A", "EUR")])
	names = [f"{sign}1+1" for sign in ("=", "+", "-", "@", "\t", "\r")]
	for name in names:
		documents.customers.append(CustomerMaster(name, name, "EUR", name, name, name))
		terms = (DocumentTerm(day, amount),)
		documents.invoices.append(
			InvoiceDocument(name, "=Acme", name, day, day, "EUR", Decimal(1), amount, amount, terms=terms)
		)
	posting.post_all(connection, documents)
	found = write_outputs(connection, tmp_path, TODAY)
	connection.close()
	book = openpyxl.load_workbook(found.workbook)
	cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
	for name in names:
		assert [cell for cell in cells if unescape(str(cell.value)) == name]
	texts = [cell for cell in cells if isinstance(cell.value, str)]
	assert all(cell.data_type == "s" for cell in texts)
	assert all(cell.quotePrefix for cell in texts if unescape(cell.value)[0] in "=+-@\t\r")


def test_several_currencies_are_not_summed(outputs):
	for company in packed(outputs.page, "main")["companies"]:
		if len(company["currencies"]) > 1:
			own = sum(Decimal(str(row[2])) for row in company["currencies"])
			assert own == Decimal(str(company["balance"]))
			return
	pytest.fail("the sample has no company with two currencies")


def test_chinese(sample, tmp_path):
	i18n.use("zh")
	found = write_outputs(sample, tmp_path, TODAY)
	text = found.page.read_text(encoding="utf-8")
	assert '<html lang="zh-CN">' in text
	book = openpyxl.load_workbook(found.workbook, read_only=True)
	assert "汇总" in book.sheetnames
	words = packed(found.page, "main")["messages"]["zh"]
	assert len(words) > 80
	assert not [word for word, chinese in words.items() if word == chinese]


def test_commands(tmp_path):
	run = CliRunner().invoke
	made = run(main, ["demo", "--out", str(tmp_path), "--customers", "5", "--today", "2025-06-30"])
	assert made.exit_code == 0, made.output
	assert "client-ledger.html" in made.stdout
	assert {path.suffix for path in (tmp_path / "statements").iterdir()} == {".html", ".pdf", ".xlsx"}
	database = str(tmp_path / "client-ledger.sqlite")
	checked = run(main, ["verify", "--db", database, "--as-of", "2025-06-30"])
	assert checked.exit_code == 0 and "match the general ledger" in checked.stdout
	written = run(
		main,
		["report", "--db", database, "--out", str(tmp_path / "r"), "--as-of", "2025-01-31", "--lang", "zh"],
	)
	assert written.exit_code == 0 and "请用浏览器打开" in written.stdout
	assert '"2025-01-31"' in json.dumps(packed(tmp_path / "r" / "client-ledger.html", "main"))


@pytest.mark.parametrize(
	"command", [["worklist"], ["verify"], ["statements"], ["dunning", "plan"], ["dunning", "replay"]]
)
def test_every_command_takes_a_language(tmp_path, command):
	missing = ["--db", str(tmp_path / "none.sqlite")]
	assert "不存在" in CliRunner().invoke(main, [*command, *missing, "--lang", "zh"]).stderr
	assert "does not exist" in CliRunner().invoke(main, [*command, *missing, "--lang", "en"]).stderr


def test_a_group_hands_its_language_on(tmp_path):
	missing = ["--db", str(tmp_path / "none.sqlite")]
	for arguments in (
		["dunning", "--lang", "zh", "plan"],
		["--lang", "zh", "dunning", "plan"],
		["--lang", "zh", "verify"],
	):
		assert "不存在" in CliRunner().invoke(main, [*arguments, *missing]).stderr


def test_demo_does_not_replace_what_was_imported(tmp_path):
	path = tmp_path / "invoices.csv"
	path.write_text("Customer,Invoice No,Invoice Date,Amount\nAcme,A-1,2025-01-01,10\n")
	database = tmp_path / "client-ledger.sqlite"
	run = CliRunner().invoke
	assert run(main, ["import", str(path), "--db", str(database)]).exit_code == 0
	before = database.read_bytes()
	refused = run(main, ["demo", "--out", str(tmp_path), "--customers", "2", "--today", "2025-06-30"])
	assert refused.exit_code == 1 and "imported documents" in refused.stderr
	assert database.read_bytes() == before


@pytest.fixture(scope="module")
def browser():
	playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
	if not CHROMIUM:
		pytest.skip("no Chromium on this machine")
	with playwright.sync_playwright() as started:
		running = started.chromium.launch(
			executable_path=CHROMIUM,
			args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
		)
		yield running
		running.close()


@pytest.fixture
def open_page(browser):
	"""Opens a page, and at the end of the test holds it to have made no error and no request."""
	wrong, context = [], browser.new_context(viewport={"width": 1280, "height": 900})
	page = context.new_page()
	page.on(
		"console",
		lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None,
	)
	page.on("pageerror", lambda error: wrong.append(str(error)))
	page.on("request", lambda request: None if request.url.startswith("file:") else wrong.append(request.url))

	def opened(path):
		page.goto(path.as_uri())
		page.wait_for_selector("body[data-ready]")
		return page

	yield opened
	context.close()
	assert not wrong


def wait_until_narrow(page, width: int) -> None:
	"""Wait until the page is no wider than that: after its window changed, it is drawn anew a moment later. Fails after ten seconds."""
	for _try in range(100):
		if page.evaluate("document.documentElement.scrollWidth") <= width:
			return
		page.wait_for_timeout(100)
	raise AssertionError(f"the page is wider than {width}")


def test_browser_search_and_ledger(outputs, open_page):
	page = open_page(outputs.page)
	company = packed(outputs.page, "main")["companies"][0]
	assert page.locator("tr.open").count() == len(company["accounts"])
	wanted = max(company["accounts"], key=lambda account: account["balance"])
	page.fill("#search", wanted["id"].lower())
	assert page.locator("tr.open").count() == 1
	page.click("tr.open a")
	page.wait_for_selector("#ledger table")
	assert wanted["name"] in page.inner_text("h1")
	block = packed(outputs.page, f"block-{wanted['block']}")[wanted["place"]]
	assert block["lines"][0][2] in page.inner_text("#ledger tbody tr >> nth=0")
	page.click("[data-tab=items]")
	assert page.locator("#ledger tbody tr").count() == min(len(block["items"]), 60)
	page.go_back()
	page.wait_for_selector("#overview:not([hidden])")


def test_browser_worklist(outputs, open_page):
	page = open_page(outputs.page)
	company = packed(outputs.page, "main")["companies"][0]
	calls = company["calls"]["rows"]
	assert page.locator("#calls tr.call").count() == min(len(calls), 10)
	first = company["accounts"][calls[0][0]]
	assert first["name"] in page.inner_text("#calls tr.call >> nth=0")
	assert calls[0][4][0][0] in page.inner_text("#calls tr.call >> nth=0")
	page.fill("#call-search", first["id"])
	assert page.locator("#calls tr.call").count() == 1
	page.click("#language")
	assert calls[0][4][1][0] in page.inner_text("#calls tr.call")
	page.fill("#call-search", "")
	page.evaluate("dispatchEvent(new Event('beforeprint'))")
	assert page.locator("#calls tr.call").count() == len(calls)
	page.click("#calls tr.call a >> nth=0")
	page.wait_for_selector("#ledger table")
	assert page.inner_text("h1") == first["name"]


def test_browser_language_company_and_sorting(outputs, open_page):
	page = open_page(outputs.page)
	page.click("#language")
	assert "账龄" in page.inner_text("#overview")
	page.click("#language")
	assert "Ageing" in page.inner_text("#overview")
	page.select_option("#company", "1")
	second = packed(outputs.page, "main")["companies"][1]
	assert page.locator("tr.open").count() == len(second["accounts"])
	page.click("[data-sort=balance]")
	largest = max(second["accounts"], key=lambda account: account["balance"])
	assert largest["name"] in page.inner_text("tr.open >> nth=0")
	page.click("[data-sort=balance]")
	smallest = min(account["balance"] for account in second["accounts"])
	assert f"{smallest:,.2f}" in page.inner_text("tr.open >> nth=0")


def test_browser_grades_filter_and_sort(outputs, open_page):
	page = open_page(outputs.page)
	accounts = packed(outputs.page, "main")["companies"][0]["accounts"]
	page.click("[data-sort=grade]")
	worst = [a for a in accounts if a["score"] is not None and a["grade"] == max(grades_of(accounts))]
	lowest = min(worst, key=lambda account: account["score"])
	assert lowest["name"] in page.inner_text("tr.open >> nth=0")
	grade, count = max(Counter(grades_of(accounts)).items(), key=lambda row: row[1])
	page.click(f"[data-grade='{grade}']")
	assert page.locator("tr.open").count() == count
	assert page.locator("#chips [aria-pressed=true]").inner_text().startswith(f"Grade {grade}")
	page.click(f"[data-grade='{grade}']")
	assert page.locator("tr.open").count() == len(accounts)


def grades_of(accounts):
	return [account["grade"] for account in accounts if account["score"] is not None]


def test_browser_shows_reasons_lifts_and_expected_dates(outputs, open_page):
	page = open_page(outputs.page)
	accounts = packed(outputs.page, "main")["companies"][0]["accounts"]
	wanted = next(a for a in accounts if a["score"] is not None and a["grade"] != "A" and a["open_items"])
	found = packed(outputs.page, f"block-{wanted['block']}")[wanted["place"]]
	page.fill("#search", wanted["id"])
	page.click("tr.open a")
	page.wait_for_selector("#credit .factor")
	text = page.inner_text("#credit")
	for row in found["credit"]["factors"]:
		assert row[3] in text
	for heading, sentences in found["credit"]["lifts"]:
		assert heading[0] in text
		assert all(said[0] in text for said in sentences)
	page.click("[data-tab=items]")
	owed = next(row for row in found["items"] if row[8] > 0)
	assert owed[11] in page.inner_text("#ledger tbody")
	page.click("#language")
	assert found["credit"]["factors"][0][4] in page.inner_text("#credit")


def test_browser_opens_the_backtest(outputs, open_page):
	page = open_page(outputs.page)
	page.click("#test summary")
	found = packed(outputs.page, "main")["companies"][0]["credit"]["test"]
	text = page.inner_text("#test")
	assert "Insufficient Data" in text and f"{found['lines']:,} invoices" in text
	assert str(found["mae"][2]).rstrip("0") in text


def test_browser_phone_width(outputs, open_page):
	page = open_page(outputs.page)
	page.set_viewport_size({"width": 390, "height": 844})
	page.click("#test summary")
	wait_until_narrow(page, 390)
	page.click("tr.open a >> nth=0")
	page.wait_for_selector("#ledger table")
	wait_until_narrow(page, 390)


def test_browser_prints_the_whole_ledger(outputs, open_page):
	def lines_of(account):
		return len(packed(outputs.page, f"block-{account['block']}")[account["place"]]["lines"])

	page = open_page(outputs.page)
	longest = max(packed(outputs.page, "main")["companies"][0]["accounts"], key=lines_of)
	lines = lines_of(longest)
	assert lines > 60
	page.goto(f"{outputs.page.as_uri()}#/0/{longest['id']}")
	page.wait_for_selector("#ledger table")
	assert page.locator("#ledger tbody tr").count() == 60
	page.evaluate("dispatchEvent(new Event('beforeprint'))")
	assert page.locator("#ledger tbody tr").count() == lines


def test_browser_shows_a_dangerous_name_as_text(evil, open_page):
	page = open_page(evil.page)
	assert EVIL in page.inner_text("tr.open >> nth=0")
	page.click("tr.open a >> nth=0")
	page.wait_for_selector("#ledger table")
	assert page.inner_text("h1") == EVIL
	assert "evil" not in page.title()


@pytest.mark.parametrize(
	("arguments", "environment", "wanted"),
	[
		([], {}, "en"),
		([], {"LANG": "zh_CN.UTF-8"}, "zh"),
		(["report", "--lang", "zh"], {}, "zh"),
		(["--lang=en", "report"], {"LC_ALL": "zh_CN.UTF-8"}, "en"),
		(["report", "--lang"], {}, "en"),
	],
)
def test_language_of_a_command_line(arguments, environment, wanted):
	assert i18n.wanted_language(arguments, environment) == wanted


def test_command_without_arguments_shows_its_help():
	done = subprocess.run(
		[sys.executable, "-m", "client_ledger.preview.cli"], capture_output=True, text=True, cwd=ROOT
	)
	assert "Traceback" not in done.stderr
	assert "worklist" in done.stdout + done.stderr
