"""The setup page in a browser: what is missing, and from there to the first previewed run."""

import frappe
import pytest
from playwright.sync_api import expect

from tests.bench import factories as f
from tests.bench.accounts import refresh
from tests.bench.dunning.setting import COMPANY, ago, make_debtor, make_policy
from tests.browser.users import MANAGER_ROLES, make_user
from tests.browser.waiting import wait_until_still

DEBTOR = "Setup Page Debtor"
MANAGER, CHINESE, CONTROLLER = (f"{name}@setup-page.example" for name in ("manager", "chinese", "controller"))
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module", autouse=True)
def books(site) -> None:
	f.make_company()
	make_debtor(DEBTOR, language="en")
	if not frappe.db.exists("Sales Invoice", {"customer": DEBTOR}):
		f.make_invoice(DEBTOR, 640, ago(60), due_date=ago(30))
	refresh()
	make_policy("Setup Page Policy", mode="Preview", customers=[DEBTOR])
	frappe.db.delete("Dunning Run", {"company": COMPANY, "status": "New"})
	make_user(MANAGER, MANAGER_ROLES, company=COMPANY)
	make_user(CHINESE, (*MANAGER_ROLES, "System Manager"), language="zh", company=COMPANY)
	make_user(CONTROLLER, ("Credit Controller", "Accounts User"), company=COMPANY)
	frappe.db.commit()


def open_setup(page, desk: str):
	page.goto(f"{desk}/client-ledger-setup")
	steps = page.locator(".cl-step")
	expect(steps).to_have_count(22)
	wait_until_still(page)
	return steps


@pytest.mark.parametrize(("user", "word"), [(MANAGER, "Done"), (CHINESE, "完成")])
@pytest.mark.parametrize("width", [1440, 390])
def test_what_is_done_and_what_is_not(page_as, desk, screenshots, user, word, width):
	page = page_as(user, width=width, height=2400)
	steps = open_setup(page, desk)
	page.screenshot(path=screenshots / f"setup-{user.split('@')[0]}-{width}.png", full_page=True)
	assert word in steps.first.inner_text()
	assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
	boxes = [button.bounding_box() for button in page.locator(".cl-step-actions .btn").all()]
	assert boxes and all(box["height"] >= 32 for box in boxes)
	expect(page.locator(".modal.show")).to_have_count(0)


def test_from_the_page_to_the_first_preview_by_keyboard(page_as, desk, screenshots):
	page = page_as(MANAGER, width=1440)
	open_setup(page, desk)
	button = page.locator("[data-step=first-run] .btn", has_text="Preview Dunning")
	button.focus()
	page.keyboard.press("Enter")
	dialog = page.locator(".modal.show")
	expect(dialog).to_contain_text("customers checked")
	expect(dialog).to_contain_text(DEBTOR)
	page.screenshot(path=screenshots / "setup-first-preview.png")
	assert frappe.db.count("Ledger Notice", {"customer": DEBTOR}) == 0
	page.goto(f"{desk}/client-ledger-setup")
	expect(page.locator("[data-step=first-run]")).to_contain_text("Done")


def test_whoever_sets_nothing_up_is_not_let_in(page_as, desk):
	page = page_as(CONTROLLER, width=1440)
	page.goto(f"{desk}/client-ledger-setup")
	expect(page.locator("body")).to_contain_text("permi", ignore_case=True)
	expect(page.locator(".cl-step")).to_have_count(0)
