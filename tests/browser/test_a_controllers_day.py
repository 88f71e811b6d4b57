"""A controller's day: everything that waits is cleared from the home page, and the common jobs are done by keys alone."""

from collections.abc import Callable, Iterator

import frappe
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.bench import factories as f
from tests.bench.accounts import refresh
from tests.bench.dunning.setting import COMPANY, ago, make_debtor, make_policy, notices
from tests.bench.dunning.smtp import mail_server, use
from tests.bench.home_books import ASH, CEDAR, FIR, NORTH, make_hold, make_home_books, request_limit
from tests.browser.users import MANAGER_ROLES, make_user
from tests.browser.waiting import wait_until_still

BOSS = "boss@controllers-day.example"
# Each outcome takes its customer off the day's list.
CALLED = ("Key Call One", "Key Call Two", "Key Call Three")
expect.set_options(timeout=30_000)
# Whether whoever uses keys sees where they are: an outline, a ring, the mark of a field, bold letters on the desk's own tabs.
IS_SEEN = """(one) => {
	const style = getComputedStyle(one);
	const before = document.activeElement;
	const look = () => [style.outlineStyle, style.outlineWidth, style.boxShadow, style.borderColor,
		style.backgroundColor, style.fontWeight].join();
	const focused = look();
	one.blur();
	const plain = look();
	before.focus();
	return focused !== plain;
}"""


@pytest.fixture(scope="module", autouse=True)
def books(site) -> Iterator[None]:
	"""The books of the home page, and customers to call and to remind. All is committed."""
	with mail_server() as mailbox:
		make_home_books()
		f.make_company()
		use(mailbox)
		for name in CALLED:
			make_debtor(name, language="en")
			f.make_invoice(name, 400, ago(60), due_date=ago(20))
		make_user(BOSS, (*MANAGER_ROLES, "Credit Controller", "Accounts User"), company=NORTH)
		refresh()
		make_policy("Key Policy", [{"days": 3, "step_name": "Reminder"}], mode="Approve", customers=CALLED)
		frappe.db.commit()
		yield
		frappe.db.set_value("Dunning Policy", "Key Policy", "mode", "Off")
		frappe.db.commit()


@pytest.fixture
def home(page_as: Callable[..., Page], desk: str) -> Callable[[], tuple[Page, Locator]]:
	def open_it() -> tuple[Page, Locator]:
		page = page_as(BOSS, width=1440, height=1000)
		page.goto(f"{desk}/client-ledger")
		found = page.locator(".cl-home")
		ready(found)
		return page, found

	return open_it


def ready(home: Locator) -> None:
	expect(home).to_have_attribute("aria-busy", "false", timeout=60_000)


def waiting() -> tuple[list[str], str]:
	"""Return two holds and a limit that have waited longest."""
	holds = [make_hold(CEDAR, NORTH, 700), make_hold(ASH, NORTH, 800)]
	limit = request_limit(ASH, NORTH, 52_000)
	frappe.db.set_value("Credit Hold", {"name": ("in", holds)}, "held_on", "2018-01-01")
	frappe.db.set_value("Credit Limit", limit, "creation", "2018-01-01")
	frappe.db.commit()
	return holds, limit


def row_of(home: Locator, list_name: str, name: str) -> Locator:
	return home.locator(f"[data-list={list_name}] li", has=home.page.locator(f"a[href$='{name}']"))


def test_a_day_is_cleared_from_the_home_page(home, screenshots):
	(first, second), limit = waiting()
	dispute = frappe.db.get_value("Ledger Dispute", {"customer": CEDAR, "status": "Open"})
	promise = frappe.db.get_value("Promise to Pay", {"customer": FIR, "status": "Open"})
	page, found = home()
	wait_until_still(page)
	page.screenshot(path=screenshots / "day-begins.png", full_page=True)
	dialog = page.locator(".modal.show")
	for name, action in ((first, "release"), (second, "reject")):
		row = row_of(found, "holds", name)
		row.locator(f"[data-action={action}]").click()
		dialog.locator("[data-fieldname=reason] textarea").fill("Paid by wire today")
		dialog.locator(".btn-modal-primary, .btn-primary").last.click()
		expect(row).to_have_count(0)
	row = row_of(found, "limits", limit)
	row.locator("[data-action=approve]").click()
	dialog.locator(".btn-modal-primary, .btn-primary").last.click()
	expect(row).to_have_count(0)
	row = row_of(found, "disputes", dispute)
	row.locator("[data-action=settle]").click()
	dialog.locator("[data-fieldname=status] select").select_option("Rejected")
	dialog.locator("[data-fieldname=resolution] textarea").fill("Delivered as ordered")
	dialog.locator(".btn-modal-primary").click()
	expect(row).to_have_count(0)
	row = row_of(found, "promises", promise)
	row.locator("[data-action=cancel-promise]").click()
	dialog.locator("[data-fieldname=why] textarea").fill("A new one follows")
	dialog.locator(".btn-modal-primary, .btn-primary").last.click()
	expect(row).to_have_count(0)
	found.locator("[data-list=to_call] [data-action=open]").click()
	detail = page.locator(".cl-pane-detail")
	for outcome in ("No Answer", "Reached", "Refuses to Pay"):
		expect(page.locator(".cl-worklist")).to_have_attribute("aria-busy", "false")
		detail.locator(f"[data-action=log][data-outcome='{outcome}']").click()
		dialog.locator(".btn-modal-primary").click()
		expect(page.locator(".cl-said")).to_contain_text(outcome)
	page.go_back()
	ready(found)
	wait_until_still(page)
	page.screenshot(path=screenshots / "day-ends.png", full_page=True)
	frappe.db.rollback()
	assert [frappe.db.get_value("Credit Hold", name, "status") for name in (first, second)] == [
		"Released",
		"Rejected",
	]
	assert frappe.db.get_value("Credit Limit", limit, "docstatus") == 1
	assert frappe.db.get_value("Ledger Dispute", dispute, "status") == "Rejected"
	assert frappe.db.get_value("Promise to Pay", promise, "status") == "Cancelled"
	assert frappe.db.count("Follow Up", {"owner": BOSS, "workflow_state": "Done"}) == 3


class Keys:
	"""A page whose user has no mouse."""

	def __init__(self, page: Page):
		self.page = page

	def press(self, *keys: str) -> None:
		for key in keys:
			self.page.keyboard.press(key)

	def to(self, wanted: Locator, most: int = 150) -> None:
		"""Press Tab until *wanted* has the focus, which is then seen."""
		expect(wanted).to_be_visible()
		for _press in range(most):
			self.press("Tab")
			if wanted.evaluate("(one) => one === document.activeElement"):
				assert wanted.evaluate(IS_SEEN), f"the focus is not seen on {wanted}"
				return
		raise AssertionError(f"no Tab leads to {wanted}")

	def use(self, wanted: Locator) -> None:
		self.to(wanted)
		self.press("Enter")

	@property
	def dialog(self) -> Locator:
		found = self.page.locator(".modal.show")
		expect(found).to_have_count(1)
		self.page.wait_for_function("document.querySelector('.modal.show').contains(document.activeElement)")
		return found

	def confirm(self) -> None:
		"""Press the button of the dialog that does it."""
		self.use(self.dialog.locator(".btn-modal-primary:visible, .modal-footer .btn-primary:visible").last)


def test_holds_and_limits_by_keys_alone(home):
	(first, _second), limit = waiting()
	page, found = home()
	keys = Keys(page)
	row = row_of(found, "holds", first)
	keys.use(row.locator("[data-action=release]"))
	expect(keys.dialog.locator("[data-fieldname=reason] textarea")).to_be_focused()
	page.keyboard.type("By keys alone")
	keys.confirm()
	expect(row).to_have_count(0)
	ready(found)
	row = row_of(found, "limits", limit)
	keys.use(row.locator("[data-action=approve]"))
	keys.confirm()
	expect(row).to_have_count(0)
	frappe.db.rollback()
	assert frappe.db.get_value("Credit Hold", first, "status") == "Released"
	assert frappe.db.get_value("Credit Limit", limit, "docstatus") == 1


def test_outcome_promise_and_statement_by_keys_alone(page_as, desk, screenshots):
	page = page_as(BOSS, width=1440, height=1000)
	page.goto(f"{desk}/collection-worklist?company={COMPANY}")
	keys = Keys(page)
	page.wait_for_selector(".cl-pane-detail .cl-buttons")
	keys.press("/")
	page.keyboard.type("key call")
	expect(page.locator(".cl-row")).to_have_count(3)
	keys.to(page.locator(".cl-row-name").first)
	detail = page.locator(".cl-pane-detail")
	name = page.locator(".cl-row-name").first.inner_text()
	keys.press("Enter")
	expect(detail).to_contain_text(name)
	expect(detail).to_have_attribute("aria-busy", "false")
	keys.to(detail.locator("[data-action=log][data-outcome='No Answer']"))
	page.screenshot(path=screenshots / "keys-worklist.png")
	keys.press("Enter")
	keys.confirm()
	expect(page.locator(".cl-said")).to_contain_text(name)
	expect(page.locator(".cl-row")).to_have_count(2)
	name = page.locator(".cl-row-name").first.inner_text()
	expect(detail).to_contain_text(name)
	expect(detail).to_have_attribute("aria-busy", "false")
	keys.press("s")
	expect(keys.dialog.locator("[data-fieldname=recipients] input")).to_have_value(
		f"{frappe.scrub(name)}@debtor.example"
	)
	keys.confirm()
	expect(page.locator(".alert, .desk-alert").filter(has_text="Statement queued").first).to_be_visible()
	expect(page.locator(".modal.show")).to_have_count(0)
	keys.press("p")
	amount = keys.dialog.locator("[data-part='0']")
	expect(amount).to_have_value("400.00")
	keys.to(amount)
	page.screenshot(path=screenshots / "keys-promise.png")
	keys.confirm()
	expect(page.locator(".cl-row")).to_have_count(1)
	frappe.db.rollback()
	assert frappe.db.get_value("Promise to Pay", {"customer": name}, ["amount", "status"]) == (400, "Open")
	assert frappe.db.exists("Communication", {"reference_name": name, "subject": ("like", "Statement%")})


def test_a_reminder_is_previewed_and_edited_by_keys_alone(page_as, desk, screenshots):
	# The test before has called one, and taken a promise from the next by name.
	name = CALLED[1]
	page = page_as(BOSS, width=1440, height=1000)
	page.goto(f"{desk}/customer/{name}")
	keys = Keys(page)
	keys.use(page.locator("#customer-cl_dunning_tab-tab"))
	keys.use(page.locator("[data-action=send-now]"))
	dialog = keys.dialog
	keys.use(dialog.locator("[data-action=edit-letter]"))
	expect(dialog.locator("[data-fieldname=subject] input")).to_be_focused()
	keys.to(dialog.locator(".ql-editor[contenteditable=true]"))
	keys.press("Control+Home")
	page.keyboard.type("Hello again. ")
	page.screenshot(path=screenshots / "keys-edit-letter.png")
	keys.confirm()
	expect(page.locator(".msgprint")).to_be_visible()
	frappe.db.rollback()
	(row,) = notices(name)
	assert (row.status, row.edited_by) == ("Sending", BOSS) and "Hello again." in row.message
