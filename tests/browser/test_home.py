"""The home page in a browser: what each role sees of it, wide and on a phone, in both languages, and what is decided there."""

import re
from collections.abc import Callable
from typing import NamedTuple

import frappe
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.bench.home_books import CEDAR, DUNE, NORTH, SOUTH, make_hold, make_home_books, request_limit
from tests.browser.users import MANAGER_ROLES, make_user
from tests.browser.waiting import wait_until_still

MANAGER, CONTROLLER, SELLER, AUDITOR, NOBODY, CHINESE = (
	f"{name}@home-desk.example"
	for name in ("manager", "controller", "seller", "auditor", "nobody", "chinese")
)
# User -> its roles, and the lists it may see; an empty one shares a line with the others that are empty.
# What tests before this one may have left waiting, for who works on receivables.
BESIDES = {
	*(
		"confirmations",
		"controls",
		"duties",
		"kpis",
		"period_checks",
		"procedures",
		"receipts",
		"trials",
		"warnings",
	),
}
PEOPLE = {
	MANAGER: (
		(*MANAGER_ROLES, "Accounts User"),
		{"to_call", "holds", "limits", "notices", "promises", "disputes", *BESIDES},
	),
	CONTROLLER: (
		("Credit Controller", "Accounts User"),
		{"to_call", "holds", "notices", "promises", "disputes", *BESIDES},
	),
	SELLER: (("Sales User",), {"to_call", "holds", "promises", "disputes", "warnings"}),
	AUDITOR: (("Auditor", "Accounts User"), {"holds", "promises", "disputes", *BESIDES}),
	NOBODY: (("Credit Controller",), set()),
	CHINESE: (
		(*MANAGER_ROLES, "Accounts User"),
		{"to_call", "holds", "limits", "notices", "promises", "disputes", *BESIDES},
	),
}
WIDTHS = (1440, 390)
OURS = re.compile(r"/api/method/(client_ledger\.[\w.]+)")
# What the desk itself asks for a workspace with one block: the page, the block, on version 15 the sidebar, and little besides.
MOST_REQUESTS = 8
# Fault -> elements of the page that have it: small to hit, without a name for those who hear it.
FAULTS = """() => {
	const home = document.querySelector(".cl-home");
	const shown = [...home.querySelectorAll("button, select, a")].filter((one) => one.offsetParent);
	const name = (one) => one.getAttribute("aria-label") || one.innerText.trim();
	return {
		small: shown.filter((one) => one.matches("button, select") && one.offsetHeight < 32).map(name),
		nameless: shown.filter((one) => !name(one)).map((one) => one.outerHTML),
		undrawn: [...home.querySelectorAll("svg *")]
			.filter((one) => [...one.attributes].some(({ value }) => /NaN|undefined/.test(value)))
			.map((one) => one.outerHTML),
		wide: document.documentElement.scrollWidth > window.innerWidth + 1 ? ["page"] : [],
	};
}"""
expect.set_options(timeout=30_000)


class Opened(NamedTuple):
	"""A home page, and what its page has asked the server for so far."""

	page: Page
	home: Locator
	asked: list[str]

	@property
	def ours(self) -> list[str]:
		return [found[1] for url in self.asked if (found := OURS.search(url))]


@pytest.fixture(scope="module", autouse=True)
def books(site) -> None:
	"""The books and the people. All is committed, once."""
	make_home_books()
	for user, (roles, _lists) in PEOPLE.items():
		make_user(user, roles, language="zh" if user == CHINESE else "", company=NORTH)
	frappe.db.commit()


@pytest.fixture
def open_home(page_as: Callable[..., Page], desk: str) -> Callable[..., Opened]:
	def open_it(user: str = MANAGER, **options) -> Opened:
		page = page_as(user, **options)
		asked: list[str] = []
		page.on("request", lambda request: asked.append(request.url))
		page.goto(f"{desk}/client-ledger")
		home = page.locator(".cl-home")
		ready(home)
		return Opened(page, home, asked)

	return open_it


def ready(home: Locator) -> None:
	expect(home).to_have_attribute("aria-busy", "false", timeout=60_000)


def choose(home: Locator, company: str) -> None:
	home.locator("[data-control=company]").select_option(company)
	ready(home)
	expect(home.locator("[data-control=company]")).to_have_value(company)


def confirm(page: Page, reason: str | None = None) -> None:
	dialog = page.locator(".modal.show")
	expect(dialog).to_be_visible()
	if reason:
		dialog.locator("[data-fieldname=reason] textarea").fill(reason)
	dialog.locator(".btn-modal-primary, .btn-primary").last.click()
	expect(dialog).to_have_count(0)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("user", PEOPLE)
def test_what_each_role_sees(open_home, screenshots, user, width):
	page, home, asked = opened = open_home(user, width=width, height=2600)
	wait_until_still(page)
	page.screenshot(path=screenshots / f"home-{user.split('@')[0]}-{width}.png", full_page=True)
	expect(page.locator(".modal.show")).to_have_count(0)
	assert opened.ours == ["client_ledger.home.api.get_home"]
	assert len([url for url in asked if "/api/method/frappe.desk" in url]) <= MOST_REQUESTS, asked
	lists = PEOPLE[user][1]
	assert {
		found.get_attribute("data-list") for found in home.locator("[data-list]").all() if found.is_visible()
	} - {None} <= lists
	if not lists:
		expect(home).to_contain_text("There are no receivables that you may view.")
	else:
		expect(home.locator("[data-figure]")).to_have_count(5)
		expect(home.locator("svg.frappe-chart")).to_have_count(2)
	assert {fault: found for fault, found in page.evaluate(FAULTS).items() if found} == {}


def test_in_chinese_nothing_is_left_in_english(open_home):
	home = open_home(CHINESE).home
	labels = home.locator(".cl-label, h3, h4, .btn, .cl-updated").all_inner_texts()
	assert labels
	assert [text for text in labels if re.search("[a-z]{3}", text) and not re.search("USD|EUR", text)] == []
	for text in ("应收总额", "待办事项", "信用暂挂", "放行", "所有公司"):
		expect(home).to_contain_text(text)


def test_a_company_is_chosen_and_remembered(open_home, desk):
	page, home, _asked = opened = open_home()
	expect(home.locator("[data-figure=receivable] .cl-value").first).to_contain_text("$")
	choose(home, SOUTH)
	expect(home.locator("[data-figure=receivable] .cl-value")).to_have_count(1)
	expect(home.locator("[data-figure=receivable] .cl-value")).to_contain_text("€")
	assert len(opened.ours) == 2
	page.reload()
	ready(home)
	expect(home.locator("[data-control=company]")).to_have_value(SOUTH)
	choose(home, "")
	assert home.locator("[data-figure=receivable] .cl-value").count() > 1


def test_a_chart_is_drawn_in_the_other_currency(open_home):
	page, home, _asked = opened = open_home()
	chart = home.locator("[data-chart=ageing]")
	assert "$" in chart.get_attribute("aria-label")
	home.locator("[data-action=currency][data-currency=EUR]").click()
	expect(home.locator("[data-currency=EUR]")).to_have_attribute("aria-pressed", "true")
	expect(home.locator("[data-currency=EUR]")).to_be_focused()
	assert "€" in chart.get_attribute("aria-label")
	wait_until_still(page)
	assert page.evaluate(FAULTS)["undrawn"] == []
	assert len(opened.ours) == 1


def test_a_hold_is_released_and_one_rejected_in_two_clicks(open_home):
	released, rejected = (make_hold(name, NORTH, 990) for name in (CEDAR, CEDAR))
	frappe.db.set_value("Credit Hold", {"name": ("in", (released, rejected))}, "held_on", "2020-01-01")
	frappe.db.commit()
	page, home, _asked = open_home(CONTROLLER)
	holds = home.locator("[data-list=holds]")
	before = int(holds.locator(".cl-count").first.inner_text())
	for name, action in ((released, "release"), (rejected, "reject")):
		row = holds.locator("li", has=page.locator(f"a[href$='{name}']"))
		row.locator(f"[data-action={action}]").click()
		confirm(page, "Known for years")
		expect(row).to_have_count(0)
	ready(home)
	expect(holds.locator(".cl-count").first).to_have_text(str(before - 2))
	frappe.db.rollback()
	assert frappe.db.get_value("Credit Hold", released, ["status", "decided_by"]) == ("Released", CONTROLLER)
	assert frappe.db.get_value("Credit Hold", rejected, ["status", "decided_by"]) == ("Rejected", CONTROLLER)


def test_a_limit_is_approved_in_two_clicks(open_home):
	name = request_limit(CEDAR, NORTH, 61_000)
	frappe.db.set_value("Credit Limit", name, "creation", "2020-01-01")
	frappe.db.commit()
	page, home, _asked = open_home(MANAGER)
	row = home.locator("[data-list=limits] li", has=page.locator(f"a[href$='{name}']"))
	row.locator("[data-action=approve]").click()
	confirm(page)
	expect(row).to_have_count(0)
	frappe.db.rollback()
	assert frappe.db.get_value("Credit Limit", name, ["docstatus", "approved_by"]) == (1, MANAGER)


def test_by_keys_alone(open_home):
	name = make_hold(DUNE, SOUTH, 123)
	frappe.db.set_value("Credit Hold", name, "held_on", "2019-01-01")
	frappe.db.commit()
	page, home, _asked = open_home(CONTROLLER)
	home.locator("[data-action=refresh]").focus()
	wanted = home.locator("[data-list=holds] li", has=page.locator(f"a[href$='{name}']"))
	button = wanted.locator("[data-action=release]")
	for _press in range(60):
		page.keyboard.press("Tab")
		if button.evaluate("(one) => one === document.activeElement"):
			break
	outline = button.evaluate("(one) => getComputedStyle(one).outlineStyle")
	assert outline == "solid", "whoever uses keys sees where they are"
	page.keyboard.press("Enter")
	dialog = page.locator(".modal.show")
	expect(dialog.locator("[data-fieldname=reason] textarea")).to_be_visible()
	dialog.locator("[data-fieldname=reason] textarea").fill("By keys")
	dialog.locator(".btn-modal-primary, .btn-primary").last.press("Enter")
	expect(wanted).to_have_count(0)


def test_a_customer_to_call_opens_where_one_collects(open_home):
	page, home, _asked = open_home()
	home.locator("[data-list=to_call] li a").first.click()
	page.wait_for_selector(".cl-collections .cl-figures")


@pytest.mark.parametrize(("list_name", "row"), [("to_call", ".cl-row"), ("notices", ".cl-reason")])
def test_all_of_a_list_is_that_of_the_company(open_home, list_name, row):
	page, home, _asked = open_home()
	for company in (SOUTH, ""):
		choose(home, company)
		number = home.locator(f"[data-list={list_name}] .cl-count").first.inner_text()
		home.locator(f"[data-list={list_name}] [data-action=open]").click()
		page.wait_for_selector(f"{row}:visible")
		expect(page.locator("[data-fieldname=company] input:visible")).to_have_value(company)
		if list_name == "to_call":
			expect(page.locator(".cl-pane-list p")).to_contain_text(number)
		page.go_back()
		ready(home)


def test_there_and_back_again(open_home, desk):
	page, _home, _asked = open_home()
	for route in ("['List', 'Customer']", "['collection-worklist']", "['Workspaces', 'Client Ledger']"):
		page.evaluate(f"frappe.set_route(...{route})")
		page.wait_for_timeout(1500)
	expect(page.locator(".cl-home:visible")).to_have_count(1)
	ready(page.locator(".cl-home:visible"))
	page.set_viewport_size({"width": 700, "height": 900})
	wait_until_still(page)
	assert page.evaluate(FAULTS)["undrawn"] == []
