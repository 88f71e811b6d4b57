"""Balance confirmations in a real browser: the round on the desk, and the customer's page at desk and phone width, in English and Chinese."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import frappe
import pytest
from frappe.utils import add_days, nowdate
from playwright.sync_api import Browser, Page, expect

from client_ledger.confirmations import jobs, rounds, uploads
from client_ledger.guest_links import links
from client_ledger.site.doctypes import BALANCE_CONFIRMATION, CONFIRMATION_REPLY
from tests.bench import factories as f
from tests.bench.accounts import refresh
from tests.bench.dunning.setting import COMPANY, at, make_debtor
from tests.bench.dunning.smtp import flush, mail_server, use
from tests.browser.users import MANAGER_ROLES, make_user

ADA, BOB, EVE, ZOE = "Confirm Form Ada", "Confirm Form Bob", "Confirm Form Eve", "Confirm Form Zoe"
MANAGER, CHINESE = "confirm.manager@example.com", "confirm.zh@example.com"
AS_OF = add_days(nowdate(), -3)
DESK, PHONE = (1300, 900), (390, 844)


@pytest.fixture(scope="module", autouse=True)
def books(site: str) -> Iterator[None]:
	"""Four customers who owe, and managers of both languages."""
	with mail_server() as mailbox:
		f.make_company()
		use(mailbox)
		for name in (ADA, BOB, EVE, ZOE):
			make_debtor(name, language="zh" if name in (BOB, ZOE) else "en")
			for day in (-40, -20):
				f.make_invoice(name, 1234.5, add_days(AS_OF, day))
		refresh()
		make_user(MANAGER, MANAGER_ROLES)
		make_user(CHINESE, MANAGER_ROLES, language="zh")
		frappe.db.commit()
		yield


@pytest.fixture
def guest_page(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
	"""Open a customer's page without login: guest_page(customer, size, language). Errors of scripts fail the test at its end."""
	contexts, errors = [], []

	def open_page(customer: str, size: tuple[int, int] = PHONE, language: str | None = None) -> Page:
		link = frappe.db.get_value(
			BALANCE_CONFIRMATION, {"customer": customer}, "link", order_by="creation desc"
		)
		context = browser.new_context(
			base_url=server, viewport={"width": size[0], "height": size[1]}, has_touch=size == PHONE
		)
		contexts.append(context)
		page = context.new_page()
		page.set_default_timeout(30_000)
		page.on("pageerror", lambda error: errors.append(f"{page.url}: {error.stack or error}"[:600]))
		page.goto("/" + links.url(link, language).split("/", 3)[3])
		return page

	yield open_page
	for context in contexts:
		context.close()
	assert not errors, f"errors in scripts: {errors}"


@pytest.fixture(scope="module")
def sent(books: None) -> str:
	"""A round whose letters have gone out."""
	round_ = rounds.new_round(
		COMPANY,
		AS_OF,
		"Browser Round",
		add_days(nowdate(), 10),
		[(name, "Sample") for name in (ADA, BOB, EVE, ZOE)],
		attach_pdf=1,
	)
	rounds.plan(round_.name)
	rounds.send_round(round_.name)
	jobs.work(at(), in_process=True)
	flush()
	frappe.db.commit()
	return round_.name


def no_overflow(page: Page) -> None:
	wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
	assert wide <= 0, f"{wide} px wider than the screen"


def fill_in(page: Page, name: str = "Li Wei") -> None:
	page.locator("[name=name]").fill(name)
	page.locator("[name=position]").fill("Accountant")


def test_a_customer_confirms_on_a_phone(sent, guest_page, screenshots: Path):
	page = guest_page(ADA)
	expect(page.locator(".balance")).to_contain_text("2,469.00")
	page.locator("summary").click()
	expect(page.locator("tbody tr")).to_have_count(2)
	no_overflow(page)
	page.screenshot(path=screenshots / "confirmation-phone.png", full_page=True)
	page.get_by_text("The balance is correct").click()
	page.get_by_role("button", name="Send Reply").click()
	expect(page.locator("#cl-message")).to_contain_text("Enter your name")
	fill_in(page)
	page.screenshot(path=screenshots / "confirmation-phone-confirm.png", full_page=True)
	page.get_by_role("button", name="Send Reply").click()
	expect(page.locator("#cl-message")).to_contain_text("Thank you")
	expect(page.locator("#cl-form")).to_be_hidden()
	expect(page.locator("#cl-standing")).to_contain_text("Li Wei, Accountant")
	no_overflow(page)
	page.screenshot(path=screenshots / "confirmation-phone-thanks.png", full_page=True)
	frappe.db.rollback()
	assert frappe.db.get_value(BALANCE_CONFIRMATION, {"customer": ADA}, "status") == "Confirmed"


def test_a_customer_lists_differences_in_chinese(sent, guest_page, screenshots: Path):
	page = guest_page(BOB, language=None)
	expect(page.locator("html")).to_have_attribute("lang", "zh")
	no_overflow(page)
	page.screenshot(path=screenshots / "confirmation-phone-zh.png", full_page=True)
	page.locator("input[value=Differences]").check()
	page.locator("#cl-lines [name=number]").fill("INV-7")
	page.locator("#cl-lines [name=amount]").fill("100")
	page.locator("#cl-add").click()
	expect(page.locator("#cl-lines fieldset")).to_have_count(2)
	page.locator("#cl-lines fieldset").nth(1).locator(".remove").click()
	fill_in(page, "李伟")
	no_overflow(page)
	page.screenshot(path=screenshots / "confirmation-phone-differences-zh.png", full_page=True)
	page.locator("button[type=submit]").click()
	expect(page.locator("#cl-standing")).to_contain_text("李伟")
	frappe.db.rollback()
	assert frappe.db.get_value(BALANCE_CONFIRMATION, {"customer": BOB}, "status") == "Differences"
	page.get_by_role("link", name="English").click()
	expect(page.locator("html")).to_have_attribute("lang", "en")
	expect(page.locator("#cl-standing")).to_contain_text("Differences")


def test_a_ledger_is_uploaded_at_a_desk_and_what_is_wrong_is_said(
	sent, guest_page, screenshots: Path, tmp_path
):
	page = guest_page(EVE, DESK)
	page.screenshot(path=screenshots / "confirmation-desk.png", full_page=True)
	page.get_by_text("Upload our ledger").click()
	fill_in(page)
	page.get_by_role("button", name="Send Reply").click()
	expect(page.locator("#cl-message")).to_contain_text("Choose a file")
	bad = tmp_path / "bad.csv"
	bad.write_text("Date,Invoice No,Debit,Credit\nsomeday,INV-1,5,\n")
	page.locator("[name=file]").set_input_files(bad)
	page.get_by_role("button", name="Send Reply").click()
	expect(page.locator("#cl-standing")).to_contain_text("being read")
	read_all()
	expect(page.locator("#cl-standing .error")).to_contain_text("not a valid date", timeout=15_000)
	page.screenshot(path=screenshots / "confirmation-desk-unreadable.png", full_page=True)
	good = tmp_path / "good.csv"
	good.write_text(f"Date,Invoice No,Debit,Credit\n{add_days(AS_OF, -40)},INV-1,,1234.5\n")
	page.get_by_text("Upload our ledger").click()
	fill_in(page)
	page.locator("[name=file]").set_input_files(good)
	page.get_by_role("button", name="Send Reply").click()
	expect(page.locator("#cl-standing li")).to_have_count(2)
	read_all()
	expect(page.locator("#cl-standing")).to_contain_text("1 lines", timeout=15_000)
	large = tmp_path / "large.csv"
	large.write_bytes(b"x" * (11 << 20))
	page.get_by_text("Upload our ledger").click()
	fill_in(page)
	page.locator("[name=file]").set_input_files(large)
	page.get_by_role("button", name="Send Reply").click()
	expect(page.locator("#cl-message")).to_contain_text("larger than 10 MB")


def read_all() -> None:
	"""Read what was uploaded, as the job would."""
	frappe.db.rollback()
	for name in frappe.get_all(
		CONFIRMATION_REPLY, {"processing": ("in", ("Waiting", "Reading"))}, pluck="name"
	):
		uploads.read(name)
	frappe.db.commit()


def test_a_link_that_ended_says_what_to_do(sent, guest_page, screenshots: Path):
	name, link = frappe.db.get_value(BALANCE_CONFIRMATION, {"customer": ZOE}, ["name", "link"])
	page = guest_page(ZOE, language="zh")
	token = page.url
	links.revoke_for(BALANCE_CONFIRMATION, name, "Test")
	frappe.db.commit()
	# What is filled in stays: the page says what to do.
	page.locator("input[value=Confirmed]").check()
	fill_in(page)
	page.locator("button[type=submit]").click()
	expect(page.locator("#cl-message")).to_be_visible()
	expect(page.locator("[name=name]")).to_have_value("Li Wei")
	page.goto(token)
	expect(page.locator(".refused")).to_be_visible()
	no_overflow(page)
	page.screenshot(path=screenshots / "confirmation-phone-revoked-zh.png", full_page=True)
	assert link


@pytest.mark.parametrize(("user", "suffix"), [(MANAGER, ""), (CHINESE, "-zh")])
def test_the_round_and_its_confirmations_on_the_desk(sent, page_as, desk, screenshots: Path, user, suffix):
	page = page_as(user)
	page.goto(f"{desk}/confirmation-round/{sent}")
	run = page.locator(".cl-run")
	expect(run).to_contain_text(ADA)
	expect(run.locator("tbody tr")).to_have_count(4)
	page.screenshot(path=screenshots / f"confirmation-round{suffix}.png", full_page=True)
	run.scroll_into_view_if_needed()
	run.screenshot(path=screenshots / f"confirmation-results{suffix}.png")
	run.get_by_role("link", name=ADA).click()
	page.wait_for_url("**/balance-confirmation/**")
	form = page.locator("[data-fieldname=confirmation_html]")
	expect(form.locator("tbody tr").first).to_be_visible()
	expect(form).to_contain_text("Li Wei")
	page.screenshot(path=screenshots / f"confirmation-form{suffix}.png", full_page=True)
	form.locator("summary").click()
	expect(form.frame_locator("iframe").locator("body")).to_contain_text("2,469.00")
	page.screenshot(path=screenshots / f"confirmation-letter{suffix}.png", full_page=True)


def test_a_reply_is_entered_on_the_customers_behalf(sent, page_as, desk, screenshots: Path):
	name = frappe.db.get_value(BALANCE_CONFIRMATION, {"customer": ZOE})
	page = page_as(MANAGER)
	page.goto(f"{desk}/balance-confirmation/{name}")
	page.get_by_role("button", name="Enter Reply").click()
	dialog = page.locator(".modal.show")
	declared = dialog.locator("input[data-fieldname=declared_name]")
	declared.fill("Zhang San")
	# As people leave a field: what was typed counts from then on.
	declared.press("Tab")
	dialog.locator("select[data-fieldname=answer]").select_option("Other Balance")
	# The dialog shows its fields anew after each that others depend on.
	balance = dialog.locator("input[data-fieldname=balance]")
	balance.fill("2000")
	balance.press("Tab")
	expect(balance).to_have_value(re.compile(r"2,000\.0+"))
	expect(declared).to_have_value("Zhang San")
	page.screenshot(path=screenshots / "confirmation-enter-reply.png")
	with page.expect_response("**/*enter_reply*") as answered:
		dialog.get_by_role("button", name="Save").click()
	assert answered.value.ok, answered.value.text()
	expect(page.locator("[data-fieldname=confirmation_html]")).to_contain_text("Zhang San")
	frappe.db.rollback()
	assert frappe.db.get_value(BALANCE_CONFIRMATION, name, "difference") == 469
