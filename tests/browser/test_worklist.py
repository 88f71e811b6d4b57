"""The worklist's tools in a browser: search, order, total, file, notes, keys, many at once, and taking it back; both languages."""

from collections.abc import Callable
from pathlib import Path

import frappe
import pytest
from frappe.utils import add_days, nowdate
from playwright.sync_api import Locator, Page, expect

from client_ledger.accounts.refresh import refresh_customers
from client_ledger.collections import account_sync
from tests.bench import factories as f
from tests.bench.dunning.setting import ago, make_debtor
from tests.browser.users import make_user

COMPANY = "Worklist Desk Company"
ALFA, BETA, GAMMA = (f"Listed {name} Ltd" for name in ("Alfa", "Beta", "Gamma"))
ROLES = ("Credit Controller", "Sales User", "Accounts User")
COLLECTOR, CHINESE, CLOSED = (f"{name}@worklist-desk.example" for name in ("collector", "chinese", "closed"))
WIDTHS = (1440, 390)
# What is hard to hit, or wider than the screen.
FAULTS = """() => {
	const shown = [...document.querySelectorAll(".cl-worklist button, .cl-worklist select, .cl-worklist input")];
	const small = shown.filter((one) => one.offsetParent && one.type !== "checkbox" && one.offsetHeight < 32);
	const nameless = shown.filter((one) => one.offsetParent && !one.innerText.trim() && !one.labels?.length
		&& !one.getAttribute("aria-label"));
	return {
		small: small.map((one) => one.outerHTML),
		nameless: nameless.map((one) => one.outerHTML),
		wide: document.documentElement.scrollWidth > window.innerWidth + 1 ? ["page"] : [],
	};
}"""
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module", autouse=True)
def books(site: str) -> None:
	"""Three debtors of a company of their own. Committed."""
	f.make_company(COMPANY, "WDC")
	for name, amount, days in ((ALFA, 5000, 12), (BETA, 300, 95), (GAMMA, 1200, 40)):
		make_debtor(name)
		if not frappe.db.exists("Sales Invoice", {"customer": name}):
			f.make_invoice(name, amount, ago(days + 30), COMPANY, due_date=ago(days))
	assert not refresh_customers([ALFA, BETA, GAMMA])
	account_sync.sync_accounts([ALFA, BETA, GAMMA])
	make_user(COLLECTOR, ROLES)
	make_user(CHINESE, ROLES, language="zh")
	make_user(CLOSED, ("Credit Controller",))
	frappe.db.commit()


@pytest.fixture
def worklist(page_as: Callable[..., Page], desk: str) -> Callable[..., Page]:
	def open_it(user: str = COLLECTOR, **options) -> Page:
		page = page_as(user, **options)
		page.goto(f"{desk}/collection-worklist?company={COMPANY}")
		page.wait_for_selector(".cl-worklist .cl-row")
		expect(rows(page)).to_have_count(3)
		return page

	return open_it


def rows(page: Page) -> Locator:
	return page.locator(".cl-row")


def names(page: Page) -> list[str]:
	expect(page.locator(".cl-worklist")).to_have_attribute("aria-busy", "false")
	return page.locator(".cl-row-name").all_inner_texts()


def logged(customer: str, **filters) -> int:
	frappe.db.rollback()
	return frappe.db.count("Follow Up", {"customer": customer, "workflow_state": "Done", **filters})


@pytest.mark.parametrize(
	("user", "width"), [(COLLECTOR, 1440), (COLLECTOR, 390), (CHINESE, 1440), (CHINESE, 390)]
)
def test_the_list_is_searched_sorted_and_added_up(worklist, screenshots: Path, user, width):
	page = worklist(user, width=width, height=1000)
	expect(page.locator(".cl-pane-list > p")).to_contain_text("$ 6,500.00")
	page.locator("[data-control=sort]").select_option("days")
	expect(rows(page).first).to_contain_text(BETA)
	assert names(page) == [BETA, GAMMA, ALFA]
	page.locator("[data-action=backwards]").click()
	expect(rows(page).first).to_contain_text(ALFA)
	page.locator("[data-control=sort]").select_option("amount")
	expect(rows(page).first).to_contain_text(BETA)
	expect(page.locator(".cl-pane-detail .cl-buttons button").first).to_be_visible()
	page.screenshot(
		path=screenshots / f"worklist-{'zh' if user == CHINESE else 'en'}-{width}.png", full_page=True
	)
	assert {fault: found for fault, found in page.evaluate(FAULTS).items() if found} == {}
	page.locator("[data-control=search]").fill("gamma")
	expect(rows(page)).to_have_count(1)
	expect(page.locator("[data-control=search]")).to_be_focused()
	expect(page.locator(".cl-pane-list > p")).to_contain_text("$ 1,200.00")
	page.locator("[data-control=search]").fill("nobody")
	expect(page.locator(".cl-empty")).to_contain_text(
		"列表中没有匹配的客户" if user == CHINESE else "No customer on the list matches"
	)


def test_the_file_holds_what_is_shown(worklist):
	page = worklist()
	page.locator("[data-control=search]").fill("listed")
	page.locator("[data-control=sort]").select_option("amount")
	expect(rows(page).first).to_contain_text(ALFA)
	with page.expect_download() as download:
		page.locator("[data-action=csv]").click()
	lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
	assert [line.split(",")[0] for line in lines[1:]] == [ALFA, GAMMA, BETA]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_key_logs_an_outcome_with_the_note_and_the_day_of_a_chip_and_another_takes_it_back(
	worklist, screenshots: Path, width
):
	before = logged(GAMMA)
	page = worklist(width=width, height=1000)
	page.locator("[data-control=search]").fill("gamma")
	expect(rows(page)).to_have_count(1)
	detail = page.locator(".cl-pane-detail")
	expect(detail).to_contain_text(GAMMA)
	detail.locator("[data-control=note]").fill("raf: called the wrong Gamma")
	expect(page.locator(".modal.show")).to_have_count(0), "keys are letters where one types"
	page.locator(".cl-row-name").focus()
	page.keyboard.press("f")
	dialog = page.locator(".modal.show")
	expect(dialog.locator("[data-fieldname=outcome] select")).to_have_value("Refuses to Pay")
	expect(dialog.locator("[data-fieldname=notes] textarea")).to_have_value("raf: called the wrong Gamma")
	expect(dialog.locator("[data-day][aria-pressed=true]")).to_have_text("In a Week")
	dialog.locator("[data-day]", has_text="In 3 Days").click()
	expect(dialog.locator("[data-day][aria-pressed=true]")).to_have_text("In 3 Days")
	page.screenshot(path=screenshots / f"worklist-outcome-{width}.png")
	dialog.locator(".btn-modal-primary").click()
	expect(page.locator(".cl-said")).to_contain_text(f"{GAMMA}: Refuses to Pay")
	assert logged(GAMMA, next_date=add_days(nowdate(), 3)) == before + 1
	page.locator("body").press("u")
	expect(page.locator(".cl-said")).to_contain_text("1 of 1 undone")
	expect(rows(page)).to_have_count(1)
	assert logged(GAMMA) == before


def test_nobody_answered_for_two_and_it_is_taken_back(worklist, screenshots: Path):
	page = worklist(CHINESE, width=1440, height=1000)
	mass = page.locator("[data-action=mass-no-answer]")
	expect(mass).to_be_disabled()
	for name in (ALFA, BETA):
		rows(page).filter(has_text=name).locator("[data-choose]").check()
	expect(page.locator("[data-count=chosen]")).to_have_text("已选 2 项")
	mass.click()
	page.locator(".modal.show [data-day]", has_text="明天").click()
	page.locator(".modal.show .btn-modal-primary").click()
	expect(rows(page)).to_have_count(1)
	expect(page.locator(".cl-said")).to_contain_text("已为 2 个客户中的 2 个记录")
	page.screenshot(path=screenshots / "worklist-no-answer-zh.png")
	assert [logged(name, outcome="No Answer") for name in (ALFA, BETA)] == [1, 1]
	page.locator("[data-action=undo]").click()
	expect(rows(page)).to_have_count(3)
	assert [logged(name) for name in (ALFA, BETA)] == [0, 0]


def test_a_note_is_saved_alone(worklist):
	page = worklist()
	page.wait_for_load_state("networkidle")
	page.locator(".cl-row-name", has_text=BETA).click()
	detail = page.locator(".cl-pane-detail")
	expect(detail).to_contain_text(BETA)
	detail.locator("[data-control=note]").fill("Pays <b>only</b> in March")
	detail.locator("[data-action=note]").click()
	expect(detail.locator(".cl-noted").first).to_contain_text("Pays <b>only</b> in March")
	expect(detail.locator("[data-control=note]")).to_have_value("")


@pytest.mark.parametrize("width", WIDTHS)
def test_who_may_not_read_customers_is_told_so(page_as, desk, screenshots: Path, width):
	page = page_as(CLOSED, width=width, height=800)
	page.goto(f"{desk}/collection-worklist")
	expect(page.locator(".cl-worklist .cl-empty")).to_contain_text("You may not read customers")
	expect(page.locator("[data-control=search]")).to_be_hidden()
	page.screenshot(path=screenshots / f"worklist-closed-{width}.png")
	expect(page.locator(".modal.show")).to_have_count(0)
