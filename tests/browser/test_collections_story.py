"""The loop clicked through on the desk: reminded, promised, broken, held, disputed, paid, released, credited, nothing left.

Time does not pass in a browser: what a night would decide is decided by the promise's days being moved back.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import frappe
import pytest
from frappe.utils import add_days, formatdate, nowdate
from playwright.sync_api import Page, expect

from client_ledger import tasks
from client_ledger.accounts.refresh import refresh_stale_customers
from client_ledger.collections import jobs as nightly
from client_ledger.outbox.send import due_names, send
from tests.bench import factories as f
from tests.bench.collections.setting import reconcile
from tests.bench.dunning.setting import ago, at, make_debtor, make_policy, notices, work
from tests.bench.dunning.smtp import mail_server, use
from tests.browser.test_credit import submit
from tests.browser.users import make_user

NAME, POLICY = "Story Customer Ltd", "Story Policy"
MANAGER = "story.manager@example.com"
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def invoice(site: str) -> Iterator:
	"""One invoice, overdue; rules under which nothing but a broken promise holds, put back afterwards."""
	with mail_server() as mailbox:
		f.make_company()
		use(mailbox)
		make_debtor(NAME, language="en")
		made = f.make_invoice(NAME, 1000, ago(70), due_date=ago(40))
		roles = (
			"Credit Manager",
			"Accounts Manager",
			"Accounts User",
			"Sales Manager",
			"Sales User",
			"Stock User",
		)
		make_user(MANAGER, roles)
		tables = {
			doctype: frappe.get_all(doctype, fields=["name", "action"], as_list=True)
			for doctype in ("Credit Rule", "Credit Rule Action")
		}
		for doctype, rows in tables.items():
			for name, _action in rows:
				frappe.db.set_value(doctype, name, "action", "Hold" if name == "Broken Promise" else "Off")
		checks = frappe.db.get_single_value("Client Ledger Settings", "credit_checks")
		frappe.db.set_single_value("Client Ledger Settings", "credit_checks", "Hold")
		make_policy(POLICY, steps=({"days": 3}, {"days": 10, "wait_days": 2}), customers=[NAME])
		frappe.db.commit()
		frappe.clear_cache()
		jobs()
		yield made
		for doctype, rows in tables.items():
			for name, action in rows:
				frappe.db.set_value(doctype, name, "action", action)
		frappe.db.set_single_value("Client Ledger Settings", "credit_checks", checks)
		frappe.db.set_value("Dunning Policy", POLICY, "mode", "Off")
		frappe.db.commit()
		frappe.clear_cache()


def jobs() -> None:
	"""What the workers do after a voucher: the test's bench has none."""
	frappe.db.rollback()
	assert not refresh_stale_customers(then=tasks.after_refresh)
	frappe.db.commit()


def open_tab(page: Page, desk: str):
	page.goto(f"{desk}/customer/{quote(NAME)}")
	page.click("#customer-cl_collections_tab-tab")
	tab = page.locator(".cl-collections")
	expect(tab.locator(".cl-figures")).to_be_visible()
	return tab


def test_the_story(page_as, desk, invoice, screenshots: Path):
	# overdue -> reminder sent
	work()
	frappe.db.commit()
	assert [notice.status for notice in notices(NAME)] == ["Sending"]
	page = page_as(MANAGER)
	tab = open_tab(page, desk)
	expect(tab).to_contain_text("Oldest item overdue by 40 days")

	# call logged, promise taken -> reminders wait, nobody need call
	tab.locator("[data-action=promise]").click()
	dialog = page.locator(".modal.show")
	day = dialog.locator("[data-day='0'] input")
	day.fill(formatdate(add_days(nowdate(), 2)))
	day.press("Tab")
	dialog.locator(".btn-modal-primary").click()
	expect(tab.locator(".indicator-pill", has_text="Open")).to_have_count(1)
	expect(tab).to_contain_text("No Call Needed")
	page.screenshot(path=screenshots / "story-1-promised.png", full_page=True)
	frappe.db.rollback()
	work(1)
	frappe.db.commit()
	assert len([notice for notice in notices(NAME) if notice.status in ("Sending", "Sent")]) == 1

	# the date passes unpaid -> promise broken, follow-up
	promise = frappe.db.get_value("Promise to Pay", {"customer": NAME})
	day = ago(6)
	dates = {"first_due": day, "next_due": day, "last_due": day, "made_on": ago(9)}
	frappe.db.set_value("Promise to Pay", promise, dates)
	frappe.db.set_value("Promise Instalment", {"parent": promise}, "due_date", day)
	nightly.settle_promises()
	frappe.db.commit()
	tab = open_tab(page, desk)
	expect(tab.locator(".indicator-pill", has_text="Broken")).to_have_count(1)
	expect(tab).to_contain_text("Promise broken")
	page.screenshot(path=screenshots / "story-2-broken.png", full_page=True)

	# a new order is held
	order = f.make_order(NAME, 50, submit=False)
	frappe.db.commit()
	page.goto(f"{desk}/sales-order/{order.name}")
	submit(page)
	message = page.locator(".msgprint-dialog .msgprint, .modal.show .msgprint").first
	expect(message).to_contain_text("Broken promises to pay")
	page.screenshot(path=screenshots / "story-3-held.png")

	# part of it is disputed
	tab = open_tab(page, desk)
	tab.locator(".cl-toolbar [data-action=dispute]").click()
	dialog = page.locator(".modal.show")
	dialog.locator("[data-i='0']").check()
	dialog.locator("[data-amount='0']").fill("150")
	dialog.locator("[data-fieldname=reason] select").select_option("Price or Discount Not as Agreed")
	dialog.locator(".btn-modal-primary").click()
	expect(tab).to_contain_text("In Dispute")

	# the rest is paid -> the hold is released by itself, the order goes out
	frappe.db.rollback()
	f.pay(invoice, nowdate(), 850)
	frappe.db.commit()
	jobs()
	assert frappe.db.get_value("Credit Hold", {"reference_name": order.name}, "status") == "Cleared"
	page.goto(f"{desk}/sales-order/{order.name}")
	submit(page)
	page.wait_for_function("cur_frm.doc.docstatus === 1")
	tab = open_tab(page, desk)
	page.screenshot(path=screenshots / "story-4-disputed.png", full_page=True)

	# the dispute ends by a credit note -> nothing is left to do
	frappe.db.rollback()
	f.make_credit_note(invoice.name, 150)
	reconcile(NAME)
	frappe.db.commit()
	jobs()
	frappe.db.rollback()
	assert not frappe.db.exists("Follow Up", {"customer": NAME, "workflow_state": "Open"})
	tab = open_tab(page, desk)
	expect(tab.locator(".indicator-pill", has_text="Credited")).to_have_count(1)
	expect(tab).to_contain_text("Nothing Overdue")
	expect(tab).to_contain_text("No open items")
	page.screenshot(path=screenshots / "story-5-settled.png", full_page=True)
	assert not send(due_names(at(2)), at(2)).handed_over
