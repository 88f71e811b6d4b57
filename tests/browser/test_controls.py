"""Controls in a browser by four users: found at night, seen at home, taken up, accepted with a reason, gone when mended, switched off."""

import frappe
import pytest
from frappe.utils import add_days, nowdate
from playwright.sync_api import expect

from client_ledger.controls import late, nightly, preview
from tests.bench import factories as f
from tests.bench.home_books import make_home_books
from tests.browser.users import make_user
from tests.browser.waiting import wait_until_open, wait_until_still

ADMIN, CONTROLLER = "admin@controls-desk.example", "controller@controls-desk.example"
SELLER, MANAGER = "seller@controls-desk.example", "manager@controls-desk.example"
AUDITOR, CHINESE = "auditor@controls-desk.example", "chinese@controls-desk.example"
CUSTOMER, CODE = "Controls & Sons", "unallocated_receipt"


@pytest.fixture(scope="module", autouse=True)
def books(site):
	make_home_books()
	f.make_company()
	make_user(ADMIN, ("System Manager", "Accounts Manager"))
	make_user(CONTROLLER, ("Credit Controller", "Sales User"))
	make_user(SELLER, ("Sales User", "Stock User"), company=f.COMPANY)
	make_user(MANAGER, ("Credit Manager", "Sales User", "Accounts User"))
	make_user(AUDITOR, ("Auditor",))
	make_user(CHINESE, ("Credit Manager", "Sales User", "Accounts User"), language="zh")
	f.make_customer(CUSTOMER)
	made = frappe._dict()
	made.money = [f.make_payment(CUSTOMER, amount, add_days(nowdate(), -60)).name for amount in (500, 750)]
	for name in made.money:
		frappe.db.set_value("Payment Entry", name, "creation", f"{add_days(nowdate(), -60)} 10:00:00")
	frappe.db.commit()
	night()
	return made


def night():
	frappe.db.rollback()
	nightly.look([f.COMPANY], [CODE])


def finding(amount):
	frappe.db.rollback()
	return frappe.db.get_value("Control Finding", {"control": CODE, "customer": CUSTOMER, "amount": amount})


def status(name):
	frappe.db.rollback()
	return frappe.db.get_value("Control Finding", name, ["status", "closed_by", "resolution"])


def open_form(page, desk, doctype, name):
	page.goto(f"{desk}/{doctype.lower().replace(' ', '-')}/{name}")
	page.wait_for_function(
		"([doctype, name]) => window.cur_frm && cur_frm.doctype === doctype && cur_frm.docname === name",
		arg=[doctype, name],
	)
	wait_until_still(page)


def answer(page, text, button):
	dialog = page.locator(".modal.show")
	dialog.locator("textarea").first.fill(text)
	dialog.locator(".btn-primary", has_text=button).click()


def test_the_controller_sees_it_at_home_and_takes_it_up(page_as, desk, screenshots):
	page = page_as(CONTROLLER, width=1440, height=1800)
	page.goto(f"{desk}/client-ledger")
	card = page.locator('.cl-home-list[data-list="controls"]')
	expect(card).to_contain_text("Findings of Controls")
	expect(card).to_contain_text(CUSTOMER)
	wait_until_still(page)
	card.screenshot(path=screenshots / "controls-home.png")
	name = finding(500)
	frappe.db.set_value("Control Finding", name, "due_date", add_days(nowdate(), -8))
	late.remind()
	open_form(page, desk, "Control Finding", name)
	expect(page.locator(".frappe-control[data-fieldname=escalated_on]")).to_be_visible()
	expect(page.locator(".cl-finding")).to_contain_text("ACC-PAY")
	expect(page.locator(".frappe-control[data-fieldname=customer]")).to_contain_text(CUSTOMER)
	page.screenshot(path=screenshots / "controls-finding.png")
	expect(page.get_by_role("button", name="Accept", exact=True)).to_have_count(0)
	page.get_by_role("button", name="Take Up").click()
	expect(page.locator(".indicator-pill", has_text="In Progress").first).to_be_visible()
	assert status(name)[0] == "In Progress"


def test_the_manager_accepts_one_with_a_reason_and_the_night_closes_the_other(
	page_as, desk, screenshots, books
):
	page = page_as(MANAGER, width=1440, height=1000)
	name = finding(750)
	open_form(page, desk, "Control Finding", name)
	page.get_by_role("button", name="Accept", exact=True).click()
	answer(page, "A deposit by contract", "Accept")
	expect(page.locator(".indicator-pill", has_text="Accepted").first).to_be_visible()
	assert status(name) == ("Accepted", MANAGER, "A deposit by contract")
	wait_until_still(page)
	page.screenshot(path=screenshots / "controls-accepted.png")
	money = frappe.get_doc("Payment Entry", books.money[0])
	money.cancel()
	frappe.db.commit()
	night()
	assert status(finding(500))[0] == "Gone"
	page.goto(f"{desk}/control-finding?status=%5B%22!%3D%22%2C%22x%22%5D")
	expect(page.locator(".list-row-container", has_text="Gone").first).to_be_visible()
	wait_until_still(page)
	page.screenshot(path=screenshots / "controls-list.png")


def test_sales_see_what_is_to_be_done_at_their_customers(page_as, desk, screenshots):
	page = page_as(SELLER, width=1440, height=1200)
	page.goto(f"{desk}/customer/{CUSTOMER}#cl_credit_tab")
	tab = page.locator(".cl-credit")
	expect(tab).to_contain_text("Findings of Controls")
	expect(tab).to_contain_text("Accepted")
	wait_until_still(page)
	page.screenshot(path=screenshots / "controls-customer-tab.png", full_page=True)
	open_form(page, desk, "Control Finding", finding(750))
	for label in ("Resolve", "Accept", "Reopen", "Take Up"):
		expect(page.get_by_role("button", name=label, exact=True)).to_have_count(0)


def test_the_administrator_previews_and_switches_off_with_a_reason(page_as, desk, screenshots):
	preview.make(CODE, {})
	page = page_as(ADMIN, width=1440, height=1400)
	page.goto(f"{desk}/ledger-control")
	expect(page.locator(".list-row-container", has_text="Receipt").first).to_be_visible()
	wait_until_still(page)
	page.screenshot(path=screenshots / "controls-controls.png")
	open_form(page, desk, "Ledger Control", CODE)
	expect(page.locator(".form-layout")).to_contain_text("What It Would Have Found in the Last 12 Months")
	page.screenshot(path=screenshots / "controls-control.png", full_page=True)
	page.evaluate("""() => {
		const button = [...document.querySelectorAll('.dropdown-item, .btn')].find(
			(one) => one.textContent.trim() === 'Parameters');
		button.click();
	}""")
	dialog = page.locator(".modal.show")
	expect(dialog).to_contain_text("1 to 180, default 30")
	wait_until_open(page)
	dialog.locator("input[data-fieldname=days]").fill("500")
	# Frappe takes the value over when the field is left, and draws the others again.
	page.keyboard.press("Tab")
	wait_until_still(page)
	dialog.locator("textarea").fill("Fewer findings")
	page.keyboard.press("Tab")
	dialog.locator(".btn-primary", has_text="Save").click()
	refusal = page.locator(".modal.show", has_text="must be between 1 and 180")
	expect(refusal).to_be_visible()
	wait_until_still(page)
	page.screenshot(path=screenshots / "controls-refused.png")
	frappe.db.rollback()
	assert frappe.db.exists("Comment", {"reference_name": CODE, "content": ("like", "Refused%")})
	open_form(page, desk, "Ledger Control", CODE)
	page.evaluate("""() => {
		const button = [...document.querySelectorAll('.dropdown-item, .btn')].find(
			(one) => one.textContent.trim() === 'Switch Off');
		button.click();
	}""")
	answer(page, "The bank does it", "Switch Off")
	expect(page.locator(".indicator-pill", has_text="Off").first).to_be_visible()
	frappe.db.rollback()
	assert frappe.db.get_value("Ledger Control", CODE, ["enabled", "changed_by"]) == (0, ADMIN)
	wait_until_still(page)
	page.screenshot(path=screenshots / "controls-off.png", full_page=True)
	page.get_by_role("button", name="Switch On", exact=True).click()
	page.locator(".modal.show .btn-primary", has_text="Yes").click()
	expect(page.locator(".indicator-pill", has_text="On").first).to_be_visible()


@pytest.mark.parametrize(
	("user", "view", "word"),
	[
		(AUDITOR, "Each Finding", "A deposit by contract"),
		(AUDITOR, "By Control", "Lapping"),
		(CHINESE, "By Customer", "Controls & Sons"),
		(CHINESE, "Each Finding", "A deposit by contract"),
	],
)
def test_the_report(page_as, desk, screenshots, user, view, word):
	page = page_as(user, width=1800, height=900)
	page.goto(f"{desk}/query-report/Control Findings?view={view}&company={f.COMPANY}")
	expect(page.locator(".datatable")).to_contain_text(word)
	wait_until_still(page)
	page.screenshot(path=screenshots / f"controls-report-{view.split()[1].lower()}-{user.split('@')[0]}.png")


def test_a_finding_in_chinese_on_a_phone(page_as, desk, screenshots):
	page = page_as(CHINESE, width=390, height=900)
	open_form(page, desk, "Control Finding", finding(750))
	page.screenshot(path=screenshots / "controls-finding-zh-phone.png", full_page=True)
	width = page.evaluate("document.documentElement.scrollWidth")
	assert width <= 400
