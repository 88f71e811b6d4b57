"""Backup checks in a browser: on the home page, in their list and on their form, wide and on a phone, in both languages."""

import json

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime
from playwright.sync_api import expect

from client_ledger.backups.check import CHECK, DRILL, store
from client_ledger.core.backups import BackupFinding, BackupVerdict
from tests.bench.home_books import make_home_books
from tests.browser.users import make_user
from tests.browser.waiting import wait_until_still

AUDITOR, CHINESE = "auditor@backup-desk.example", "chinese@backup-desk.example"
NAME = "20261128_030000-shop_<b>x</b>-database.sql.gz"


@pytest.fixture(scope="module", autouse=True)
def checks(site) -> dict[str, str]:
	make_home_books()
	make_user(AUDITOR, ("Auditor", "Accounts User"))
	make_user(CHINESE, ("System Manager", "Accounts Manager"), language="zh")
	now = now_datetime()
	found = {
		"checked_on": now,
		"backup": NAME,
		"taken_on": add_to_date(now, hours=-50),
		"age_hours": 50,
		"size_mb": 12.5,
	}
	too_old = {"taken_on": str(found["taken_on"]), "days": 1}
	bad = (
		BackupFinding("too_old", BackupVerdict.BAD, too_old),
		BackupFinding("broken", BackupVerdict.WARNING, {"backup": NAME}),
		BackupFinding("on_machine", BackupVerdict.WARNING),
	)
	balance = {
		"doctype": "GL Entry",
		"company": "A & B",
		"account_type": "Receivable",
		"backup": "1.00",
		"live": "1.00",
	}
	rows = [
		{"doctype": "GL Entry", "backup": 4, "live": 4},
		{"doctype": "Sales Invoice", "backup": 2, "live": 2},
	]
	compared = json.dumps({"rows": rows, "balances": [balance]})
	names = {
		CHECK: store(CHECK, BackupVerdict.BAD, bad, **found),
		DRILL: store(DRILL, BackupVerdict.GOOD, (), **found, compared=compared, seconds=14),
	}
	frappe.db.commit()
	return names


@pytest.mark.parametrize(("user", "word"), [(AUDITOR, "Bad"), (CHINESE, "不合格")])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_home_page_says_how_the_backups_are(page_as, desk, screenshots, user, word, width):
	page = page_as(user, width=width, height=1600)
	page.goto(f"{desk}/client-ledger")
	card = page.locator(".cl-home-backup")
	expect(card).to_contain_text(word)
	expect(card).to_contain_text("<b>x</b>")
	assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
	wait_until_still(page)
	card.screenshot(path=screenshots / f"backups-home-{user.split('@')[0]}-{width}.png")
	button = card.locator("button")
	assert button.bounding_box()["height"] >= 32
	button.focus()
	page.keyboard.press("Enter")
	expect(page.locator(".result .list-row")).to_have_count(2)
	wait_until_still(page)
	page.screenshot(path=screenshots / f"backups-list-{user.split('@')[0]}-{width}.png")


@pytest.mark.parametrize(("kind", "word"), [(CHECK, "不完整或已损坏"), (DRILL, "账簿一致")])
def test_the_form_says_what_was_found(page_as, desk, screenshots, checks, kind, word):
	page = page_as(CHINESE, width=1300, height=1200)
	page.goto(f"{desk}/backup-check/{checks[kind]}")
	expect(page.locator("[data-fieldname=findings_html]")).to_contain_text(word)
	if kind == DRILL:
		expect(page.locator("[data-fieldname=compared_html]")).to_contain_text("A & B")
	expect(page.locator("button", has_text="立即检查").first).to_be_visible()
	wait_until_still(page)
	page.screenshot(path=screenshots / f"backups-form-{kind}.png", full_page=True)
