"""A kind of notices of its own, declared in the hook: the outbox decides, sends and follows it without knowing it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import frappe
import pytest

from client_ledger.core.outbox.message import Channel, WithholdReason
from client_ledger.core.outbox.verdict import Verdict
from client_ledger.outbox import api, decisions, delivery, dispatch, kinds, notice_rows, send
from client_ledger.outbox.keys import digest, open_key
from client_ledger.outbox.kinds import NoticeKind
from client_ledger.outbox.moments import aware
from client_ledger.outbox.notice_status import NoticeStatus, Undeliverable
from client_ledger.outbox.outgoing import Letter, Outgoing, Prepared, SendDecision, Unrenderable, Withheld
from client_ledger.site.contacts import read_customers
from client_ledger.site.doctypes import LEDGER_NOTICE
from tests.bench import factories as f
from tests.bench.dunning.setting import COMPANY, ago, at, make_debtor, make_policy, work
from tests.bench.dunning.setting import notice as reminder
from tests.bench.dunning.smtp import flush, html

NAME = "Greeted Ada"
ADDRESS = "greeted_ada@debtor.example"
KIND = "Greeting"
# The moment the rows of the tests are planned and approved.
NOON = at(0, 12)


class Greetings(NoticeKind[Outgoing]):
	"""Says hello. What it hears is kept for the tests; `mood` makes it fail."""

	heard: list[tuple] = []
	mood: str | None = None

	def decide(self, company: str, rows: Sequence[frappe._dict]) -> Iterable[SendDecision]:
		people = read_customers([row.customer for row in rows])
		for row in rows:
			if self.mood == "later":
				yield Withheld(row, Verdict(WithholdReason.HOLIDAY, aware(self.now) + timedelta(days=1)))
			elif self.mood == "never":
				yield Withheld(row, Verdict(WithholdReason.SUPERSEDED))
			elif self.mood == "unrenderable":
				yield Unrenderable(row, ValueError("no words"))
			else:
				yield Outgoing(
					row=row,
					channel=Channel.EMAIL,
					letter=Letter("Hello", f"<p>Hello, {row.customer_name}</p>", "en"),
					day=self.now.date(),
					now=self.now,
					recipient=people[row.customer].addressee.email,
					fields={"level": 0},
				)

	def prepare(self, outgoing: Outgoing) -> Prepared:
		self.heard.append(("prepare", outgoing.row.name))
		if self.mood == "undeliverable":
			raise Undeliverable("Error", "nothing to attach")
		return Prepared({"reason_detail": "with a picture"}, [{"fname": "hello.txt", "fcontent": b"hello"}])

	def follow_through(self, outgoing: Outgoing) -> dict:
		frappe.get_doc({"doctype": "ToDo", "description": f"Greeted {outgoing.row.customer}"}).insert()
		if self.mood == "broken":
			raise RuntimeError("something broke afterwards")
		return {"todo": frappe.get_last_doc("ToDo").name}

	def sent(self, row: frappe._dict, on: date) -> None:
		self.heard.append(("sent", row.name, on))

	def returned(self, row: frappe._dict) -> None:
		self.heard.append(("returned", row.name))

	def rest_days(self, row: frappe._dict) -> int:
		return 30

	def preview(self, row: frappe._dict) -> dict:
		return {"subject": "Hello", "message": f"<p>Hello, {row.customer_name}</p>"}

	@classmethod
	def recipient_key(cls, row: dict) -> tuple[str, ...]:
		return KIND, row["customer"], row["company"]


@pytest.fixture(autouse=True)
def greetings(monkeypatch) -> type[Greetings]:
	"""The kind, declared as an app's hooks.py would."""
	hooks = frappe.get_hooks

	def with_greetings(hook=None, *arguments, **keywords):
		found = hooks(hook, *arguments, **keywords)
		return {**found, KIND: [f"{__name__}.Greetings"]} if hook == kinds.HOOK else found

	monkeypatch.setattr(frappe, "get_hooks", with_greetings)
	# The tests are no installed app, whose names alone Frappe looks up.
	get_attr, path = frappe.get_attr, f"{__name__}.Greetings"
	monkeypatch.setattr(frappe, "get_attr", lambda name: Greetings if name == path else get_attr(name))
	Greetings.heard, Greetings.mood = [], None
	return Greetings


@pytest.fixture
def customer(mailbox):
	return make_debtor(NAME, language="en")


def plan(customer: str = NAME, key: str = "once", moment: datetime = NOON) -> set[str]:
	"""Plan a greeting, approved."""
	party = {"customer": customer, "company": COMPANY, "currency": "USD"}
	row = {
		**party,
		"name": frappe.generate_hash(length=10),
		"customer_name": customer,
		"kind": KIND,
		"status": NoticeStatus.APPROVED.value,
		"step_name": "Greeting",
		"channel": Channel.EMAIL.value,
		"as_of": moment.date(),
		"planned_on": moment,
		"approved_on": moment,
		"notice_key": digest(f"{KIND}|{key}"),
		"open_key": open_key(Greetings.recipient_key(party)),
	}
	return notice_rows.insert([row])


def stored() -> frappe._dict:
	(name,) = frappe.get_all(LEDGER_NOTICE, {"kind": KIND}, pluck="name")
	return frappe.get_doc(LEDGER_NOTICE, name)


def test_it_is_sent_once_and_hears_that_it_arrived(customer, mailbox):
	(name,) = plan()
	assert plan() == plan(key="another while this one is open") == set()
	dispatch.send_range(send.due_names(NOON), str(NOON))
	assert (stored().status, stored().reason_detail) == ("Sending", "with a picture")
	dispatch.send_range(send.due_names(NOON), str(NOON))
	flush()
	delivery.update_delivery_status(at(0, 13))
	row = stored()
	assert (row.status, row.open_key, row.recipients, row.subject) == ("Sent", None, ADDRESS, "Hello")
	assert frappe.db.get_value("ToDo", row.todo, "description") == f"Greeted {NAME}"
	(message,) = mailbox.to(ADDRESS)
	assert f"Hello, {NAME}" in html(message)
	assert [part.get_filename() for part in message.iter_attachments()] == ["hello.txt"]
	assert Greetings.heard == [("prepare", name), ("sent", name, NOON.date())]
	timeline = frappe.get_doc("Communication", row.communication)
	assert (timeline.reference_name, timeline.subject) == (NAME, "Hello")
	assert plan() == set() and plan(key="another")


def test_it_hears_that_it_came_back(customer, mailbox):
	(name,) = plan()
	send.send([name], NOON)
	flush()
	delivery.update_delivery_status(at(0, 13))
	frappe.db.set_value("Communication", stored().communication, "delivery_status", "Bounced")
	delivery.update_delivery_status(at(0, 14))
	row = stored()
	assert (row.status, row.reason) == ("Failed", "Bounced") and row.open_key and row.next_attempt
	assert Greetings.heard[-1] == ("returned", name)


@pytest.mark.parametrize(
	("mood", "status", "reason", "open_again"),
	[
		("later", "Deferred", "Holiday", True),
		("never", "Skipped", "Superseded", False),
		("unrenderable", "Failed", "Error", True),
		("undeliverable", "Failed", "Error", True),
		("broken", "Failed", "Error", True),
	],
)
def test_what_it_decides_is_written(customer, mailbox, greetings, mood, status, reason, open_again):
	greetings.mood = mood
	(name,) = plan()
	outcome = send.send([name], NOON)
	assert {"Deferred": outcome.deferred, "Skipped": outcome.skipped, "Failed": outcome.failed}[status] == [
		name
	]
	row = stored()
	assert (row.status, row.reason, bool(row.open_key)) == (status, reason, open_again)
	# Whatever broke, and however late: nothing of it goes out, and nothing it made stays.
	flush()
	assert not mailbox.received and not frappe.db.exists("ToDo", {"description": f"Greeted {NAME}"})
	greetings.mood = None
	send.send(send.due_names(at(1, 13)), at(1, 13))
	flush()
	assert len(mailbox.received) == (0 if mood == "never" else 1)


def test_people_decide_about_it_as_about_any(customer, mailbox):
	(name,) = plan()
	assert api.notice_message(name)["message"] == f"<p>Hello, {NAME}</p>"
	assert decisions.reject([name], "not today", NOON) == [name]
	row = stored()
	assert (row.status, row.open_key) == ("Cancelled", None)
	assert (row.deferred_until.date() - NOON.date()).days == 30


def test_dunning_goes_on_beside_it(customer, mailbox):
	invoice = f.make_invoice(NAME, 200, ago(40), due_date=ago(10))
	make_policy(customers=[NAME])
	plan()
	work(0, 12)
	assert stored().status == reminder(NAME, kind="Reminder").status == "Sending"
	flush()
	work(0, 13)
	assert sorted(message["Subject"] for message in mailbox.to(ADDRESS))[0] == "Hello"
	assert len(mailbox.to(ADDRESS)) == 2
	assert reminder(NAME, kind="Reminder").items[0].voucher_no == invoice.name


def test_a_kind_nobody_declared_is_an_error_on_its_row(customer, mailbox, monkeypatch):
	(name,) = plan()
	frappe.db.set_value(LEDGER_NOTICE, name, "kind", "Unheard Of")
	assert send.send([name], NOON).failed == [name]
	assert "Unheard Of" in frappe.db.get_value(LEDGER_NOTICE, name, "reason_detail")
