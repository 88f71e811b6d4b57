"""Duties in a browser: the warning when a role is given, the conflict, its mitigation by another person, the report, the home page."""

import frappe
import pytest
from frappe.utils import add_days, nowdate
from playwright.sync_api import expect

from client_ledger.duties.scan import scan
from tests.bench import factories as f
from tests.bench.home_books import make_home_books
from tests.browser.users import make_user
from tests.browser.waiting import wait_until_still

ADMIN, CLERK = "admin@duties-desk.example", "clerk@duties-desk.example"
MANAGER, CHINESE = "manager@duties-desk.example", "chinese@duties-desk.example"
CUSTOMER, RULE = "Duties & Sons", "Invoices and Receipts"


@pytest.fixture(scope="module", autouse=True)
def people(site):
	make_home_books()
	make_user(ADMIN, ("System Manager",))
	make_user(CLERK, ("Sales User", "Stock User"))
	make_user(MANAGER, ("Accounts Manager", "Sales User"))
	make_user(CHINESE, ("System Manager", "Accounts Manager", "Sales User"), language="zh")
	scan()
	frappe.db.commit()


def both_done():
	f.make_customer(CUSTOMER)
	frappe.set_user(CLERK)
	try:
		invoice = f.make_invoice(CUSTOMER, 120)
		f.make_payment(CUSTOMER, 120, against=[(invoice, 120)])
	finally:
		frappe.set_user("Administrator")
	frappe.db.commit()
	return invoice.name


def test_who_gives_a_role_is_warned_at_once(page_as, desk, screenshots):
	page = page_as(ADMIN, width=1440, height=1000)
	page.goto(f"{desk}/user/{CLERK}")
	page.wait_for_function("window.cur_frm && cur_frm.doctype === 'User' && cur_frm.roles_editor")
	page.evaluate("cur_frm.set_active_tab && cur_frm.set_active_tab(cur_frm.get_field('roles').tab)")
	box = page.locator('input[type=checkbox][data-unit="Accounts User"]')
	box.scroll_into_view_if_needed()
	box.check()
	page.evaluate("cur_frm.save()")
	dialog = page.locator(".modal.show", has_text="what two should do")
	expect(dialog).to_contain_text("Record Receipts (through Accounts User)")
	expect(dialog).to_contain_text("Money that was received is kept")
	wait_until_still(page)
	page.screenshot(path=screenshots / "duties-warning.png")
	frappe.db.rollback()
	assert frappe.db.exists("Duty Conflict", {"user": CLERK, "duty_rule": RULE, "status": "Open"})


def test_the_conflict_leads_to_a_mitigation_that_another_approves(page_as, desk, screenshots):
	frappe.db.rollback()
	name = frappe.db.get_value("Duty Conflict", {"user": CLERK, "duty_rule": RULE, "status": "Open"})
	page = page_as(ADMIN, width=1440, height=1000)
	page.goto(f"{desk}/duty-conflict/{name}")
	page.wait_for_function("window.cur_frm && cur_frm.doctype === 'Duty Conflict'")
	expect(page.locator(".indicator-pill", has_text="Open").first).to_be_visible()
	# The name of another user in the document is not shown for them.
	expect(page.locator(".frappe-control[data-fieldname=found_by]")).to_contain_text(ADMIN)
	wait_until_still(page)
	page.screenshot(path=screenshots / "duties-conflict.png")
	page.get_by_role("button", name="Request Mitigation").click()
	page.wait_for_function(
		"window.cur_frm && cur_frm.doctype === 'Duty Mitigation' && cur_frm.doc.user && cur_frm.doc.duty_rule"
	)
	page.evaluate(
		"""([until, reviewer]) => cur_frm.set_value({
			valid_until: until, reviewer, reason: "Alone in the office until January" })""",
		[add_days(nowdate(), 60), MANAGER],
	)
	page.evaluate("cur_frm.save()")
	page.wait_for_function("!cur_frm.is_new()")
	mitigation = page.evaluate("cur_frm.doc.name")
	page.screenshot(path=screenshots / "duties-mitigation.png")
	manager = page_as(MANAGER, width=1440, height=1000)
	manager.goto(f"{desk}/duty-mitigation/{mitigation}")
	manager.wait_for_function("window.cur_frm && cur_frm.doctype === 'Duty Mitigation'")
	manager.locator(".primary-action", has_text="Submit").locator("visible=true").click()
	manager.locator(".modal.show .btn-primary", has_text="Yes").click()
	manager.wait_for_function("cur_frm.doc.docstatus === 1")
	frappe.db.rollback()
	assert frappe.db.get_value("Duty Conflict", name, "status") == "Mitigated"


@pytest.mark.parametrize(
	("user", "view", "word"),
	[
		(MANAGER, "Who Could Do Both", "Accounts User"),
		(MANAGER, "Who Did Both", "Duties & Sons"),
		(CHINESE, "Who Could Do Both", "登记收款"),
		(CHINESE, "Who Did Both", "开具发票"),
	],
)
def test_the_report(page_as, desk, screenshots, user, view, word):
	invoice = both_done()
	page = page_as(user, width=1700, height=900)
	page.goto(f"{desk}/query-report/Duty Conflicts?view={view}&user={CLERK}&duty_rule={RULE}")
	expect(page.locator(".datatable")).to_contain_text(invoice if view == "Who Did Both" else word)
	wait_until_still(page)
	expect(page.locator(".modal.show")).to_have_count(0)
	if view == "Who Could Do Both":
		expect(page.locator(".datatable")).to_contain_text(word)
	page.screenshot(path=screenshots / f"duties-{view.split()[1].lower()}-{user.split('@')[0]}.png")


def test_the_home_page_says_what_is_open(page_as, desk, screenshots):
	page = page_as(CHINESE, width=1440, height=1800)
	page.goto(f"{desk}/client-ledger")
	card = page.locator('.cl-home-list[data-list="duties"]')
	expect(card).to_contain_text("职责冲突")
	wait_until_still(page)
	card.screenshot(path=screenshots / "duties-home.png")
