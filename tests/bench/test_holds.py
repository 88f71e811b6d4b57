"""The credit check on a site: held at submit, released by another person, and no way round it. Real commits."""

import json
import multiprocessing
import os
import random
from collections import Counter

import frappe
import pytest
from frappe.utils import add_days, nowdate

from client_ledger.credit import api as credit_api
from client_ledger.credit.check import decisions, reservations
from client_ledger.credit.check.check import CreditHoldError
from client_ledger.credit.limits.exposure import documents, exposure
from tests.bench import factories as f
from tests.bench.held import (  # noqa: F401
	CONTROLLER,
	MANAGER,
	OTHER,
	SELLER,
	_clean,
	customer,
	draft,
	held,
	hold_of,
	office,
	release,
	submit,
)


def test_an_order_within_the_limit_passes_and_the_next_one_over_it_is_held():
	name = customer(1000)
	submit(draft(name, 600))
	order = draft(name, 401)
	hold = held(order)
	assert frappe.db.get_value("Sales Order", order.name, "docstatus") == 0
	assert (hold.amount, hold.exposure, hold.credit_limit) == (401, 1001, 1000)
	assert [r.rule for r in hold.reasons] == ["Over Limit"]
	assert "1,001.00" in hold.reasons[0].message and "1,000.00" in hold.reasons[0].message
	assert (hold.held_by, hold.document_owner) == (SELLER, SELLER)


def test_another_person_releases_it_and_the_order_the_delivery_and_the_invoice_go_out():
	name = customer(1000)
	order = draft(name, 1500)
	hold = held(order)
	release(hold, grace_days=3)
	order = submit(order)
	assert order.docstatus == 1
	assert hold_of(order, "Submitted").decided_by == CONTROLLER
	note = submit(draft(name, 0, make=lambda n, a, submit: f.make_delivery(n, a, order=order, submit=submit)))
	frappe.set_user(SELLER)
	invoice = f.bill_order(order, nowdate(), submit=False)
	frappe.db.commit()
	assert submit(invoice).docstatus == note.docstatus == 1
	limit = frappe.db.get_value("Customer Credit Limit", {"parent": name}, "credit_limit")
	assert limit == 1000, "ERPNext's own limit is as it was"


def test_nobody_releases_what_they_entered_or_tried_to_submit_or_without_the_role():
	name = customer(100)
	order = draft(name, 200, CONTROLLER)
	hold = held(order, CONTROLLER)
	for user in (CONTROLLER, SELLER, OTHER):
		with pytest.raises(frappe.PermissionError):
			release(hold, user)
		frappe.db.rollback()
	other = draft(name, 300, SELLER)
	assert held(other, CONTROLLER).held_by == CONTROLLER
	with pytest.raises(frappe.PermissionError):
		release(hold_of(other), CONTROLLER)
	frappe.db.rollback()
	release(hold_of(other), MANAGER)
	assert submit(other).docstatus == 1


def test_a_release_needs_a_reason_and_sane_days_of_grace():
	hold = held(draft(customer(100), 200))
	frappe.set_user(CONTROLLER)
	for reason, days in ((" ", 0), ("Fine", -1), ("Fine", 9999)):
		with pytest.raises(frappe.ValidationError):
			decisions.release(hold.name, reason, days)


def test_a_release_is_bound_to_what_was_released():
	name = customer(100)
	order = draft(name, 200)
	release(held(order))
	frappe.set_user(SELLER)
	order = frappe.get_doc("Sales Order", order.name)
	order.items[0].rate = 500
	order.save()
	frappe.db.commit()
	assert held(order).amount == 500, "back in the queue"
	assert frappe.db.count("Credit Hold", {"reference_name": order.name}) == 1


def test_splitting_an_order_does_not_help():
	name = customer(1000)
	passed = 0
	for _ in range(6):
		order = draft(name, 300)
		try:
			submit(order)
			passed += 1
		except CreditHoldError:
			pass
	assert passed == 3
	assert exposure(name, f.COMPANY).total == 900


def test_a_delivery_from_an_old_order_is_checked_again():
	name = customer(1000)
	order = submit(draft(name, 900))
	frappe.db.set_value("Customer Credit Limit", {"parent": name}, "credit_limit", 500)
	frappe.db.commit()
	note = draft(name, 0, make=lambda n, a, submit: f.make_delivery(n, a, order=order, submit=submit))
	assert held(note).exposure == 900


def test_an_invoice_from_an_order_adds_nothing_and_one_of_its_own_adds_its_total():
	name = customer(1000)
	order = submit(draft(name, 900))
	frappe.set_user(SELLER)
	invoice = f.bill_order(order, nowdate(), submit=False)
	frappe.db.commit()
	assert submit(invoice).docstatus == 1
	assert exposure(name, f.COMPANY).total == 900
	held(draft(name, 101, make=lambda n, a, submit: f.make_invoice(n, a, submit=submit)))


def test_amending_starts_again():
	name = customer(1000)
	order = draft(name, 1500)
	release(held(order))
	order = submit(order)
	order.cancel()
	frappe.db.commit()
	amended = frappe.copy_doc(order)
	amended.amended_from, amended.docstatus = order.name, 0
	amended.insert()
	frappe.db.commit()
	held(amended)


def test_items_of_a_submitted_order_may_not_grow_over_the_limit():
	from erpnext.controllers.accounts_controller import update_child_qty_rate

	name = customer(1000)
	order = submit(draft(name, 900))

	def update(rate: float) -> None:
		row = order.items[0]
		values = {"docname": row.name, "item_code": row.item_code, "qty": 1, "rate": rate}
		rows = [{**values, "delivery_date": str(row.delivery_date), "conversion_factor": 1}]
		update_child_qty_rate("Sales Order", json.dumps(rows), order.name)

	frappe.set_user("Administrator")
	with pytest.raises(frappe.ValidationError):
		update(1001)
	frappe.db.rollback()
	assert frappe.db.get_value("Sales Order", order.name, "grand_total") == 900
	update(1000)
	frappe.db.commit()
	assert frappe.db.get_value("Sales Order", order.name, "grand_total") == 1000


def test_a_closed_order_may_not_be_opened_again_over_the_limit():
	name = customer(1000)
	order = submit(draft(name, 900))
	order.update_status("Closed")
	frappe.db.commit()
	submit(draft(name, 500))
	frappe.set_user(SELLER)
	closed = frappe.get_doc("Sales Order", order.name)
	with pytest.raises(frappe.ValidationError):
		closed.update_status("Draft")
	frappe.db.rollback()
	assert frappe.db.get_value("Sales Order", order.name, "status") == "Closed"


def test_the_hosts_credit_controller_role_is_no_way_round():
	frappe.db.set_single_value("Accounts Settings", "credit_controller", "Sales Manager")
	frappe.db.commit()
	held(draft(customer(100), 200))


@pytest.mark.parametrize("way", ["insert", "client", "bulk", "caught", "savepoint"])
def test_every_way_to_submit_is_checked(way):
	name = customer(100)
	frappe.set_user(SELLER)
	if way == "insert":
		order = f.make_order(name, 200, submit=False)
		fresh = frappe.copy_doc(order)
		frappe.db.rollback()
		fresh.docstatus = 1
		with pytest.raises(CreditHoldError, match="draft first"):
			fresh.insert()
		frappe.db.rollback()
		assert not frappe.db.exists("Sales Order", {"customer": name})
		return
	order = draft(name, 200)
	if way == "client":
		from frappe.client import submit as client_submit

		with pytest.raises(CreditHoldError):
			client_submit(frappe.get_doc("Sales Order", order.name).as_dict())
		frappe.db.rollback()
	elif way == "bulk":
		from frappe.desk.doctype.bulk_update.bulk_update import _bulk_action

		failed = _bulk_action("Sales Order", [order.name], "submit", None)
		assert failed == [order.name]
	elif way == "caught":
		with pytest.raises(CreditHoldError):
			frappe.get_doc("Sales Order", order.name).submit()
		frappe.db.commit()
	else:
		frappe.db.savepoint("one")
		with pytest.raises(CreditHoldError):
			frappe.get_doc("Sales Order", order.name).submit()
		frappe.db.rollback(save_point="one")
		frappe.db.commit()
	assert frappe.db.get_value("Sales Order", order.name, "docstatus") == 0
	assert hold_of(order).amount == 200
	assert frappe.db.get_value("Customer Credit Limit", {"parent": name}, "credit_limit") == 100


def test_submitting_again_keeps_one_hold():
	order = draft(customer(100), 200)
	first = held(order)
	assert held(order, OTHER).name == first.name
	assert frappe.db.count("Credit Hold", {"reference_name": order.name}) == 1


def test_money_credit_notes_and_returns_are_never_held():
	name = customer(1000)
	invoice = submit(draft(name, 900, make=lambda n, a, submit: f.make_invoice(n, a, submit=submit)))
	frappe.set_user("Administrator")
	frappe.db.set_value("Customer Credit Limit", {"parent": name}, "credit_limit", 1)
	frappe.db.commit()
	assert f.make_credit_note(invoice.name, 100).docstatus == 1
	assert f.pay(invoice, nowdate(), 100).docstatus == 1


def test_what_is_paid_for_passes_although_other_things_are_overdue():
	name = customer(0)
	f.make_invoice(name, 500, add_days(nowdate(), -200), due_date=add_days(nowdate(), -170))
	frappe.db.commit()
	order = draft(name, 300)
	assert [r.rule for r in held(order).reasons if r.action == "Hold"] == ["Oldest Item"]
	frappe.set_user("Administrator")
	f.make_payment(name, 300)
	frappe.db.commit()
	assert not decisions.reevaluate_all([name]).get("Cleared"), "what is owed is paid first"
	frappe.set_user("Administrator")
	f.make_payment(name, 500)
	frappe.db.commit()
	assert decisions.reevaluate_all([name]) == {"Cleared": 1}
	assert submit(order).docstatus == 1
	held(draft(name, 1)), "the money is spoken for"


def test_a_payment_clears_the_hold_by_itself():
	from client_ledger import tasks

	name = customer(1000)
	invoice = submit(draft(name, 900, make=lambda n, a, submit: f.make_invoice(n, a, submit=submit)))
	order = draft(name, 500)
	hold = held(order)
	tasks.refresh_stale()
	assert frappe.db.get_value("Client Account", {"customer": name}, "documents_on_hold") == 1
	frappe.set_user("Administrator")
	f.pay(invoice, nowdate(), 900)
	frappe.db.commit()
	tasks.refresh_stale()
	hold.reload()
	assert hold.status == "Cleared"
	assert frappe.db.get_value("Client Account", {"customer": name}, "documents_on_hold") == 0
	assert frappe.db.exists("Notification Log", {"document_name": order.name, "for_user": SELLER})
	assert submit(order).docstatus == 1


@pytest.fixture
def chinese():
	"""The seller works in Chinese."""
	frappe.db.set_value("User", SELLER, "language", "zh")
	frappe.db.commit()
	yield
	frappe.local.lang = "en"
	frappe.set_user("Administrator")
	frappe.db.set_value("User", SELLER, "language", None)
	frappe.db.commit()


def test_what_happened_is_told_in_the_language_of_whoever_reads_it(chinese):
	order = draft(customer(100), 200)
	frappe.local.lang = "zh"
	with pytest.raises(CreditHoldError, match="敞口将为"):
		submit(order)
	assert hold_of(order).reasons[0].message.startswith("敞口将为")
	frappe.local.lang = "en"
	hold = hold_of(order)
	assert hold.reasons[0].message.startswith("The exposure would be")
	assert hold.as_dict()["reasons"][0]["message"] == hold.reasons[0].message
	figures = json.loads(hold.reasons[0].figures)
	assert (figures.pop("type"), float(figures["over"])) == ("Over Limit", 100)
	# As they were stored before they said what they are of.
	frappe.db.set_value("Credit Hold Reason", hold.reasons[0].name, "figures", json.dumps(figures))
	assert hold_of(order).reasons[0].message == hold.reasons[0].message
	release(hold)
	assert frappe.local.lang == "en"
	told = {"document_name": order.name, "for_user": SELLER}
	assert "现在可以提交" in frappe.db.get_value("Notification Log", told, "subject")


def test_a_deleted_draft_leaves_the_queue():
	order = draft(customer(100), 200)
	hold = held(order)
	frappe.set_user("Administrator")
	frappe.delete_doc("Sales Order", order.name)
	frappe.db.commit()
	assert frappe.db.get_value("Credit Hold", hold.name, "status") == "Withdrawn"


def test_shared_limits_count_together():
	head, branch = customer(1000), customer(0)
	frappe.db.set_value("Customer", branch, "cl_credit_parent", head)
	frappe.db.commit()
	submit(draft(head, 600))
	hold = held(draft(branch, 401))
	assert (hold.exposure, hold.credit_limit) == (1001, 1000)
	assert submit(draft(branch, 400)).docstatus == 1
	rows = documents(branch, f.COMPANY)
	assert {row.customer for row in rows} == {head, branch}
	assert sum(row.amount for row in rows) == exposure(head, f.COMPANY).total == 1000


def test_off_and_warn():
	name = customer(0)
	frappe.get_doc(
		{
			"doctype": "Credit Reference",
			"customer": name,
			"company": f.COMPANY,
			"reference_type": "Credit Insurance",
			"provider": "Insurer",
			"valid_to": add_days(nowdate(), 9),
			"limit_effect": "Cap",
			"amount": 100,
		}
	).insert()
	try:
		frappe.db.set_single_value("Client Ledger Settings", "credit_checks", "Warn")
		frappe.db.commit()
		frappe.clear_messages()
		assert submit(draft(name, 200)).docstatus == 1
		assert any("Over Limit" in json.dumps(m) for m in frappe.get_message_log())
		frappe.db.set_single_value("Client Ledger Settings", "credit_checks", "Off")
		frappe.db.commit()
		frappe.clear_messages()
		assert submit(draft(name, 200)).docstatus == 1
		assert not any("Over Limit" in json.dumps(m) for m in frappe.get_message_log())
	finally:
		frappe.db.set_single_value("Client Ledger Settings", "credit_checks", "Hold")
		frappe.db.commit()
	held(draft(name, 200))


def submit_at_once(orders, mode: str) -> list[str]:
	"""Submit *orders* in as many processes, all of which have taken their snapshot before the first one starts."""
	fork = multiprocessing.get_context("fork")
	pipes, processes = [], []
	for order in orders:
		here, there = fork.Pipe()
		process = fork.Process(target=_submit_when_told, args=(frappe.local.site, order.name, mode, there))
		process.start()
		pipes.append(here)
		processes.append(process)
	for pipe in pipes:
		assert pipe.poll(120) and pipe.recv() == "ready"
	for pipe in pipes:
		pipe.send("go")
	found = [pipe.recv() if pipe.poll(300) else "no answer" for pipe in pipes]
	for process in processes:
		process.join(60)
	frappe.db.rollback()
	return found


def _submit_when_told(site: str, order: str, mode: str, pipe) -> None:
	# The parent's connection is kept here, unused, for closing it would end it over there too.
	parents = frappe.local.db
	frappe.init(site=site, sites_path=os.environ["SITES_PATH"], force=True)
	frappe.connect()
	assert frappe.local.db is not parents
	frappe.set_user("Administrator")
	frappe.flags.in_test = frappe.flags.mute_emails = True
	if mode == "unlocked":
		reservations.lock = lambda *_arguments: None
	doc = frappe.get_doc("Sales Order", order)
	# Take the snapshot before anybody else submits.
	frappe.db.sql("select count(*) from `tabSales Order`")
	pipe.send("ready")
	pipe.recv()
	try:
		doc.submit()
		frappe.db.commit()
		outcome = "submitted"
	except CreditHoldError:
		frappe.db.rollback()
		outcome = "held"
	except Exception as error:
		frappe.db.rollback()
		outcome = f"failed {type(error).__name__}"
	pipe.send(outcome)
	frappe.db.close()
	os._exit(0)


def test_at_the_same_moment_the_exposure_never_exceeds_the_limit(tell):
	"""Ten submitters of orders of random amounts; CLIENT_LEDGER_SEED and CLIENT_LEDGER_ROUNDS change what and how often."""
	rng = random.Random(int(os.environ.get("CLIENT_LEDGER_SEED", 14)))
	rounds, number = int(os.environ.get("CLIENT_LEDGER_ROUNDS", 3)), 10
	total = Counter()
	for _ in range(rounds):
		name = customer(1000)
		frappe.set_user("Administrator")
		amounts = [rng.choice((150, 250, 400, 600)) for _ in range(number)]
		orders = [f.make_order(name, amount, submit=False) for amount in amounts]
		frappe.db.commit()
		outcomes = submit_at_once(orders, "locked")
		assert set(outcomes) == {"submitted", "held"}, outcomes
		passed = [amount for amount, outcome in zip(amounts, outcomes, strict=True) if outcome == "submitted"]
		assert exposure(name, f.COMPANY).total == sum(passed) <= 1000, outcomes
		# What was held would have been too much at its turn, so at least at the end.
		refused = [amount for amount, outcome in zip(amounts, outcomes, strict=True) if outcome == "held"]
		assert sum(passed) + min(refused) > 1000, (passed, refused)
		total.update(outcomes)
	tell(f"{number} orders at once, {rounds} rounds: {dict(total)}; exposure never over the limit")


def test_without_the_lock_it_would():
	name = customer(1000)
	frappe.set_user("Administrator")
	# ERPNext's own check does not see it either.
	orders = [f.make_order(name, 400, submit=False) for _ in range(4)]
	frappe.db.commit()
	outcomes = submit_at_once(orders, "unlocked")
	assert exposure(name, f.COMPANY).total > 1000, outcomes


def test_those_who_may_decide_are_notified_of_a_new_hold_once_each_in_their_language():
	from client_ledger import tasks

	frappe.db.set_value("User", MANAGER, "language", "zh")
	order = draft(customer(100), 200)
	hold = held(order)
	frappe.set_user("Administrator")
	frappe.db.delete("Notification Log", {"document_name": hold.name})
	tasks.tell_of_hold(hold.name)
	told = frappe.get_all(
		"Notification Log",
		{"document_type": "Credit Hold", "document_name": hold.name},
		["for_user", "subject"],
	)
	frappe.db.set_value("User", MANAGER, "language", None)
	by_user = {row.for_user: row.subject for row in told}
	assert len(told) == len(by_user)
	assert {CONTROLLER, MANAGER} <= set(by_user) and SELLER not in by_user
	assert "waits for your decision" in by_user[CONTROLLER] and order.name in by_user[CONTROLLER]
	assert "等待您的决定" in by_user[MANAGER]
	release(hold)
	frappe.db.delete("Notification Log", {"document_name": hold.name})
	tasks.tell_of_hold(hold.name)
	assert not frappe.db.exists("Notification Log", {"document_name": hold.name})
	frappe.db.commit()


def test_a_hold_is_written_where_nobody_can_be_notified(monkeypatch):
	from redis.exceptions import ConnectionError as Unreachable

	from client_ledger.site import notify

	asked = []

	def unreachable(method, **arguments):
		asked.append(method)
		raise Unreachable

	monkeypatch.setattr(notify.frappe, "enqueue", unreachable)
	hold = held(draft(customer(100), 200))
	assert hold.status == "On Hold"
	assert "client_ledger.tasks.tell_of_hold" in asked


def test_many_are_released_for_one_reason_and_one_that_is_refused_stops_no_other():
	own, first, second = (
		held(draft(customer(100), 200, user), user) for user in (CONTROLLER, SELLER, SELLER)
	)
	done = held(draft(customer(100), 200))
	release(done)
	frappe.clear_messages()
	frappe.set_user(CONTROLLER)
	names = [own.name, first.name, first.name, done.name, "CH-NONE", second.name]
	rows = credit_api.release_holds(json.dumps(names), "All known", 5)
	assert [(row["name"], row["done"], row["status"]) for row in rows] == [
		(own.name, False, "On Hold"),
		(first.name, True, "Released"),
		(done.name, False, "Released"),
		("CH-NONE", False, ""),
		(second.name, True, "Released"),
	]
	reasons = {row["name"]: row["reason"] for row in rows if not row["done"]}
	assert reasons[own.name].startswith(f"You cannot decide on {own.name}. A Credit Manager")
	assert reasons[done.name] == f"{done.name} is Released; there is no decision pending."
	assert reasons["CH-NONE"] == "It does not exist."
	assert not frappe.get_message_log(), "each is told in its row"
	frappe.db.rollback()
	for hold, until in ((first, 5), (second, 5), (done, 0)):
		hold.reload()
		assert hold.status == "Released" and str(hold.released_until) == add_days(nowdate(), until)
	assert first.decision_reason == "All known" and done.decision_reason == "Known customer"


def test_many_are_rejected_once():
	first, second = (held(draft(customer(100), 200)) for _ in range(2))
	frappe.set_user(CONTROLLER)
	assert [row["done"] for row in credit_api.reject_holds([first.name, second.name], "No")] == [True, True]
	frappe.db.rollback()
	(again,) = credit_api.reject_holds([first.name], "Again")
	assert (again["done"], again["status"]) == (False, "Rejected")
	assert frappe.db.get_value("Credit Hold", first.name, "decision_reason") == "No"
	for names, reason in (([], "No"), ([second.name] * 3, "No"), ([f"CH-{i}" for i in range(101)], "No")):
		if len(names) == 3:
			assert len(credit_api.reject_holds(names, reason)) == 1
		else:
			with pytest.raises(frappe.ValidationError, match="Select at"):
				credit_api.reject_holds(names, reason)
	frappe.set_user(SELLER)
	with pytest.raises(frappe.PermissionError):
		credit_api.release_holds([first.name], "Mine")


def test_a_document_is_released_and_submitted_by_the_one_who_releases_it():
	hold = held(draft(customer(100), 200))
	frappe.set_user(CONTROLLER)
	assert frappe.get_doc("Credit Hold", hold.name).run_method("onload") is None
	answer = credit_api.release_and_submit(hold.name, "Known customer", 3)
	assert answer == {"status": "Submitted", "submitted": True, "reason": ""}
	frappe.db.rollback()
	order = frappe.get_doc("Sales Order", hold.reference_name)
	assert (order.docstatus, order.modified_by) == (1, CONTROLLER)
	with pytest.raises(frappe.PermissionError, match="cannot decide"):
		credit_api.release_and_submit(hold.name, "Again")


def test_what_cannot_be_submitted_stays_released():
	order = draft(customer(100), 200)
	hold = held(order)
	frappe.set_user("Administrator")
	frappe.db.set_value("Customer", order.customer, "disabled", 1)
	frappe.db.commit()
	frappe.clear_messages()
	frappe.set_user(CONTROLLER)
	answer = credit_api.release_and_submit(hold.name, "Known customer")
	assert (answer["status"], answer["submitted"]) == ("Released", False)
	assert "disabled" in answer["reason"] and not frappe.get_message_log()
	frappe.db.rollback()
	assert frappe.db.get_value("Sales Order", order.name, "docstatus") == 0
	assert frappe.db.get_value("Credit Hold", hold.name, ["status", "decided_by"]) == ("Released", CONTROLLER)


def test_only_whoever_may_submit_the_document_releases_and_submits():
	hold = held(draft(customer(100), 200))
	frappe.set_user("Administrator")
	f.make_user("holds.only@example.com", ("Credit Controller",))
	f.make_user("holds.reader@example.com", ("Credit Controller", "Auditor", "Accounts User"))
	frappe.db.commit()
	frappe.set_user("holds.reader@example.com")
	found = frappe.get_doc("Credit Hold", hold.name)
	found.run_method("onload")
	assert (found.get_onload("may_decide"), found.get_onload("may_submit")) == (True, False)
	with pytest.raises(frappe.PermissionError, match="Release it only"):
		credit_api.release_and_submit(hold.name, "Known customer")
	frappe.db.rollback()
	assert frappe.db.get_value("Credit Hold", hold.name, "status") == "On Hold"
