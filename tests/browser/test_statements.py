"""Statements on the desk in a real browser: a schedule previewed, its run approved and sent, what was told, many at once."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import frappe
import pytest
from frappe.utils import add_days
from playwright.sync_api import expect

from client_ledger.outbox import delivery
from client_ledger.site.doctypes import CUSTOMER_STATEMENT
from client_ledger.statement_runs import runs
from tests.bench import factories as f
from tests.bench.accounts import refresh
from tests.bench.dunning.setting import COMPANY, at, make_debtor
from tests.bench.dunning.smtp import flush, mail_server, use
from tests.bench.statements.setting import last_month, make_schedule
from tests.browser.users import MANAGER_ROLES, make_user

ADA, BOB, EVE = "Statement Form Ada", "Statement Form Bob", "Statement Form Eve"
MANAGER, CHINESE = "statements.manager@example.com", "statements.zh@example.com"
SCHEDULE = "Browser Schedule"
FROM, AS_OF = last_month()


@pytest.fixture(scope="module", autouse=True)
def books(site: str) -> Iterator[None]:
	"""Three customers, one without an address, and a schedule that waits for approval."""
	with mail_server() as mailbox:
		f.make_company()
		use(mailbox)
		for name in (ADA, BOB, EVE):
			make_debtor(name, None if name == EVE else "auto", language="zh" if name == BOB else "en")
			for day in (2, 9):
				f.make_invoice(name, 1234.5, add_days(FROM, day))
		refresh()
		make_schedule(SCHEDULE, (ADA, BOB, EVE), mode="Approve", attach_pdf=0)
		make_user(MANAGER, MANAGER_ROLES)
		make_user(CHINESE, MANAGER_ROLES, language="zh")
		frappe.db.commit()
		yield
		frappe.db.set_value("Statement Schedule", SCHEDULE, "mode", "Off")
		frappe.db.commit()


def test_a_schedule_is_previewed_and_its_run_approved_and_sent(page_as, desk, screenshots: Path):
	page = page_as(MANAGER)
	page.goto(f"{desk}/statement-schedule/{SCHEDULE}")
	page.get_by_role("button", name="Preview").click()
	dialog = page.locator(".modal.show")
	expect(dialog).to_contain_text("3 statements")
	expect(dialog).to_contain_text(ADA)
	page.screenshot(path=screenshots / "statement-schedule-preview.png")
	dialog.locator(".btn-modal-close").click()
	page.get_by_role("button", name="Plan Last Period").click()
	page.wait_for_url("**/statement-run/**")
	run = page.locator(".cl-run")
	expect(run).to_contain_text("Planned 3")
	run.locator("[data-action=approve]").click()
	expect(run.locator("[data-action=send]")).to_be_visible()
	frappe.db.rollback()
	runs.work(at(), in_process=True)
	flush()
	delivery.update_delivery_status(at())
	frappe.db.commit()
	page.reload()
	expect(run).to_contain_text("Sent 2")
	expect(run).to_contain_text("No Address")
	expect(page.locator("[data-fieldname=progress_html]")).to_contain_text("2 of 3 statements sent")
	page.screenshot(path=screenshots / "statement-run.png")
	page.goto(f"{desk}/client-ledger")
	waiting = page.locator(".cl-home-list[data-list=statements]")
	expect(waiting).to_contain_text("No Address")
	waiting.scroll_into_view_if_needed()
	page.screenshot(path=screenshots / "statement-home.png")
	links = page.locator(".layout-main-section")
	for label in ("Ledger Archive", "Archive Chain", "Backup Check", "Statement Schedule"):
		expect(links.get_by_text(label, exact=True).first).to_be_attached()


@pytest.mark.parametrize(("user", "width"), [(MANAGER, 1440), (CHINESE, 390)])
def test_what_was_told_is_seen_and_compared_with_today(page_as, desk, screenshots: Path, user, width):
	name = frappe.db.get_value(CUSTOMER_STATEMENT, {"customer": BOB, "status": "Sent"})
	if user == MANAGER:
		f.make_invoice(BOB, 77.7, add_days(FROM, 12))
		frappe.db.commit()
	page = page_as(user, width=width, height=900)
	page.goto(f"{desk}/customer-statement/{name}")
	told = page.frame_locator("[data-fieldname=statement_html] iframe").locator("body")
	expect(told).to_contain_text("2,469.00")
	expect(told).not_to_contain_text("77.70")
	page.screenshot(path=screenshots / f"statement-form-{width}.png", full_page=True)
	label = "Compare with Today" if user == MANAGER else "与当前账目比较"
	if width < 700:
		page.locator(".menu-btn-group button:visible").click()
		page.locator(".menu-btn-group .dropdown-item:visible", has_text=label).click()
	else:
		page.get_by_role("button", name=label).click()
	dialog = page.locator(".modal.show")
	expect(dialog).to_contain_text("77.70")
	expect(dialog).to_contain_text("Entered Since" if user == MANAGER else "此后录入")
	page.screenshot(path=screenshots / f"statement-compare-{width}.png")


def test_statements_go_to_many_from_the_list(page_as, desk, screenshots: Path):
	page = page_as(MANAGER)
	named = quote(json.dumps(["like", "Statement Form%"]))
	page.goto(f"{desk}/client-account?customer={named}")
	rows = page.locator(".result .list-row-container:has(.list-row-checkbox)")
	expect(rows).to_have_count(3)
	page.locator(".list-check-all:visible").first.click()
	page.locator(".actions-btn-group button:visible").click()
	page.locator(".actions-btn-group .dropdown-item:visible", has_text="Send Statement").click()
	dialog = page.locator(".modal.show")
	expect(dialog).to_contain_text("3 Customers")
	page.screenshot(path=screenshots / "statement-many.png")
	dialog.locator(".btn-modal-primary").click()
	result = page.locator(".msgprint")
	expect(result).to_contain_text("2 statements are under way")
	expect(result).to_contain_text("1 could not be sent")
	frappe.db.rollback()
	asked = {"run": ("is", "not set"), "customer": ("in", (ADA, BOB, EVE)), "company": COMPANY}
	assert sorted(frappe.get_all(CUSTOMER_STATEMENT, asked, pluck="status")) == [
		"No Address",
		"Sending",
		"Sending",
	]
