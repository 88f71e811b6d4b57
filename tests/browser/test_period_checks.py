"""A month's check list in a browser: made, explained, prepared by one, approved by another, seen on the home page; both languages."""

import frappe
import pytest
from playwright.sync_api import Page, expect

from client_ledger.site.doctypes import CHECK_LIST
from tests.bench.period_checks.setting import COMPANY, in_period, make_bank_line, make_books, make_last
from tests.browser.users import make_user
from tests.browser.waiting import wait_until_still

PREPARER, APPROVER = "preparer@checks-desk.example", "approver@checks-desk.example"
CHINESE = "chinese@checks-desk.example"
EXCEPTIONS = 5


@pytest.fixture(scope="module", autouse=True)
def books(site) -> None:
	make_books()
	make_user(PREPARER, ("Accounts User", "Accounts Manager"), company=COMPANY)
	make_user(APPROVER, ("Accounts Manager",), company=COMPANY)
	make_user(CHINESE, ("Accounts Manager",), language="zh", company=COMPANY)
	frappe.db.commit()


@pytest.fixture(scope="module")
def name(books) -> str:
	made = make_last(COMPANY)
	frappe.db.commit()
	return made


def status(name: str) -> str:
	frappe.db.rollback()
	return frappe.db.get_value(CHECK_LIST, name, "status")


def confirm(page: Page, label: str) -> None:
	page.locator(".modal.show .btn-primary", has_text=label).click()
	expect(page.locator(".modal.show")).to_have_count(0)
	wait_until_still(page)


def row(page: Page, check: str):
	return page.locator(".cl-checks tbody tr", has_text=check)


def open_list(page: Page, desk: str, name: str) -> None:
	page.goto(f"{desk}/receivables-check-list/{name}")
	expect(page.locator(".cl-checks tbody tr").first).to_be_visible()
	wait_until_still(page)


def test_a_list_is_made_explained_prepared_and_approved(page_as, desk, screenshots):
	page = page_as(PREPARER, width=1440, height=1200)
	page.goto(f"{desk}/receivables-check-list")
	page.get_by_role("button", name="Create Check List").click()
	page.locator(".modal.show .btn-primary", has_text="Create").click()
	expect(page.locator(".cl-checks tbody tr")).to_have_count(8)
	wait_until_still(page)
	name = frappe.utils.cstr(page.url.rsplit("/", 1)[1])
	page.screenshot(path=screenshots / "period-checks-open.png", full_page=True)
	receipts = row(page, "Unallocated Receipts")
	expect(receipts).to_contain_text("120.00")
	receipts.get_by_role("button", name="Details").click()
	details = page.locator(".cl-check-details")
	expect(details).to_contain_text("Checked One")
	expect(details.locator("a", has_text="PAY").first).to_be_visible()
	page.screenshot(path=screenshots / "period-checks-details.png", full_page=True)
	for number in range(EXCEPTIONS):
		buttons = page.locator(".cl-checks tbody tr", has_text="Exception").get_by_role(
			"button", name="Explain"
		)
		expect(buttons).to_have_count(EXCEPTIONS - number)
		buttons.first.click()
		page.locator(".modal.show textarea").fill("Asked the customer; settled next week")
		confirm(page, "Save")
	expect(page.locator(".cl-checks tbody tr", has_text="Explained")).to_have_count(EXCEPTIONS)
	page.get_by_role("button", name="Prepare", exact=True).click()
	confirm(page, "Yes")
	expect(page.locator(".indicator-pill", has_text="Prepared").first).to_be_visible()
	assert status(name) == "Prepared"
	expect(page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
	expect(page.locator("[data-fieldname=checks_html]")).to_contain_text("another user approves it")
	page = page_as(APPROVER, width=1440, height=1500)
	page.goto(f"{desk}/client-ledger")
	waiting = page.locator(".cl-home-list[data-list=period_checks]")
	expect(waiting).to_contain_text("prepared by")
	waiting.screenshot(path=screenshots / "period-checks-home.png")
	waiting.locator("a").first.click()
	page.get_by_role("button", name="Approve", exact=True).click()
	confirm(page, "Yes")
	expect(page.locator("[data-fieldname=history_html] tbody tr")).to_have_count(2)
	assert status(name) == "Approved"
	make_bank_line(5, in_period())
	frappe.db.commit()
	open_list(page, desk, name)
	expect(page.locator(".cl-check-changes")).to_contain_text("Unmatched Bank Transactions: 1")
	page.screenshot(path=screenshots / "period-checks-changed.png", full_page=True)
	page.get_by_role("button", name="Reopen", exact=True).click()
	page.locator(".modal.show textarea").fill("A bank line was booked late")
	confirm(page, "Reopen")
	expect(page.locator("[data-fieldname=history_html]")).to_contain_text("A bank line was booked late")
	assert status(name) == "Reopened"


@pytest.mark.parametrize("width", [1440, 390])
def test_it_reads_in_chinese_and_on_a_phone(page_as, desk, screenshots, name, width):
	page = page_as(CHINESE, width=width, height=1200)
	open_list(page, desk, name)
	expect(page.locator(".cl-checks")).to_contain_text("未分配收款")
	assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
	page.screenshot(path=screenshots / f"period-checks-zh-{width}.png", full_page=True)


def test_a_figure_leads_to_the_list_behind_it(page_as, desk, screenshots, name):
	page = page_as(APPROVER, width=1440, height=1200)
	open_list(page, desk, name)
	row(page, "Unmatched Bank Transactions").get_by_role("button", name="Open List").click()
	page.wait_for_url("**/bank-transaction**")
	expect(page.locator(".result .list-row").first).to_be_visible()
	page.goto(f"{desk}/receivables-check-list")
	expect(page.locator(".result .list-row").first).to_be_visible()
	wait_until_still(page)
	page.screenshot(path=screenshots / "period-checks-list.png")
