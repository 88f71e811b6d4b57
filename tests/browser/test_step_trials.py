"""A trial of a step on the desk: made, refused, started, ended; what it says on its form, in the report and on the home page; the notice it moved."""

import json
from pathlib import Path

import frappe
import pytest
from frappe.utils import add_days, nowdate
from playwright.sync_api import Page, expect

from client_ledger.core.measured_effect.effect import GAINED
from client_ledger.site.doctypes import STEP_TRIAL
from tests.bench import factories as f
from tests.bench.dunning.setting import COMPANY, ago, make_debtor, make_policy, notices, work
from tests.bench.measured_effect.setting import name_in, new_trial, started
from tests.browser.users import MANAGER_ROLES, make_user
from tests.browser.waiting import wait_until_open, wait_until_still

MANAGER, CHINESE = "trial.manager@example.com", "trial.zh@example.com"
POLICY = "Trial Policy"
TITLE = "Remind <b>later</b>"
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module", autouse=True)
def books(site):
	"""A policy with a formal step, a trial with a result, and a notice that a trial has moved."""
	f.make_company()
	make_debtor("Trial Somebody")
	steps = [
		{"days": 3, "step_name": "Reminder"},
		{"days": 14, "step_name": "Second Reminder"},
		{"days": 30, "step_name": "Formal Notice", "formal": 1},
	]
	# Made once: new steps would end the trial of the old ones.
	if not frappe.db.exists(STEP_TRIAL, {"title": "Two days earlier"}):
		make_policy(POLICY, steps, mode="Approve", customers=["Trial Somebody"])
		trial = started(since=ago(300), title="Two days earlier", days=-2)
		customer = name_in(trial.name, True, stem="Trial Debtor")
		make_debtor(customer, language="en")
		f.make_invoice(customer, 100, ago(30), due_date=ago(2))
		policy = frappe.get_doc("Dunning Policy", POLICY)
		policy.append("scopes", {"applies_to": "Customer", "customer": customer})
		policy.save()
		work()
		frappe.db.set_value(STEP_TRIAL, trial.name, RESULT)
	for user, language in ((MANAGER, "en"), (CHINESE, "zh")):
		make_user(user, MANAGER_ROLES, language=language, company=COMPANY)
	frappe.db.commit()
	yield
	frappe.db.set_value("Dunning Policy", POLICY, "mode", "Off")
	frappe.db.commit()


RESULT = {
	"verdict": "Payment Comes Sooner",
	"measured_on": nowdate(),
	"gained": 3.4,
	"low": 1.2,
	"high": 5.6,
	"customers_usual": 212,
	"customers_varied": 205,
	"cases_usual": 640,
	"cases_varied": 611,
	"waiting": 74,
	"needed": 170,
	"because": json.dumps([GAINED, "3.4", "1.2", "5.6", 212, 205]),
}


def open_form(page: Page, desk: str, name: str) -> None:
	page.goto(f"{desk}/step-trial/{name}")
	page.wait_for_function(f"window.cur_frm && cur_frm.doc && cur_frm.doc.name === {name!r}")


def test_a_trial_is_made_refused_started_and_ended(page_as, desk, screenshots: Path):
	page = page_as(MANAGER, width=1400, height=1100)
	page.goto(f"{desk}/step-trial/new")
	page.wait_for_function("window.cur_frm && cur_frm.doctype === 'Step Trial' && cur_frm.is_new()")
	values = {
		"title": TITLE,
		"company": COMPANY,
		"policy": POLICY,
		"step": 3,
		"days": 5,
		"since": add_days(nowdate(), 1),
		"reason": "Whoever forgot has paid by then; if no day is lost, we write less.",
	}
	page.evaluate("values => cur_frm.set_value(values)", values)
	expect(page.locator("[data-fieldname=step] .help-box")).to_contain_text("3. Formal Notice: 30 days")
	page.screenshot(path=screenshots / "step-trial-new.png", full_page=True)
	page.get_by_role("button", name="Save", exact=True).click()
	expect(page.locator(".msgprint")).to_contain_text("is a legal step")
	wait_until_open(page)
	page.screenshot(path=screenshots / "step-trial-refused.png")
	page.locator(".modal.show .btn-modal-close:visible").last.click()
	expect(page.locator(".modal.show")).to_have_count(0)
	page.evaluate("cur_frm.set_value('step', 2)")
	page.get_by_role("button", name="Save", exact=True).click()
	page.get_by_role("button", name="Start Trial").click()
	dialog = page.locator(".modal-dialog:visible")
	wait_until_open(page)
	expect(dialog).to_contain_text("50 % of the customers get this step 5 days later")
	dialog.get_by_role("button", name="Yes").click()
	expect(page.get_by_role("button", name="End Trial")).to_be_visible()
	page.screenshot(path=screenshots / "step-trial-running.png", full_page=True)
	expect(page.locator(".page-head .indicator-pill").first).to_contain_text("Running")
	page.get_by_role("button", name="End Trial").click()
	dialog = page.locator(".modal-dialog:visible")
	wait_until_open(page)
	dialog.locator("textarea").fill("Season begins.")
	dialog.get_by_role("button", name="End Trial").click()
	expect(page.locator(".page-head .indicator-pill").first).to_contain_text("Ended")
	frappe.db.rollback()
	(row,) = frappe.get_all(STEP_TRIAL, {"title": TITLE}, ["status", "end_reason", "ended_by"])
	assert (row.status, row.end_reason, row.ended_by) == ("Ended", "Season begins.", MANAGER)


def test_what_a_trial_says_on_its_form_and_the_home_page(page_as, desk, screenshots: Path):
	name = frappe.db.get_value(STEP_TRIAL, {"title": "Two days earlier"})
	page = page_as(MANAGER, width=1400, height=1300)
	open_form(page, desk, name)
	expect(page.locator(".form-message")).to_contain_text("Payment came 3.4 days sooner (1.2 to 5.6)")
	page.screenshot(path=screenshots / "step-trial-result.png", full_page=True)
	page.goto(f"{desk}/client-ledger")
	waiting = page.locator(".cl-home-list[data-list=trials]")
	expect(waiting).to_contain_text("Two days earlier")
	waiting.scroll_into_view_if_needed()
	page.screenshot(path=screenshots / "step-trial-home.png")
	page = page_as(CHINESE, width=420, height=900)
	open_form(page, desk, name)
	expect(page.locator(".form-message")).to_be_visible()
	page.screenshot(path=screenshots / "step-trial-result-phone-zh.png", full_page=True)


@pytest.mark.parametrize("user", [MANAGER, CHINESE])
def test_the_report(page_as, desk, screenshots: Path, user: str):
	page = page_as(user, width=1800, height=800)
	page.goto(f"{desk}/query-report/Step Effects?company={COMPANY}")
	expect(page.locator(".datatable")).to_contain_text("Two days earlier")
	expect(page.locator(".datatable")).to_contain_text("3.4")
	wait_until_still(page)
	page.screenshot(path=screenshots / f"step-effects-{'zh' if user == CHINESE else 'en'}.png")


def test_the_notice_names_trial_and_group(page_as, desk, screenshots: Path):
	trial = frappe.db.get_value(STEP_TRIAL, {"title": "Two days earlier"})
	customer = name_in(trial, True, stem="Trial Debtor")
	(notice,) = notices(customer)
	assert (notice.trial, notice.trial_arm, str(notice.as_of)) == (trial, "Varied", ago(1))
	page = page_as(MANAGER, width=1400, height=1200)
	page.goto(f"{desk}/ledger-notice/{notice.name}")
	expect(page.locator("[data-fieldname=trial_arm]").first).to_contain_text("Varied")
	page.screenshot(path=screenshots / "step-trial-notice.png", full_page=True)


def test_a_second_trial_is_refused_in_words(page_as, desk, screenshots: Path):
	trial = frappe.db.get_value(STEP_TRIAL, {"title": "Two days earlier"})
	with pytest.raises(frappe.ValidationError, match=f"varied by {trial} already"):
		new_trial(policy=POLICY, title="Another").insert()
	frappe.db.rollback()
