"""Credit limits on the desk: requested by one, approved by another; the reports on exposure."""

import frappe
import pytest
from frappe.utils import add_days, nowdate
from playwright.sync_api import expect

from tests.bench import factories as f
from tests.bench.accounts import refresh
from tests.browser.test_workspace import open_report
from tests.browser.users import make_user
from tests.browser.waiting import wait_until_still

COMPANY = "Limit Desk Company"
CONTROLLER, MANAGER, CHINESE = (f"{name}@limit-desk.example" for name in ("controller", "manager", "chinese"))
HEAD, BRANCH, OVER, FREE = (f"Limit Desk {name}" for name in ("Head", "Branch", "Over", "Free"))


@pytest.fixture(scope="module", autouse=True)
def books(site) -> None:
	"""Two who share a limit, one over its limit, one without; a controller and a manager. Committed."""
	f.make_company(COMPANY, "LDC")
	for name, limit in ((HEAD, 9000), (OVER, 5000), (FREE, 0)):
		customer = f.make_customer(name)
		if limit and not customer.credit_limits:
			customer.append("credit_limits", {"company": COMPANY, "credit_limit": limit})
			customer.save()
	if not frappe.db.exists("Customer", BRANCH):
		f.make_customer(BRANCH, cl_credit_parent=HEAD)
		f.make_invoice(HEAD, 3000, add_days(nowdate(), -40), COMPANY)
		f.make_order(BRANCH, 1500, company=COMPANY)
		f.make_invoice(OVER, 4000, add_days(nowdate(), -90), COMPANY)
		f.make_invoice(FREE, 1000, add_days(nowdate(), -9), COMPANY)
	frappe.db.set_value("Customer Credit Limit", {"parent": OVER, "company": COMPANY}, "credit_limit", 2500)
	for user, role in ((CONTROLLER, "Credit Controller"), (MANAGER, "Credit Manager")):
		make_user(user, (role, "Accounts User", "Sales User"), company=COMPANY)
	make_user(CHINESE, ("Credit Controller", "Accounts User", "Sales User"), company=COMPANY, language="zh")
	refresh()
	frappe.db.commit()


def act(page, action: str) -> None:
	"""Choose an action of the workflow."""
	page.click(".actions-btn-group button:visible")
	page.click(f".actions-btn-group .dropdown-item:visible:has-text('{action}')")


def test_a_limit_is_requested_and_approved_by_another_person(page_as, desk, screenshots):
	page = page_as(CONTROLLER)
	page.goto(f"{desk}/credit-limit/new?customer={OVER}&company={COMPANY}&amount=6000&reason=Growing")
	page.wait_for_selector(".form-message:has-text('Exposure')")
	assert "2,500" in page.inner_text(".form-message")
	page.wait_for_function("cur_frm.doc.currency === 'USD'")
	page.evaluate("cur_frm.save()")
	page.wait_for_function("!cur_frm.is_new() && !cur_frm.is_dirty()")
	name = page.evaluate("cur_frm.doc.name")
	act(page, "Request Approval")
	page.wait_for_function("cur_frm.doc.workflow_state === 'Pending Approval'")
	wait_until_still(page)
	page.screenshot(path=screenshots / "credit-limit-requested.png")

	page = page_as(MANAGER)
	page.goto(f"{desk}/credit-limit/{name}")
	page.wait_for_selector(".form-message:has-text('Exposure')")
	act(page, "Approve")
	page.wait_for_function("cur_frm.doc.docstatus === 1")
	assert page.evaluate("cur_frm.doc.approved_by") == MANAGER
	wait_until_still(page)
	page.screenshot(path=screenshots / "credit-limit-approved.png")
	frappe.db.rollback()
	customer = frappe.get_doc("Customer", OVER)
	assert [row.credit_limit for row in customer.credit_limits] == [6000]

	page.goto(f"{desk}/customer/{OVER}")
	page.wait_for_selector(f".new-timeline:has-text('{name}')")
	frappe.db.set_value("Customer Credit Limit", {"parent": OVER, "company": COMPANY}, "credit_limit", 2500)
	frappe.db.commit()


@pytest.mark.parametrize(
	("user", "width", "new", "left"),
	[(CONTROLLER, 1440, "New Limit", "Available After"), (CHINESE, 390, "新额度", "变更后可用")],
)
def test_what_a_limit_changes_is_shown_as_it_is_typed(page_as, desk, screenshots, user, width, new, left):
	page = page_as(user, width=width, height=900)
	page.goto(f"{desk}/credit-limit/new?customer={OVER}&company={COMPANY}")
	shown = page.locator(".cl-limit-change")
	expect(shown).to_contain_text("2,500.00")
	expect(shown).not_to_contain_text(new)
	amount = page.locator("[data-fieldname=amount] input:visible")
	for typed, limit, free in (("6000", "$ 6,000.00", "$ 2,000.00"), ("3000", "$ 3,000.00", "$ -1,000.00")):
		amount.fill(typed)
		cell = shown.locator("div.mb-1", has_text=new)
		expect(cell.locator("b")).to_have_text(limit)
		expect(shown.locator("div.mb-1", has_text=left).locator("b")).to_have_text(free)
	expect(shown.locator(".text-danger")).to_have_text("$ -1,000.00")
	page.screenshot(path=screenshots / f"credit-limit-typed-{width}.png")
	assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")


@pytest.mark.parametrize(
	("report", "filters", "picture"),
	[
		("Credit Exposure", {"with_documents": 1}, "credit-exposure.png"),
		("Credit Concentration", {}, "credit-concentration.png"),
	],
)
def test_the_reports_show_rows_chart_and_figures(page_as, desk, screenshots, report, filters, picture):
	page = page_as(MANAGER, width=1600, height=1000)
	open_report(page, desk, report, company=COMPANY, **filters)
	page.wait_for_selector(".report-summary .summary-value")
	page.wait_for_selector(".chart-container svg")
	wait_until_still(page)
	page.screenshot(path=screenshots / picture)
	rows = page.evaluate("frappe.query_report.data")
	assert {HEAD, OVER} <= {row.get("customer") for row in rows}
