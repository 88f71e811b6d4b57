"""Collections on the desk in a real browser: the worklist by mouse and keys, a promise, a dispute, the customer's tab."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import frappe
import pytest
from frappe.utils import add_days, nowdate
from playwright.sync_api import Page, expect

from client_ledger.accounts.refresh import refresh_customers
from client_ledger.collections import account_sync, jobs
from client_ledger.collections.promises.controller import take_promise
from tests.bench import factories as f
from tests.bench.dunning.setting import COMPANY, ago, make_debtor
from tests.bench.dunning.smtp import mail_server, use
from tests.browser.users import MANAGER_ROLES, make_user

ANN, BEN, CAT, DAN, EVE = (f"Collect {name} Ltd" for name in ("Ann", "Ben", "Cat", "Dan", "Eve"))
MANAGER, CHINESE, SELLER = (
	"collections.manager@example.com",
	"collections.zh@example.com",
	"collections.seller@example.com",
)
OTHERS = "everyone"
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module", autouse=True)
def books(site: str) -> Iterator[None]:
	"""Five debtors: long overdue, fresh, one whose promise was broken, one with a promise running, one nobody calls."""
	with mail_server() as mailbox:
		f.make_company()
		use(mailbox)
		for name, amounts, days in (
			(ANN, (15_000, 900), 75),
			(BEN, (450,), 12),
			(CAT, (2_300,), 40),
			(DAN, (700,), 20),
			(EVE, (1_234.5,), 65),
		):
			make_debtor(name)
			if not frappe.db.exists("Sales Invoice", {"customer": name}):
				for amount in amounts:
					f.make_invoice(name, amount, ago(days + 30), due_date=ago(days))
		make_user(MANAGER, MANAGER_ROLES)
		make_user(CHINESE, MANAGER_ROLES, language="zh")
		make_user(SELLER, ("Sales User",))
		names = [ANN, BEN, CAT, DAN, EVE]
		assert not refresh_customers(names)
		for name, amount, day in ((CAT, 2_300, ago(9)), (DAN, 700, add_days(nowdate(), 5))):
			if not frappe.db.exists("Promise to Pay", {"customer": name}):
				_promise(name, amount, day)
		jobs.settle_promises(names)
		account_sync.sync_accounts(names)
		frappe.db.commit()
		yield


def _promise(name: str, amount: float, day: str) -> None:
	"""A promise for *day*, taken before it."""
	invoice = frappe.db.get_value("Sales Invoice", {"customer": name})
	row = {"voucher_type": "Sales Invoice", "voucher_no": invoice}
	parts = [{"due_date": add_days(nowdate(), 3), "amount": amount}]
	doc = take_promise(name, COMPANY, [row], parts)
	dates = {"first_due": day, "next_due": day, "last_due": day, "made_on": ago(12)}
	frappe.db.set_value("Promise to Pay", doc.name, dates)
	frappe.db.set_value("Promise Instalment", {"parent": doc.name}, "due_date", day)


@pytest.fixture
def worklist(page_as: Callable[..., Page], desk: str) -> Callable[..., Page]:
	def open_it(user: str = MANAGER, **options) -> Page:
		page = page_as(user, **options)
		page.goto(f"{desk}/collection-worklist")
		page.wait_for_selector(".cl-worklist .cl-row")
		return page

	return open_it


def row_of(page: Page, name: str):
	return page.locator(".cl-row", has_text=name)


def test_the_list_has_its_reasons_and_what_one_needs_to_call(worklist, screenshots: Path):
	page = worklist()
	expect(row_of(page, CAT)).to_contain_text("Broken promises within a year: 1")
	expect(row_of(page, ANN)).to_contain_text("Oldest item overdue by 75 days")
	expect(row_of(page, DAN)).to_have_count(0)
	row_of(page, CAT).click()
	detail = page.locator(".cl-pane-detail")
	expect(detail.locator("a[href^='tel:']")).to_have_count(1)
	expect(detail).to_contain_text("State the amount and date")
	expect(detail.locator(".cl-plain").first).to_contain_text("2,300")
	page.screenshot(path=screenshots / "worklist.png", full_page=True)
	page.locator("summary", has_text="Not on the list today").click()
	expect(page.locator(".cl-off")).to_contain_text("Promise Open")


def test_an_outcome_takes_two_clicks(worklist):
	page = worklist()
	row_of(page, BEN).click()
	expect(page.locator(".cl-pane-detail")).to_contain_text(BEN)
	page.locator(".cl-pane-detail button", has_text="No Answer").click()
	page.locator(".modal.show .btn-modal-primary").click()
	expect(page.locator(".modal.show")).to_have_count(0)
	frappe.db.rollback()
	done = {"customer": BEN, "workflow_state": "Done", "outcome": "No Answer"}
	assert frappe.db.count("Follow Up", done) == 1
	expect(row_of(page, BEN)).to_have_count(0)


def test_a_promise_is_taken_and_the_customer_is_off_the_list(worklist, screenshots: Path):
	page = worklist()
	row_of(page, ANN).click()
	expect(page.locator(".cl-pane-detail")).to_contain_text(ANN)
	page.keyboard.press("p")
	dialog = page.locator(".modal.show")
	expect(dialog.locator("[data-part='0']")).to_have_value("15,900.00")
	dialog.locator("[data-action=add-part]").click()
	expect(dialog.locator("[data-part='1']")).to_have_value("7,950.00")
	page.screenshot(path=screenshots / "promise.png")
	dialog.locator("[data-part='1']").fill("1")
	dialog.locator(".btn-modal-primary").click()
	expect(page.locator(".msgprint")).to_contain_text("The totals must match")
	page.locator(".modal.show .btn-modal-close:visible").last.click()
	dialog.locator("[data-part='1']").fill("7950")
	page.locator(".modal.show .btn-modal-primary:visible").last.click()
	expect(row_of(page, ANN)).to_have_count(0)
	frappe.db.rollback()
	assert frappe.db.get_value("Promise to Pay", {"customer": ANN}, ["amount", "status"]) == (
		15_900,
		"Open",
	)


def test_a_dispute_is_opened_by_the_keyboard_and_ended_on_the_tab(worklist, page_as, desk, screenshots: Path):
	page = worklist()
	row_of(page, CAT).click()
	expect(page.locator(".cl-pane-detail")).to_contain_text(CAT)
	page.keyboard.press("d")
	dialog = page.locator(".modal.show")
	dialog.locator("[data-i='0']").check()
	dialog.locator("[data-amount='0']").fill("300")
	dialog.locator("[data-fieldname=reason] select").select_option("Price or Discount Not as Agreed")
	dialog.locator(".btn-modal-primary").click()
	expect(page.locator(".modal.show")).to_have_count(0)
	page.goto(f"{desk}/customer/{quote(CAT)}")
	page.click("#customer-cl_collections_tab-tab")
	tab = page.locator(".cl-collections")
	expect(tab).to_contain_text("Price or Discount Not as Agreed")
	expect(tab).to_contain_text("1 broken")
	page.screenshot(path=screenshots / "collections-tab.png", full_page=True)
	tab.locator("[data-action=settle]").click()
	page.locator(".modal.show select").select_option("Rejected")
	page.locator(".modal.show textarea:visible").fill("Delivered as ordered")
	page.locator(".modal.show .btn-modal-primary").click()
	expect(tab.locator(".indicator-pill", has_text="Rejected")).to_have_count(1)


def test_chinese(worklist, screenshots: Path):
	page = worklist(CHINESE)
	expect(page.locator(".cl-worklist")).to_contain_text("最早未清项已逾期")
	expect(page.locator(".cl-pane-detail")).to_contain_text("记录付款承诺")
	page.screenshot(path=screenshots / "worklist-zh.png", full_page=True)


def test_a_phone(worklist, screenshots: Path):
	page = worklist(width=390, height=844)
	assert page.evaluate("document.documentElement.scrollWidth") <= 391
	expect(page.locator(".cl-pane-detail")).to_be_visible()
	page.screenshot(path=screenshots / "worklist-phone.png")


def test_a_seller_works_but_ends_no_dispute(page_as, desk):
	page = page_as(SELLER)
	page.goto(f"{desk}/customer/{quote(CAT)}")
	page.click("#customer-cl_collections_tab-tab")
	tab = page.locator(".cl-collections")
	expect(tab.locator("[data-action=log]").first).to_be_visible()
	expect(tab.locator("[data-action=settle]")).to_have_count(0)
	expect(tab.locator("[data-action=write-off]")).to_have_count(0)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("place", ["ledger", "collections", "worklist"])
def test_a_statement_is_seen_and_changed_before_it_goes(
	page_as, worklist, desk, screenshots: Path, place, width
):
	if place == "worklist":
		page = worklist(width=width, height=900)
		row_of(page, EVE).locator(".cl-row-name").click()
		expect(page.locator(".cl-pane-detail")).to_contain_text(EVE)
		page.locator("body").press("s")
	else:
		page = page_as(CHINESE if place == "ledger" else MANAGER, width=width, height=900)
		page.goto(f"{desk}/customer/{quote(EVE)}")
		page.click(f"#customer-cl_{place}_tab-tab")
		page.locator(f"[data-fieldname=cl_{place}_html] [data-action=statement]").click()
	dialog = page.locator(".modal.show")
	expect(dialog.locator("[data-fieldname=recipients] input")).to_have_value(
		"collect_eve_ltd@debtor.example"
	)
	letter = page.frame_locator(".modal.show iframe").locator("body")
	expect(letter).to_contain_text("1,234.50")
	opening = f"Hello Eve at {place}, <b>{width}</b>"
	field = dialog.locator("[data-fieldname=opening] textarea")
	# Frappe fills the fields of a dialog in one after another.
	expect(field).not_to_have_value("")
	field.fill(opening)
	expect(letter).to_contain_text(opening)
	page.screenshot(path=screenshots / f"statement-{place}-{width}.png")
	dialog.locator("[data-fieldname=recipients] input").fill("eve@other.example")
	dialog.locator("[data-fieldname=subject] input").fill(f"From {place} {width}")
	dialog.locator(".btn-modal-primary").click()
	expect(page.locator(".desk-alert", has_text="eve@other.example")).to_be_visible()
	frappe.db.rollback()
	sent = {"reference_name": EVE, "subject": f"From {place} {width}", "recipients": "eve@other.example"}
	assert "Hello Eve" in frappe.db.get_value("Communication", sent, "content")


def test_the_ledger_tab_has_the_desks_own_mail(page_as, desk):
	page = page_as(MANAGER)
	page.goto(f"{desk}/customer/{quote(EVE)}")
	page.click("#customer-cl_ledger_tab-tab")
	page.locator("[data-fieldname=cl_ledger_html] [data-action=email]").click()
	expect(page.locator(".modal.show input[data-fieldname=recipients]")).to_be_visible()
	expect(page.locator(".modal.show .frappe-control[data-fieldname=content]")).to_be_visible()
