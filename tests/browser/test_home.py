"""The home page in a browser: what each role sees of it, wide and on a phone, in both languages, and what is decided there."""

import frappe
import pytest
from playwright.sync_api import expect

from tests.bench.home_books import make_home_books
from tests.browser.users import MANAGER_ROLES, make_user

MANAGER, CONTROLLER, SELLER, AUDITOR, NOBODY, CHINESE = (
	f"{name}@home-desk.example"
	for name in ("manager", "controller", "seller", "auditor", "nobody", "chinese")
)
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module", autouse=True)
def books(site) -> None:
	"""The books and the people. All is committed, once."""
	make_home_books()
	make_user(MANAGER, (*MANAGER_ROLES, "Accounts User"))
	make_user(CONTROLLER, ("Credit Controller", "Accounts User"))
	make_user(SELLER, ("Sales User",))
	make_user(AUDITOR, ("Auditor", "Accounts User"))
	make_user(NOBODY, ("Credit Controller",))
	make_user(CHINESE, (*MANAGER_ROLES, "Accounts User"), language="zh")
	frappe.db.commit()


def open_home(page, desk: str):
	page.goto(f"{desk}/client-ledger")
	home = page.locator(".cl-home")
	expect(home).to_have_attribute("aria-busy", "false")
	return home


@pytest.mark.parametrize("user", [MANAGER, CONTROLLER, SELLER, AUDITOR, NOBODY, CHINESE])
@pytest.mark.parametrize("width", [1440, 390])
def test_what_each_role_sees(page_as, desk, screenshots, user, width):
	page = page_as(user, width=width, height=3000)
	home = open_home(page, desk)
	page.wait_for_timeout(1000)
	page.evaluate("document.querySelectorAll('.modal.show').length")
	name = f"home-{user.split('@')[0]}-{width}.png"
	page.screenshot(path=screenshots / name, full_page=True)
	expect(page.locator(".modal.show")).to_have_count(0)
	assert home.inner_text()
