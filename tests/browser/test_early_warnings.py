"""Early warnings in a browser, from signal to outcome: replay, switch on, act, snooze, close; tab, home page, report, robots; both languages."""

import frappe
import pytest
from frappe.utils import add_days, getdate
from playwright.sync_api import Page, expect

from client_ledger.accounts.refresh import refresh_customers
from client_ledger.core.group_robots.messages import RobotLine, RobotMessage
from client_ledger.early_warnings import digests, nightly, replaying
from client_ledger.group_robots import deliveries
from tests.bench import factories as f
from tests.bench.early_warnings.setting import COMPANY, invented, make_company, store
from tests.browser.users import make_user
from tests.browser.waiting import wait_until_open, wait_until_still

MANAGER, CHINESE = "manager@warnings-desk.example", "chinese@warnings-desk.example"
ROLES = ("Credit Manager", "Accounts Manager", "Sales Manager", "System Manager")
WIDE, PHONE = {"width": 1440, "height": 1300}, {"width": 390, "height": 1400}
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module", autouse=True)
def books(site) -> None:
	make_company()
	if not frappe.db.exists("Sales Invoice", {"company": COMPANY}):
		events = invented()
		store(events)
		refresh_customers(sorted({line.customer for line in events.lines}))
	make_user(MANAGER, ROLES, company=COMPANY)
	make_user(CHINESE, ROLES, language="zh", company=COMPANY)
	frappe.db.set_value("Client Account", {"company": COMPANY}, "collector", MANAGER)
	frappe.db.set_value("Warning Signal", {"applies_to": "Customer"}, "enabled", "Always")
	frappe.db.commit()


def setup_form(page: Page, desk: str) -> None:
	page.goto(f"{desk}/warning-setup/{COMPANY}")
	page.wait_for_function("window.cur_frm && cur_frm.doctype === 'Warning Setup'")


def confirm(page: Page, label: str) -> None:
	page.locator(".modal.show .btn-primary", has_text=label).last.click()
	expect(page.locator(".modal.show")).to_have_count(0)


def open_warning(page: Page, desk: str, name: str) -> None:
	page.goto(f"{desk}/early-warning/{name}")
	page.wait_for_function("window.cur_frm && cur_frm.doctype === 'Early Warning'")
	expect(page.locator(".form-message").first).to_be_visible()


def one_open(**filters) -> str:
	frappe.db.rollback()
	return frappe.get_all(
		"Early Warning",
		{"company": COMPANY, "status": "Open", "customer": ("is", "set"), **filters},
		pluck="name",
		order_by="name",
		limit=1,
	)[0]


def test_the_past_is_replayed_before_it_is_switched_on(page_as, desk, screenshots):
	page = page_as(MANAGER, **WIDE)
	page.goto(f"{desk}/client-ledger-setup")
	step = page.locator("[data-step=warnings], .cl-step", has_text="Early Warnings").first
	expect(step).to_contain_text("No warnings are raised yet")
	if not frappe.db.exists("Warning Setup", COMPANY):
		page.goto(f"{desk}/warning-setup/new")
		page.wait_for_function("window.cur_frm && cur_frm.doctype === 'Warning Setup'")
		page.evaluate("(company) => cur_frm.set_value('company', company)", COMPANY)
		page.evaluate("cur_frm.save()")
		page.wait_for_function("!cur_frm.is_new()")
	setup_form(page, desk)
	page.get_by_role("button", name="Replay the Past").click()
	page.wait_for_function("cur_frm.doc.status === 'Replaying'")
	expect(page.get_by_role("button", name="Switch On")).to_have_count(0)
	frappe.db.rollback()
	replaying.replay_or_say_why(COMPANY)
	setup_form(page, desk)
	expect(page.locator(".cl-records tbody tr").first).to_be_visible()
	expect(page.locator(".cl-records")).to_contain_text("Pays Later and Later")
	wait_until_still(page)
	page.screenshot(path=screenshots / "warnings-setup.png", full_page=True)
	page.get_by_role("button", name="Switch On").click()
	page.wait_for_function("cur_frm.doc.enabled === 1")
	frappe.db.rollback()
	assert nightly.look(COMPANY, getdate()).new > 10


def test_a_warning_says_why_and_is_acted_on(page_as, desk, screenshots):
	name = one_open(signal="rolling")
	page = page_as(MANAGER, **WIDE)
	page.goto(f"{desk}/early-warning?company={COMPANY}")
	expect(page.locator(".list-row", has_text="EW Customer").first).to_be_visible()
	page.screenshot(path=screenshots / "warnings-list.png")
	open_warning(page, desk, name)
	expect(page.locator(".form-message").first).to_contain_text("bad")
	expect(page.locator(".cl-warning-reason")).to_contain_text("overdue 30 days ago is still open")
	page.screenshot(path=screenshots / "warnings-form.png", full_page=True)
	page.get_by_role("button", name="Act", exact=True).click()
	wait_until_open(page)
	page.locator(".modal.show select[data-fieldname=action]").select_option("Call")
	page.locator(".modal.show textarea[data-fieldname=remark]").fill("Ask for the bank's confirmation")
	page.screenshot(path=screenshots / "warnings-act.png")
	confirm(page, "Act")
	page.wait_for_function("cur_frm.doc.status === 'Acted'")
	frappe.db.rollback()
	follow_up = frappe.get_doc("Follow Up", frappe.db.get_value("Early Warning", name, "action_name"))
	assert follow_up.source == "Early Warning" and follow_up.responsible == MANAGER
	page.screenshot(path=screenshots / "warnings-acted.png", full_page=True)


def test_a_lower_limit_is_requested(page_as, desk, screenshots):
	name = one_open()
	page = page_as(MANAGER, **WIDE)
	open_warning(page, desk, name)
	page.get_by_role("button", name="Act", exact=True).click()
	wait_until_open(page)
	page.locator(".modal.show select[data-fieldname=action]").select_option("Lower the Credit Limit")
	page.locator(".modal.show input[data-fieldname=amount]").fill("2500")
	confirm(page, "Act")
	page.wait_for_function("cur_frm.doc.status === 'Acted'")
	frappe.db.rollback()
	limit = frappe.get_doc("Credit Limit", frappe.db.get_value("Early Warning", name, "action_name"))
	assert (limit.amount, limit.docstatus, limit.requested_by) == (2500, 0, MANAGER)


def test_snoozed_and_closed_on_a_phone(page_as, desk, screenshots):
	page = page_as(MANAGER, **PHONE, is_mobile=True, has_touch=True)
	name = one_open()
	open_warning(page, desk, name)
	page.screenshot(path=screenshots / "warnings-phone.png", full_page=True)
	page.evaluate("client_ledger.warnings.snooze(cur_frm.doc, () => cur_frm.reload_doc())")
	wait_until_open(page)
	# What the server refuses leaves the dialog as it was filled in, and is no error of a script.
	dialog = page.locator(".modal.show", has=page.locator("textarea[data-fieldname=why]"))
	dialog.locator("textarea[data-fieldname=why]").fill("Pays after the fair")
	page.evaluate("cur_dialog.set_value('until', '2020-01-31')")
	dialog.locator(".btn-primary", has_text="Snooze").click()
	told = page.locator(".modal.show .msgprint")
	expect(told).to_contain_text("after today")
	wait_until_open(page)
	page.screenshot(path=screenshots / "warnings-phone-refused.png")
	page.locator(".msgprint-dialog:visible .btn-modal-close").click()
	expect(told).to_have_count(0)
	expect(dialog.locator("textarea[data-fieldname=why]")).to_have_value("Pays after the fair")
	page.evaluate("cur_dialog.set_value('until', frappe.datetime.add_days(frappe.datetime.get_today(), 14))")
	confirm(page, "Snooze")
	page.wait_for_function("cur_frm.doc.status === 'Snoozed'")
	name = one_open()
	open_warning(page, desk, name)
	page.evaluate("client_ledger.warnings.close(cur_frm.doc, () => cur_frm.reload_doc())")
	wait_until_open(page)
	page.locator(".modal.show select[data-fieldname=because]").select_option("False Alarm")
	page.screenshot(path=screenshots / "warnings-phone-close.png")
	confirm(page, "Close Warning")
	page.wait_for_function("cur_frm.doc.status === 'Closed'")
	frappe.db.rollback()
	assert frappe.db.get_value("Early Warning", name, "closed_because") == "False Alarm"


@pytest.mark.parametrize(("user", "word"), [(MANAGER, "Early Warnings"), (CHINESE, "预警")])
def test_on_the_home_page_and_the_customers_tab(page_as, desk, screenshots, user, word):
	name = one_open()
	customer = frappe.db.get_value("Early Warning", name, "customer")
	page = page_as(user, width=1440, height=1800)
	page.goto(f"{desk}/client-ledger")
	card = page.locator('.cl-home-list[data-list="warnings"]')
	expect(card).to_contain_text(word)
	wait_until_still(page)
	card.screenshot(path=screenshots / f"warnings-home-{user.split('@')[0]}.png")
	page.goto(f"{desk}/customer/{customer}#cl_collections_tab")
	page.wait_for_function("window.cur_frm && cur_frm.doctype === 'Customer'")
	page.evaluate(
		"cur_frm.set_active_tab && cur_frm.set_active_tab(cur_frm.get_field('cl_collections_html').tab)"
	)
	tab = page.locator(".cl-warnings")
	expect(tab).to_contain_text(word)
	tab.scroll_into_view_if_needed()
	page.screenshot(path=screenshots / f"warnings-tab-{user.split('@')[0]}.png")


def test_outcomes_are_reported(page_as, desk, screenshots):
	frappe.db.rollback()
	names = frappe.get_all("Early Warning", {"company": COMPANY}, pluck="name", order_by="name")
	for place, name in enumerate(names[:9]):
		outcome = ("Turned Bad", "Did Not Turn Bad", "Turned Bad")[place % 3]
		values = {"outcome": outcome, "raised_on": add_days(getdate(), -120)}
		if outcome == "Turned Bad":
			values["turned_bad_on"] = add_days(getdate(), -80)
		frappe.db.set_value("Early Warning", name, values)
	frappe.db.commit()
	page = page_as(MANAGER, width=1700, height=900)
	page.goto(f"{desk}/query-report/Warning Outcomes?company={COMPANY}&group_by=Signal")
	expect(page.locator(".datatable")).to_contain_text("Rolls from Range to Range")
	wait_until_still(page)
	page.screenshot(path=screenshots / "warnings-report.png")
	chinese = page_as(CHINESE, width=1700, height=900)
	chinese.goto(f"{desk}/query-report/Warning Outcomes?company={COMPANY}&group_by=Responsible")
	expect(chinese.locator(".datatable")).to_contain_text("转为不良")
	wait_until_still(chinese)
	chinese.screenshot(path=screenshots / "warnings-report-zh.png")


@pytest.mark.parametrize(
	("user", "size", "shot"), [(MANAGER, WIDE, "en"), (CHINESE, WIDE, "zh"), (CHINESE, PHONE, "zh-phone")]
)
def test_signals_with_their_record(page_as, desk, screenshots, user, size, shot):
	page = page_as(user, **size)
	page.goto(f"{desk}/warning-signal/days_late_drifting")
	page.wait_for_function("window.cur_frm && cur_frm.doctype === 'Warning Signal'")
	expect(page.locator("[data-fieldname=records_html]")).to_contain_text(COMPANY)
	word = "Pays Later and Later" if user == MANAGER else "付款越来越晚"
	expect(page.locator(".title-text").first).to_contain_text(word)
	# All signals are switched on by hand here: where the record does not bear that out, the pages say so.
	page.goto(f"{desk}/warning-signal/first_overdue")
	page.wait_for_function("window.cur_frm && cur_frm.docname === 'first_overdue'")
	by_hand = "Switched on by hand" if user == MANAGER else "手动启用"
	expect(page.locator("[data-fieldname=records_html]")).to_contain_text(by_hand)
	expect(page.locator(".form-message").first).to_contain_text(by_hand)
	wait_until_still(page)
	page.screenshot(path=screenshots / f"warnings-signal-{shot}.png", full_page=True)
	setup_form(page, desk)
	expect(page.locator(".cl-records tbody tr").first).to_contain_text(by_hand)
	page.screenshot(path=screenshots / f"warnings-setup-{shot}.png", full_page=True)
	open_warning(page, desk, one_open())
	page.screenshot(path=screenshots / f"warnings-form-{shot}.png", full_page=True)


def test_a_digest_and_a_robot(page_as, desk, screenshots):
	frappe.db.rollback()
	for user in (MANAGER, CHINESE):
		if not frappe.db.exists("Warning Digest", user):
			frappe.get_doc(
				{"doctype": "Warning Digest", "user": user, "hour": 0, "warnings_of": "All I May See"}
			).insert()
	if not frappe.db.exists("Group Robot", "Receivables Group"):
		frappe.get_doc(
			{
				"doctype": "Group Robot",
				"title": "Receivables Group",
				"service": "Feishu",
				"address": "https://open.feishu.cn/open-apis/bot/v2/hook/1",
				"enabled": 0,
			}
		).insert()
	name = deliveries.put(
		"Receivables Group",
		f"desk|{frappe.generate_hash(length=6)}",
		RobotMessage("3 new early warnings", [RobotLine("<b>Acme</b>", "https://erp.example")]),
	)
	frappe.db.set_value(
		"Robot Delivery",
		name,
		{
			"status": "Unknown",
			"reason": "The service was reached and did not answer. Whether the message arrived is not known.",
		},
	)
	frappe.db.commit()
	digests.send_digests()
	for user in (MANAGER, CHINESE):
		issue = frappe.db.get_value("Warning Digest Issue", {"user": user})
		page = page_as(user, **WIDE)
		page.goto(f"{desk}/warning-digest-issue/{issue}")
		page.wait_for_function("window.cur_frm && cur_frm.doctype === 'Warning Digest Issue'")
		expect(page.locator("[data-fieldname=content_html] table")).to_be_visible()
		page.screenshot(path=screenshots / f"warnings-digest-{user.split('@')[0]}.png")
	page = page_as(MANAGER, **WIDE)
	page.goto(f"{desk}/group-robot/Receivables Group")
	page.wait_for_function("window.cur_frm && cur_frm.doctype === 'Group Robot'")
	expect(page.get_by_role("button", name="Send Test Message")).to_be_visible()
	page.screenshot(path=screenshots / "warnings-robot.png", full_page=True)
	page.goto(f"{desk}/robot-delivery/{name}")
	page.wait_for_function("window.cur_frm && cur_frm.doctype === 'Robot Delivery'")
	expect(page.locator("[data-fieldname=message_html]")).to_contain_text("<b>Acme</b>")
	page.screenshot(path=screenshots / "warnings-delivery.png", full_page=True)
	# Somebody else was faster: the click is refused in words, and is no error of a script.
	frappe.db.set_value("Robot Delivery", name, "status", "Withdrawn")
	frappe.db.commit()
	page.get_by_role("button", name="It Arrived").click()
	expect(page.locator(".modal.show .msgprint")).to_contain_text("not possible any more")
	wait_until_open(page)
	page.locator(".msgprint-dialog:visible .btn-modal-close").click()
	frappe.db.set_value("Robot Delivery", name, "status", "Unknown")
	frappe.db.commit()
	expect(page.locator(".modal.show")).to_have_count(0)
	page.get_by_role("button", name="It Arrived").click()
	page.wait_for_function("cur_frm.doc.status === 'Sent'")


def test_what_is_left_as_it_was():
	"""Other tests of the desk see their own companies: this one's signals go by their record again."""
	frappe.db.rollback()
	frappe.db.set_value("Warning Signal", {"enabled": "Always"}, "enabled", "By Its Record")
	frappe.db.set_value("Warning Setup", COMPANY, "enabled", 0)
	frappe.db.set_value("Warning Digest", {"user": ("in", [MANAGER, CHINESE])}, "enabled", 0)
	f.make_company()
	frappe.db.commit()
