"""What people do with findings and controls: closed with a reason, never by whom they are about; switched and changed on record."""

import json

import frappe
import pytest
from frappe.client import delete as delete_document
from frappe.desk.query_report import run as run_report
from frappe.utils import add_days

from client_ledger.controls import api, closing, late, preview, switching, tell
from client_ledger.core.controls.lifecycle import FindingStatus
from client_ledger.core.controls.parameters import fingerprint
from client_ledger.credit.api import customer_credit
from client_ledger.getting_started.steps import all_steps
from client_ledger.patches.v0_2 import look_at_month_ends
from client_ledger.site.language import spoken
from tests.bench import factories as f
from tests.bench.controls.made_books import (
	AUDITOR,
	BOSS,
	CHIEF,
	CLERK,
	COMPANY,
	MAKER,
	ONE,
	SELLER,
	TWO,
	MadeBooks,
	as_user,
	findings,
	make_people,
	night,
	patched,
)
from tests.bench.early_warnings.setting import make_mail_account

pytestmark = pytest.mark.every_version
CODE = "unallocated_receipt"
ACCEPTED, RESOLVED = FindingStatus.ACCEPTED, FindingStatus.RESOLVED


@pytest.fixture
def books(monkeypatch):
	make_people()
	books = patched(monkeypatch, MadeBooks())
	books.receipt("RC-1", 50, 700)
	books.receipt("RC-2", 45, 300, TWO)
	night(CODE)
	about_maker()
	return books


def about_maker():
	"""The receipts are made up, so that nobody has made them: say that MAKER has."""
	frappe.db.set_value("Control Finding", {"control": CODE}, "people", MAKER)


def refused(user, work, match, error=frappe.PermissionError):
	with pytest.raises(error, match=match):
		as_user(user, work)


def kept(monkeypatch):
	"""Have refusals written at once: a test is rolled back as a whole."""
	from client_ledger.controls import guards

	said = []
	real = guards.duties.refuse
	monkeypatch.setattr(
		guards.duties,
		"refuse",
		lambda doc, text: (said.append((doc.doctype, doc.name, str(text))), real(doc, text)),
	)
	return said


def test_whoever_a_finding_is_about_does_not_close_it(books, monkeypatch):
	said = kept(monkeypatch)
	name = findings()[0].name
	for work in (
		lambda: closing.close([name], ACCEPTED, "All is well"),
		lambda: closing.close([name], RESOLVED, "All is well"),
		lambda: closing.take_up(name),
	):
		refused(MAKER, work, "it is about .*another user must do this")
	assert {(doctype, document) for doctype, document, _text in said} == {("Control Finding", name)}
	assert findings()[0].status == "Open"


def test_closed_only_with_a_reason_and_accepted_by_managers(books, monkeypatch):
	said = kept(monkeypatch)
	name = findings()[0].name
	refused(BOSS, lambda: closing.close([name], ACCEPTED, "  "), "Reason for Closing.*is required")
	refused(CLERK, lambda: closing.close([name], ACCEPTED, "Stays"), "cannot accept.*Credit Manager")
	refused(SELLER, lambda: closing.close([name], RESOLVED, "Allocated"), "Credit Manager")
	assert len(said) == 2
	as_user(CLERK, lambda: closing.take_up(name))
	assert frappe.db.get_value("Control Finding", name, ["status", "responsible"]) == ("In Progress", CLERK)
	as_user(CLERK, lambda: closing.close([name], RESOLVED, "Allocated to the invoice"))
	row = findings(name=name)[0]
	assert (row.status, row.closed_by, row.resolution) == ("Resolved", CLERK, "Allocated to the invoice")
	refused(CLERK, lambda: closing.close([name], RESOLVED, "Again"), "is closed", frappe.ValidationError)
	as_user(BOSS, lambda: closing.reopen(name, "It was another receipt"))
	assert [one["what"] for one in json.loads(findings(name=name)[0].history)] == [
		"Found",
		"Taken Up",
		"Resolved",
		"Reopened",
	]


def test_one_of_several_that_may_not_be_closed_keeps_all_open(books):
	frappe.db.set_value("Control Finding", {"control": CODE, "customer": TWO}, "people", BOSS)
	names = [row.name for row in findings()]
	refused(BOSS, lambda: closing.close(names, RESOLVED, "All of them"), "another user must do this")


def test_nothing_is_deleted_or_changed_by_hand(books):
	name = findings()[0].name
	refused("Administrator", lambda: delete_document("Control Finding", name), "stays on record")
	refused("Administrator", lambda: delete_document("Ledger Control", CODE), "cannot be deleted")
	refused(
		"Administrator", lambda: frappe.delete_doc("Control Finding", name, force=True), "stays on record"
	)
	doc = frappe.get_doc("Control Finding", name)
	doc.status = "Resolved"
	refused(BOSS, doc.save, "set by its actions")
	control = frappe.get_doc("Ledger Control", CODE)
	control.enabled = 0
	refused(CHIEF, control.save, "set by its actions")
	control.reload()
	control.parameters[0].value = 180
	refused(CHIEF, control.save, "set by its actions")


def test_the_responsible_user_is_nobody_it_is_about(books):
	doc = frappe.get_doc("Control Finding", findings()[0].name)
	doc.responsible = MAKER
	refused(BOSS, doc.save, "is about", frappe.ValidationError)
	doc.reload()
	doc.responsible = CLERK
	as_user(BOSS, doc.save)
	refused(MAKER, lambda: _take_over(doc.name), "is about|cannot be changed", Exception)


def _take_over(name):
	doc = frappe.get_doc("Control Finding", name)
	doc.responsible = BOSS
	doc.save()


def test_a_control_is_not_switched_off_by_whom_it_has_found(books, monkeypatch):
	said = kept(monkeypatch)
	refused(MAKER, lambda: switching.switch_off(CODE, "Too many findings"), "found something about")
	refused(MAKER, lambda: switching.set_parameters(CODE, {"days": 180}, "Too many"), "found something about")
	assert [doctype for doctype, _name, _text in said] == ["Ledger Control"] * 2
	doc = frappe.get_doc("Ledger Control", CODE)
	doc.deadline = 300
	refused(MAKER, doc.save, "found something about")
	refused(BOSS, lambda: switching.switch_off(CODE, "Not needed"), "required")
	refused(CHIEF, lambda: switching.switch_off(CODE, " "), "Reason.*is required")
	as_user(CHIEF, lambda: switching.switch_off(CODE, "Replaced by the bank's own check"))
	doc.reload()
	assert (doc.enabled, doc.changed_by, doc.off_reason) == (0, CHIEF, "Replaced by the bank's own check")
	books.receipt("RC-9", 80, 100)
	night(CODE)
	assert len(findings()) == 2, "what is off looks at nothing, and what it found stays open"
	assert {row.status for row in findings()} == {"Open"}
	as_user(CHIEF, lambda: switching.switch_on(CODE))
	night(CODE)
	assert len(findings()) == 3
	doc.reload()
	assert [(one["what"], one["by"]) for one in json.loads(doc.history)] == [
		("Switched Off", CHIEF),
		("Switched On", CHIEF),
	]
	assert doc.meta.track_changes


def test_switched_off_in_one_company(books):
	as_user(CHIEF, lambda: switching.switch_off(CODE, "No receipts there", COMPANY))
	books.receipt("RC-9", 80, 100)
	night(CODE)
	assert len(findings()) == 2
	as_user(CHIEF, lambda: switching.switch_on(CODE, COMPANY))
	night(CODE)
	assert len(findings()) == 3


def test_parameters_beyond_bounds_and_blind_ones_are_refused(books, monkeypatch):
	said = kept(monkeypatch)
	refused(
		CHIEF, lambda: switching.set_parameters(CODE, {"days": 9999}, "Never"), "must be between 1 and 180"
	)
	refused(CHIEF, lambda: switching.set_parameters(CODE, {"dayz": 9}, "Typo"), "is not a parameter")
	refused(
		CHIEF,
		lambda: switching.set_parameters(CODE, {"days": 180}, "Less"),
		"Preview",
		frappe.ValidationError,
	)
	preview.make(CODE, {"days": 180})
	refused(CHIEF, lambda: switching.set_parameters(CODE, {"days": 180}, "Less"), "would be blind")
	assert len(said) == 3
	preview.make(CODE, {"days": 46})
	kept_one = json.loads(frappe.db.get_value("Ledger Control", CODE, "preview"))
	assert (kept_one["shipped"], kept_one["chosen"]) == (2, 1) and len(
		kept_one["companies"][0]["months"]
	) == 12
	refused(CHIEF, lambda: switching.set_parameters(CODE, {"days": 46}, ""), "Reason.*is required")
	as_user(CHIEF, lambda: switching.set_parameters(CODE, {"days": 46}, "The bank takes six weeks"))
	(entry,) = json.loads(frappe.db.get_value("Ledger Control", CODE, "history"))
	assert entry["what"] == "Parameters Changed" and "30 → 46" in entry["why"]
	books.changed.clear()
	night(CODE)
	by_customer = {row.customer: row for row in findings()}
	assert by_customer[ONE].status == "Open"
	assert (by_customer[TWO].status, by_customer[TWO].resolution) == (
		"Gone",
		"The parameters of the control were changed; by the new ones it is no finding.",
	)
	as_user(CHIEF, lambda: switching.set_parameters(CODE, {}, "Back to what is shipped"))
	night(CODE)
	assert {row.status for row in findings()} == {"Open"}
	assert preview.of(frappe.get_doc("Ledger Control", CODE), fingerprint({})) is None


def test_what_is_set_is_never_overwritten(books):
	from client_ledger.controls.shipped import make_controls

	as_user(CHIEF, lambda: switching.switch_off(CODE, "Replaced"))
	preview.make("number_gap", {"most": 60})
	as_user(CHIEF, lambda: switching.set_parameters("number_gap", {"most": 60}, "Blocks of sixty"))
	frappe.db.set_value("Ledger Control", "lapping", "responsible", BOSS)
	frappe.db.set_value("Ledger Control Parameter", {"parent": "number_gap"}, "least", 7)
	make_controls()
	months = {"parent": "credit_note_after_end", "parameter": "months"}
	for history, value in ((None, 1), ('[{"what": "Parameters Changed"}]', 3)):
		frappe.db.set_value("Ledger Control Parameter", months, "value", 3)
		frappe.db.set_value("Ledger Control", "credit_note_after_end", "history", history)
		look_at_month_ends.execute()
		assert frappe.db.get_value("Ledger Control Parameter", months, "value") == value
	assert frappe.db.get_value("Ledger Control", CODE, "enabled") == 0
	row = frappe.db.get_value("Ledger Control Parameter", {"parent": "number_gap"}, ["value", "least"])
	assert row == (60, 1)
	assert frappe.db.get_value("Ledger Control", "lapping", "responsible") == BOSS


def test_a_finding_about_the_responsible_user_goes_to_the_role(books):
	frappe.db.set_value("Ledger Control", CODE, {"responsible": MAKER, "responsible_role": "Credit Manager"})
	books.receipt("RC-9", 80, 100)
	books.receipts["RC-9"] = books.receipts["RC-9"]
	night(CODE)
	row = findings(finding_key=("like", "%RC-9%"))[0]
	if row.person == MAKER:
		assert (row.responsible, row.responsible_role) == (None, "Credit Manager")
	else:
		assert row.responsible == MAKER


def listed(user):
	return as_user(user, lambda: set(frappe.get_list("Control Finding", pluck="control")))


def test_who_sees_which_findings(books):
	rows = {row.customer: row.name for row in findings()}
	bare = frappe.copy_doc(frappe.get_doc("Control Finding", rows[ONE]))
	bare.update({"customer": None, "control": "nights", "person": MAKER, "unique_key": "bare"})
	bare.flags.ignore_links = True
	bare.insert(ignore_permissions=True)
	about = frappe.copy_doc(bare)
	about.update({"customer": ONE, "control": "released_again", "unique_key": "about"})
	about.flags.ignore_links = True
	about.insert(ignore_permissions=True)
	everything = {CODE, "nights", "released_again"}
	for user in (BOSS, CHIEF, CLERK, AUDITOR):
		assert listed(user) == everything, user
	assert listed(SELLER) == {CODE}
	refused(SELLER, lambda: frappe.get_doc("Control Finding", about.name).check_permission("read"), "")
	as_user(SELLER, lambda: frappe.get_doc("Control Finding", rows[ONE]).check_permission("read"))
	f.make_user("controls.narrow@example.com", ("Sales User",), [("Customer", TWO)])
	narrow = "controls.narrow@example.com"
	assert as_user(narrow, lambda: frappe.get_list("Control Finding", pluck="name")) == [rows[TWO]]
	f.make_user("controls.narrow.manager@example.com", ("Credit Manager", "Sales User"), [("Customer", TWO)])
	assert listed("controls.narrow.manager@example.com") == {CODE}
	f.make_user("controls.stock@example.com", ("Stock User",))
	refused("controls.stock@example.com", lambda: frappe.get_list("Control Finding"), "")
	refused(SELLER, lambda: frappe.get_list("Ledger Control"), "")


@pytest.mark.parametrize("view", ["Each Finding", "By Control", "By Customer", "By Person"])
def test_the_report_tells_auditors_of_closed_ones_too(books, view):
	name = findings()[0].name
	as_user(BOSS, lambda: closing.close([name], ACCEPTED, "Paid in advance"))
	found = as_user(
		AUDITOR,
		lambda: run_report(
			"Control Findings", filters={"view": view, "company": COMPANY}, ignore_prepared_report=True
		),
	)["result"]
	rows = [row for row in found if isinstance(row, dict)]
	if view == "Each Finding":
		(closed,) = [row for row in rows if row["status"] == "Accepted"]
		assert (closed["resolution"], closed["closed_by"]) == ("Paid in advance", BOSS)
	if view == "By Control":
		(one,) = [row for row in rows if row["control"] == CODE]
		assert len(rows) == 30 and (one["total"], one["open"], one["accepted"], one["enabled"]) == (
			2,
			1,
			1,
			1,
		)
	if view == "By Customer":
		assert [(row["customer"], row["open"]) for row in rows] == [(TWO, 1), (ONE, 0)]
	seller = as_user(
		SELLER,
		lambda: run_report(
			"Control Findings", filters={"view": view, "company": COMPANY}, ignore_prepared_report=True
		),
	)["result"]
	assert all(row.get("control") in (None, CODE) for row in seller if isinstance(row, dict))


def test_the_customers_tab_and_the_setup_page(books):
	tab = as_user(SELLER, lambda: customer_credit(ONE, COMPANY))
	assert [row["amount"] for row in tab["findings"]] == [700]
	(step,) = [one for one in all_steps() if one["key"] == "controls"]
	assert step["done"] and "30 of 30" in step["found"]


def test_the_form_says_what_may_be_done(books):
	name = findings()[0].name
	shown = as_user(BOSS, lambda: _shown("Control Finding", name))
	assert shown["may"] == {"take_up": True, "resolve": True, "accept": True, "reopen": False}
	assert as_user(MAKER, lambda: _shown("Control Finding", name))["about"]
	shown = as_user(CHIEF, lambda: _shown("Ledger Control", CODE))
	assert shown["may"]["switch"] and not shown["found"] and shown["runs"][0]["new_count"] == 2
	assert as_user(MAKER, lambda: _shown("Ledger Control", CODE))["found"]
	with spoken("zh"):
		assert "RC-1" in as_user(BOSS, lambda: _shown("Control Finding", name))["reason"]


def _shown(doctype, name):
	doc = frappe.get_doc(doctype, name)
	doc.run_method("onload")
	return doc.get("__onload").shown


def test_a_preview_is_made_by_a_job(books, monkeypatch):
	queued = []
	monkeypatch.setattr(frappe, "enqueue", lambda method, **arguments: queued.append((method, arguments)))
	as_user(CHIEF, lambda: api.preview_control(CODE, {"days": 46}))
	((method, arguments),) = queued
	frappe.get_attr(method)(arguments["name"], arguments["values"])
	refused(CHIEF, lambda: api.preview_control(CODE, {"days": 0}), "must be between")


def test_nobody_is_told_of_customers_that_are_not_theirs(books):
	narrow = "controls.told@example.com"
	f.make_user(narrow, ("Credit Manager", "Sales User"), [("Customer", TWO)])
	f.make_user("controls.blank@example.com", ("Credit Manager",))
	frappe.db.delete("Notification Log")
	tell.tell_readers([row.name for row in findings()])
	told = dict(
		frappe.get_all(
			"Notification Log", {"document_type": "Control Finding"}, ["for_user", "subject"], as_list=True
		)
	)
	assert "2 things" in told[BOSS] and "A control has found something" in told[narrow]
	assert "controls.blank@example.com" not in told and MAKER not in told


def test_late_findings_are_reminded_of_and_escalated_once(books, monkeypatch):
	monkeypatch.setattr(late, "notify_later", lambda method, **given: frappe.get_attr(method)(**given))
	today = frappe.utils.getdate()
	one, two = findings()
	frappe.db.set_value("Control Finding", one.name, {"due_date": add_days(today, -1), "responsible": CLERK})
	frappe.db.set_value("Control Finding", two.name, "due_date", today)
	make_mail_account()
	mails = frappe.db.count("Email Queue")

	def told(day: int) -> dict[str, str]:
		frappe.db.delete("Notification Log")
		late.remind(add_days(today, day))
		late.remind(add_days(today, day))
		fields = ["for_user", "subject", "type"]
		rows = frappe.get_all("Notification Log", {"document_type": "Control Finding"}, fields)
		assert {row.type for row in rows} <= {"Assignment"} and len({row.for_user for row in rows}) == len(
			rows
		)
		return {row.for_user: row.subject for row in rows}

	first = told(0)
	assert list(first) == [CLERK] and "was to be closed by" in first[CLERK]
	assert frappe.db.count("Email Queue") == mails + 1, "by mail, too, where the settings want it"
	frappe.db.set_value("Notification Settings", CLERK, "enable_email_assignment", 0)
	frappe.db.set_value("User", CLERK, "enabled", 0)
	of_role = told(2)
	assert BOSS in of_role and CLERK not in of_role and MAKER not in of_role, (
		"the other one, which has no user"
	)
	frappe.db.set_value("User", CLERK, "enabled", 1)
	later = told(6)
	assert "Nobody has closed" in later[BOSS] and CLERK not in later
	row = findings(name=one.name)[0]
	assert row.escalated_on and [entry["what"] for entry in json.loads(row.history)][-1] == "Escalated"
	assert "was to be closed" in told(7)[CLERK]
	as_user(BOSS, lambda: closing.close([one.name], ACCEPTED, "Paid in advance"))
	as_user(BOSS, lambda: closing.reopen(one.name, "It was another receipt"))
	row = findings(name=one.name)[0]
	assert (row.escalated_on, row.due_date) == (None, add_days(today, 14))
