"""Receipts without an invoice on the desk: their list, a form, other invoices chosen, the home page and the Collections tab."""

from pathlib import Path
from urllib.parse import quote

import frappe
import pytest
from frappe.utils import nowdate
from playwright.sync_api import Page, expect

from client_ledger.accounts.refresh import refresh_customers
from client_ledger.receipts import advices, proposals
from tests.bench import factories as f
from tests.bench.receipts.setting import COMPANY, deposit, outstanding, owing, stored
from tests.browser.users import make_user

USER, CHINESE = "receipts@example.com", "receipts.zh@example.com"
NAMED, CHOSEN = "Receipts Named Ltd", "Receipts Chosen Ltd"
ROLES = ("Accounts Manager", "Accounts User", "Sales User")
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module", autouse=True)
def books(site: str) -> dict:
	"""Money for a named invoice, money that fits two, money nobody knows; a payment announced."""
	f.make_company()
	found = {
		"named": owing(NAMED, 1234.5, 88),
		"chosen": owing(CHOSEN, 410, 420),
	}
	found["sure"] = deposit(1234.5, f"Rechnung {found['named'][0].name}", bank_party_name="Named Holding")
	found["other"] = deposit(410, "monthly payment", party_type="Customer", party=CHOSEN)
	found["nobody"] = deposit(77.77, "no reference", bank_party_name="Stranger")
	advices.announce(
		NAMED, COMPANY, "USD", 88, nowdate(), "TT-20881", {found["named"][1].name: None}, "Ms Lee"
	)
	proposals.refresh(COMPANY)
	make_user(USER, ROLES)
	make_user(CHINESE, ROLES, language="zh")
	assert not refresh_customers([NAMED, CHOSEN])
	frappe.db.commit()
	frappe.clear_cache()
	return found


def open_list(page: Page, desk: str) -> None:
	page.goto(f"{desk}/receipt-proposal")
	page.locator(".list-row").first.wait_for()


def open_form(page: Page, desk: str, name: str) -> None:
	page.goto(f"{desk}/receipt-proposal/{quote(name)}")
	page.wait_for_function("(name) => window.cur_frm && cur_frm.doc.name === name", arg=name)
	page.locator(".form-message, .form-dashboard-headline").first.wait_for()


def test_the_list_and_the_form_in_chinese(page_as, desk, books, screenshots: Path):
	page = page_as(CHINESE, width=1500)
	open_list(page, desk)
	page.screenshot(path=screenshots / "receipts-list-zh.png", full_page=True)
	open_form(page, desk, stored(books["sure"]).name)
	page.screenshot(path=screenshots / "receipt-zh.png", full_page=True)
	assert page.evaluate("cur_frm.doc.items.length") == 1


def test_other_invoices_are_chosen_and_applied(page_as, desk, books, screenshots: Path):
	page = page_as(USER)
	first, second = books["chosen"]
	name = stored(books["other"]).name
	open_form(page, desk, name)
	page.get_by_role("button", name="Choose Other Invoices").first.click()
	dialog = page.locator(".modal.show")
	dialog.locator(".cl-choice").wait_for()
	boxes = dialog.locator(".cl-choice input[type=checkbox]")
	assert [boxes.nth(i).is_checked() for i in range(2)] == [True, False]
	boxes.nth(0).uncheck()
	boxes.nth(1).check()
	expect(dialog).to_contain_text("10.00 more than the receipt")
	dialog.locator("select[data-fieldname=withheld_as]").select_option("Cash Discount")
	page.screenshot(path=screenshots / "receipt-choose.png")
	dialog.get_by_role("button", name="Choose", exact=True).click()
	page.wait_for_function("cur_frm.doc.found_by === 'Chosen by Hand'")
	page.screenshot(path=screenshots / "receipt.png", full_page=True)
	page.get_by_role("button", name="Apply", exact=True).first.click()
	page.locator(".modal.show .btn-primary:visible").last.click()
	page.wait_for_function("cur_frm.doc.status === 'Applied'")
	page.screenshot(path=screenshots / "receipt-applied.png", full_page=True)
	frappe.db.rollback()
	assert outstanding(first, second) == [410, 0]


def test_many_are_applied_from_the_list(page_as, desk, books, screenshots: Path):
	page = page_as(USER, width=1500)
	open_list(page, desk)
	for receipt in ("sure", "nobody"):
		page.locator(f".list-row-checkbox[data-name='{stored(books[receipt]).name}']").check()
	page.screenshot(path=screenshots / "receipts-list.png", full_page=True)
	page.get_by_role("button", name="Actions").click()
	page.locator(".actions-btn-group .dropdown-item:visible", has_text="Apply").first.click()
	page.locator(".modal.show .btn-primary:visible").last.click()
	expect(page.locator(".msgprint").first).to_contain_text("Nothing is proposed")
	page.screenshot(path=screenshots / "receipts-applied.png", full_page=True)
	frappe.db.rollback()
	assert outstanding(books["named"][0]) == [0]
	assert stored(books["nobody"]).status == "Without Invoice"


def test_the_home_page_and_the_tab_show_them(page_as, desk, books, screenshots: Path):
	page = page_as(USER)
	page.goto(f"{desk}/client-ledger")
	card = page.locator("[data-list=receipts]")
	expect(card).to_contain_text("Stranger")
	card.screenshot(path=screenshots / "receipts-home.png")
	page.goto(f"{desk}/customer/{quote(NAMED)}")
	page.click("#customer-cl_collections_tab-tab")
	announced = page.locator(".cl-card", has_text="TT-20881")
	announced.wait_for()
	page.screenshot(path=screenshots / "receipts-tab.png", full_page=True)
	page.locator(".cl-collections [data-action=announce]").click()
	dialog = page.locator(".modal.show")
	dialog.locator("input[data-fieldname=amount]").first.wait_for()
	page.screenshot(path=screenshots / "announce.png")
