"""A procedure where the work is done: on the invoice's form, read and understood with one button, asked again for a new version."""

import frappe
import pytest
from playwright.sync_api import expect

from tests.bench import factories as f
from tests.bench.home_books import make_home_books
from tests.browser.users import make_user
from tests.browser.waiting import wait_until_still

CLERK, CHINESE = "clerk@procedures-desk.example", "chinese@procedures-desk.example"
HEAD, CONTROLLER = "head@procedures-desk.example", "controller@procedures-desk.example"
CUSTOMER, NAME = "Procedures & Sons", "Invoicing"
# Where each is worked with, and what its first step says in English and Chinese.
PLACES = {
	"Sales Invoice": ("Invoicing", "Make the invoice from the delivery note"),
	"Payment Entry": ("Receipts", "Record every receipt"),
	"Follow Up": ("Dunning Procedure", "Look at the notices planned"),
	"Credit Hold": ("Credit Limit Change", "Decide on held documents within a day"),
	"Ledger Notice": ("Dunning Procedure", "Look at the notices planned"),
}


@pytest.fixture(scope="module", autouse=True)
def books(site) -> str:
	make_home_books()
	make_user(CLERK, ("Accounts User", "Sales User"))
	make_user(CHINESE, ("Accounts User", "Sales User", "Credit Controller"), language="zh")
	make_user(CONTROLLER, ("Credit Controller", "Accounts User", "Sales User"))
	make_user(HEAD, ("Accounts Manager", "Credit Manager"))
	for name in {name for name, _words in PLACES.values()}:
		doc = frappe.get_doc("Procedure", name)
		doc.update({"in_force": 1, "responsible": HEAD})
		doc.what_changed = f"Anew {frappe.generate_hash(length=6)}"
		doc.steps[0].deadline += 1
		doc.save()
	f.make_customer(CUSTOMER)
	invoice = f.make_invoice(CUSTOMER, 70, submit=False)
	f.make_payment(CUSTOMER, 70, submit=False)
	frappe.get_doc(
		{
			"doctype": "Follow Up",
			"customer": CUSTOMER,
			"company": f.COMPANY,
			"due_date": frappe.utils.nowdate(),
			"channel": "Call",
			"subject": "Ask for the money",
			"priority": "Medium",
		}
	).insert(ignore_permissions=True)
	frappe.db.commit()
	return invoice.name


@pytest.mark.parametrize("width", [1440, 390], ids=["desk", "phone"])
@pytest.mark.parametrize("user", [CONTROLLER, CHINESE], ids=["en", "zh"])
def test_it_is_shown_where_the_work_is_done(page_as, desk, screenshots, user, width):
	page = page_as(user, width=width, height=900)
	for doctype, (_name, words) in PLACES.items():
		name = frappe.get_all(doctype, pluck="name", order_by="creation desc", limit=1)[0]
		page.goto(f"{desk}/{doctype.lower().replace(' ', '-')}/{name}")
		section = page.locator(".cl-procedures")
		expect(section).to_be_visible()
		expect(section).to_contain_text("Read and Understood" if user == CONTROLLER else "已阅读并理解")
		if user == CONTROLLER:
			expect(section).to_contain_text(words)
			expect(section).to_contain_text("Anew")
		wait_until_still(page)
		assert section.evaluate("it => it.scrollWidth <= it.clientWidth"), "nothing is cut off"
		page.screenshot(path=screenshots / f"procedures-{doctype.split()[1].lower()}-{user[:2]}-{width}.png")


def test_a_step_leads_to_its_screen(page_as, desk, books):
	page = page_as(CLERK, width=1440, height=1000)
	page.goto(f"{desk}/sales-invoice/{books}")
	page.locator(".cl-procedures a[data-screen='Delivery Note']").click()
	page.wait_for_function("frappe.get_route_str() === 'List/Delivery Note/List'")


def test_it_is_shown_on_the_invoice_and_confirmed_there(page_as, desk, screenshots, books):
	page = page_as(CLERK, width=1440, height=1000)
	page.goto(f"{desk}/sales-invoice/{books}")
	section = page.locator(".cl-procedures")
	expect(section).to_contain_text("Make the invoice from the delivery note")
	expect(section).to_contain_text("Anew")
	expect(section).to_be_in_viewport()
	wait_until_still(page)
	page.screenshot(path=screenshots / "procedures-invoice.png")
	section.get_by_role("button", name="Read and Understood").click()
	expect(section.get_by_role("button", name="Read and Understood")).to_have_count(0)
	expect(page.locator(".cl-procedures")).to_have_count(1)
	frappe.db.rollback()
	assert frappe.db.exists("Procedure Reading", {"procedure": NAME, "user": CLERK})


def test_in_chinese_and_on_the_home_page(page_as, desk, screenshots, books):
	page = page_as(CHINESE, width=1440, height=1400)
	page.goto(f"{desk}/client-ledger")
	card = page.locator('.cl-home-list[data-list="procedures"]')
	expect(card).to_contain_text("待阅读的程序")
	wait_until_still(page)
	card.screenshot(path=screenshots / "procedures-home.png")
	page.goto(f"{desk}/sales-invoice/{books}")
	expect(page.locator(".cl-procedures")).to_contain_text("已阅读并理解")
	expect(page.locator(".cl-procedures")).to_be_in_viewport()
	wait_until_still(page)
	page.screenshot(path=screenshots / "procedures-invoice-zh.png")


def test_who_has_read_it(page_as, desk, screenshots):
	page = page_as(HEAD, width=1440, height=900)
	page.goto(f"{desk}/query-report/Procedure Readings?procedure={NAME}")
	expect(page.locator(".datatable")).to_contain_text(CLERK)
	wait_until_still(page)
	page.screenshot(path=screenshots / "procedures-readings.png")
	page.goto(f"{desk}/procedure/{NAME}")
	expect(page.locator(".indicator-pill", has_text="In Force").first).to_be_visible()
	wait_until_still(page)
	page.screenshot(path=screenshots / "procedures-form.png")
