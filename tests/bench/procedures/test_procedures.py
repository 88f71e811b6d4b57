"""A procedure in force is read per version; what nobody could follow is not put in force; what was in force stays on record."""

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from client_ledger.client_ledger.report.procedure_readings.procedure_readings import execute
from client_ledger.core.procedures.deadlines import StepMeasure
from client_ledger.patches.v0_2 import measure_shipped_procedures
from client_ledger.procedures import api
from client_ledger.procedures.faults import tell
from client_ledger.procedures.shipped import PROCEDURES
from client_ledger.procedures.versions import tell_readers
from client_ledger.procedures.waiting import to_read
from tests.bench import factories as f

pytestmark = pytest.mark.every_version

CLERK, SELLER, HEAD = "clerk@procedures.example", "seller@procedures.example", "head@procedures.example"
OTHER_HEAD, GONE = "other-head@procedures.example", "gone@procedures.example"
STEP = {"instruction": "Make the invoice", "role": "Accounts User", "deadline": 24}


@pytest.fixture(autouse=True)
def people():
	f.make_user(GONE).db_set("enabled", 0)
	f.make_user(CLERK, ["Accounts User"])
	f.make_user(SELLER, ["Sales User"])
	f.make_user(HEAD, ["Accounts Manager"])


def procedure(**fields):
	return frappe.get_doc(
		{
			"doctype": "Procedure",
			"title": "Bill It",
			"summary": "So that terms begin to run.",
			"responsible": HEAD,
			"in_force": 1,
			"steps": [{"instruction": "Make the invoice", "role": "Accounts User", "deadline": 24}],
			"places": [{"document_type": "Sales Invoice"}],
			**fields,
		}
	)


def stand(user, name="Bill It"):
	_columns, rows, *_more = execute({"procedure": name, "user": user})
	return [(row["version"], row["status"]) for row in rows]


def by(user, action):
	frappe.set_user(user)
	try:
		return action()
	finally:
		frappe.set_user("Administrator")


def test_ten_are_shipped_and_none_is_in_force():
	found = frappe.get_all("Procedure", {"name": ("in", list(PROCEDURES))}, ["name", "in_force"])
	assert len(found) == 10 and not any(row.in_force for row in found)


def test_steps_shipped_before_they_could_be_measured_are_measured_now_where_nobody_changed_them():
	title = "Invoicing"
	rows = "Procedure Step", {"parent": title}, ["name", "instruction", "measured_by"]
	before = {row.instruction: row.measured_by for row in frappe.get_all(*rows, order_by="idx")}
	measured = [text for text, measure in before.items() if measure]
	assert len(measured) == 1
	step = frappe.db.get_value("Procedure Step", {"parent": title, "instruction": measured[0]})
	version = frappe.db.get_value("Procedure", title, ["version", "modified"])
	for changed, after in (
		({}, before[measured[0]]),
		({"deadline": 48}, ""),
		({"instruction": "Bill it"}, ""),
	):
		values = {"measured_by": "", "deadline": 24, "instruction": measured[0], **changed}
		frappe.db.set_value("Procedure Step", step, values)
		for _twice in range(2):
			measure_shipped_procedures.execute()
			assert (frappe.db.get_value("Procedure Step", step, "measured_by") or "") == after, changed
	chosen = {"measured_by": StepMeasure.BANK_LINES.value, "deadline": 24, "instruction": measured[0]}
	frappe.db.set_value("Procedure Step", step, chosen)
	measure_shipped_procedures.execute()
	assert frappe.db.get_value("Procedure Step", step, "measured_by") == chosen["measured_by"]
	assert frappe.db.get_value("Procedure", title, ["version", "modified"]) == version


def test_a_shipped_one_is_put_in_force_by_who_answers_for_it():
	f.make_user(SELLER, ["Sales User", "Credit Controller", "Credit Manager", "System Manager"])
	for name in PROCEDURES:
		doc = frappe.get_doc("Procedure", name)
		doc.update({"in_force": 1, "responsible": HEAD})
		doc.save()
		assert doc.version == 1
	assert {"Sales Invoice", "Credit Limit", "Backup Check"} <= set(api.watched())


def test_it_is_read_and_a_new_version_asks_again():
	doc = procedure().insert()
	assert (doc.version, getdate(doc.version_since)) == (1, getdate())
	assert stand(CLERK) == [(1, "To Be Read")] and stand(HEAD) == [(1, "To Be Read")] and not stand(SELLER)
	first = by(CLERK, lambda: api.read_and_understood(doc.name, 1))
	assert by(CLERK, lambda: api.read_and_understood(doc.name, 1)) == first
	assert frappe.db.count("Procedure Reading", {"procedure": doc.name}) == 1
	assert stand(CLERK) == [(1, "Read")]
	doc.steps[0].deadline = 12
	with pytest.raises(frappe.ValidationError, match="What Changed"):
		doc.save()
	doc.reload()
	doc.steps[0].deadline = 12
	doc.what_changed = "Twelve hours instead of 24"
	doc.save()
	assert doc.version == 2 and stand(CLERK) == [(2, "To Be Read")]
	with pytest.raises(frappe.ValidationError, match="Version 2"):
		by(CLERK, lambda: api.read_and_understood(doc.name, 1))
	kept = frappe.get_all(
		"Procedure Version", {"procedure": doc.name}, ["version", "content"], order_by="version"
	)
	assert [row.version for row in kept] == [1, 2] and '"deadline": 24' in kept[0].content


def test_a_new_place_or_owner_is_no_new_version():
	doc = procedure().insert()
	doc.append("places", {"document_type": "Delivery Note"})
	doc.responsible = CLERK
	doc.save()
	assert doc.version == 1


def test_who_is_late_is_told_apart():
	doc = procedure(read_within_days=3).insert()
	doc.db_set("version_since", add_days(nowdate(), -4))
	assert stand(CLERK) == [(1, "Late")]
	waiting = by(CLERK, lambda: to_read(5))
	assert [row["late"] for row in waiting["rows"] if row["name"] == doc.name] == [True]
	by(CLERK, lambda: api.read_and_understood(doc.name, 1))
	assert by(CLERK, lambda: to_read(5)) is None


def test_it_is_shown_on_the_form_with_ones_own_steps():
	places = [{"document_type": "Sales Invoice", "state_field": "status", "state": "Draft"}]
	screens = (("Report", "Client Ageing"), ("Page", "collection-worklist"), ("DocType", "Server Script"))
	steps = [STEP | {"opens_type": kind, "opens": name} for kind, name in screens]
	procedure(places=places, steps=steps).insert()
	shown = by(CLERK, lambda: api.shown_on("Sales Invoice"))
	(one,) = [one for one in shown if one["name"] == "Bill It"]
	assert one["steps"][0]["opens"] == {"kind": "Report", "name": "Client Ageing", "title": "Client Ageing"}
	assert one["ask"] and one["steps"][0]["mine"] and one["where"] == [{"field": "status", "value": "Draft"}]
	assert [step["opens"] for step in one["steps"]][2] is None, "closed to the reader"
	(one,) = [one for one in by(SELLER, lambda: api.shown_on("Sales Invoice")) if one["name"] == "Bill It"]
	assert not one["ask"] and not one["steps"][0]["mine"]


@pytest.mark.parametrize(
	("fields", "words"),
	[
		({"responsible": None}, "nobody answers for"),
		(
			{"steps": [{"instruction": "Do it", "role": "Fulfillment User"}]},
			"nobody who can log in has the role",
		),
		(
			{"steps": [{"instruction": "Do it", "role": "Accounts User", "deadline": -1}]},
			"cannot be negative",
		),
		({"read_within_days": -1}, "cannot be negative"),
		({"read_within_days": 99999}, "is at most 366"),
		({"steps": [STEP | {"deadline": 99999}]}, "at most 366 Days"),
		({"steps": [STEP | {"deadline": 0, "measured_by": "Receipts Allocated"}]}, "enter a deadline"),
		({"steps": []}, "at least one step"),
		({"steps": [STEP | {"instruction": "  "}]}, "say what to do"),
		({"responsible": GONE}, "cannot log in"),
		({"places": [{"document_type": "Customer", "state_field": "nope", "state": "x"}]}, "has no field"),
		({"places": [{"document_type": "Customer", "state_field": "disabled"}]}, "or neither"),
	],
)
def test_what_nobody_could_follow_is_refused(fields, words):
	with pytest.raises(frappe.ValidationError, match=words):
		procedure(**fields).insert()


def test_what_is_refused_is_on_record():
	with pytest.raises(frappe.ValidationError):
		procedure(responsible=None).insert()
	frappe.db.after_rollback.run()
	kept = frappe.get_last_doc("Activity Log", {"subject": ("like", "Procedure refused:%")})
	assert "nobody answers for" in kept.subject and kept.user == "Administrator"
	doc = procedure().insert()
	doc.steps[0].role = "Fulfillment User"
	with pytest.raises(frappe.ValidationError):
		doc.save()
	kept = frappe.get_last_doc("Procedure Version", {"procedure": doc.name})
	kept.content = "{}"
	with pytest.raises(frappe.PermissionError, match="stays as it was"):
		kept.save()
	frappe.set_user(HEAD)
	with pytest.raises(frappe.PermissionError):
		reading = {"doctype": "Procedure Reading", "procedure": doc.name, "version": 1, "user": CLERK}
		frappe.get_attr("frappe.client.insert")({**reading, "read_on": nowdate()})
	frappe.set_user("Administrator")
	frappe.db.after_rollback.run()
	for name in (doc.name, kept.name):
		assert frappe.db.exists("Comment", {"reference_name": name, "content": ("like", "Refused:%")})
	assert not frappe.db.exists("Procedure Reading", {"user": CLERK})


def test_one_that_nobody_is_left_to_follow_is_shown_and_told(monkeypatch):
	f.make_user(OTHER_HEAD, ["Accounts Manager"])
	last = f.make_user("last@procedures.example", ["Fulfillment User"])
	doc = procedure(steps=[STEP | {"role": "Fulfillment User"}], responsible=OTHER_HEAD).insert()
	assert by(HEAD, lambda: to_read(5)) is None
	told = []
	monkeypatch.setattr(
		"client_ledger.procedures.faults.notify_later", lambda _method, names: told.extend(names)
	)
	last.remove_roles("Fulfillment User")
	assert told == [doc.name]
	assert by(HEAD, lambda: to_read(5))["rows"] == [{"name": doc.name, "left_alone": True}]
	doc.run_method("onload")
	assert "nobody who can log in has the role" in doc.get_onload("faults")
	assert doc.name in execute({})[2]
	last.add_roles("Fulfillment User")
	assert by(HEAD, lambda: to_read(5)) is None
	told.clear()
	answering = frappe.get_doc("User", OTHER_HEAD)
	answering.enabled = 0
	answering.save()
	assert told == [doc.name]
	sent = []
	monkeypatch.setattr(
		"client_ledger.site.notify.enqueue_create_notification",
		lambda users, row: sent.append(row["subject"]),
	)
	f.make_user(SELLER, ["System Manager"])
	tell([doc.name])
	assert sent and all("cannot be followed any more" in subject for subject in sent)


def test_what_was_in_force_stays_on_record():
	doc = procedure().insert()
	by(CLERK, lambda: api.read_and_understood(doc.name, 1))
	with pytest.raises(frappe.ValidationError, match="stays on record"):
		frappe.delete_doc("Procedure", doc.name)
	reading = frappe.get_last_doc("Procedure Reading")
	with pytest.raises(frappe.PermissionError):
		frappe.delete_doc("Procedure Reading", reading.name)
	with pytest.raises(frappe.PermissionError):
		reading.save()
	doc.in_force = 0
	doc.save()
	with pytest.raises(frappe.ValidationError, match="not in force"):
		by(CLERK, lambda: api.read_and_understood(doc.name, 1))


def test_readers_are_told_of_a_new_version(monkeypatch):
	doc = procedure().insert()
	told = []
	monkeypatch.setattr(
		"client_ledger.site.notify.enqueue_create_notification", lambda users, _doc: told.append(users[0])
	)
	tell_readers(doc.name, 1)
	assert {CLERK, HEAD} <= set(told) and SELLER not in told
	told.clear()
	tell_readers(doc.name, 7)
	assert told == []
