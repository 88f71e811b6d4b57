"""The Ledger tab of the Customer form in a real browser: as sales people, accountants and phones see it."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import frappe
import pytest
from frappe.utils import add_days, nowdate
from playwright.sync_api import Page, expect

from tests.bench import factories as f
from tests.browser.users import make_user

pytestmark = pytest.mark.every_version

CUSTOMER, QUIET, SECOND = "Browser Ledger Customer", "Browser Quiet Customer", "Second Ledger Company"
SELLER, CHINESE, STRANGER = "tab.seller@example.com", "tab.chinese@example.com", "tab.stranger@example.com"
INVOICES = 60
ENTRIES = INVOICES + 3
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module", autouse=True)
def documents(site: str) -> None:
	"""A customer with more entries than a page holds, in two companies, and one without any; three users."""
	if not frappe.db.exists("Customer", QUIET):
		f.make_company()
		f.make_company(SECOND)
		f.make_customer(CUSTOMER)
		first = f.make_invoice(CUSTOMER, 500, add_days(nowdate(), -200))
		for i in range(INVOICES - 1):
			f.make_invoice(CUSTOMER, 100 + i, add_days(nowdate(), -120 + 2 * i))
		f.make_payment(CUSTOMER, 500, add_days(nowdate(), -150), against=[(first, 500)])
		f.make_payment(CUSTOMER, 30, add_days(nowdate(), -2))
		f.make_payment(CUSTOMER, 70, add_days(nowdate(), -1))
		f.make_order(CUSTOMER, 900, add_days(nowdate(), -3))
		f.make_invoice(CUSTOMER, 40, add_days(nowdate(), -10), company=SECOND)
		f.make_customer(QUIET)
	make_user(SELLER, ("Sales User",))
	make_user(CHINESE, ("Sales User",), language="zh")
	make_user(STRANGER, ("Sales User",), [("Customer", QUIET)])
	frappe.db.commit()


@pytest.fixture
def open_ledger(page_as: Callable[..., Page], desk: str) -> Callable[..., Page]:
	"""Open the Ledger tab of a customer as a user and wait until it is drawn."""

	def open_tab(user: str = "Administrator", customer: str = CUSTOMER, **options) -> Page:
		page = page_as(user, **options)
		page.goto(f"{desk}/customer/{quote(customer)}")
		page.click("#customer-cl_ledger_tab-tab")
		page.wait_for_selector(".cl-movement, .cl-empty")
		return page

	return open_tab


def rows(page: Page):
	return page.locator(".cl-movement:visible")


def settled(page: Page) -> None:
	"""Wait until nothing is being asked any more."""
	expect(page.locator(".cl-ledger")).to_have_attribute("aria-busy", "false")
	page.wait_for_load_state("networkidle")


def labels_apart(page: Page) -> bool:
	"""Return whether no label of the chart's months touches the one before it, of at least four."""
	return page.locator(".cl-chart .x.axis text").evaluate_all(
		"""nodes => {
			const boxes = nodes.map((n) => n.getBoundingClientRect()).filter((box) => box.width);
			return boxes.length > 3 && boxes.every((box, i) => !i || box.left > boxes[i - 1].right + 1);
		}"""
	)


def test_the_tab_asks_the_server_only_when_it_is_opened(page_as, desk):
	page, asked = page_as(), []
	page.on(
		"request", lambda request: "client_ledger.ledger_tab.api" in request.url and asked.append(request.url)
	)
	page.goto(f"{desk}/customer/{quote(CUSTOMER)}")
	page.wait_for_selector("#customer-cl_ledger_tab-tab")
	page.wait_for_load_state("networkidle")
	assert not asked
	page.click("#customer-cl_ledger_tab-tab")
	page.wait_for_selector(".cl-movement")
	settled(page)
	assert len(asked) == 4
	page.evaluate("cur_frm.refresh()")
	page.wait_for_function("document.querySelector('.cl-ledger').getAttribute('aria-busy') === 'true'")
	settled(page)
	assert len(asked) == 8


def chart_is_drawn(page) -> None:
	"""Wait until the chart shows what it is about: the host's charts start from nothing."""
	page.wait_for_function(
		"[...document.querySelectorAll('.cl-chart .dataset-units rect')].some((bar) => bar.height.baseVal.value > 5)"
	)


def test_figures_ledger_and_orders(open_ledger, screenshots: Path):
	page = open_ledger()
	settled(page)
	figures = page.locator(".cl-figures")
	total = sum(100 + i for i in range(INVOICES - 1)) - 100
	expect(figures).to_contain_text(f"{total:,.2f}")
	expect(figures).to_contain_text("Matches General Ledger")
	chart_is_drawn(page)
	assert labels_apart(page)
	expect(page.locator(".cl-orders")).to_contain_text("900.00")
	page.screenshot(path=screenshots / "customer-ledger.png")
	page.evaluate("document.documentElement.setAttribute('data-theme', 'dark')")
	page.screenshot(path=screenshots / "customer-ledger-dark.png")


def test_more_is_loaded_until_the_ledger_ends(open_ledger):
	page = open_ledger()
	expect(rows(page)).to_have_count(50)
	page.click("[data-action=more]")
	expect(rows(page)).to_have_count(ENTRIES)
	expect(page.locator("[data-action=more]")).to_be_hidden()
	last = rows(page).last.locator(".cl-balance")
	expect(last).to_contain_text("500.00")


def test_the_whole_ledger_is_searched_and_not_only_what_is_loaded(open_ledger, screenshots: Path):
	oldest = frappe.get_all("Sales Invoice", {"customer": CUSTOMER, "grand_total": 500}, pluck="name")[0]
	frappe.db.set_value("Sales Invoice", oldest, "po_no", "Purchase 4711")
	frappe.db.commit()
	page = open_ledger()
	settled(page)
	assert oldest not in page.locator(".cl-movements").inner_text()
	page.fill(".cl-search", "purchase 4711")
	expect(rows(page)).to_have_count(1)
	expect(page.locator(".cl-message")).to_have_text("1 matching entries")
	expect(rows(page).first.locator(".cl-document").first).to_have_text(oldest)
	expect(rows(page).first.locator(".cl-balance")).to_contain_text("500.00")
	page.screenshot(path=screenshots / "customer-ledger-found.png")
	page.fill(".cl-search", oldest)
	expect(rows(page)).to_have_count(2)
	page.fill(".cl-search", "nothing has this")
	expect(page.locator(".cl-message")).to_contain_text("No entries match")
	page.fill(".cl-search", oldest[:4])
	expect(rows(page)).to_have_count(50)
	expect(page.locator(".cl-message")).to_have_text("Latest 50 matching entries")
	page.click("[data-action=more]")
	expect(page.locator("[data-action=more]")).to_be_hidden()
	page.fill(".cl-search", "")
	expect(rows(page)).to_have_count(50)
	chart_is_drawn(page)


def test_open_items_and_buckets(open_ledger):
	page = open_ledger()
	page.click("[data-action=open]")
	expect(page.locator("[data-action=open]")).to_have_attribute("aria-pressed", "true")
	expect(rows(page).first.locator(".cl-pill")).to_have_text("Credit")
	bucket = page.locator(".cl-bucket[data-bucket='1']")
	bucket.click()
	expect(bucket).to_have_attribute("aria-pressed", "true")
	expect(rows(page).first.locator(".cl-pill")).to_contain_text("Overdue by")
	amount = bucket.locator(".cl-bucket-amount").inner_text()
	expect(rows(page).first.locator(".cl-balance")).to_have_text(amount)
	page.click("[data-action=no-bucket]")
	expect(rows(page).first.locator(".cl-pill")).to_have_text("Credit")


def test_another_company_and_another_day(open_ledger):
	page = open_ledger()
	page.select_option("[data-control=company] select", SECOND)
	expect(rows(page)).to_have_count(1)
	expect(page.locator(".cl-figures")).to_contain_text("40.00")
	page.select_option("[data-control=company] select", f.COMPANY)
	expect(rows(page)).to_have_count(50)
	page.evaluate(
		"day => cur_frm.cl_tabs.cl_ledger_tab.controls.as_of.set_value(day)", str(add_days(nowdate(), -150))
	)
	expect(rows(page)).to_have_count(2)
	expect(rows(page).first.locator(".cl-balance")).to_contain_text("0.00")


def test_a_document_is_one_click_away_or_just_named(open_ledger, desk):
	page = open_ledger()
	link = rows(page).locator("a.cl-document").first
	name = link.inner_text()
	link.click()
	page.wait_for_url(re.compile(rf"{desk}/(payment-entry|sales-invoice)/{name}"))
	page = open_ledger(SELLER)
	settled(page)
	readable = frappe.has_permission("Payment Entry", "read", user=SELLER)
	payment = rows(page).filter(has_text="Payment Entry").first
	expect(payment.locator("a.cl-document")).to_have_count(1 if readable else 0)


def test_the_workbook_and_the_print(open_ledger):
	page = open_ledger()
	settled(page)
	page.click(".cl-actions [data-toggle=dropdown]")
	with page.expect_download() as download:
		page.click("[data-action=xlsx]")
	assert download.value.suggested_filename.endswith(".xlsx")
	page.click(".cl-actions [data-toggle=dropdown]")
	with page.context.expect_page() as opened:
		page.click("[data-action=print]")
	expect(opened.value.locator("h1")).to_have_text(CUSTOMER)


def test_a_phone_shows_cards_and_nothing_sticks_out(open_ledger, screenshots: Path):
	page = open_ledger(width=390, height=844, is_mobile=True, has_touch=True)
	settled(page)
	assert page.evaluate("document.documentElement.scrollWidth") <= 390
	assert page.locator(".cl-movement").first.evaluate("row => getComputedStyle(row).display") == "grid"
	wide = page.locator(".cl-ledger *:visible").evaluate_all(
		"nodes => nodes.filter(n => n.getBoundingClientRect().right > 391 && !n.closest('svg, thead')).length"
	)
	assert wide == 0
	page.screenshot(path=screenshots / "customer-ledger-phone.png", full_page=True)


@pytest.mark.parametrize("width", [1024, 1300, 1400, 1500, 1600, 1700, 1920])
def test_nothing_sticks_out_of_its_card(open_ledger, screenshots: Path, width: int):
	page = open_ledger(width=width, height=1000)
	settled(page)
	page.screenshot(path=screenshots / f"customer-ledger-{width}.png")
	outside = page.locator(".cl-ledger").evaluate(
		"""ledger => [...ledger.querySelectorAll("td, th, .cl-figure, .cl-card *")].filter((part) => {
			const box = part.getBoundingClientRect();
			return box.width && !part.closest("svg") && box.right > ledger.getBoundingClientRect().right + 1;
		}).map((part) => part.outerHTML.slice(0, 120))"""
	)
	assert outside == []


def test_chinese(open_ledger, screenshots: Path):
	page = open_ledger(CHINESE)
	settled(page)
	expect(page.locator(".cl-figures")).to_contain_text("与总账一致")
	expect(page.locator(".cl-movements")).to_contain_text("余额")
	assert labels_apart(page)
	chart_is_drawn(page)
	page.screenshot(path=screenshots / "customer-ledger-zh.png")


def test_nothing_yet(open_ledger):
	page = open_ledger(customer=QUIET)
	expect(page.locator(".cl-empty")).to_contain_text("No transactions with this customer yet")
	expect(page.locator(".cl-toolbar")).to_be_hidden()


def test_a_failure_can_be_tried_again(open_ledger):
	page = open_ledger()
	settled(page)
	page.route("**/api/method/client_ledger.ledger_tab.api.*", lambda route: route.abort())
	page.click(".cl-toolbar [data-action=refresh]")
	expect(page.locator(".cl-empty[role=alert]")).to_contain_text("could not be loaded")
	page.unroute("**/api/method/client_ledger.ledger_tab.api.*")
	page.click(".cl-empty [data-action=refresh]")
	expect(rows(page)).to_have_count(50)


def test_whoever_may_not_see_the_customer_gets_nothing(page_as, desk):
	page = page_as(STRANGER)
	page.goto(f"{desk}/customer/{quote(QUIET)}")
	page.wait_for_selector("#customer-cl_ledger_tab-tab")
	for method in ("customer_ledger", "customer_ledger_xlsx", "customer_ledger_print"):
		answer = page.request.get(
			f"/api/method/client_ledger.ledger_tab.api.{method}",
			params={"customer": CUSTOMER, "company": f.COMPANY},
		)
		assert answer.status == 403


def test_the_tab_that_was_opened_last_is_opened_with_the_next_customer(page_as, desk):
	page = page_as(SELLER)
	page.goto(f"{desk}/customer/{quote(CUSTOMER)}")
	page.click("#customer-cl_ledger_tab-tab")
	page.wait_for_selector(".cl-movement")
	page.goto(f"{desk}/customer/{quote(QUIET)}")
	page.wait_for_selector(".cl-ledger .cl-empty:visible")
	page.evaluate("(name) => frappe.set_route('Form', 'Customer', name)", CUSTOMER)
	page.wait_for_selector(".cl-movement:visible")
	page.click("#customer-cl_credit_tab-tab")
	page.goto(f"{desk}/customer/{quote(QUIET)}")
	page.wait_for_selector("[data-fieldname=cl_credit_html] .cl-ledger:visible")
	page.goto(f"{desk}/customer/{quote(CUSTOMER)}#cl_ledger_tab")
	page.wait_for_selector(".cl-movement:visible")


SMALL = """() => [...document.querySelectorAll(".cl-ledger .btn, .cl-ledger select, .cl-ledger input")]
	.filter((one) => one.offsetParent && one.type !== "checkbox" && one.offsetHeight < 32)
	.map((one) => one.outerHTML)"""


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("tab", ["ledger", "credit", "dunning", "collections"])
def test_what_is_pressed_can_be_hit_and_has_a_visible_focus(page_as, desk, screenshots: Path, tab, width):
	page = page_as(CHINESE if width == 390 else SELLER, width=width, height=900)
	page.goto(f"{desk}/customer/{quote(CUSTOMER)}")
	page.click(f"#customer-cl_{tab}_tab-tab")
	root = page.locator(f"[data-fieldname=cl_{tab}_html] .cl-ledger")
	expect(root).to_have_attribute("aria-busy", "false")
	refresh = root.locator("[data-action=refresh]")
	expect(refresh).to_be_visible()
	page.screenshot(path=screenshots / f"tab-{tab}-{width}.png", full_page=True)
	assert page.evaluate(SMALL) == []
	refresh.focus()
	page.keyboard.press("Shift+Tab")
	page.keyboard.press("Tab")
	assert refresh.evaluate("(one) => getComputedStyle(one).outlineStyle") == "solid"
	if tab == "credit":
		expect(root.locator(".cl-grade-card")).to_contain_text(
			"尚未评估" if width == 390 else "Not assessed yet"
		)
	assert (
		page.evaluate(
			"[...document.querySelectorAll('.cl-ledger svg *')].some((one) => /NaN/.test(one.outerHTML))"
		)
		is False
	)
