"""The page of KPIs in a browser: figures with formula, causes and rows; parts, windows, the file, changed months; at desk and phone width, in both languages."""

import io
import os

import frappe
import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from client_ledger.kpis import comparing
from client_ledger.kpis.store import store_month
from client_ledger.site.doctypes import KPI_MONTH_END
from tests.bench import factories as f
from tests.bench.kpis import setting as s
from tests.browser.test_every_page import AXE
from tests.browser.users import make_user
from tests.browser.waiting import wait_until_still

MANAGER, CHINESE = "manager@kpis-desk.example", "chinese@kpis-desk.example"
NARROW, NARROW_CHINESE = "narrow@kpis-desk.example", "narrow.zh@kpis-desk.example"
STORED = 6


@pytest.fixture(scope="module", autouse=True)
def books(site) -> None:
	s.make_books()
	for ago in range(1, STORED + 1):
		store_month(s.COMPANY, s.month_end(ago))
	make_user(MANAGER, ("Accounts Manager",), company=s.COMPANY)
	make_user(CHINESE, ("Accounts Manager",), language="zh", company=s.COMPANY)
	ash = [("Customer", "KPI Ash")]
	make_user(NARROW, ("Accounts Manager",), ash, company=s.COMPANY)
	make_user(NARROW_CHINESE, ("Accounts Manager",), ash, language="zh", company=s.COMPANY)
	frappe.db.commit()


def open_page(page: Page, desk: str) -> None:
	page.goto(f"{desk}/receivables-kpis")
	expect(page.locator(".cl-kpi-table tbody tr").first).to_be_visible()
	company = page.locator("[data-control=company]")
	if company.input_value() != s.COMPANY:
		company.select_option(s.COMPANY)
	expect(page.locator("[data-control=company]")).to_have_value(s.COMPANY)
	wait_until_still(page)


def kpi(page: Page, key: str):
	return page.locator(f"[data-kpi={key}]")


def test_a_figure_leads_to_its_formula_causes_and_rows(page_as, desk, screenshots):
	page = page_as(MANAGER, width=1440, height=1000)
	open_page(page, desk)
	expect(page.locator("[data-tie=Ties]")).to_be_visible()
	expect(kpi(page, "cost_per_collected")).to_contain_text("No time is logged")
	page.screenshot(path=screenshots / "kpis.png", full_page=True)
	page.locator("[data-action=open][data-key=dso]").click()
	detail = page.locator("[data-detail=dso]")
	expect(detail).to_contain_text("Receivable / credit sales × days")
	expect(detail.locator(".cl-kpi-steps")).to_contain_text("Billing")
	detail.locator("[data-action=rows]").click()
	expect(detail.locator(".cl-kpi-rows tbody tr").first).to_be_visible()
	expect(detail.locator(".cl-kpi-rows a", has_text="ACC-SINV").first).to_be_visible()
	page.screenshot(path=screenshots / "kpis-rows.png", full_page=True)
	with page.expect_download() as waiting:
		page.locator("[data-action=workbook]").click()
	content = waiting.value.path().read_bytes()
	book = load_workbook(io.BytesIO(content))
	assert book.sheetnames == ["KPIs", "Inputs", "CountBack", "Rows"]
	assert book["Rows"].max_row > 30


def test_parts_are_compared_and_chosen(page_as, desk, screenshots):
	page = page_as(MANAGER, width=1440, height=1000)
	open_page(page, desk)
	page.locator("[data-control=dimension]").select_option("Territory")
	expect(page.locator(".cl-kpi-parts tbody tr")).to_have_count(2)
	before = page.locator(".cl-kpi-period").inner_text()
	page.locator("[data-control=months]").select_option("6")
	expect(page.locator(".cl-kpi-period")).not_to_have_text(before)
	page.screenshot(path=screenshots / "kpis-parts.png", full_page=True)
	page.locator("[data-action=part]", has_text=s.SOUTH).click()
	expect(page.locator("[data-control=value]")).to_have_value(s.SOUTH)
	expect(page.locator("[data-tie=Ties]")).to_contain_text("Whole company")
	page.locator("[data-action=open][data-key=receivable]").click()
	page.locator("[data-detail=receivable] [data-action=rows]").click()
	rows = page.locator("[data-detail=receivable] .cl-kpi-rows tbody tr")
	expect(rows.first).to_contain_text("KPI Cedar")
	page.locator("[data-control=as_of]").select_option(str(s.month_end(2)))
	expect(page.locator(".cl-kpi-period")).to_contain_text("stored on")


def test_a_phone_and_chinese(page_as, desk, screenshots):
	page = page_as(CHINESE, width=390, height=844)
	open_page(page, desk)
	page.screenshot(path=screenshots / "kpis-phone-zh.png", full_page=True)
	page.locator("[data-action=open][data-key=dso]").click()
	page.locator("[data-detail=dso] [data-action=rows]").click()
	expect(page.locator("[data-detail=dso] .cl-kpi-rows tbody tr").first).to_be_visible()
	page.locator("[data-detail=dso]").scroll_into_view_if_needed()
	page.screenshot(path=screenshots / "kpis-phone-zh-rows.png", full_page=True)
	box = page.locator("[data-detail=dso] .cl-kpi-rows").bounding_box()
	assert box["x"] >= 0 and box["x"] + box["width"] <= 390
	assert box["width"] > 250
	width = page.evaluate("document.documentElement.scrollWidth")
	assert width <= 390, f"the page is {width} wide"


@pytest.mark.parametrize("user", [NARROW, NARROW_CHINESE], ids=["english", "chinese"])
def test_who_sees_some_customers_only_gets_the_figures_of_those(page_as, desk, screenshots, user):
	width = 390 if user == NARROW_CHINESE else 1440
	page = page_as(user, width=width, height=900)
	open_page(page, desk)
	expect(page.locator("[data-own='1']")).to_be_visible()
	expect(page.locator("[data-tie]")).to_have_count(0)
	page.locator("[data-control=dimension]").select_option("Territory")
	expect(page.locator(".cl-kpi-parts tbody tr")).to_have_count(1)
	page.locator("[data-action=open][data-key=receivable]").click()
	page.locator("[data-detail=receivable] [data-action=rows]").click()
	rows = page.locator("[data-detail=receivable] .cl-kpi-rows tbody tr")
	expect(rows.first).to_contain_text("KPI Ash")
	expect(page.locator(".cl-kpis")).not_to_contain_text("KPI Beech")
	if path := os.environ.get("CLIENT_LEDGER_AXE"):
		page.add_script_tag(path=path)
		assert page.evaluate(AXE) == {}
	assert page.evaluate("document.documentElement.scrollWidth") <= width
	page.screenshot(path=screenshots / f"kpis-own-{width}.png", full_page=True)


def test_a_changed_month_is_named_and_reviewed(page_as, desk, screenshots):
	late = f.make_invoice("KPI Ash", 77, s.day_in(1, 15), s.COMPANY)
	frappe.db.commit()
	name = frappe.db.get_value(KPI_MONTH_END, {"company": s.COMPANY, "as_of": s.month_end(), "dimension": ""})
	assert comparing.compare(name)
	page = page_as(MANAGER, width=1440, height=1000)
	open_page(page, desk)
	change = page.locator(f'[data-change="{name}"]')
	change.locator("summary").click()
	expect(change.locator("a", has_text=late.name).first).to_be_visible()
	page.screenshot(path=screenshots / "kpis-changed.png", full_page=True)
	change.locator("[data-action=review]").click()
	page.locator(".modal.show textarea").fill("Delivered in that month, billed late")
	page.locator(".modal.show .btn-primary").click()
	expect(page.locator(f'[data-change="{name}"]')).to_contain_text("billed late")
	page.goto(f"{desk}/kpi-month-end/{name}")
	expect(page.locator(".cl-ledger", has_text="Receivable / credit sales").first).to_be_visible()
	wait_until_still(page)
	page.screenshot(path=screenshots / "kpis-form.png", full_page=True)
	frappe.db.rollback()
	assert frappe.db.get_value(KPI_MONTH_END, name, "status") == "Reviewed"
