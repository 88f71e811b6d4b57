"""Two ledgers compared on the desk in a real browser: identity, next steps, lines joined and split, settled; desk and phone."""

from collections.abc import Iterator
from pathlib import Path

import frappe
import pytest
from playwright.sync_api import expect

from client_ledger.confirmations import comparison
from client_ledger.site.doctypes import BALANCE_CONFIRMATION, FOLLOW_UP, LEDGER_DISPUTE, LEDGER_NOTICE
from tests.bench import factories as f
from tests.bench.accounts import refresh
from tests.bench.confirmations.comparing import ago, invoice_row, make_confirmation, payment_row, upload
from tests.browser.users import MANAGER_ROLES, make_user
from tests.browser.waiting import wait_until_open

ADA = "Compared On The Desk Ltd"
SECTION = "[data-fieldname=comparison_html] .cl-comparison"
MANAGER, CHINESE = "comparison.manager@example.com", "comparison.zh@example.com"


@pytest.fixture(scope="module", autouse=True)
def confirmation(site: str) -> Iterator[str]:
	"""A customer whose own ledger differs from ours in every way."""
	f.make_company()
	f.make_customer(ADA)
	invoices = [f.make_invoice(ADA, 1000.0 * n + n, ago(140 - 15 * n)) for n in range(1, 7)]
	f.make_payment(ADA, 1001, ago(100), against=[(invoices[0], 1001)], reference_no="TT-100")
	f.make_payment(ADA, 777.5, ago(3), reference_no="TT-4711")
	rows = [
		invoice_row(invoices[0], number=invoices[0].name.split("-")[-1]),
		invoice_row(invoices[1]),
		invoice_row(invoices[2], 2950),
		(str(invoices[4].posting_date), "GR-1", "Goods received", "", 3000),
		(str(invoices[4].posting_date), "GR-2", "Goods received", "", 2000),
		invoice_row(invoices[5]),
		payment_row(ago(101), 1001, "TT-100"),
		payment_row(ago(40), 777.5, "TT-4711"),
		payment_row(ago(6), 64.5, "TT-12"),
	]
	doc = make_confirmation(ADA)
	upload(doc, rows)
	comparison.compare(doc.name)
	refresh()
	make_user(MANAGER, MANAGER_ROLES)
	make_user(CHINESE, MANAGER_ROLES, language="zh")
	frappe.db.commit()
	yield doc.name


@pytest.mark.parametrize(
	("user", "width"), [(MANAGER, 1280), (MANAGER, 390), (CHINESE, 1280), (CHINESE, 390)]
)
def test_the_comparison_is_seen(page_as, desk, screenshots: Path, confirmation, user, width):
	page = page_as(user, width=width, height=900)
	page.goto(f"{desk}/balance-confirmation/{confirmation}")
	shown = page.locator(SECTION)
	expect(shown.locator("[data-amount=ours]")).to_be_visible()
	expect(shown.locator(".cl-kind").first).to_be_visible()
	assert page.evaluate("document.documentElement.scrollWidth") <= width
	shown.scroll_into_view_if_needed()
	language = "zh" if user == CHINESE else "en"
	page.screenshot(path=screenshots / f"comparison-{language}-{width}.png", full_page=True)
	shown.screenshot(path=screenshots / f"comparison-section-{language}-{width}.png")


def test_next_steps_by_one_click_each(page_as, desk, screenshots: Path, confirmation):
	page = page_as(MANAGER, width=1280, height=900)
	page.goto(f"{desk}/balance-confirmation/{confirmation}")
	shown = page.locator(SECTION)
	amounts = shown.locator("[data-kind='Amount Differs']")
	amounts.get_by_role("button", name="Open Dispute").click()
	expect(amounts).to_contain_text("Ledger Dispute")
	frappe.db.rollback()
	assert frappe.db.count(LEDGER_DISPUTE, {"customer": ADA}) == 1
	missing = shown.locator("section[data-kind='Ours Only']")
	missing.get_by_role("button", name="Send Again").first.click()
	expect(missing).to_contain_text("Ledger Notice")
	frappe.db.rollback()
	assert frappe.db.count(LEDGER_NOTICE, {"customer": ADA, "kind": "Document"}) == 1
	theirs = shown.locator("[data-kind='Theirs Only']")
	row = theirs.locator("tr", has_text="TT-4711")
	row.get_by_role("button", name="Search Payment").click()
	dialog = page.locator(".modal.show")
	expect(dialog).to_contain_text("Same number")
	wait_until_open(page)
	page.screenshot(path=screenshots / "comparison-payments.png")
	dialog.get_by_role("button", name="This One").first.click()
	expect(row).to_contain_text("Payment Entry")
	moving = shown.locator("[data-kind^='In Transit']")
	moving.get_by_role("button", name="Other…").first.click()
	dialog = page.locator(".modal.show")
	dialog.locator("select").select_option("Ask the Customer")
	wait_until_open(page)
	dialog.get_by_role("button", name="Continue").click()
	expect(moving).to_contain_text("Follow Up")
	frappe.db.rollback()
	assert frappe.db.count(FOLLOW_UP, {"customer": ADA, "source": "Reconciliation"}) == 1


def test_lines_are_joined_and_split(page_as, desk, screenshots: Path, confirmation):
	page = page_as(MANAGER, width=1280, height=900)
	page.goto(f"{desk}/balance-confirmation/{confirmation}")
	shown = page.locator(SECTION)
	shown.get_by_role("button", name="Join Lines").click()
	dialog = page.locator(".modal.show")
	for text in ("GR-1", "GR-2"):
		dialog.locator(".cl-join-line", has_text=text).locator("input").check()
	dialog.locator(".cl-join-side").first.locator(".cl-join-line", has_text="5,005").locator("input").check()
	expect(dialog.locator(".cl-join-sum")).to_contain_text("5,000")
	wait_until_open(page)
	page.screenshot(path=screenshots / "comparison-join.png")
	dialog.get_by_role("button", name="Join", exact=True).click()
	joined = shown.locator("[data-pass='Joined by Hand']").first
	joined.click()
	expect(shown).to_contain_text("Joined by hand.")
	page.screenshot(path=screenshots / "comparison-joined.png", full_page=True)
	shown.get_by_role("button", name="Split").first.click()
	wait_until_open(page)
	page.locator(".modal.show").get_by_role("button", name="Yes").click()
	expect(shown.locator("[data-pass='Joined by Hand']")).to_have_count(0)


def test_it_is_settled_when_all_differences_have_ended(page_as, desk, screenshots: Path, confirmation):
	page = page_as(MANAGER, width=1280, height=900)
	page.goto(f"{desk}/balance-confirmation/{confirmation}")
	shown = page.locator(SECTION)
	shown.get_by_role("button", name="Settle and Sign").click()
	wait_until_open(page)
	page.locator(".modal.show").get_by_role("button", name="Settle", exact=True).click()
	expect(page.locator(".msgprint")).to_contain_text("still open")
	frappe.db.rollback()
	from client_ledger.confirmations import comparison_rows, next_steps
	from client_ledger.core.confirmations import steps

	for row in comparison_rows.read(confirmation, difference_kind=("is", "set")):
		if steps.is_open(row):
			next_steps.agree(row.name, "Agreed by phone")
	frappe.db.commit()
	page.reload()
	shown.get_by_role("button", name="Settle and Sign").click()
	dialog = page.locator(".modal.show")
	dialog.locator("[data-fieldname=position] input").fill("Head of Credit")
	wait_until_open(page)
	dialog.get_by_role("button", name="Settle", exact=True).click()
	expect(shown.get_by_role("button", name="Signed Balance")).to_be_visible()
	page.screenshot(path=screenshots / "comparison-settled.png", full_page=True)
	frappe.db.rollback()
	doc = frappe.get_doc(BALANCE_CONFIRMATION, confirmation)
	assert doc.status == "Settled" and doc.signed_balance
	file = frappe.get_doc("File", {"file_url": doc.signed_balance, "attached_to_name": doc.name})
	(screenshots / "signed-balance.pdf").write_bytes(Path(file.get_full_path()).read_bytes())
