"""Dunning on the desk in a real browser: the tab, a run previewed, approved and sent, what did not go out, replay."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import frappe
import pytest
from frappe.utils import add_days, nowdate
from playwright.sync_api import Page, expect

from client_ledger.dunning import runs
from client_ledger.dunning.policies.default_policies import template_name
from client_ledger.outbox import delivery
from tests.bench import factories as f
from tests.bench.accounts import refresh
from tests.bench.dunning.setting import COMPANY, ago, at, make_debtor, make_policy, notices, work
from tests.bench.dunning.smtp import mail_server, use
from tests.browser.users import MANAGER_ROLES, make_user

ADA, BOB, EVE = "Dunning Form Ada", "Dunning Form Bob", "Dunning Form Eve"
MANAGER, CHINESE, SELLER = (
	"dunning.manager@example.com",
	"dunning.zh@example.com",
	"dunning.seller@example.com",
)
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module", autouse=True)
def books(site: str) -> Iterator[None]:
	"""Three debtors, one without an address, a policy that waits for approval, and three users."""
	with mail_server() as mailbox:
		f.make_company()
		use(mailbox)
		for name, amounts in ((ADA, (1200.5, 80)), (BOB, (640,)), (EVE, (75,))):
			make_debtor(name, None if name == EVE else "auto", language="en")
			for i, amount in enumerate(
				() if frappe.db.exists("Sales Invoice", {"customer": name}) else amounts
			):
				f.make_invoice(name, amount, ago(60), due_date=ago(20 + 6 * i))
		refresh()
		make_policy(
			"Browser Policy",
			[
				{"days": 3, "step_name": "Reminder"},
				{"days": 14, "step_name": "Second Reminder", "email_template": template_name("second", "en")},
				{"days": 30, "step_name": "Final Notice", "email_template": template_name("final", "en")},
			],
			mode="Approve",
			customers=[ADA, BOB, EVE],
			gap=3,
		)
		make_user(MANAGER, MANAGER_ROLES)
		make_user(CHINESE, MANAGER_ROLES, language="zh")
		make_user(SELLER, ("Sales User",))
		frappe.db.commit()
		yield
		frappe.db.set_value("Dunning Policy", "Browser Policy", "mode", "Off")
		frappe.db.commit()


@pytest.fixture
def open_tab(page_as: Callable[..., Page], desk: str) -> Callable[..., Page]:
	"""Open the Dunning tab of a customer and wait until it is drawn."""

	def open_it(user: str = MANAGER, customer: str = ADA, **options) -> Page:
		page = page_as(user, **options)
		page.goto(f"{desk}/customer/{quote(customer)}")
		page.click("#customer-cl_dunning_tab-tab")
		page.wait_for_selector(".cl-dunning .cl-figures")
		return page

	return open_it


def test_a_run_is_previewed_approved_and_sent(page_as, desk, screenshots: Path):
	run = frappe.get_doc({"doctype": "Dunning Run", "company": COMPANY, "policy": "Browser Policy"}).insert()
	frappe.db.commit()
	page = page_as(MANAGER)
	page.goto(f"{desk}/dunning-run/{run.name}")
	page.get_by_role("button", name="Preview").click()
	dialog = page.locator(".modal-dialog:visible")
	expect(dialog.locator("tbody tr")).to_have_count(3)
	expect(dialog).to_contain_text("1,280.50")
	page.screenshot(path=screenshots / "dunning-preview.png")
	dialog.locator("[data-action=preview-of]").first.click()
	letter = page.frame_locator(".modal-dialog:visible iframe")
	expect(letter.locator("body")).to_contain_text("According to our books")
	page.screenshot(path=screenshots / "dunning-letter.png")
	assert not notices(ADA)

	page.goto(f"{desk}/dunning-run/{run.name}")
	page.wait_for_selector(".cl-run")
	page.get_by_role("button", name="Plan", exact=True).click()
	expect(page.locator(".indicator-pill:visible", has_text="Planning").first).to_be_visible()
	plan_in_this_process(run.name)
	page.goto(f"{desk}/dunning-run/{run.name}")
	expect(page.locator(".cl-run tbody tr")).to_have_count(3)
	page.screenshot(path=screenshots / "dunning-run-planned.png")
	page.locator(f".cl-notices input[aria-label='{BOB}']").check()
	page.click("[data-action=approve]")
	expect(page.locator(".cl-run")).to_contain_text("Send Approved (1)")
	page.click("[data-action=approve-all]")
	expect(page.locator(".cl-run")).to_contain_text("Send Approved (3)")
	page.click("[data-action=send]")
	frappe.db.rollback()
	work()
	frappe.db.commit()
	page.goto(f"{desk}/dunning-run/{run.name}")
	expect(page.locator(".cl-run .cl-pill", has_text="Sending")).to_have_count(3)
	page.screenshot(path=screenshots / "dunning-run-sent.png", full_page=True)
	frappe.db.rollback()
	assert [n.status for n in notices(ADA)] == ["Sending"]
	assert [n.reason for n in notices(EVE)] == ["No Address"]


def plan_in_this_process(run: str) -> None:
	"""Do what the workers would: the test's bench has none."""
	frappe.db.rollback()
	for first, last, _count in runs.customer_ranges():
		runs.plan_range(run, first, last, str(frappe.db.get_value("Dunning Run", run, "started_on")))
	frappe.db.commit()


def test_the_tab_shows_policy_level_next_step_and_history(open_tab, screenshots: Path):
	page = open_tab()
	figures = page.locator(".cl-dunning .cl-figures")
	expect(figures).to_contain_text("Browser Policy")
	expect(page.locator(".cl-dunning .cl-notices tbody tr")).to_have_count(1)
	expect(page.locator(".cl-dunning")).to_contain_text("1,280.50")
	page.locator(".cl-notices [data-action=message]").click()
	expect(page.frame_locator(".modal-dialog:visible iframe").locator("body")).to_contain_text(
		"Dear Contact of"
	)
	page.locator(".modal-dialog:visible .btn-modal-close").click()
	expect(page.locator(".modal-dialog:visible")).to_have_count(0)
	page.screenshot(path=screenshots / "customer-dunning.png")


@pytest.mark.parametrize(("user", "label"), [(MANAGER, "Send Now"), (CHINESE, "立即发送")])
def test_what_is_sent_now_is_seen_before(open_tab, screenshots: Path, user, label):
	name = f"Dunning Form Now {user.split('@')[0]}"
	make_debtor(name, language="en")
	f.make_invoice(name, 321, ago(60), due_date=ago(20))
	refresh()
	make_policy(
		"Browser Now Policy", [{"days": 3, "step_name": "Reminder"}], mode="Approve", customers=[name]
	)
	frappe.db.commit()
	page = open_tab(user, name, width=390 if user == CHINESE else 1440, height=900)
	page.click("[data-action=send-now]")
	dialog = page.locator(".modal-dialog:visible")
	expect(page.frame_locator(".modal-dialog:visible iframe").locator("body")).to_contain_text("USD 321.00")
	expect(dialog.locator(".cl-letter")).to_contain_text("@debtor.example")
	language = "zh" if user == CHINESE else "en"
	page.screenshot(path=screenshots / f"dunning-send-now-{language}.png")
	dialog.locator("[data-action=edit-letter]").click()
	expect(dialog.locator(".ql-editor[contenteditable=true]")).to_contain_text("{{ items_table }}")
	dialog.locator("[data-fieldname=subject] input").fill("As we agreed")
	dialog.locator(".ql-editor[contenteditable=true] p").first.click()
	page.keyboard.press("End")
	page.keyboard.type(" thank you for your call.")
	letter = page.frame_locator(".modal-dialog:visible iframe").locator("body")
	expect(letter).to_contain_text("thank you for your call")
	expect(letter.locator("table")).to_contain_text("USD 321.00")
	page.screenshot(path=screenshots / f"dunning-edit-letter-{language}.png")
	frappe.db.rollback()
	assert not notices(name), "nothing goes before it is seen"
	dialog.locator(".btn-modal-primary", has_text=label).click()
	expect(page.locator(".msgprint")).to_be_visible()
	frappe.db.rollback()
	(row,) = notices(name)
	assert (row.status, row.edited_by, row.subject) == ("Sending", user, "As we agreed")
	assert "thank you for your call." in row.message and "USD 321.00" in row.message
	page.locator(".msgprint-dialog:visible .btn-modal-close").click()
	edited = "编辑" if user == CHINESE else "Edited by"
	expect(page.locator(".cl-notices tbody")).to_contain_text(edited)
	frappe.db.set_value("Dunning Policy", "Browser Now Policy", "mode", "Off")
	frappe.db.commit()


def test_pausing_and_lifting(open_tab, screenshots: Path):
	page = open_tab(customer=BOB)
	page.click("[data-action=pause]")
	dialog = page.locator(".modal-dialog:visible")
	dialog.locator("select").select_option("Promise to Pay")
	page.screenshot(path=screenshots / "dunning-pause.png")
	dialog.get_by_role("button", name="Pause").click()
	block = page.locator(".cl-block")
	expect(block).to_contain_text("Promise to Pay")
	page.click("[data-action=lift]")
	expect(block).to_have_count(0)


def test_a_seller_sees_and_decides_nothing(open_tab):
	page = open_tab(SELLER)
	expect(page.locator("[data-action=send-now]")).to_have_count(0)
	expect(page.locator("[data-action=pause]")).to_have_count(0)
	answer = page.evaluate(
		"""async () => (await fetch('/api/method/client_ledger.outbox.api.approve_notices', {
			method: 'POST', headers: {'X-Frappe-CSRF-Token': frappe.csrf_token, 'Content-Type': 'application/json'},
			body: JSON.stringify({names: ['x']})})).status"""
	)
	assert answer == 403


def test_dunning_exceptions(page_as, desk, screenshots: Path):
	page = page_as(MANAGER)
	page.goto(f"{desk}/dunning-exceptions")
	group = page.locator(".cl-reason", has_text="No Address")
	expect(group).to_contain_text(EVE)
	expect(group).to_contain_text("Update the contact")
	page.screenshot(path=screenshots / "dunning-exceptions.png", full_page=True)


def test_the_notice_and_its_message(page_as, desk, screenshots: Path):
	page = page_as(MANAGER)
	page.goto(f"{desk}/ledger-notice/{notices(ADA)[0].name}")
	expect(page.frame_locator("[data-fieldname=message_html] iframe").locator("body")).to_contain_text(
		"1,280.50"
	)
	page.screenshot(path=screenshots / "ledger-notice.png", full_page=True)


def test_replay_of_a_policy(page_as, desk, screenshots: Path):
	page = page_as(MANAGER)
	page.goto(f"{desk}/dunning-policy/Browser Policy")
	page.get_by_role("button", name="Replay").click()
	dialog = page.locator(".modal-dialog:visible")
	dialog.locator("[data-fieldname=company] input").fill(COMPANY)
	dialog.locator("[data-fieldname=company] input").blur()
	dialog.get_by_role("button", name="Replay").click()
	expect(page.locator(".cl-replay")).to_contain_text("Maximum per Customer in a Week")
	wait_for_bars(page, ".cl-replay-chart")
	page.screenshot(path=screenshots / "dunning-replay.png")


def test_the_report(page_as, desk, screenshots: Path):
	delivery.mark_sent(notices(ADA)[0].name, at(), at())
	frappe.db.commit()
	page = page_as(MANAGER)
	page.goto(
		f"{desk}/query-report/Dunning History?company={quote(COMPANY)}&from_date={add_days(nowdate(), -5)}"
	)
	expect(page.locator(".report-wrapper")).to_contain_text(ADA)
	page.screenshot(path=screenshots / "dunning-history.png")
	page.locator("select[data-fieldname=group_by]").select_option("level")
	expect(page.locator(".dt-cell__content", has_text="Customers").first).to_be_visible()
	# One week, one level: a single bar would say nothing.
	expect(page.locator(".chart-wrapper .bar")).to_have_count(0)
	page.screenshot(path=screenshots / "dunning-history-by-level.png")


def test_the_level_in_lists_and_on_the_ledger(page_as, desk, open_tab, screenshots: Path):
	page = page_as(MANAGER)
	page.goto(f"{desk}/customer?customer_name={quote(ADA)}")
	expect(page.locator(".cl-list-level")).to_have_text("Dunning level 1")
	page.screenshot(path=screenshots / "customer-list-dunning.png")
	page.goto(f"{desk}/client-account?customer={quote(ADA)}")
	expect(page.locator(".list-row", has_text="Dunning level 1").first).to_be_visible()
	page.screenshot(path=screenshots / "client-account-list-dunning.png")
	page.goto(f"{desk}/customer/{quote(ADA)}")
	page.click("#customer-cl_ledger_tab-tab")
	expect(page.locator(".cl-movements .cl-dunned").first).to_have_text("Dunning level 1")
	page.screenshot(path=screenshots / "customer-ledger-dunning.png")


def test_a_hold_is_shown_and_lifted_with_a_reason(open_tab, screenshots: Path):
	frappe.db.set_value("Ledger Notice", notices(ADA)[0].name, "holds", 1)
	frappe.db.commit()
	chinese = open_tab(CHINESE)
	expect(chinese.locator(".cl-step-hold")).to_contain_text("1,280.50")
	chinese.screenshot(path=screenshots / "dunning-hold-zh.png")
	page = open_tab()
	hold = page.locator(".cl-step-hold")
	expect(hold).to_contain_text("holds orders, deliveries and invoices")
	page.screenshot(path=screenshots / "dunning-hold.png")
	page.click("[data-action=lift-hold]")
	dialog = page.locator(".modal-dialog:visible")
	dialog.locator("textarea").fill("They pay tomorrow")
	dialog.get_by_role("button", name="Lift").click()
	expect(hold).to_have_count(0)
	frappe.db.rollback()
	assert notices(ADA)[0].hold_lift_reason == "They pay tomorrow"


def wait_for_bars(page: Page, chart: str = ".chart-wrapper") -> None:
	"""Wait until Frappe's chart has redrawn itself with its figures; it begins with bars of no height."""
	page.wait_for_function(
		"chart => [...document.querySelectorAll(chart + ' .bar')].some(bar => +bar.getAttribute('height') > 20)",
		arg=chart,
	)


def test_chinese(open_tab, screenshots: Path):
	page = open_tab(CHINESE)
	expect(page.locator(".cl-dunning")).to_contain_text("共 3 级")
	page.screenshot(path=screenshots / "customer-dunning-zh.png")


def test_a_phone(open_tab, screenshots: Path):
	page = open_tab(width=390, height=844, is_mobile=True, has_touch=True)
	page.wait_for_load_state("networkidle")
	page.screenshot(path=screenshots / "customer-dunning-phone.png", full_page=True)
	wide = page.locator(".cl-dunning *:visible").evaluate_all(
		"nodes => nodes.filter(n => n.getBoundingClientRect().right > 391 && !n.closest('svg, thead')).length"
	)
	assert wide == 0


def test_the_policy_form(page_as, desk, screenshots: Path):
	page = page_as(MANAGER)
	page.goto(f"{desk}/dunning-policy/Standard")
	page.wait_for_selector("[data-fieldname=steps] .grid-row")
	page.screenshot(path=screenshots / "dunning-policy.png", full_page=True)
	assert at()
