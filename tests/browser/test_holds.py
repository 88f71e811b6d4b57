"""Credit holds on the desk: several released or rejected from their list, and one released and submitted, in both languages."""

from collections.abc import Callable

import frappe
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.bench import factories as f
from tests.bench.home_books import MAKER, MAKER_ROLES, make_hold
from tests.browser.users import make_user

CUSTOMER = "Held Desk Trading"
ROLES = ("Credit Controller", "Sales User", "Sales Manager", "Accounts User")
CONTROLLER, CHINESE = "controller@holds-desk.example", "chinese@holds-desk.example"
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module", autouse=True)
def books(site) -> None:
	"""Who enters documents, and who decides on them. Committed."""
	f.make_company()
	f.make_customer(CUSTOMER)
	f.make_user(MAKER, MAKER_ROLES)
	make_user(CONTROLLER, ROLES, company=f.COMPANY)
	make_user(CHINESE, ROLES, company=f.COMPANY, language="zh")
	frappe.db.commit()


@pytest.fixture
def open_list(page_as: Callable[..., Page], desk: str) -> Callable[..., Page]:
	def open_it(user: str, **options) -> Page:
		page = page_as(user, **options)
		page.goto(f"{desk}/credit-hold?customer={CUSTOMER}&status=On+Hold")
		page.wait_for_selector(".list-row:visible")
		return page

	return open_it


def hold(amount: float) -> str:
	name = make_hold(CUSTOMER, f.COMPANY, amount)
	frappe.db.commit()
	return name


def choose(page: Page, action: str, *names: str) -> Locator:
	"""Select *names* in the list and an action for them; return its dialog."""
	for name in names:
		page.locator(f".list-row-checkbox[data-name='{name}']").check()
	page.locator(".actions-btn-group button:visible").click()
	page.locator(".actions-btn-group .dropdown-item:visible", has_text=action).first.click()
	dialog = page.locator(".modal.show", has=page.locator("[data-fieldname=reason]"))
	expect(dialog).to_be_visible()
	return dialog


def give(dialog: Locator, reason: str) -> None:
	dialog.locator("[data-fieldname=reason] textarea").fill(reason)
	dialog.locator(".btn-modal-primary, .btn-primary").last.click()


def status(name: str) -> str:
	frappe.db.rollback()
	return frappe.db.get_value("Credit Hold", name, "status")


def test_several_are_released_and_what_became_of_each_is_told(open_list, screenshots):
	first, second, third = (hold(amount) for amount in (310, 320, 330))
	page = open_list(CONTROLLER, width=1440, height=900)
	dialog = choose(page, "Release", first, second, third)
	# Somebody else is quicker with one.
	frappe.db.set_value("Credit Hold", second, "status", "Rejected")
	frappe.db.set_value("Credit Hold", third, {"status": "Released"})
	frappe.db.commit()
	page.screenshot(path=screenshots / "holds-release.png")
	give(dialog, "Known for years")
	results = page.locator(".cl-decided tbody tr")
	expect(results).to_have_count(3)
	expect(page.locator(".modal.show .modal-title:visible").last).to_have_text("2 of 3 decided")
	told = page.locator(".cl-decided")
	expect(told.locator(".indicator-pill", has_text="Released")).to_have_count(2)
	expect(told.locator(".text-danger")).to_contain_text(f"Not decided: {third} is Released")
	page.screenshot(path=screenshots / "holds-released.png")
	assert [status(name) for name in (first, second)] == ["Released", "Released"]
	assert frappe.db.get_value("Credit Hold", first, ["decision_reason", "decided_by"]) == (
		"Known for years",
		CONTROLLER,
	)
	page.keyboard.press("Escape")
	expect(page.locator(f".list-row-checkbox[data-name='{first}']")).to_have_count(0)


def test_on_a_phone_in_chinese_two_are_rejected(open_list, screenshots):
	names = [hold(amount) for amount in (410, 420)]
	page = open_list(CHINESE, width=390, height=844)
	give(choose(page, "拒绝", *names), "额度已满")
	expect(page.locator(".cl-decided tbody tr")).to_have_count(2)
	expect(page.locator(".modal.show .modal-title:visible").last).to_have_text("2 项中已处理 2 项")
	page.screenshot(path=screenshots / "holds-rejected-zh-390.png")
	assert page.evaluate("document.documentElement.scrollWidth") <= 391
	assert [status(name) for name in names] == ["Rejected", "Rejected"]


@pytest.mark.parametrize(
	("user", "label", "width"), [(CONTROLLER, "Release and Submit", 1440), (CHINESE, "放行并提交", 390)]
)
def test_one_is_released_and_submitted(page_as, desk, screenshots, user, label, width):
	name = hold(150)
	page = page_as(user, width=width, height=900)
	page.goto(f"{desk}/credit-hold/{name}")
	press(page, label)
	dialog = page.locator(".modal.show")
	expect(dialog.locator(".btn-modal-primary, .btn-primary").last).to_have_text(label)
	page.screenshot(path=screenshots / f"hold-release-and-submit-{width}.png")
	give(dialog, "Paid by now")
	page.wait_for_function("cur_frm.doc.status === 'Submitted'")
	frappe.db.rollback()
	order = frappe.db.get_value("Credit Hold", name, "reference_name")
	assert frappe.db.get_value("Sales Order", order, ["docstatus", "modified_by"]) == (1, user)


def test_what_cannot_be_submitted_is_said(page_as, desk, screenshots):
	name = hold(160)
	order = frappe.db.get_value("Credit Hold", name, "reference_name")
	frappe.db.set_value("Customer", CUSTOMER, "disabled", 1)
	frappe.db.commit()
	try:
		page = page_as(CONTROLLER, width=1440, height=900)
		page.goto(f"{desk}/credit-hold/{name}")
		press(page, "Release and Submit")
		give(page.locator(".modal.show"), "Paid by now")
		said = page.locator(".msgprint")
		expect(said).to_contain_text(
			f"{order} was released but not submitted: Customer {CUSTOMER} is disabled"
		)
		page.screenshot(path=screenshots / "hold-not-submitted.png")
		page.wait_for_function("cur_frm.doc.status === 'Released'")
	finally:
		frappe.db.set_value("Customer", CUSTOMER, "disabled", 0)
		frappe.db.commit()


def press(page: Page, label: str) -> None:
	"""Press a button of the form, which stands in a menu on a phone."""
	page.wait_for_function("window.cur_frm && cur_frm.doc && !cur_frm.is_new()")
	button = page.locator(".page-head .custom-actions button:visible", has_text=label)
	if page.viewport_size["width"] > 800:
		button.click()
	else:
		page.locator(".menu-btn-group button:visible").click()
		page.locator(".menu-btn-group .dropdown-item:visible", has_text=label).click()
