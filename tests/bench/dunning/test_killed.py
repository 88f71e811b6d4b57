"""Killed at each stage (a real process, a real SIGKILL, real commits): nothing is lost, nothing goes out twice."""

import multiprocessing
from datetime import timedelta

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from client_ledger.dunning import runs
from client_ledger.outbox import decisions, delivery
from client_ledger.site import contacts
from client_ledger.site.doctypes import LEDGER_NOTICE
from tests.bench import factories as f
from tests.bench.dunning import killed
from tests.bench.dunning.setting import ago, at, make_debtor, make_policy, notice
from tests.bench.dunning.smtp import Mailbox, mail_server, use

STAGES = ("while_planning", "after_planning", "while_sending", "between_batches")
CUSTOMERS = 4


@pytest.fixture(scope="module")
def mailbox(scratch_site, kept_schema):
	"""A mailbox the scratch site sends to, for good."""
	with mail_server() as found:
		frappe.db.set_value("Dunning Policy", {"mode": ("!=", "Off")}, "mode", "Off")
		f.make_company()
		use(found)
		frappe.db.set_single_value("Dunning Settings", "messages_per_commit", 1)
		frappe.db.set_single_value("Dunning Settings", "customers_per_job", 2)
		frappe.db.commit()
		yield found


@pytest.fixture
def debtors(request, mailbox: Mailbox):
	"""Customers of this test alone, each with something overdue, and a policy for them."""
	title = request.node.name.replace("[", " ").replace("]", "")
	names = [f"{title} {i}" for i in range(CUSTOMERS)]
	frappe.db.delete("Dunning Run")
	for name in names:
		make_debtor(name)
		f.make_invoice(name, 100, ago(40), due_date=ago(10))
	make_policy(title, customers=names)
	frappe.db.commit()
	mailbox.reset()
	yield names
	frappe.db.set_value("Dunning Policy", title, "mode", "Off")
	frappe.db.commit()


def process(stage: str, moment) -> int:
	"""Work an hour in a process of its own; return its exit code."""
	frappe.db.commit()
	code = finish(killed.start(frappe.local.site, stage, str(moment)))
	frappe.db.commit()
	assert code in (0, -9)
	return code


def finish(worker: multiprocessing.Process) -> int:
	"""Return the exit code of a process when it has ended, or fail after four minutes."""
	worker.join(timeout=240)
	assert worker.exitcode is not None, "it does not end"
	return worker.exitcode


def hours_pass() -> None:
	"""Have runs that are being planned have begun three hours earlier: one whose worker died is taken up after two."""
	for run in frappe.get_all("Dunning Run", {"status": "Planning"}, ["name", "started_on"]):
		earlier = add_to_date(run.started_on, hours=-3)
		frappe.db.set_value("Dunning Run", run.name, "started_on", earlier, update_modified=False)
	frappe.db.commit()


def arrivals(mailbox: Mailbox, names: list[str]) -> dict[str, int]:
	return {name: len(mailbox.to(f"{frappe.scrub(name)}@debtor.example")) for name in names}


@pytest.mark.parametrize("stage", STAGES)
def test_killed_at_a_stage_and_started_again(stage, debtors, mailbox):
	assert process(stage, at(0, 9)) == -9
	hours_pass()
	for hour in (12, 13, 14):
		assert process("none", at(0, hour)) == 0
	assert arrivals(mailbox, debtors) == dict.fromkeys(debtors, 1)
	assert {notice(name).status for name in debtors} == {"Sent"}


@pytest.mark.parametrize("stage", ["claimed", "before_smtp", "decided", "arrived", "noted"])
def test_killed_around_a_mail(stage, debtors, mailbox):
	"""Before it leaves, or after its answer is noted: it is sent, once."""
	assert process(stage, at(0, 9)) == -9
	for hour in (10, 14):
		a_quarter_of_an_hour_passes()
		assert process("none", at(0, hour)) == 0
	assert arrivals(mailbox, debtors) == dict.fromkeys(debtors, 1)
	assert process("none", at(0, 20)) == 0
	assert arrivals(mailbox, debtors) == dict.fromkeys(debtors, 1)
	assert {notice(name).status for name in debtors} == {"Sent"}


@pytest.mark.parametrize(("stage", "arrived"), [("data_noted", 0), ("in_smtp", 1)])
def test_killed_while_a_mail_leaves(stage, arrived, debtors, mailbox):
	"""It is in doubt and never goes again by itself."""
	assert process(stage, at(0, 9)) == -9
	for hour in (10, 14, 18):
		a_quarter_of_an_hour_passes()
		assert process("none", at(0, hour)) == 0
	(row,) = (notice(name) for name in debtors if notice(name).status != "Sent")
	assert (row.status, row.reason, row.next_attempt) == ("Failed", "Delivery Unknown", None)
	assert arrivals(mailbox, debtors) == dict.fromkeys(debtors, 1) | {row.customer: arrived}
	if arrived:
		# Its Message-ID names the notice and the attempt, which the mail server's log can be searched for.
		(message,) = mailbox.to(f"{frappe.scrub(row.customer)}@debtor.example")
		assert message["Message-Id"].startswith(f"<{row.name}.0@")
		assert decisions.confirm_arrived([row.name]) == [row.name]
	else:
		assert decisions.try_again([row.name]) == [row.name]
	assert process("none", at(0, 20)) == 0
	assert process("none", at(1, 9)) == 0
	assert arrivals(mailbox, debtors) == dict.fromkeys(debtors, 1)
	assert {notice(name).status for name in debtors} == {"Sent"}


def test_killed_and_nobody_noticed(debtors, mailbox):
	"""After an hour it is in doubt, also where Frappe does not look at its queue again."""
	assert process("in_smtp", at(0, 9)) == -9
	row = frappe.get_doc(
		LEDGER_NOTICE, {"customer": ("in", debtors), "data_on": ("is", "set"), "status": "Sending"}
	)
	delivery.update_delivery_status(row.data_on + timedelta(minutes=59))
	assert notice(row.customer).status == "Sending"
	delivery.update_delivery_status(row.data_on + timedelta(minutes=61))
	assert notice(row.customer).reason == "Delivery Unknown"


def test_killed_after_withdrawal(debtors, mailbox):
	"""Before the row of the queue is ended for good: what was withdrawn stays so."""
	assert process("queue_only", at(0, 9)) == 0
	for name in debtors:
		invoice = frappe.get_doc("Sales Invoice", {"customer": name})
		f.make_payment(name, 100, ago(0), against=[(invoice, 100)])
	frappe.db.commit()
	# Each dies at the first mail that it withdraws, until there is none left.
	deaths = 0
	while code := finish(killed.start(frappe.local.site, "withdrawn")):
		assert code == -9
		deaths += 1
		frappe.db.commit()
		a_quarter_of_an_hour_passes()
	frappe.db.commit()
	assert deaths >= CUSTOMERS and not mailbox.received
	rows = frappe.get_all(LEDGER_NOTICE, {"customer": ("in", debtors)}, ["status", "reason", "name"])
	assert {(row.status, row.reason) for row in rows} == {("Skipped", "Paid")}
	queued = frappe.get_all(
		"Email Queue", {"reference_name": ("in", [row.name for row in rows])}, ["status", "error"]
	)
	assert {row.status for row in queued} == {"Error"} and len(queued) == CUSTOMERS


def a_quarter_of_an_hour_passes() -> None:
	"""Have Frappe find what a dead worker left behind in its queue."""
	earlier = add_to_date(now_datetime(), minutes=-20)
	for name in frappe.get_all("Email Queue", {"status": "Sending"}, pluck="name"):
		frappe.db.set_value("Email Queue", name, "modified", earlier, update_modified=False)
	frappe.db.commit()


def test_a_customer_that_cannot_be_planned_stops_no_other(debtors, mailbox, monkeypatch):
	broken, *others = debtors
	read = contacts.read_customers

	def reads(customers):
		if broken in customers:
			raise RuntimeError("a record is broken")
		return read(customers)

	monkeypatch.setattr(contacts, "read_customers", reads)
	runs.work(at(0, 9), in_process=True)
	assert {notice(name).status for name in others} == {"Sending"}
	assert not frappe.db.exists(LEDGER_NOTICE, {"customer": broken})
	assert frappe.db.exists("Error Log", {"method": f"Dunning not planned: {broken}"})
	errors = frappe.get_all("Dunning Run", {"error": ("is", "set")}, pluck="error")
	assert errors == [f"{broken}: RuntimeError: a record is broken"]


def test_two_processes_at_once(debtors, mailbox):
	frappe.db.commit()
	workers = [killed.start(frappe.local.site, "queue_only", str(at(0, 9))) for _worker in range(2)]
	assert [finish(worker) for worker in workers] == [0, 0]
	queued = frappe.get_all(LEDGER_NOTICE, {"customer": ("in", debtors)}, pluck="email_queue")
	states = frappe.get_all(LEDGER_NOTICE, {"customer": ("in", debtors)}, ["customer", "status", "reason"])
	errors = frappe.get_all("Error Log", ["method", "error"], order_by="creation desc", limit=3)
	assert len(set(filter(None, queued))) == CUSTOMERS, (states, errors)
	mailbox.delay = 0.2
	senders = [killed.start(frappe.local.site, "none") for _worker in range(3)]
	assert [finish(sender) for sender in senders] == [0, 0, 0]
	mailbox.delay = 0
	assert arrivals(mailbox, debtors) == dict.fromkeys(debtors, 1)
	frappe.db.commit()
	assert {notice(name).status for name in debtors} == {"Sent"}
	assert frappe.db.count(LEDGER_NOTICE, {"customer": ("in", debtors)}) == CUSTOMERS
