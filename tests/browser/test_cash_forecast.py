"""The cash forecast in a browser: what it says, what would be if, its record, in both languages and on a phone; and who is refused."""

import frappe
import pytest
from frappe.utils import add_days
from playwright.sync_api import Page, expect

from client_ledger.accounts.refresh import refresh_customers
from client_ledger.forecasts import making
from client_ledger.site.doctypes import CASH_FORECAST
from tests.bench import factories as f
from tests.bench.forecasts.books import COMPANY, HABITS, PROMPT, SLOW, SUNDAY, TODAY, make_books
from tests.browser.users import MANAGER_ROLES, make_user
from tests.browser.waiting import wait_until_still

MANAGER, CHINESE, SOME, SELLER = (
	f"{name}@cash-desk.example" for name in ("manager", "chinese", "some", "seller")
)
EMPTY = "Cash Desk Empty Company"
WIDTHS = {"desk": 1440, "phone": 390}
BROKEN = """() => [...document.querySelectorAll(".cl-forecast svg *")]
	.filter((one) => [...one.attributes].some(({ value }) => /NaN|undefined|Infinity/.test(value)))
	.map((one) => one.outerHTML)"""
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module", autouse=True)
def books(site):
	frappe.db.rollback()
	if not frappe.db.exists("Company", COMPANY):
		make_books()
		f.make_order(SLOW, 900, add_days(SUNDAY, -3), COMPANY)
		f.make_invoice(PROMPT, 1_500, add_days(SUNDAY, -20), COMPANY)
		f.make_company(EMPTY, "CDE")
	refresh_customers(list(HABITS))
	making.bring_up_to_date(COMPANY, TODAY, 1e9)
	make_user(MANAGER, (*MANAGER_ROLES, "Accounts User"), company=COMPANY)
	make_user(CHINESE, (*MANAGER_ROLES, "Accounts User"), language="zh", company=COMPANY)
	make_user(SOME, ("Accounts User",), [("Customer", PROMPT)], company=COMPANY)
	make_user(SELLER, ("Sales User",), company=COMPANY)
	frappe.db.commit()


def opened(page: Page, desk: str, company: str = COMPANY) -> Page:
	"""Open the page of the forecast of a company."""
	page.goto(f"{desk}/cash-by-week?company={company}")
	expect(page.locator(".cl-forecast[aria-busy=false]")).to_be_visible()
	return page


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("user", [MANAGER, CHINESE], ids=["english", "chinese"])
def test_everything_is_drawn(page_as, desk, screenshots, user, width):
	page = opened(page_as(user, width=WIDTHS[width], height=1000), desk)
	expect(page.locator("[data-chart=weeks] svg .cl-expected-bar")).to_have_count(13)
	expect(page.locator("[data-chart=record] svg .cl-came").first).to_be_visible()
	assert page.evaluate(BROKEN) == []
	assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
	page.locator("details").first.locator("summary").click()
	expect(page.locator(".cl-forecast-table tbody tr")).to_have_count(14)
	wait_until_still(page)
	language = "zh" if user == CHINESE else "en"
	page.screenshot(path=screenshots / f"cash-forecast-{language}-{width}.png", full_page=True)
	page.set_viewport_size({"width": WIDTHS[width], "height": 3000 if width == "desk" else 6500})
	wait_until_still(page)
	page.locator(".cl-forecast").screenshot(path=screenshots / f"cash-forecast-{language}-{width}-all.png")
	page.locator(".cl-forecast-pair").screenshot(
		path=screenshots / f"cash-forecast-{language}-{width}-pair.png"
	)
	page.locator(".cl-forecast > section").last.screenshot(
		path=screenshots / f"cash-forecast-{language}-{width}-record.png"
	)


def test_scenarios_change_the_chart_and_say_by_how_much(page_as, desk, screenshots):
	page = opened(page_as(MANAGER, width=1440, height=1000), desk)
	said = page.locator(".cl-forecast-said")
	page.locator("[data-control=scenario]").select_option("later")
	expect(said).to_contain_text("within 4 weeks −")
	expect(page.locator(".cl-scenario-mark")).to_have_count(13)
	page.locator("[data-control=days]").fill("30")
	page.locator("[data-control=days]").dispatch_event("change")
	expect(said).to_contain_text("within 4 weeks −")
	page.locator("[data-control=scenario]").select_option("without")
	page.locator("[data-control=customer]").select_option(PROMPT)
	expect(said).to_contain_text("within 13 weeks −$")
	wait_until_still(page)
	page.screenshot(path=screenshots / "cash-forecast-scenario.png")
	page.locator("[data-control=scenario]").select_option("")
	expect(page.locator(".cl-scenario-mark")).to_have_count(0)


def test_large_amounts_and_past_forecasts_lead_on(page_as, desk):
	page = opened(page_as(MANAGER, width=1440, height=1000), desk)
	expect(page.locator(".cl-forecast a[href*='sales-invoice']").first).to_be_visible()
	page.locator("summary", has_text="Past Forecasts").click()
	page.locator("details[open] a[href*='cash-forecast/']").first.click()
	page.wait_for_function(
		"window.cur_frm && cur_frm.doctype === 'Cash Forecast' && cur_frm.doc.weeks.length === 13"
	)


def test_the_form_of_a_forecast(page_as, desk, screenshots):
	name = frappe.db.get_value(CASH_FORECAST, {"company": COMPANY, "day": add_days(SUNDAY, -70)})
	page = page_as(MANAGER, width=1440, height=1300)
	page.goto(f"{desk}/cash-forecast/{name}")
	page.wait_for_function("window.cur_frm && cur_frm.doctype === 'Cash Forecast'")
	wait_until_still(page)
	page.screenshot(path=screenshots / "cash-forecast-form.png")


def test_the_second_currency(page_as, desk):
	page = opened(page_as(MANAGER, width=1440, height=1000), desk)
	page.locator("[data-currency=EUR]").click()
	expect(page.locator("[data-currency=EUR][aria-pressed=true]")).to_be_visible()
	expect(page.locator(".cl-forecast .cl-value").first).to_contain_text("€")


def test_a_company_without_invoices(page_as, desk, screenshots):
	page = opened(page_as(MANAGER, width=1440, height=700), desk, EMPTY)
	expect(page.locator(".cl-empty")).to_contain_text("no invoices yet")
	page.screenshot(path=screenshots / "cash-forecast-empty.png")


def test_who_sees_some_customers_gets_what_is_expected_from_those(page_as, desk, screenshots):
	for width in WIDTHS.values():
		page = opened(page_as(SOME, width=width, height=900), desk)
		expect(page.locator("[data-own='1']")).to_contain_text("customers that you may see")
		expect(page.locator(".cl-forecast-own tbody tr")).to_have_count(13)
		expect(page.locator(".cl-forecast")).not_to_contain_text(SLOW)
		assert page.evaluate("document.documentElement.scrollWidth") <= width + 1
		page.screenshot(path=screenshots / f"cash-forecast-own-{width}.png", full_page=True)


def test_a_week_missed_by_much_is_said(page_as, desk, screenshots):
	name = frappe.db.get_value(
		CASH_FORECAST, {"company": COMPANY, "currency": "USD", "day": add_days(SUNDAY, -7)}
	)
	frappe.db.set_value(CASH_FORECAST, name, "miss", "Above P90")
	frappe.db.commit()
	for user, width in ((MANAGER, 1440), (CHINESE, 390)):
		page = opened(page_as(user, width=width, height=800), desk)
		expect(page.locator(".cl-forecast-note").first).to_be_visible()
		if user == MANAGER:
			expect(page.locator(".cl-forecast-note").first).to_contain_text("missed by much")
		assert page.evaluate("document.documentElement.scrollWidth") <= width + 1
		page.screenshot(path=screenshots / f"cash-forecast-missed-{width}.png")


def test_the_setup_page_says_how_far_kpis_and_forecasts_are(page_as, desk, screenshots):
	page = page_as(MANAGER, width=1440, height=1000)
	page.goto(f"{desk}/client-ledger-setup")
	step = page.locator("[data-step=kpis]")
	expect(step).to_contain_text("Missing:")
	with page.expect_response(lambda response: "store_month_ends" in response.url) as waiting:
		step.locator("button", has_text="Store Past Months Now").click()
	assert waiting.value.ok
	expect(page.locator("[data-step=forecasts]")).to_contain_text("The last forecast was made")
	step.scroll_into_view_if_needed()
	wait_until_still(page)
	page.screenshot(path=screenshots / "setup-kpis.png")


def test_the_home_page_leads_to_it(page_as, desk, screenshots):
	page = page_as(MANAGER, width=1440, height=1000)
	page.goto(f"{desk}/client-ledger")
	page.locator(".cl-home [data-action=forecast]").click()
	expect(page.locator("[data-chart=weeks] svg")).to_be_visible()
