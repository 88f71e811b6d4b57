"""Hand-over and write-off on the desk, the reports on collections, and follow-ups in the calendar."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import frappe
import pytest
from frappe.utils import nowdate
from playwright.sync_api import Page, expect

from client_ledger.accounts.refresh import refresh_customers
from client_ledger.collections import account_sync, disputes, follow_ups
from client_ledger.collections.promises.controller import take_promise
from tests.bench import factories as f
from tests.bench.collections.test_escalation import agency
from tests.bench.dunning.setting import COMPANY, ago, make_debtor
from tests.bench.dunning.smtp import mail_server, use
from tests.browser.users import make_user
from tests.browser.waiting import wait_until_still

LOST = "Escalate Lost Ltd"
MANAGER, SECOND = "escalate.manager@example.com", "escalate.second@example.com"
REPORTS = ("Collector Performance", "Promise Performance", "Dispute Analysis", "Contact Coverage")
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module", autouse=True)
def books(site: str) -> Iterator[None]:
	"""A customer long overdue, spoken to, with a dispute; two managers and an agency."""
	with mail_server() as mailbox:
		f.make_company()
		use(mailbox)
		make_debtor(LOST)
		if not frappe.db.exists("Sales Invoice", {"customer": LOST}):
			invoice = f.make_invoice(LOST, 800, ago(130), due_date=ago(100)).name
			assert not refresh_customers([LOST])
			rows = [{"voucher_type": "Sales Invoice", "voucher_no": invoice, "amount": 30}]
			disputes.open_dispute(LOST, COMPANY, rows, "Billing Error")
			follow_ups.log(LOST, COMPANY, "Refuses to Pay", next_date=nowdate())
			promised = [{**rows[0], "amount": 100}]
			take_promise(LOST, COMPANY, promised, [{"due_date": ago(-5), "amount": 100}])
		roles = ("Credit Manager", "Accounts Manager", "Accounts User", "Sales Manager", "Purchase User")
		for user in (MANAGER, SECOND):
			make_user(user, roles)
		agency()
		frappe.db.set_value("Company", COMPANY, "write_off_account", f.make_expense_account(COMPANY))
		account_sync.sync_accounts([LOST])
		frappe.db.commit()
		frappe.clear_cache()
		yield


def save(page: Page) -> None:
	"""Save the form that is open, and wait until the server has it."""
	page.evaluate("cur_frm.save()")
	page.wait_for_function("!cur_frm.is_new() && !cur_frm.is_dirty()")


def test_a_case_is_prepared_and_handed_over(page_as, desk, screenshots: Path):
	page = page_as(MANAGER)
	page.goto(f"{desk}/customer/{quote(LOST)}")
	page.click("#customer-cl_collections_tab-tab")
	page.locator(".cl-collections [data-action=hand-over]").click()
	page.wait_for_function("window.cur_frm && cur_frm.doctype === 'Escalation Case'")
	page.wait_for_function("(cur_frm.doc.items || []).length === 1")
	assert page.evaluate("[cur_frm.doc.currency, cur_frm.doc.amount, cur_frm.doc.items[0].amount]") == [
		"USD",
		800,
		800,
	]
	page.evaluate("cur_frm.set_value('agency', 'Test Agency')")
	save(page)
	assert page.evaluate("cur_frm.doc.checklist.length") == 6
	page.screenshot(path=screenshots / "case.png", full_page=True)
	page.get_by_role("button", name="Refer", exact=True).first.click()
	expect(page.locator(".msgprint").first).to_contain_text("checklist items are not complete")
	page.locator(".modal.show .btn-modal-close:visible").last.click()
	page.evaluate(
		"cur_frm.doc.checklist.forEach((row) => frappe.model.set_value(row.doctype, row.name, 'done', 1))"
	)
	save(page)
	page.get_by_role("button", name="Create Evidence Pack", exact=True).first.click()
	page.wait_for_function("cur_frm.doc.evidence")
	page.get_by_role("button", name="Refer", exact=True).first.click()
	page.wait_for_function("cur_frm.doc.status === 'Referred'")
	page.screenshot(path=screenshots / "case-handed-over.png", full_page=True)
	frappe.db.rollback()
	assert frappe.db.get_value("Client Account", {"customer": LOST, "company": COMPANY}, "stage") == "Legal"


def test_a_loss_is_requested_by_one_and_approved_by_another(page_as, desk, screenshots: Path):
	page = page_as(MANAGER)
	page.goto(f"{desk}/customer/{quote(LOST)}")
	page.click("#customer-cl_collections_tab-tab")
	page.locator(".cl-collections [data-action=write-off]").click()
	page.wait_for_function("window.cur_frm && cur_frm.doctype === 'Write Off Request'")
	page.wait_for_function("(cur_frm.doc.items || []).length === 1")
	assert (
		page.evaluate("[cur_frm.doc.amount, cur_frm.doc.base_amount, cur_frm.doc.items[0].outstanding]")
		== [800] * 3
	)
	expect(page.locator("[data-fieldname=amount] .control-value").last).to_have_text("$ 800.00")
	for amount, shown in ((500, "$ 500.00"), (800, "$ 800.00")):
		page.evaluate(
			"(amount) => frappe.model.set_value('Collection Item', cur_frm.doc.items[0].name, { amount })",
			amount,
		)
		expect(page.locator("[data-fieldname=amount] .control-value").last).to_have_text(shown)
	assert page.evaluate("cur_frm.doc.base_amount") == 800
	page.screenshot(path=screenshots / "write-off-new.png", full_page=True)
	page.evaluate("cur_frm.set_value('reason', 'Insolvent')")
	save(page)
	name = page.evaluate("cur_frm.doc.name")
	_action(page, "Request Approval")
	page.wait_for_function("cur_frm.doc.workflow_state === 'Pending Approval'")
	page.screenshot(path=screenshots / "write-off.png", full_page=True)
	second = page_as(SECOND)
	second.goto(f"{desk}/write-off-request/{name}")
	second.wait_for_function("window.cur_frm && cur_frm.doc.workflow_state === 'Pending Approval'")
	_action(second, "Approve")
	second.wait_for_function("cur_frm.doc.docstatus === 1")
	second.screenshot(path=screenshots / "write-off-posted.png", full_page=True)
	frappe.db.rollback()
	journal = frappe.db.get_value("Write Off Request", name, "journal_entry")
	assert frappe.db.get_value("Journal Entry", journal, ["docstatus", "total_debit"]) == (1, 800)
	assert not frappe.db.get_value("Sales Invoice", {"customer": LOST}, "outstanding_amount")


def _action(page: Page, action: str) -> None:
	page.locator(".actions-btn-group:visible > button").first.click()
	page.locator(".actions-btn-group .dropdown-menu.show a", has_text=action).first.click()


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_opens(page_as, desk, screenshots: Path, name):
	page = page_as(MANAGER)
	page.goto(f"{desk}/query-report/{quote(name)}?company={quote(COMPANY)}")
	page.wait_for_selector(".report-summary .summary-item, .dt-scrollable .dt-row")
	wait_until_still(page)
	page.screenshot(path=screenshots / f"{frappe.scrub(name)}.png")


def test_follow_ups_are_in_the_calendar_and_the_list(page_as, desk, screenshots: Path):
	page = page_as(MANAGER)
	page.goto(f"{desk}/follow-up/view/calendar/default")
	expect(page.locator(".fc-event", has_text=LOST).first).to_be_visible()
	page.screenshot(path=screenshots / "follow-ups-calendar.png")
	page.goto(f"{desk}/follow-up/view/list?customer={quote(LOST)}")
	expect(page.locator(".list-row .indicator-pill", has_text="Done").first).to_be_visible()


@pytest.mark.parametrize(
	"path", ["collection-settings", "collection-rule", "collector-team/new", "dispute-reason"]
)
def test_the_set_up_opens(page_as, desk, screenshots: Path, path):
	page = page_as(MANAGER)
	page.goto(f"{desk}/{path}")
	page.wait_for_selector(".form-layout:visible, .list-row:visible")
	page.screenshot(path=screenshots / f"{path.split('/')[0]}.png", full_page=True)
