"""Credit on the desk: the grade is seen, an order is held, another user releases it, and the delivery goes out."""

import frappe
import pytest
from frappe.utils import add_days, nowdate

from client_ledger.accounts.refresh import refresh_customers
from client_ledger.credit.check.check import CreditHoldError
from client_ledger.credit.grades import assessments
from tests.bench import factories as f
from tests.browser.users import make_user
from tests.browser.waiting import wait_until_still

SELLER, CONTROLLER = "credit.seller@example.com", "credit.controller@example.com"
SELLING = ("Sales User", "Sales Manager", "Stock User", "Accounts User")
CUSTOMER = "Credit Browser Customer"


@pytest.fixture(scope="module", autouse=True)
def office(site):
	"""People, a customer with a history and a limit, and checks that hold. Committed: the server has to see it."""
	frappe.set_user("Administrator")
	make_user(SELLER, SELLING)
	make_user(CONTROLLER, ("Credit Controller", *SELLING))
	frappe.db.set_single_value("Stock Settings", "allow_negative_stock", 1)
	before = frappe.db.get_single_value("Client Ledger Settings", "credit_checks")
	frappe.db.set_single_value("Client Ledger Settings", "credit_checks", "Hold")
	frappe.db.set_single_value("Client Ledger Settings", "limits_by_approval", 0)
	customer = f.make_customer(CUSTOMER)
	customer.append("credit_limits", {"company": f.COMPANY, "credit_limit": 1000})
	customer.save()
	for i in range(6):
		day = add_days(nowdate(), -200 + 25 * i)
		invoice = f.make_invoice(CUSTOMER, 100 + i, day, due_date=add_days(day, 10))
		f.pay(invoice, add_days(day, 12))
	f.make_invoice(CUSTOMER, 400, add_days(nowdate(), -20), due_date=add_days(nowdate(), 10))
	assert not refresh_customers([CUSTOMER])
	assessments.assess_now(CUSTOMER, f.COMPANY)
	frappe.db.commit()
	frappe.clear_cache()
	yield
	frappe.set_user("Administrator")
	frappe.db.set_single_value("Client Ledger Settings", "credit_checks", before or "Warn")
	frappe.db.commit()


def open_credit_tab(page, desk: str) -> None:
	page.goto(f"{desk}/customer/{CUSTOMER}")
	page.wait_for_function("window.cur_frm && cur_frm.layout && cur_frm.layout.tabs")
	page.evaluate("cur_frm.layout.tabs.find((t) => t.df.fieldname === 'cl_credit_tab').set_active()")
	page.wait_for_selector(".cl-credit, [data-fieldname=cl_credit_html] .cl-ledger")
	page.wait_for_function(
		"cur_frm.cl_tabs && cur_frm.cl_tabs.cl_credit_tab && cur_frm.cl_tabs.cl_credit_tab.data"
	)


def test_the_credit_tab_shows_grade_reasons_and_limit(page_as, desk, screenshots):
	page = page_as(CONTROLLER)
	open_credit_tab(page, desk)
	text = page.locator("[data-fieldname=cl_credit_html]").first.inner_text()
	grade = frappe.db.get_value("Client Account", {"customer": CUSTOMER}, "credit_grade")
	assert grade in text and "1,000" in text and "settled invoices" in text
	page.screenshot(path=screenshots / "credit-tab.png", full_page=True)


def test_the_credit_tab_on_a_phone_and_in_chinese(page_as, desk, screenshots):
	frappe.db.set_value("User", CONTROLLER, "language", "zh")
	frappe.db.commit()
	frappe.clear_cache(user=CONTROLLER)
	try:
		page = page_as(CONTROLLER, width=390, height=800)
		open_credit_tab(page, desk)
		text = page.locator("[data-fieldname=cl_credit_html]").first.inner_text()
		assert "信用" in text
		assert "信用管控" in page.locator("#customer-cl_credit_tab-tab").first.inner_text()
		page.screenshot(path=screenshots / "credit-tab-zh-phone.png", full_page=True)
		wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
		assert not wide, "the page scrolls sideways"
	finally:
		frappe.db.set_value("User", CONTROLLER, "language", "")
		frappe.db.commit()
		frappe.clear_cache(user=CONTROLLER)


def test_an_order_is_held_released_by_another_user_and_delivered(page_as, desk, screenshots):
	frappe.set_user(SELLER)
	order = f.make_order(CUSTOMER, 900, submit=False)
	frappe.db.commit()
	frappe.set_user("Administrator")

	page = page_as(SELLER)
	page.goto(f"{desk}/sales-order/{order.name}")
	submit(page)
	dialog = page.locator(".msgprint-dialog .msgprint, .modal.show .msgprint").first
	dialog.wait_for()
	assert "exceeding the credit limit" in dialog.inner_text()
	# Some of those who may are named; whom depends on who else there is.
	assert "can be released by" in dialog.inner_text()
	page.screenshot(path=screenshots / "order-held.png")
	frappe.db.rollback()
	assert frappe.db.get_value("Sales Order", order.name, "docstatus") == 0
	hold = frappe.db.get_value("Credit Hold", {"reference_name": order.name}, "name")
	page.goto(f"{desk}/sales-order/{order.name}")
	page.wait_for_selector(f"text={hold}")
	page.screenshot(path=screenshots / "order-on-hold.png")

	controller = page_as(CONTROLLER)
	controller.goto(f"{desk}/credit-hold/{hold}")
	controller.wait_for_selector("[data-fieldname=reasons]:has-text('exceeding the credit limit of')")
	controller.get_by_role("button", name="Release Hold").first.click()
	controller.locator(".modal.show [data-fieldname=reason] textarea").fill("Long known, pays")
	controller.screenshot(path=screenshots / "hold-release.png")
	controller.locator(".modal.show .btn-modal-primary, .modal.show .btn-primary").last.click()
	controller.wait_for_selector(".indicator-pill:has-text('Released')")
	controller.screenshot(path=screenshots / "hold-released.png")

	page.goto(f"{desk}/sales-order/{order.name}")
	page.wait_for_selector("text=Released by credit control")
	submit(page)
	page.wait_for_function("cur_frm.doc.docstatus === 1")
	frappe.db.rollback()
	frappe.set_user(SELLER)
	note = f.make_delivery(CUSTOMER, 0, order=frappe.get_doc("Sales Order", order.name), submit=False)
	frappe.db.commit()
	frappe.set_user("Administrator")
	page.goto(f"{desk}/delivery-note/{note.name}")
	submit(page)
	page.wait_for_function("cur_frm.doc.docstatus === 1")
	frappe.db.rollback()
	assert frappe.db.get_value("Credit Hold", hold, "status") == "Submitted"


def test_why_a_document_is_held_is_told_in_the_readers_language(page_as, desk, screenshots):
	frappe.set_user(SELLER)
	order = f.make_order(CUSTOMER, 5000, submit=False)
	frappe.db.commit()
	with pytest.raises(CreditHoldError):
		order.submit()
	frappe.db.rollback()
	hold = frappe.db.get_value("Credit Hold", {"reference_name": order.name}, "name")
	frappe.set_user("Administrator")
	frappe.db.set_value("User", CONTROLLER, "language", "zh")
	frappe.db.commit()
	frappe.clear_cache(user=CONTROLLER)
	try:
		page = page_as(CONTROLLER)
		page.goto(f"{desk}/credit-hold/{hold}")
		page.wait_for_selector("[data-fieldname=reasons]:has-text('敞口将为')")
		page.screenshot(path=screenshots / "hold-zh.png", full_page=True)
	finally:
		frappe.db.set_value("User", CONTROLLER, "language", "")
		frappe.db.commit()
		frappe.clear_cache(user=CONTROLLER)


def submit(page) -> None:
	"""Submit the form that is open, as a user does."""
	page.wait_for_function("window.cur_frm && cur_frm.doc && !cur_frm.is_new()")
	page.get_by_role("button", name="Submit", exact=True).first.click()
	page.locator(".modal.show .btn-primary", has_text="Yes").click()


def test_the_queue_and_the_reports_open(page_as, desk, screenshots):
	page = page_as(CONTROLLER)
	page.goto(f"{desk}/credit-hold?status=Submitted")
	page.wait_for_selector(".list-row")
	page.screenshot(path=screenshots / "credit-holds-list.png")
	for report in ("Credit Holds", "Credit Exposure", "Credit Concentration", "Grade Validation"):
		page.goto(f"{desk}/query-report/{report}?company={f.COMPANY}")
		page.wait_for_function(
			"name => window.frappe && frappe.query_report && frappe.query_report.report_name === name",
			arg=report,
		)
		wait_until_still(page)
		page.screenshot(path=screenshots / f"report-{report.lower().replace(' ', '-')}.png")
