"""The archive in the desk: its list and form, a check, an export, a legal hold; in English and Chinese, on a phone."""

import frappe
import pytest
from frappe.utils import add_days, nowdate
from playwright.sync_api import expect

from client_ledger.archive.chain import chain_company
from client_ledger.archive.keep import keep
from tests.bench import factories as f
from tests.browser.users import make_user
from tests.browser.waiting import wait_until_open, wait_until_still

COMPANY, CUSTOMER = "Archive Desk Company", "Archive Desk Customer"
KEEPER, CHINESE = "keeper@archive.example", "chinese@archive.example"
ROLES = ("Accounts Manager", "Accounts User", "Auditor", "Sales User")


@pytest.fixture(scope="module", autouse=True)
def entries(site) -> str:
	f.make_company(COMPANY)
	f.make_customer(CUSTOMER)
	if not frappe.db.exists("Ledger Archive", {"company": COMPANY}):
		f.make_invoice(CUSTOMER, 640, company=COMPANY)
		files = [("letter.html", b"<p>Letter</p>")]
		for number, day in enumerate((nowdate(), add_days(nowdate(), -30)), 1):
			keep(
				"Letter",
				COMPANY,
				"Customer",
				CUSTOMER,
				customer=CUSTOMER,
				figures={"subject": "<b>Reminder</b>", "total": 640, "message": "<script>alert(1)</script>"},
				files=files,
				on=day,
				version=str(number),
			)
	chain_company(COMPANY)
	make_user(KEEPER, ROLES, company=COMPANY)
	make_user(CHINESE, ROLES, language="zh", company=COMPANY)
	frappe.db.commit()
	return frappe.db.get_value("Ledger Archive", {"company": COMPANY, "kind": "Letter"})


def test_the_list_checks_and_exports(page_as, desk, screenshots):
	page = page_as(KEEPER, width=1440)
	page.goto(f"{desk}/ledger-archive?company={COMPANY.replace(' ', '%20')}")
	expect(page.locator(".list-row")).to_have_count(3)
	wait_until_still(page)
	page.screenshot(path=screenshots / "archive-list.png")
	page.get_by_role("button", name="Verify Archive").click()
	expect(page.locator(".modal.show")).to_contain_text(
		"Nothing was changed, removed or inserted: 3 entries."
	)
	page.screenshot(path=screenshots / "archive-verified.png")
	page.locator(".modal.show .btn-modal-close").click()
	expect(page.locator(".modal.show")).to_have_count(0)
	page.get_by_role("button", name="Export Archive").click()
	dialog = page.locator(".modal.show")
	expect(dialog).to_contain_text("From Date")
	page.screenshot(path=screenshots / "archive-export.png")
	dialog.locator(".btn-primary").click()
	expect(page.locator(".alert, .desk-alert").first).to_contain_text("being exported")


@pytest.mark.parametrize(("user", "width"), [(KEEPER, 1440), (CHINESE, 390)])
def test_an_entry_shows_figures_as_text_and_its_file(page_as, desk, screenshots, entries, user, width):
	page = page_as(user, width=width, height=1600)
	page.goto(f"{desk}/ledger-archive/{entries}")
	figures = page.locator(".cl-archive-figures")
	expect(figures).to_contain_text("<script>alert(1)</script>")
	wait_until_still(page)
	page.screenshot(path=screenshots / f"archive-entry-{width}.png", full_page=True)
	assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
	expect(page.locator(".primary-action:visible", has_text="Save")).to_have_count(0)
	if width < 500:
		return
	with page.expect_download() as download:
		page.get_by_role("button", name="Download Files").click()
	assert download.value.path().read_bytes() == b"<p>Letter</p>"
	page.get_by_role("button", name="Legal Hold", exact=True).click()
	page.locator(".modal.show textarea").fill("Court case")
	wait_until_open(page)
	page.locator(".modal.show .btn-primary").click()
	expect(page.get_by_role("button", name="Lift Legal Hold")).to_be_visible()
