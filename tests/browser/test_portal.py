"""The customer portal in a real browser, on a phone and on a desk, in English and Chinese, by a login and by a link."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import frappe
import pytest
from frappe.utils import nowdate
from frappe.utils.password import update_password
from playwright.sync_api import Page, expect

from client_ledger.guest_links import links
from tests.bench import factories as f
from tests.bench.portal.euro import bank_account, euro_account
from tests.bench.portal.papers import sent_confirmation, sent_statement
from tests.bench.portal.setting import COMPANY, make_account, make_link, make_portal_user, name_of, switch
from tests.browser.conftest import PASSWORD
from tests.browser.users import make_user

ADA, OTHER = "Portal Browser Ada", "Portal Browser Other"
ENGLISH, CHINESE = "portal.en@example.com", "portal.zh@example.com"
CONTROLLER = "portal.controller@example.com"
PHONE, DESK = 390, 1280
AXE = """async () => {
	const { violations } = await axe.run(document, { resultTypes: ["violations"] });
	return Object.fromEntries(violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
		.map(({ id, nodes }) => [id, nodes.slice(0, 4).map((node) => node.html.slice(0, 200))]));
}"""


@pytest.fixture(scope="module", autouse=True)
def books(site: str) -> None:
	"""A customer with invoices, a statement and a confirmation, its two users, and a second customer of one of them."""
	f.make_company()
	switch(COMPANY)
	invoices = make_account(ADA, 1250, 480.5, 99)
	frappe.db.set_value("Sales Invoice", invoices[0].name, "po_no", "PO-2026-118")
	f.make_payment(ADA, 120, nowdate())
	make_account(OTHER, 64)
	make_portal_user(ENGLISH, ADA, OTHER)
	make_portal_user(CHINESE, ADA)
	for user in (ENGLISH, CHINESE):
		update_password(user, PASSWORD)
	frappe.db.set_value("User", CHINESE, "language", "zh")
	make_user(CONTROLLER, ("Credit Controller", "Accounts User", "Sales User"))
	sent_statement(ADA)
	sent_confirmation(ADA)
	frappe.db.commit()
	yield
	switch(COMPANY, on=False)
	frappe.db.commit()


def is_readable(page: Page) -> None:
	"""The page has nothing that axe-core finds serious, and does not scroll sideways."""
	if path := os.environ.get("CLIENT_LEDGER_AXE"):
		page.add_script_tag(path=path)
		assert page.evaluate(AXE) == {}
	assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def ready(page: Page) -> Page:
	expect(page.locator("#cp-app")).to_have_attribute("aria-busy", "false")
	return page


@pytest.mark.parametrize(
	("user", "width"), [(ENGLISH, PHONE), (ENGLISH, DESK), (CHINESE, PHONE), (CHINESE, DESK)]
)
def test_a_customer_reads_its_account(page_as, screenshots: Path, user: str, width: int):
	language = "zh" if user == CHINESE else "en"
	page = page_as(user, width=width, height=844)
	page.goto("/customer-ledger?customer=Portal+Browser+Ada")
	ready(page)
	expect(page.locator("html")).to_have_attribute("lang", language)
	for section in ("overview", "movements", "papers", "requests"):
		page.locator(f"[data-section={section}]").click()
		expect(page.locator(f"[data-section={section}]")).to_have_attribute("aria-current", "page")
		ready(page)
		is_readable(page)
		page.screenshot(path=screenshots / f"portal-{section}-{language}-{width}.png", full_page=True)
	if language == "en":
		page.locator("[data-section=overview]").click()
		ready(page)
		expect(page.locator(".cp-large")).to_contain_text("1,709.50")


def test_a_movement_is_found_and_an_invoice_taken(page_as):
	page = page_as(ENGLISH, width=PHONE, height=844)
	page.goto("/customer-ledger?customer=Portal+Browser+Ada#movements")
	ready(page)
	expect(page.locator(".cp-item")).to_have_count(4)
	page.get_by_role("searchbox").fill("po-2026")
	page.get_by_role("button", name="Search").click()
	expect(page.locator(".cp-item")).to_have_count(1)
	with page.expect_download() as found:
		page.locator("[data-file_format=xlsx]").click()
	assert found.value.suggested_filename.endswith(".xlsx")
	page.get_by_role("searchbox").fill("nothing like it")
	page.get_by_role("button", name="Search").click()
	expect(page.locator(".cp-section")).to_contain_text("Nothing was found for “nothing like it”.")


def test_items_are_chosen_and_acted_on(page_as, screenshots: Path):
	page = page_as(ENGLISH, width=PHONE, height=844)
	page.goto("/customer-ledger?customer=Portal+Browser+Ada")
	ready(page)
	boxes = page.locator("[data-key]")
	boxes.nth(0).check()
	boxes.nth(1).check()
	bar = page.locator(".cp-bar-of-actions")
	expect(bar).to_contain_text("2 chosen, USD 1,730.50")
	is_readable(page)
	page.screenshot(path=screenshots / "portal-chosen-390.png")
	bar.get_by_role("button", name="Pay", exact=True).click()
	dialog = page.locator("dialog")
	expect(dialog).to_contain_text("Pay $ 1,730.50")
	is_readable(page)
	page.screenshot(path=screenshots / "portal-pay-390.png")
	page.keyboard.press("Escape")
	expect(dialog).to_have_count(0)
	bar.get_by_role("button", name="I Have Paid").click()
	dialog.get_by_label("Amount paid").fill("1730.5")
	dialog.get_by_label("Reference of the transfer").fill("T-4711")
	is_readable(page)
	page.screenshot(path=screenshots / "portal-paid-390.png")
	dialog.get_by_role("button", name="Send").click()
	expect(page.locator(".cp-message.cp-good")).to_contain_text("Your payment is looked for")
	expect(page.locator(".cp-section")).to_contain_text("Payment announced")
	page.locator("[data-key]").nth(2).check()
	bar.get_by_role("button", name="Dispute").click()
	dialog.get_by_label("What is wrong?").fill("This was returned")
	page.screenshot(path=screenshots / "portal-dispute-390.png")
	dialog.get_by_label("Disputed amount").fill("1000000")
	dialog.locator("form").evaluate("form => form.noValidate = true")
	dialog.get_by_role("button", name="Send").click()
	expect(dialog.locator("[role=alert]")).to_contain_text("exceeds")
	dialog.get_by_label("Disputed amount").fill("50")
	dialog.get_by_role("button", name="Send").click()
	expect(page.locator(".cp-message.cp-good")).to_contain_text("has arrived")
	expect(page.locator(".cp-section")).to_contain_text("Disputed:")
	page.locator("[data-section=requests]").click()
	ready(page)
	expect(page.locator(".cp-section")).to_contain_text("Announced Payments")
	page.get_by_role("button", name="Change Contact Details").click()
	dialog.get_by_label("Email Address").fill("new@ada.example")
	dialog.get_by_role("button", name="Send").click()
	expect(page.locator(".cp-message.cp-good")).to_contain_text("Nothing changes until")
	is_readable(page)
	page.screenshot(path=screenshots / "portal-requests-after-390.png", full_page=True)


def test_a_transfer_in_euro_has_its_code(page_as, screenshots: Path):
	user, _invoices = euro_account()
	bank_account("Portal Euro GmbH", "DE89370400440532013000")
	update_password(user, PASSWORD)
	frappe.db.commit()
	page = page_as(user, width=PHONE, height=844)
	page.goto("/customer-ledger")
	ready(page)
	for box in page.locator("[data-key]").all():
		box.check()
	page.locator("[data-action=pay]").click()
	dialog = page.locator("dialog")
	expect(dialog).to_contain_text("DE89 3704 0044 0532 0130 00")
	expect(dialog).to_contain_text("RF")
	image = dialog.locator("img")
	expect(image).to_be_visible()
	assert image.evaluate("image => image.complete && image.naturalWidth > 50")
	is_readable(page)
	page.screenshot(path=screenshots / "portal-pay-euro-390.png")


def test_a_confirmation_leads_to_its_page(page_as):
	page = page_as(ENGLISH, width=PHONE, height=844)
	page.goto("/customer-ledger?customer=Portal+Browser+Ada#requests")
	ready(page)
	page.get_by_role("button", name="Answer").first.click()
	page.wait_for_url("**/balance-confirmation?**")


def test_a_user_of_two_customers_chooses(page_as):
	page = page_as(ENGLISH, width=PHONE, height=844)
	page.goto("/customer-ledger")
	ready(page)
	page.locator("#cp-account").select_option(label=f"{OTHER} – {COMPANY}")
	page.wait_for_url("**customer=Portal+Browser+Other**")
	ready(page)
	expect(page.locator("h1")).to_have_text(OTHER)
	expect(page.locator(".cp-section")).not_to_contain_text("1,250.00")


def test_a_link_only_shows_in_the_readers_language(browser, server, screenshots: Path):
	token = make_link(ADA)
	frappe.db.commit()
	for language, width in (("en", PHONE), ("zh", DESK)):
		context = browser.new_context(base_url=server, viewport={"width": width, "height": 844})
		page = context.new_page()
		answer = page.goto(f"/customer-ledger?link={token}&_lang={language}")
		assert (
			answer.headers["cache-control"] == "no-store"
			and answer.headers["referrer-policy"] == "no-referrer"
		)
		ready(page)
		expect(page.locator("html")).to_have_attribute("lang", language)
		expect(page.locator(".cp-item").first).to_be_visible()
		page.locator("[data-key]").first.check()
		expect(page.locator(".cp-bar-of-actions button")).to_have_count(1)
		page.locator(".cp-bar-of-actions button").click()
		expect(page.locator("dialog .cp-details, dialog p").first).to_be_visible()
		page.keyboard.press("Escape")
		is_readable(page)
		page.screenshot(path=screenshots / f"portal-link-{language}-{width}.png", full_page=True)
		context.close()
	frappe.db.rollback()
	assert frappe.db.get_value("Guest Link", name_of(token), "opened") == 1


def test_what_does_not_open_says_so(browser, server, screenshots: Path):
	token = make_link(ADA, recipient="gone@example.com")
	links.revoke(name_of(token), "test")
	frappe.db.commit()
	context = browser.new_context(base_url=server, viewport={"width": PHONE, "height": 844})
	page = context.new_page()
	answer = page.goto(f"/customer-ledger?link={token}&_lang=zh")
	assert answer.status == 403
	expect(page.locator("[role=alert]")).to_be_visible()
	is_readable(page)
	page.screenshot(path=screenshots / "portal-refused-zh-390.png")
	answer = page.goto("/customer-ledger?_lang=en")
	assert urlsplit(page.url).path == "/login"
	context.close()


def test_where_the_portal_is_off_the_page_and_the_menu_say_nothing(page_as, desk):
	page = page_as(CHINESE, width=DESK)
	# Where the host shows the portal's menu.
	with_menu = "/portal" if desk == "/desk" else "/me"
	page.goto(with_menu)
	expect(page.locator("a[href='/customer-ledger']").first).to_be_attached()
	switch(COMPANY, on=False)
	frappe.db.commit()
	try:
		assert page.goto("/customer-ledger").status == 403
		expect(page.locator("[role=alert]")).to_be_visible()
		page.goto(with_menu)
		expect(page.locator("a[href='/customer-ledger']")).to_have_count(0)
	finally:
		switch(COMPANY)
		frappe.db.commit()


def test_a_link_is_made_on_the_desk(page_as, desk, screenshots: Path):
	page = page_as(CONTROLLER, width=DESK, permissions=["clipboard-read", "clipboard-write"])
	page.goto(f"{desk}/customer/{ADA}")
	page.get_by_role("tab", name="Ledger", exact=True).click()
	page.locator(".cl-toolbar [data-action=portal]").click()
	dialog = page.locator(".modal.show")
	dialog.locator("[data-fieldname=recipient] input").fill("desk@ada.example")
	dialog.get_by_role("button", name="Make Link").click()
	row = dialog.locator(".cl-portal-link", has_text="desk@ada.example")
	expect(row).to_be_visible()
	assert "/customer-ledger?link=" in row.locator("input").input_value()
	page.screenshot(path=screenshots / "portal-link-on-desk.png")
	row.locator("[data-revoke]").click()
	page.locator(".modal.show", has_text="Revoke Link").get_by_role("button", name="Revoke").last.click()
	expect(row).to_have_count(0)
