"""The workspace and the reports in a browser: figures, charts, the way from a bucket to its ledger, print, export."""

import io
import json
from urllib.parse import quote, unquote_plus

import frappe
import pytest
from frappe.translate import get_all_translations
from frappe.utils import flt, fmt_money, nowdate
from openpyxl import load_workbook
from playwright.sync_api import Locator, expect

from tests.bench.books import COMPANY, CUSTOMERS, NORTH, OTHER_COMPANY, make_books
from tests.browser.users import make_user
from tests.browser.waiting import wait_until_still

pytestmark = pytest.mark.every_version

ACCOUNTANT, CHINESE, NORTHERNER = (
	f"{name}@report-desk.example" for name in ("accountant", "chinese", "northerner")
)
ROLES = ("Accounts User", "Accounts Manager", "Sales User", "Sales Manager")
REPORTS = ("Client Ageing", "Client Ledger", "Client Overview")


@pytest.fixture(scope="module", autouse=True)
def books(site) -> None:
	"""The books, and users whose default company they are. All is committed, once."""
	make_books()
	make_user(ACCOUNTANT, ROLES, company=COMPANY)
	make_user(CHINESE, ROLES, language="zh", company=COMPANY)
	make_user(NORTHERNER, ROLES, [("Territory", NORTH)], company=COMPANY)
	frappe.db.commit()


def open_report(page, desk: str, report: str, **filters) -> None:
	"""Open a report with filters and wait for its rows."""
	query = "&".join(
		f"{name}={quote(value if isinstance(value, str) else json.dumps(value))}"
		for name, value in filters.items()
	)
	page.goto(f"{desk}/query-report/{quote(report)}?{query}")
	page.wait_for_selector(".dt-row-0 .dt-cell__content")
	page.wait_for_function("frappe.query_report.data && !frappe.query_report.loading")


def open_workspace(page, desk: str, company: str = COMPANY) -> Locator:
	"""Open the workspace, which is the home page, on one company."""
	page.goto(f"{desk}/client-ledger")
	home = page.locator(".cl-home")
	expect(home).to_have_attribute("aria-busy", "false", timeout=60_000)
	home.locator("[data-control=company]").select_option(company)
	expect(home).to_have_attribute("aria-busy", "false")
	expect(home.locator("[data-control=company]")).to_have_value(company)
	page.wait_for_selector(".cl-home svg.frappe-chart")
	wait_until_still(page)
	return home


def receivable(company: str = COMPANY, **filters) -> str:
	"""What customers owe a company, as the home page writes it."""
	frappe.db.rollback()
	rows = frappe.get_all("Client Account", {"company": company, **filters}, pluck="receivable")
	return fmt_money(sum(rows), precision=0, currency="USD")


def test_the_workspace_is_the_home_page_with_links_beneath(page_as, desk, screenshots):
	page = page_as(ACCOUNTANT, height=2000)
	home = open_workspace(page, desk)
	page.screenshot(path=screenshots / "workspace.png")
	expect(home.locator("[data-figure=receivable] .cl-value")).to_have_text(receivable())
	assert page.locator(".number-widget-box, .shortcut-widget-box, .dashboard-widget-box").count() == 0
	assert page.get_by_text("Payment Reconciliation").is_visible()


def test_a_list_leads_to_all_of_it(page_as, desk):
	page = page_as(ACCOUNTANT)
	home = open_workspace(page, desk)
	home.locator("[data-list=to_call] [data-action=open]").click()
	page.wait_for_url("**/collection-worklist")
	page.wait_for_selector(".cl-worklist .cl-row")


@pytest.mark.parametrize("report", REPORTS)
def test_a_report_shows_rows_summary_and_chart(page_as, desk, screenshots, report):
	page = page_as(ACCOUNTANT, width=1500, height=1200)
	open_report(page, desk, report)
	page.wait_for_selector(".report-wrapper svg.frappe-chart, .chart-wrapper svg.frappe-chart")
	wait_until_still(page)
	page.screenshot(path=screenshots / f"{frappe.scrub(report)}.png")
	assert page.locator(".report-summary .summary-item").count() >= 4
	shown = page.locator(".datatable").inner_text()
	assert "Report Ash" in shown
	assert "NaN" not in shown and "undefined" not in shown


def test_groups_fold_and_filters_act(page_as, desk):
	page = page_as(ACCOUNTANT, width=1500, height=1200)
	open_report(page, desk, "Client Ageing", group_by="Territory")
	rows = page.evaluate("frappe.query_report.data")
	assert [row["territory"] for row in rows if row.get("bold") and not row.get("total")] == [
		"Report North",
		"Report South",
	]
	page.evaluate("frappe.query_report.set_filter_value('range', '10, 20')")
	page.wait_for_function("frappe.query_report.columns.some((c) => c.label === '11-20')")


def test_a_wrong_filter_says_which(page_as, desk):
	page = page_as(ACCOUNTANT)
	open_report(page, desk, "Client Ageing")
	page.evaluate("frappe.query_report.set_filter_value('range', '30, 20')")
	dialog = page.locator(".msgprint")
	dialog.wait_for()
	assert "Ageing Range" in dialog.inner_text()


def test_without_a_company_all_of_them_are_shown(page_as, desk, screenshots):
	page = page_as(ACCOUNTANT, width=1500, height=1200)
	for report in REPORTS:
		open_report(page, desk, report, customers=["Report Cedar"])
		assert page.evaluate("!frappe.query_report.columns.some((c) => c.fieldname === 'company')")
		page.evaluate("frappe.query_report.set_filter_value('company', '')")
		page.wait_for_function("frappe.query_report.columns.some((c) => c.fieldname === 'company')")
		companies = page.evaluate("frappe.query_report.data.map((row) => row.company)")
		assert {COMPANY, OTHER_COMPANY} <= set(companies)
	page.screenshot(path=screenshots / "client_overview-all-companies.png")


def test_from_a_bucket_to_the_customers_ledger(page_as, desk):
	page = page_as(ACCOUNTANT, width=1500, height=1200)
	open_report(page, desk, "Client Ageing")
	wait_until_still(page)
	page.locator("a[data-ledger-of='Report Beech']").first.click()
	page.wait_for_url("**/query-report/Client%20Ledger**")
	page.wait_for_function("(frappe.query_report.data || []).some((row) => row.voucher_no)")
	names = page.evaluate("[...new Set(frappe.query_report.data.map((row) => row.customer))]")
	assert [name for name in names if name] == ["Report Beech"]
	filters = page.evaluate("frappe.query_report.get_filter_values()")
	assert (filters["customers"], filters["to_date"]) == (["Report Beech"], nowdate())
	balance = page.evaluate("frappe.query_report.data.filter((row) => row.bold).at(-1).balance")
	wait_until_still(page)
	page.locator(".inner-group-button, .page-actions").get_by_text("Client Ageing").first.click()
	page.wait_for_url("**/query-report/Client%20Ageing**")
	page.wait_for_function("(frappe.query_report.data || []).some((row) => row.open_items)")
	outstanding = page.evaluate("frappe.query_report.data.find((row) => row.customer).outstanding")
	wait_until_still(page)
	assert flt(outstanding, 2) == flt(balance, 2)


@pytest.mark.parametrize("report", REPORTS)
def test_print(page_as, desk, report):
	page = page_as(ACCOUNTANT)
	open_report(page, desk, report)
	with page.context.expect_page() as opened:
		page.evaluate("frappe.query_report.print_report({ orientation: 'Landscape', letter_head: null })")
	printed = opened.value
	printed.wait_for_function("document.body && document.body.innerText.includes('Report Ash')")
	assert "undefined" not in printed.inner_text("body")


@pytest.mark.parametrize("report", REPORTS)
def test_export(page_as, desk, report):
	page = page_as(ACCOUNTANT)
	open_report(page, desk, report)
	rows = page.evaluate("frappe.query_report.data.length")
	answer = page.request.post(
		"/api/method/frappe.desk.query_report.export_query",
		form={
			"report_name": report,
			"file_format_type": "Excel",
			"filters": page.evaluate("JSON.stringify(frappe.query_report.get_filter_values())"),
			"visible_idx": json.dumps(list(range(rows))),
			"csrf_token": page.evaluate("frappe.csrf_token"),
		},
	)
	assert answer.ok, answer.text()[:500]
	sheet = load_workbook(io.BytesIO(answer.body())).active
	cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
	assert "Report Ash" in cells
	assert any(isinstance(cell, float | int) and cell > 100 for cell in cells), "amounts are numbers"


def test_a_user_sees_the_customers_that_are_theirs(page_as, desk):
	page = page_as(NORTHERNER)
	for report in REPORTS:
		open_report(page, desk, report)
		shown = page.evaluate("frappe.query_report.data.map((row) => row.customer)")
		assert {name for name in shown if name in CUSTOMERS} == {"Report Ash", "Report Beech"}
	home = open_workspace(page, desk)
	own = receivable(customer=("in", ("Report Ash", "Report Beech")))
	expect(home.locator("[data-figure=receivable] .cl-value")).to_have_text(own)


def test_in_chinese(page_as, desk, screenshots):
	page = page_as(CHINESE, width=1500, height=1500)
	open_workspace(page, desk)
	page.screenshot(path=screenshots / "workspace-zh.png")
	shown = page.inner_text(".layout-main-section, #page-Workspaces")
	for text in (
		"应收总额",
		"待办事项",
		"待致电客户",
		"信用管控",
		"客户账龄",
		"客户总览",
		"列表、报表与设置",
	):
		assert text in shown, text
	open_report(page, desk, "Client Ledger", customers=["Report Ash"])
	wait_until_still(page)
	page.screenshot(path=screenshots / "client_ledger-zh.png")
	invoice = get_all_translations("zh")["Sales Invoice"]
	for text in ("期初余额", "期末余额", "与总账一致", invoice):
		assert text in page.locator(".datatable").inner_text(), text
	assert "客户往来账" in unquote_plus(page.title())
	page.goto(f"{desk}/client-account")
	saved = (
		".filter-pill .filter-name"
		if desk == "/app"
		else ".saved-filter-item[data-name^=client-ledger] .filter-label"
	)
	filters = page.locator(saved)
	expect(filters.filter(has_text="逾期大客户")).to_be_attached(timeout=30_000)
	assert not [text for text in filters.all_text_contents() if text.isascii()]
	page.screenshot(path=screenshots / "client-account-list-zh.png")


def test_the_desk_of_version_16_leads_there(page_as, desk, screenshots):
	if desk == "/app":
		pytest.skip("ERPNext 15 has no tiles: its sidebar lists the workspace")
	page = page_as(ACCOUNTANT)
	page.goto("/desk/desktop")
	tile = page.locator(".desktop-icon", has_text="Client Ledger").first
	tile.wait_for()
	page.screenshot(path=screenshots / "desktop.png")
	tile.click()
	page.wait_for_url("**/desk/client-ledger**")
	expect(page.locator(".cl-home")).to_have_attribute("aria-busy", "false", timeout=60_000)
	sidebar = page.locator(".body-sidebar").inner_text()
	for label in ("Client Account", "Client Overview", "Client Ageing", "Client Ledger"):
		assert label in sidebar


def test_version_15_lists_it_in_the_sidebar(page_as, desk):
	if desk != "/app":
		pytest.skip("ERPNext 16 has tiles instead")
	page = page_as(ACCOUNTANT)
	page.goto("/app")
	item = page.locator(".desk-sidebar .sidebar-item-label", has_text="Client Ledger")
	item.wait_for()
	item.click()
	page.wait_for_url("**/app/client-ledger**")
