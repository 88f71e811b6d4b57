"""What the worklist's page asks for: found, sorted, added up, as a file; outcomes for many, taken back; notes."""

import csv
import io

import frappe
import pytest
from frappe.utils import add_days, add_to_date, flt, now_datetime, nowdate

from client_ledger.collections import api, follow_ups
from tests.bench import factories as f
from tests.bench.accounts import refused
from tests.bench.collections.setting import COMPANY, of, overdue, refreshed, row
from tests.bench.dunning.setting import make_debtor

pytestmark = pytest.mark.one_transaction

TODAY, TOMORROW = nowdate(), add_days(nowdate(), 1)
ONE, TWO, THREE = "Desk Müller Print", "Desk Zhang & Sons", "=Desk cmd"
USER, OTHER, STRANGER = (f"desk.{name}@example.com" for name in ("one", "two", "stranger"))
ROLES = ("Credit Controller", "Sales User", "Accounts User")


@pytest.fixture(scope="module", autouse=True)
def books() -> None:
	"""Three debtors: much for a short time, little for long, and one whose name would be a formula. Two collectors."""
	for name, amounts, days in ((ONE, (900, 100), 20), (TWO, (50,), 80), (THREE, (300,), 40)):
		make_debtor(name, f"desk{days}@debtor.example")
		overdue(name, *amounts, days=days)
	contact = frappe.get_doc("Contact", {"first_name": f"Contact of {TWO}"})
	contact.append("phone_nos", {"phone": "+86 (139) 0000-4711"})
	contact.save()
	for user in (USER, OTHER):
		f.make_user(user, ROLES)
	f.make_user(STRANGER, ("Credit Controller",))


@pytest.fixture(autouse=True)
def _as_user():
	frappe.db.savepoint("before_test")
	frappe.set_user(USER)
	yield
	frappe.set_user("Administrator")
	frappe.db.rollback(save_point="before_test")


def asked(**options) -> dict:
	return api.my_worklist(COMPANY, "everyone", **options)


def names(**options) -> list[str]:
	return [found["customer"] for found in asked(search="desk", **options)["rows"]]


@pytest.mark.parametrize(
	("text", "expected"),
	[
		("müller", [ONE]),
		("ZHANG", [TWO]),
		("=desk", [THREE]),
		("139 0000 4711", [TWO]),
		("00004711", [TWO]),
		("0000-4712", []),
		("nobody at all", []),
		("%", []),
	],
)
def test_a_customer_is_found_by_name_id_and_phone(text, expected):
	assert [found["customer"] for found in asked(search=text)["rows"]] == expected


def test_the_list_is_sorted_by_what_is_asked_for_and_backwards():
	follow_ups.log(TWO, COMPANY, "Reached", next_date=TODAY)
	assert names(sort="amount") == [ONE, THREE, TWO]
	assert names(sort="days") == [TWO, THREE, ONE]
	assert names(sort="days", backwards=True) == [ONE, THREE, TWO]
	assert names(sort="name") == [THREE, ONE, TWO]
	assert names(sort="contact")[-1] == TWO
	by_points = [found["points"] for found in asked(search="desk")["rows"]]
	assert by_points == sorted(by_points, reverse=True)
	with refused(match="Choose one of"):
		asked(sort="password")


def test_the_total_is_of_all_that_was_found():
	found = asked(search="desk")
	assert found["totals"] == [{"currency": f.CURRENCY, "to_chase": 1350.0, "overdue": 1350.0}]
	assert sum(one["to_chase"] for one in found["rows"]) == 1350
	assert asked(search="müller", start=50)["totals"][0]["to_chase"] == 1000


def test_the_file_has_the_same_rows_and_no_formulas():
	answer = api.worklist_csv(COMPANY, "everyone", search="desk", sort="days")
	assert answer.headers["Content-Disposition"] == f"attachment; filename=worklist-{TODAY}.csv"
	text = answer.get_data().decode("utf-8-sig")
	lines = list(csv.DictReader(io.StringIO(text)))
	assert [line["Customer"] for line in lines] == [TWO, f"'{THREE}", ONE]
	assert [flt(line["Amount to Collect"]) for line in lines] == [50, 300, 1000]
	assert lines[0]["Mobile No"] == "'+49 30 1234567" and "80 days" in lines[0]["Reasons"]
	nothing = api.worklist_csv(COMPANY, "everyone", search="nobody at all").get_data()
	assert len(nothing.decode("utf-8-sig").splitlines()) == 1
	assert frappe.db.exists("Access Log", {"user": USER, "method": "Collection Worklist", "file_type": "CSV"})
	frappe.set_user(STRANGER)
	with refused(frappe.PermissionError):
		api.worklist_csv(COMPANY)


def test_who_may_not_read_customers_is_told_so():
	frappe.set_user(STRANGER)
	assert asked() == {"may_read": False}
	frappe.set_user(USER)
	assert asked()["may_read"] is True


def test_nobody_answered_is_logged_for_many_and_one_that_is_refused_stops_no_other():
	due = follow_ups.plan(ONE, COMPANY, subject="Call back", due_date=TODAY)
	frappe.clear_messages()
	accounts = [{"customer": name, "company": COMPANY} for name in (ONE, "No Such Customer", TWO, ONE)]
	first, none, second = api.log_no_answer(accounts, TOMORROW)
	assert (first["done"], first["name"]) == (True, due)
	assert (none["done"], none["reason"]) == (False, "It does not exist.")
	assert second["done"] and not frappe.get_message_log()
	for name in (first["name"], second["name"]):
		doc = frappe.get_doc("Follow Up", name)
		assert (doc.workflow_state, doc.outcome, doc.done_by) == ("Done", "No Answer", USER)
	assert str(of(ONE).next_follow_up) == TOMORROW
	(late,) = api.log_no_answer(accounts[:1], add_days(TODAY, -3))
	assert "in the past" in late["reason"]
	for wrong in ([], [{"customer": f"C{i}", "company": COMPANY} for i in range(101)]):
		with refused(match="Select between"):
			api.log_no_answer(wrong, TOMORROW)


def state(name: str = ONE) -> tuple:
	account = of(name)
	comments = frappe.db.count("Comment", {"reference_doctype": "Customer", "reference_name": name})
	said = frappe.db.count("Communication", {"reference_name": name})
	open_ones = frappe.get_all(
		"Follow Up",
		{"customer": name, "workflow_state": ("not in", ("Done", "Cancelled"))},
		["name", "outcome", "done_on", "done_by", "next_date", "due_date"],
		order_by="name",
	)
	todos = frappe.db.count("ToDo", {"reference_type": "Follow Up", "status": "Open"})
	return account.last_contact_on, account.next_follow_up, comments, said, open_ones, todos, names()


@pytest.mark.parametrize("outcome", ["Reached", "No Answer", "Wrong Contact", "Referred"])
@pytest.mark.parametrize("planned", [True, False])
def test_undone_everything_is_as_before(outcome, planned):
	due = follow_ups.plan(ONE, COMPANY, subject="Call", due_date=TODAY, responsible=USER) if planned else None
	before = state()
	next_date = None if outcome == "Referred" else TOMORROW
	name = api.log_contact(ONE, COMPANY, outcome, due, notes="Line was bad", next_date=next_date)
	assert state() != before
	(told,) = api.undo_contacts([name])
	assert told == {"name": name, "customer_name": ONE, "done": True, "reason": ""}
	assert state() == before
	assert frappe.db.get_value("Follow Up", name, "workflow_state") == ("Open" if planned else "Cancelled")
	(again,) = api.undo_contacts([name])
	assert "no outcome" in again["reason"]
	if planned:
		assert api.log_contact(ONE, COMPANY, "Reached", due, next_date=TOMORROW) == due


def test_what_has_followed_or_is_somebody_elses_or_long_ago_is_not_undone():
	name = api.log_contact(ONE, COMPANY, "Reached", next_date=TOMORROW)
	frappe.set_user(OTHER)
	assert "Only the user" in api.undo_contacts([name])[0]["reason"]
	frappe.set_user(USER)
	frappe.db.set_value("Follow Up", name, "done_on", add_to_date(now_datetime(), minutes=-16))
	assert "within 15 minutes" in api.undo_contacts([name])[0]["reason"]
	frappe.db.set_value("Follow Up", name, "done_on", add_to_date(now_datetime(), minutes=-2))
	following = frappe.db.get_value("Follow Up", name, "next_follow_up")
	frappe.db.set_value("Follow Up", following, "workflow_state", "In Progress")
	assert "has followed" in api.undo_contacts([name])[0]["reason"]
	frappe.db.set_value("Follow Up", following, "workflow_state", "Open")
	api.log_contact(ONE, COMPANY, "Reached", next_date=TOMORROW)
	assert "has followed" in api.undo_contacts([name])[0]["reason"]
	invoice = frappe.get_doc("Sales Invoice", {"customer": TWO})
	promise = api.take_promise(TWO, COMPANY, [row(invoice)], [{"due_date": TOMORROW, "amount": 50}])
	call = frappe.db.get_value("Promise to Pay", promise, "follow_up")
	assert f"{promise} was recorded with it" in api.undo_contacts([call])[0]["reason"]
	assert "does not exist" in api.undo_contacts(["none"])[0]["reason"]


def test_a_note_is_on_the_customers_timeline_and_shown_where_one_calls():
	with refused(match="Note"):
		api.add_note(ONE, COMPANY, "  ")
	found = api.add_note(ONE, COMPANY, "Asks for <b>Ms Li</b>\nafter 3 & before 5")
	assert found == api.customer_on_worklist(ONE, COMPANY)["notes"]
	assert (found[0]["text"], found[0]["by"]) == (
		"Asks for <b>Ms Li</b>\nafter 3 & before 5",
		frappe.utils.get_fullname(USER),
	)
	comment = frappe.get_doc("Comment", {"reference_name": ONE, "comment_type": "Comment"})
	assert "<b>" not in comment.content and comment.owner == USER
	frappe.set_user(STRANGER)
	with refused(frappe.PermissionError):
		api.add_note(ONE, COMPANY, "Mine")


def test_a_follow_up_that_was_planned_is_open_again_for_whoever_it_was_assigned_to():
	due = follow_ups.plan(THREE, COMPANY, subject="Call", due_date=TODAY, responsible=OTHER)
	refreshed(THREE)
	todo = {"reference_type": "Follow Up", "reference_name": due, "allocated_to": OTHER, "status": "Open"}
	name = api.log_contact(THREE, COMPANY, "No Answer", due, next_date=TOMORROW)
	assert not frappe.db.exists("ToDo", todo)
	assert api.undo_contacts([name])[0]["done"]
	assert frappe.db.count("ToDo", todo) == 1
