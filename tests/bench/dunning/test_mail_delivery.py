"""A mail on its way from the Email Queue to the mail server: one copy whatever goes wrong, and only what may still go out."""

from email import message_from_bytes
from types import SimpleNamespace

import frappe
import pytest
import requests
from frappe.email.doctype.email_queue.email_queue import EmailQueue
from frappe.email.queue import retry_sending_emails
from frappe.utils import add_days, getdate, now_datetime, nowdate
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError

from client_ledger.archive.files import path_of
from client_ledger.outbox import decisions, delivery, mail_delivery
from client_ledger.outbox.channels.transmission import is_refusal
from client_ledger.overrides.email_queue import NoticeMails
from client_ledger.patches.v0_2 import note_mails_in_transit
from tests.bench import factories as f
from tests.bench.accounts import account
from tests.bench.collections.setting import on, refreshed
from tests.bench.dunning import smtp
from tests.bench.dunning.setting import ago, at, log_call, make_debtor, make_policy, notice, notices, work
from tests.bench.dunning.smtp import ACCOUNT, flush, html
from tests.bench.dunning.test_formal import kind  # noqa: F401

pytestmark = pytest.mark.every_version

NAME = "Delivered Ada"
ADDRESS = "delivered_ada@debtor.example"
COPY, OTHER_COPY = "copy@lantern.example", "other.copy@lantern.example"


@pytest.fixture
def invoice():
	make_debtor(NAME, language="en")
	return f.make_invoice(NAME, 200, ago(40), due_date=ago(10))


@pytest.fixture
def queued(invoice, mailbox):
	"""The notice, handed over this morning."""
	make_policy(customers=[NAME])
	work()
	return notice(NAME)


def queue_row(name: str) -> "frappe._dict":
	return frappe.db.get_value(
		"Email Queue", name, ["status", "error", "retry", "communication"], as_dict=True
	)


def pay(invoice, amount: float = 200) -> None:
	f.make_payment(NAME, amount, nowdate(), against=[(invoice, amount)])


def block(**fields):
	row = {"doctype": "Dunning Block", "customer": NAME, "from_date": ago(1), "reason": "Goodwill", **fields}
	return frappe.get_doc(row).insert()


def once(fault: str, address: str = ADDRESS):
	"""Return a fault of the first message to an address only."""
	left = [fault]
	return lambda to: left.pop() if to == address and left else None


# --- the mail server ---


def test_a_lost_answer_leaves_one_copy_and_a_doubt(queued, mailbox):
	mailbox.fault = lambda address: smtp.LOST
	flush()
	row = notice(NAME)
	assert (row.status, row.reason, row.next_attempt) == ("Failed", "Delivery Unknown", None)
	assert row.open_key and row.data_on
	assert (queue_row(row.email_queue).status, row.name in queue_row(row.email_queue).error) == (
		"Error",
		True,
	)
	for hour in range(11, 21):
		work(0, hour)
		retry_sending_emails()
		flush()
	# An administrator tries again, from the list and from the form.
	frappe.db.set_value("Email Queue", row.email_queue, "status", "Not Sent")
	flush()
	frappe.db.set_value("Email Queue", row.email_queue, "status", "Not Sent")
	send_now(row.email_queue)
	assert len(mailbox.to(ADDRESS)) == 1 and queue_row(row.email_queue).status == "Error"
	assert decisions.confirm_arrived([row.name]) == [row.name]
	assert delivery.update_delivery_status(at(1, 9)) == {"sent": 0, "failed": 0}
	assert (notice(NAME).status, str(notice(NAME).contact_on)) == ("Sent", nowdate())


def send_now(queue: str) -> None:
	from frappe.email.doctype.email_queue.email_queue import send_now

	frappe.flags.mute_emails, frappe.flags.testing_email = False, True
	try:
		send_now(queue, force_send=True)
	finally:
		frappe.flags.mute_emails, frappe.flags.testing_email = True, False


@pytest.mark.parametrize("fault", [smtp.GREYLISTED, smtp.REFUSED, smtp.CUT_BEFORE, smtp.UNKNOWN_RECIPIENT])
def test_what_was_certainly_refused_is_tried_again_as_the_same_message(fault, queued, mailbox):
	mailbox.fault = once(fault)
	flush()
	row = notice(NAME)
	assert (row.status, row.data_on, queue_row(row.email_queue).status) == ("Sending", None, "Not Sent")
	assert not mailbox.received
	flush()
	flush()
	(message,) = mailbox.to(ADDRESS)
	assert message["Message-Id"].startswith(f"<{row.name}.0@")
	assert (notice(NAME).status, queue_row(row.email_queue).status) == ("Sent", "Sent")


def test_only_the_last_refusal_is_a_failure(queued, mailbox):
	mailbox.fault = lambda address: smtp.GREYLISTED
	for _attempt in range(3):
		flush()
		delivery.update_delivery_status(at(0, 11))
		assert notice(NAME).status == "Sending"
	flush()
	delivery.update_delivery_status(at(0, 12))
	row = notice(NAME)
	assert (row.status, row.reason) == ("Failed", "Delivery Failed") and row.next_attempt
	# What reached nobody is no contact either.
	mailbox.fault = smtp.no_fault
	frappe.db.set_value("Dunning Policy", "Test Policy", {"budget_contacts": 1, "budget_days": 7})
	frappe.clear_document_cache("Dunning Policy", "Test Policy")
	work(0, 14)
	flush()
	(message,) = mailbox.to(ADDRESS)
	assert message["Message-Id"].startswith(f"<{row.name}.1@")


def test_cut_within_the_content_it_is_in_doubt(queued, mailbox):
	mailbox.fault = once(smtp.CUT_WITHIN)
	flush()
	flush()
	assert notice(NAME).reason == "Delivery Unknown" and not mailbox.received


def test_one_fault_keeps_no_other_mail_of_the_queue_from_going_out(invoice, mailbox):
	names = [NAME, *(f"Delivered {letter}" for letter in "BCDEF")]
	for name in names[1:]:
		make_debtor(name)
		f.make_invoice(name, 70, ago(40), due_date=ago(10))
	make_policy(customers=names)
	work()
	mailbox.fault = once(smtp.CUT_WITHIN)
	flush()
	assert len(mailbox.received) == 5
	assert [notice(name).status for name in names] == ["Failed", *["Sent"] * 5]


@pytest.mark.parametrize("fault", smtp.FAULTS)
def test_whatever_becomes_of_a_copy_the_customer_gets_one(fault, invoice, mailbox):
	make_policy(customers=[NAME], steps=[{"days": 3, "cc": COPY}])
	work()
	mailbox.fault = lambda address: fault if address == COPY else None
	for hour in range(11, 18):
		flush()
		work(0, hour)
	assert len(mailbox.to(ADDRESS)) == 1 and len(mailbox.to(COPY)) == (fault in (smtp.LOST, smtp.SLOW))
	row = notice(NAME)
	assert row.status == "Sent"
	# A mail server that refuses a copy for good is no bounce of the customer's.
	refused_for_good = fault in (smtp.GREYLISTED, smtp.UNKNOWN_RECIPIENT, smtp.REFUSED, smtp.CUT_BEFORE)
	assert queue_row(row.email_queue).status == ("Error" if refused_for_good else "Sent")


def test_a_copy_refused_once_follows(invoice, mailbox):
	make_policy(customers=[NAME], steps=[{"days": 3, "cc": COPY}])
	work()
	mailbox.fault = once(smtp.GREYLISTED, COPY)
	flush()
	assert (notice(NAME).status, len(mailbox.received)) == ("Sent", 1)
	flush()
	flush()
	assert (len(mailbox.to(ADDRESS)), len(mailbox.to(COPY))) == (1, 1)
	assert queue_row(notice(NAME).email_queue).status == "Sent"


def test_a_second_worker_that_comes_late_sends_nothing(queued, mailbox, monkeypatch):
	"""One hangs before it has connected for so long that Frappe gives its row to another."""
	row = queued
	first = frappe.get_doc("Email Queue", row.email_queue)
	begin = mail_delivery.MailDelivery.begin

	def other_worker_first(self, recipient, message=None):
		monkeypatch.setattr(mail_delivery.MailDelivery, "begin", begin)
		frappe.db.set_value("Email Queue", row.email_queue, "status", "Not Sent")
		# A connection of its own.
		frappe.clear_document_cache("Email Account", ACCOUNT)
		flush()
		frappe.flags.mute_emails, frappe.flags.testing_email = False, True
		begin(self, recipient, message)

	monkeypatch.setattr(mail_delivery.MailDelivery, "begin", other_worker_first)
	frappe.flags.mute_emails, frappe.flags.testing_email = False, True
	first.send()
	frappe.flags.mute_emails, frappe.flags.testing_email = True, False
	flush()
	assert len(mailbox.to(ADDRESS)) == 1
	assert (notice(NAME).status, queue_row(row.email_queue).status) == ("Sent", "Sent")


def keep_transaction(monkeypatch) -> None:
	"""Have nothing roll the test's transaction back."""
	rollback = frappe.db.rollback
	monkeypatch.setattr(
		frappe.db, "rollback", lambda save_point=None: save_point and rollback(save_point=save_point)
	)


def test_a_deadlock_is_tried_again_and_sends_once(queued, mailbox, monkeypatch):
	mark, decide = mail_delivery.mark_sent, mail_delivery.MailDelivery._decide
	failures = {"mark": 2, "decide": 2}

	def deadlocked(what, function):
		def wrapped(*arguments):
			if failures[what]:
				failures[what] -= 1
				raise frappe.QueryDeadlockError
			return function(*arguments)

		return wrapped

	keep_transaction(monkeypatch)
	monkeypatch.setattr(mail_delivery, "mark_sent", deadlocked("mark", mark))
	monkeypatch.setattr(mail_delivery.MailDelivery, "_decide", deadlocked("decide", decide))
	flush()
	monkeypatch.undo()
	assert failures == {"mark": 0, "decide": 0}
	assert (notice(NAME).status, len(mailbox.to(ADDRESS))) == ("Sent", 1)


def test_what_cannot_be_noted_is_logged_and_noted_by_the_hour(queued, mailbox, monkeypatch):
	def broken(*arguments):
		raise RuntimeError("not now")

	keep_transaction(monkeypatch)
	monkeypatch.setattr(mail_delivery, "mark_sent", broken)
	flush()
	monkeypatch.undo()
	assert notice(NAME).status == "Sending"
	assert frappe.db.exists("Error Log", {"method": mail_delivery.NOT_NOTED})
	flush()
	assert delivery.update_delivery_status(at(0, 13)) == {"sent": 1, "failed": 0}
	assert (notice(NAME).status, len(mailbox.to(ADDRESS))) == ("Sent", 1)


def let_another_app_send(monkeypatch, sends) -> None:
	"""Have *sends* stand for the hook `override_email_send` of an app on the site."""
	module = "frappe.email.doctype.email_queue.email_queue"
	monkeypatch.setattr(f"{module}.get_hook_method", lambda name: sends)
	monkeypatch.setattr(mail_delivery, "get_hook_method", lambda name: sends)


def test_where_another_app_sends_mails_its_failure_is_a_doubt(queued, mailbox, monkeypatch):
	calls = []

	def sends(queue, sender, recipient, message):
		calls.append(recipient)
		raise RuntimeError("no answer")

	let_another_app_send(monkeypatch, sends)
	for _flush in range(3):
		flush()
	assert calls == [ADDRESS] and notice(NAME).reason == "Delivery Unknown"


def test_where_another_app_sends_mails_a_copy_goes_once_too(invoice, mailbox, monkeypatch):
	make_policy(steps=[{"days": 3, "cc": f"{COPY}, {OTHER_COPY}"}], customers=[NAME])
	work()
	calls, claimed = [], []

	def sends(queue, sender, recipient, message):
		calls.append(recipient)
		sent = {"parent": queue.name, "status": "Sent"}
		claimed.append(set(frappe.get_all("Email Queue Recipient", sent, pluck="recipient")))
		if recipient == COPY:
			raise RuntimeError("no answer")

	let_another_app_send(monkeypatch, sends)
	for _flush in range(3):
		flush()
	assert calls == [ADDRESS, COPY, OTHER_COPY] and notice(NAME).status == "Sent"
	# Claimed before it is handed over: a worker that dies meanwhile sends it no second time.
	assert claimed == [set(), {ADDRESS, COPY}, {ADDRESS, COPY, OTHER_COPY}]
	assert queue_row(notice(NAME).email_queue).status == "Sent"


@pytest.mark.skipif(frappe.__version__.startswith("15."), reason="Frappe Mail came with version 16")
@pytest.mark.parametrize(
	("error", "calls", "reason"),
	[
		(None, 1, None),
		(requests.ReadTimeout("no answer"), 1, "Delivery Unknown"),
		(requests.ConnectTimeout("not reached"), 4, "Delivery Failed"),
	],
)
def test_frappe_mail(queued, mailbox, monkeypatch, error, calls, reason):
	sent = []

	def send_raw(**message):
		sent.append(message["recipients"])
		if error:
			raise error

	# Frappe's service, which is beyond the tests' reach.
	monkeypatch.setattr(
		type(frappe.get_doc("Email Account", ACCOUNT)),
		"get_frappe_mail_client",
		lambda account: SimpleNamespace(send_raw=send_raw),
	)
	frappe.db.set_value("Email Account", ACCOUNT, "service", "Frappe Mail")
	frappe.clear_document_cache("Email Account", ACCOUNT)
	for _flush in range(5):
		flush()
	delivery.update_delivery_status(at(0, 12))
	row = notice(NAME)
	assert sent == [ADDRESS] * calls
	assert (row.status, row.reason) == ("Failed" if reason else "Sent", reason)


def http_error(status: int) -> requests.HTTPError:
	response = requests.Response()
	response.status_code = status
	return requests.HTTPError("no", response=response)


@pytest.mark.parametrize(
	("error", "refusal"),
	[
		(http_error(401), True),
		(http_error(500), True),
		(http_error(503), True),
		(http_error(502), False),
		(http_error(504), False),
		(requests.ConnectTimeout(), True),
		(requests.ReadTimeout(), False),
		(requests.ConnectionError(ProtocolError("Connection aborted")), False),
		(requests.ConnectionError(MaxRetryError(None, "/", NewConnectionError(None, "refused"))), True),
		(ValueError("no JSON"), False),
	],
)
def test_which_errors_of_a_request_say_that_it_was_not_carried_out(error, refusal):
	assert is_refusal(error) is refusal


def test_mails_of_others_are_sent_as_ever(mailbox):
	assert issubclass(type(frappe.new_doc("Email Queue")), NoticeMails)
	# Mails that other tests left would fail with it, and Frappe gives up where many do.
	frappe.db.delete("Email Queue", {"status": ("in", ("Not Sent", "Partially Sent"))})
	frappe.sendmail(["someone@lantern.example"], subject="Not of the ledger", message="Hello")
	name = frappe.db.get_value("Email Queue Recipient", {"recipient": "someone@lantern.example"}, "parent")
	assert isinstance(frappe.get_doc("Email Queue", name), EmailQueue)
	mailbox.fault = lambda address: smtp.GREYLISTED
	flush()
	state = ["status", "retry", "error"]
	failed = frappe.db.get_value("Email Queue", name, state)
	assert failed[:2] == ("Not Sent", 1), failed
	mailbox.fault = smtp.no_fault
	flush()
	assert len(mailbox.to("someone@lantern.example")) == 1, frappe.db.get_value("Email Queue", name, state)


def test_a_mail_that_was_being_sent_during_an_update_is_in_doubt(queued, mailbox):
	note_mails_in_transit.execute()
	assert notice(NAME).data_on is None
	frappe.db.set_value("Email Queue", queued.email_queue, "status", "Sending")
	note_mails_in_transit.execute()
	frappe.db.set_value("Email Queue", queued.email_queue, "status", "Not Sent")
	flush()
	assert notice(NAME).reason == "Delivery Unknown" and not mailbox.received


# --- decided once more ---


def test_who_has_paid_since_gets_nothing(queued, invoice, mailbox):
	pay(invoice)
	flush()
	row = notice(NAME)
	assert not mailbox.received
	assert (row.status, row.reason, row.open_key, row.taken_back) == ("Skipped", "Paid", None, 1)
	assert (row.message, row.recipients, row.sending_on, row.contact_on) == (None, None, None, None)
	ended = queue_row(queued.email_queue)
	assert (ended.status, ended.communication) == ("Error", None) and "Paid" in ended.error
	assert not frappe.db.exists("Communication", queued.communication)
	assert not frappe.db.exists("Error Log", {"reference_name": queued.email_queue})
	for hour in range(11, 15):
		frappe.db.set_value("Email Queue", queued.email_queue, "status", "Not Sent")
		flush()
		work(0, hour)
	assert not mailbox.received and queue_row(queued.email_queue).status == "Error"


def test_who_is_blocked_since_gets_it_when_the_block_is_over(queued, mailbox):
	block(until=add_days(nowdate(), 2))
	flush()
	row = notice(NAME)
	assert (row.status, row.reason) == ("Deferred", "Dunning Blocked") and row.approved_on and row.open_key
	work(1)
	flush()
	assert not mailbox.received
	work(3, 11)
	flush()
	(message,) = mailbox.to(ADDRESS)
	assert message["Message-Id"].startswith(f"<{row.name}.1@")
	assert (notice(NAME).status, str(notice(NAME).contact_on)) == ("Sent", add_days(nowdate(), 3))


def test_who_has_promised_since_gets_nothing_before_that_day(queued, mailbox):
	block(reason="Promise to Pay", until=add_days(nowdate(), 4))
	flush()
	assert not mailbox.received and notice(NAME).reason == "Promised"


def test_what_was_paid_in_part_goes_out_anew_with_what_is_left(queued, invoice, mailbox):
	pay(invoice, 150)
	flush()
	row = notice(NAME)
	assert not mailbox.received and (row.status, row.reason, row.taken_back) == ("Approved", None, 1)
	work(0, 12)
	flush()
	(message,) = mailbox.to(ADDRESS)
	assert "50.00" in html(message) and "200.00" not in html(message)
	assert message["Message-Id"].startswith(f"<{row.name}.1@")
	assert (notice(NAME).status, notice(NAME).total) == ("Sent", 50)


def test_a_new_address_gets_it(queued, mailbox):
	contact = frappe.get_doc("Contact", {"first_name": f"Contact of {NAME}"})
	contact.email_ids[0].email_id = "moved@debtor.example"
	contact.save()
	flush()
	work(0, 12)
	flush()
	assert [recipients for recipients, _message in mailbox.received] == [["moved@debtor.example"]]


def test_stopped_for_the_whole_site_or_switched_off(queued, mailbox):
	frappe.db.set_single_value("Dunning Settings", "paused", 1)
	flush()
	assert (notice(NAME).status, notice(NAME).reason) == ("Deferred", "Dunning Paused")
	frappe.db.set_single_value("Dunning Settings", "paused", 0)
	work(1, 12)
	make_policy(customers=[NAME], mode="Off")
	flush()
	assert (notice(NAME).status, notice(NAME).reason) == ("Skipped", "Superseded")
	assert not mailbox.received


def test_its_own_hand_over_is_no_contact_and_another_one_is(invoice, mailbox):
	make_policy(customers=[NAME], budget_contacts=1, budget_days=7)
	work()
	log_call(NAME, now_datetime())
	flush()
	assert (notice(NAME).status, notice(NAME).reason) == ("Deferred", "Contact Limit")
	frappe.db.delete("Communication", {"subject": "Called about an order"})
	work(8)
	flush()
	assert notice(NAME).status == "Sent" and len(mailbox.received) == 1


def test_a_letter_that_cannot_be_written_any_more_fails(queued, mailbox):
	template = frappe.get_doc("Dunning Policy", "Test Policy").steps[0].email_template
	frappe.db.set_value("Email Template", template, {"use_html": 1, "response_html": "{{ 1 // 0 }}"})
	frappe.clear_document_cache("Email Template", template)
	flush()
	row = notice(NAME)
	assert not mailbox.received and (row.status, row.reason) == ("Failed", "Error")
	assert "zero" in row.reason_detail and row.next_attempt


def test_what_a_step_did_is_undone_and_done_again(kind, invoice, mailbox, assets):  # noqa: F811
	refreshed(NAME)
	step = {
		"days": 3,
		"formal": 1,
		"dunning_type": kind.name,
		"follow_up": 1,
		"escalate_to": "Accounts Manager",
		"stage": "Dunning",
		"hold": 1,
	}
	make_policy(customers=[NAME], steps=[step])
	work()
	before = notice(NAME)
	assert before.dunning and before.follow_up and before.holds and account(NAME).stage == "Dunning"
	blocked = block()
	flush()
	row = notice(NAME)
	assert (row.status, row.dunning, row.follow_up, row.holds) == ("Skipped", None, None, 0)
	assert frappe.db.get_value("Dunning", before.dunning, "docstatus") == 2
	assert frappe.db.get_value("Follow Up", before.follow_up, "workflow_state") == "Cancelled"
	assert tasks(row.name) == {"Cancelled"}
	assert account(NAME).stage in (None, "", "Normal")
	blocked.lifted = 1
	blocked.save()
	work(0, 12)
	again = notice(NAME)
	assert again.dunning not in (None, before.dunning) and again.follow_up not in (None, before.follow_up)
	assert again.holds and account(NAME).stage == "Dunning"
	assert tasks(row.name) == {"Cancelled", "Open"}
	flush()
	assert len(mailbox.to(ADDRESS)) == 1 and notice(NAME).status == "Sent"


def tasks(name: str) -> set[str]:
	return set(
		frappe.get_all("ToDo", {"reference_type": "Ledger Notice", "reference_name": name}, pluck="status")
	)


# --- when it arrived ---


def test_intervals_and_contacts_count_from_the_arrival(invoice, mailbox):
	make_policy(customers=[NAME], budget_contacts=1, budget_days=7)
	work()
	late = add_days(nowdate(), 3)
	with on(late, 15):
		flush()
	row = notice(NAME)
	assert (row.status, str(row.contact_on), str(getdate(row.sent_on))) == ("Sent", late, late)
	assert str(getdate(frappe.db.get_value("Communication", row.communication, "communication_date"))) == late
	assert mail_of(row).startswith(f"<{row.name}.0@")
	# Seven days after it arrived, not after it was handed over.
	work(8)
	assert len(notices(NAME)) == 1
	work(10)
	assert [(n.step, n.status) for n in notices(NAME)] == [(1, "Sent"), (2, "Sending")]


def mail_of(row) -> str:
	return f"<{frappe.db.get_value('Email Queue', row.email_queue, 'message_id').strip('<>')}>"


def test_after_an_outage_nobody_gets_two_messages_on_a_day(invoice, mailbox):
	make_policy(customers=[NAME], steps=[{"days": 3}, {"days": 4, "wait_days": 1}])
	work()
	mailbox.fault = lambda address: smtp.GREYLISTED
	with on(add_days(nowdate(), 1), 9):
		flush()
	mailbox.fault = smtp.no_fault
	with on(add_days(nowdate(), 2), 9):
		flush()
	work(2, 10)
	flush()
	assert len(mailbox.received) == 1
	work(3, 10)
	flush()
	assert len(mailbox.received) == 2
	assert [str(n.contact_on) for n in notices(NAME)] == [add_days(nowdate(), 2), add_days(nowdate(), 3)]


def test_one_that_waited_past_a_day_on_which_another_arrived_waits_on(queued, mailbox):
	"""Whatever the intervals say: one message a day."""
	key = mail_delivery.day_key((NAME, queued.company, queued.currency), getdate(nowdate()))
	frappe.db.set_value("Ledger Notice", queued.name, "day_key", None)
	other = frappe.get_doc("Ledger Notice", queued.name).as_dict()
	other.update({"name": "the-other", "status": "Sent", "day_key": key, "kind": "Acknowledgement"})
	other.update({"notice_key": "x", "open_key": None, "contact_on": None})
	fields = [field for field in frappe.db.get_table_columns("Ledger Notice") if field in other]
	frappe.db.bulk_insert("Ledger Notice", fields, [tuple(other[field] for field in fields)])
	flush()
	assert not mailbox.received
	row = frappe.get_doc("Ledger Notice", queued.name)
	assert (row.status, row.reason) == ("Deferred", "Too Soon After Last Notice")


# --- the archive ---


def test_the_archive_keeps_what_arrived_as_it_left(queued, mailbox):
	kept = {"reference_doctype": "Ledger Notice", "reference_name": queued.name}
	assert not frappe.db.exists("Ledger Archive", kept), "it has not left yet"
	mailbox.fault = once(smtp.REFUSED)
	flush()
	assert not frappe.db.exists("Ledger Archive", kept), "it was refused"
	work(0, 15)
	frappe.db.set_value("Email Queue", notice(NAME).email_queue, "status", "Not Sent")
	flush()
	assert notice(NAME).status == "Sent"
	entry = frappe.get_doc("Ledger Archive", kept)
	assert (entry.kind, entry.customer) == ("Letter", NAME)
	figures = frappe.parse_json(entry.figures)
	assert figures["subject"] == notice(NAME).subject and figures["total"] == "200.0"
	(file,) = entry.files
	content = path_of(file.sha256).read_bytes()
	assert message_from_bytes(content)["Message-Id"] == mailbox.to(ADDRESS)[-1]["Message-Id"]
	delivery.update_delivery_status(at(1, 9))
	assert frappe.db.count("Ledger Archive", kept) == 1
