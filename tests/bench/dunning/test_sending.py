"""At send time: what stands against a message, what fails and is tried again, and the ways besides e-mail."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import frappe
import pytest
from frappe.utils import add_days, nowdate

from client_ledger.collections import follow_ups
from client_ledger.dunning import decisions
from client_ledger.outbox import decisions as outbox_decisions
from client_ledger.outbox import delivery, print_letters
from client_ledger.outbox.exceptions import list_exceptions
from client_ledger.reporting import dunning_cards
from tests.bench import factories as f
from tests.bench.dunning.setting import (
	COMPANY,
	ago,
	at,
	log_call,
	make_debtor,
	make_policy,
	notice,
	notices,
	work,
)
from tests.bench.dunning.smtp import ACCOUNT, flush, html

NAME = "Sending Ada"
ADDRESS = "sending_ada@debtor.example"


@pytest.fixture
def invoice():
	make_debtor(NAME, language="en")
	return f.make_invoice(NAME, 200, ago(40), due_date=ago(10))


def status(**filters) -> tuple[str, str | None]:
	row = notice(NAME, **filters)
	return row.status, row.reason


def block(**fields):
	row = {"doctype": "Dunning Block", "customer": NAME, "from_date": ago(1), "reason": "Goodwill", **fields}
	return frappe.get_doc(row).insert()


def test_a_block_with_an_end_defers_and_its_end_lets_go(invoice, mailbox):
	make_policy(customers=[NAME])
	block(until=add_days(nowdate(), 2))
	work()
	assert status() == ("Deferred", "Dunning Blocked")
	assert str(notice(NAME).deferred_until)[:10] == add_days(nowdate(), 3)
	work(2)
	assert status() == ("Deferred", "Dunning Blocked")
	work(3, 11)
	assert notice(NAME).status == "Sending"


def test_a_block_without_an_end_skips_and_lifting_it_reopens(invoice, mailbox):
	make_policy(customers=[NAME])
	found = block()
	work()
	assert status() == ("Skipped", "Dunning Blocked")
	found.lifted = 1
	found.save()
	work(0, 11)
	assert status() == ("Sending", None)


def test_a_disputed_invoice_is_left_out_of_the_message(invoice, mailbox):
	other = f.make_invoice(NAME, 55, ago(40), due_date=ago(9))
	make_policy(customers=[NAME])
	block(sales_invoice=invoice.name, reason="Dispute")
	work()
	flush()
	(message,) = mailbox.to(ADDRESS)
	assert other.name in html(message) and invoice.name not in html(message)
	row = notice(NAME)
	assert [(i.voucher_no, i.withheld) for i in row.items] == [(other.name, None), (invoice.name, "Disputed")]
	assert row.total == 55


def test_a_promise_not_yet_due_waits_for_its_day(invoice, mailbox):
	make_policy(customers=[NAME])
	block(reason="Promise to Pay", until=add_days(nowdate(), 4))
	work()
	assert status() == ("Deferred", "Promised")


def test_an_unreconciled_bank_transaction_stops_it(invoice, mailbox):
	make_policy(customers=[NAME])
	bank_transaction(200, party_type="Customer", party=NAME)
	work()
	assert status() == ("Skipped", "Covered by Bank Receipt")


def test_a_bank_transaction_that_names_the_invoice_stops_it(invoice, mailbox):
	make_policy(customers=[NAME])
	bank_transaction(200, description=f"Payment for {invoice.name}, thank you")
	work()
	assert status() == ("Skipped", "Covered by Bank Receipt")


def bank_transaction(amount: float, **fields):
	if not frappe.db.exists("Bank", "Dunning Test Bank"):
		frappe.get_doc({"doctype": "Bank", "bank_name": "Dunning Test Bank"}).insert()
	account = frappe.db.get_value("Bank Account", {"company": COMPANY, "bank": "Dunning Test Bank"})
	if not account:
		account = (
			frappe.get_doc(
				{
					"doctype": "Bank Account",
					"account_name": "Dunning Test",
					"bank": "Dunning Test Bank",
					"company": COMPANY,
					"is_company_account": 1,
					"account": frappe.get_cached_value("Company", COMPANY, "default_bank_account"),
				}
			)
			.insert()
			.name
		)
	row = {"doctype": "Bank Transaction", "date": ago(0), "bank_account": account, "company": COMPANY}
	row |= {"deposit": amount, "currency": "USD", "unallocated_amount": amount, **fields}
	return frappe.get_doc(row).insert().submit()


def test_under_the_minimum(invoice, mailbox):
	make_policy(steps=[{"days": 3, "minimum_amount": 500}], customers=[NAME])
	work()
	assert status() == ("Skipped", "Below Minimum Amount")


def test_outside_hours_and_on_holidays_it_waits(invoice, mailbox):
	make_policy(customers=[NAME], opens="09:00:00", closes="17:00:00")
	work(0, 6)
	assert status() == ("Deferred", "Outside Contact Hours")
	work(0, 9)
	assert notice(NAME).status == "Sending"


def test_the_budget_counts_what_others_wrote(invoice, mailbox):
	make_policy(customers=[NAME], budget_contacts=1, budget_days=7)
	log_call(NAME, at(-2))
	work()
	assert status() == ("Deferred", "Contact Limit")
	assert str(notice(NAME).deferred_until)[:10] == add_days(nowdate(), 5)


@pytest.mark.parametrize("email", [None])
def test_without_an_address_it_is_skipped_and_comes_back_with_one(email, mailbox):
	customer = make_debtor("Sending Nobody", email)
	f.make_invoice(customer.name, 10, ago(40), due_date=ago(10))
	make_policy(customers=[customer.name])
	work()
	assert (notice(customer.name).status, notice(customer.name).reason) == ("Skipped", "No Address")
	make_debtor("Sending Nobody", "late@debtor.example")
	work(0, 11)
	assert notice(customer.name).status == "Sending"


def test_opted_out(invoice, mailbox):
	make_policy(customers=[NAME])
	contact = frappe.db.get_value("Dynamic Link", {"link_name": NAME, "parenttype": "Contact"}, "parent")
	frappe.db.set_value("Contact", contact, "unsubscribed", 1)
	work()
	assert status() == ("Skipped", "Opted Out")


def test_a_disabled_customer(invoice, mailbox):
	make_policy(customers=[NAME])
	frappe.db.set_value("Customer", NAME, "disabled", 1)
	work()
	assert status() == ("Skipped", "Customer Disabled")


def test_paused_for_the_whole_site(invoice, mailbox):
	make_policy(customers=[NAME])
	frappe.db.set_single_value("Dunning Settings", "paused", 1)
	work()
	assert status() == ("Deferred", "Dunning Paused")
	frappe.db.set_single_value("Dunning Settings", "paused", 0)
	work(0, 12)
	assert notice(NAME).status == "Sending"


def test_without_an_outgoing_account_it_fails_and_is_tried_again(invoice, mailbox):
	make_policy(customers=[NAME])
	frappe.db.set_value("Email Account", ACCOUNT, {"enable_outgoing": 0, "default_outgoing": 0})
	frappe.clear_document_cache("Email Account", ACCOUNT)
	work()
	row = notice(NAME)
	assert (row.status, row.reason, row.attempts) == ("Failed", "No Outgoing Email Account", 1)
	assert row.next_attempt > at(0, 10)
	assert dunning_cards.failed({"company": COMPANY})["value"] == 1
	(group,) = [g for g in list_exceptions([COMPANY], at(0, 11)) if g["failed"]]
	assert (group["reason"], group["action"]) == ("No Outgoing Email Account", "email-account")
	assert [n["customer"] for n in group["notices"]] == [NAME]
	frappe.db.set_value("Email Account", ACCOUNT, {"enable_outgoing": 1, "default_outgoing": 1})
	frappe.clear_document_cache("Email Account", ACCOUNT)
	work(0, 12)
	assert notice(NAME).status == "Sending"


def test_attempts_end_and_come_later_and_later(invoice, mailbox):
	make_policy(customers=[NAME])
	frappe.db.set_value("Email Account", ACCOUNT, {"enable_outgoing": 0, "default_outgoing": 0})
	frappe.clear_document_cache("Email Account", ACCOUNT)
	waits = []
	for day in range(10):
		work(day, 12)
		if again := notice(NAME).next_attempt:
			waits.append((again - at(day, 12)).total_seconds() / 3600)
	assert waits == [0.5, 1, 2, 4]
	row = notice(NAME)
	assert (row.attempts, row.next_attempt) == (5, None)


def test_refused_by_the_mail_server(invoice, mailbox):
	make_policy(customers=[NAME])
	mailbox.refuse = "550 no such mailbox"
	work()
	for _attempt in range(5):
		flush()
	work(0, 11)
	row = notice(NAME)
	assert (row.status, row.reason) == ("Failed", "Delivery Failed")
	assert "550" in row.reason_detail
	mailbox.refuse = None
	work(0, 13)
	flush()
	work(0, 14)
	assert notice(NAME).status == "Sent"
	assert len(mailbox.to(ADDRESS)) == 1


def test_a_bounce_takes_back_what_never_arrived(invoice, mailbox):
	make_policy(customers=[NAME])
	work()
	flush()
	work(0, 11)
	frappe.db.set_value("Communication", notice(NAME).communication, "delivery_status", "Bounced")
	delivery.update_delivery_status(at(0, 12))
	assert status() == ("Failed", "Bounced")
	assert frappe.db.get_value("Ledger Notice", notice(NAME).name, "open_key")


def test_a_template_that_breaks_fails_one_and_no_other(invoice, mailbox):
	make_debtor("Sending Bob")
	f.make_invoice("Sending Bob", 70, ago(40), due_date=ago(10))
	template = frappe.get_doc(
		{"doctype": "Email Template", "subject": "x", "use_html": 1, "response_html": "<p>{{ customer }}</p>"}
	).insert(set_name="Breaks for Ada")
	make_policy(steps=[{"days": 3, "email_template": template.name}], customers=[NAME, "Sending Bob"])
	frappe.db.set_value(
		"Email Template",
		template.name,
		"response_html",
		"{% if customer == 'Sending Ada' %}{{ 1 // 0 }}{% endif %}.",
	)
	frappe.clear_document_cache("Email Template", template.name)
	work()
	assert status() == ("Failed", "Error")
	assert "zero" in notice(NAME).reason_detail
	assert notice("Sending Bob").status == "Sending"


def test_sms_through_a_gateway(invoice, mailbox):
	calls = []

	class Gateway(BaseHTTPRequestHandler):
		def do_GET(self):
			calls.append(self.path)
			self.send_response(200)
			self.end_headers()

		def log_message(self, *arguments):
			pass

	server = HTTPServer(("127.0.0.1", 0), Gateway)
	threading.Thread(target=server.serve_forever, daemon=True).start()
	make_policy(
		steps=[
			{"days": 3, "channel": "SMS", "email_template": "Client Ledger: Text Message (en)"},
			{"days": 10, "wait_days": 5},
		],
		customers=[NAME],
	)
	work()
	assert status() == ("Failed", "No SMS Gateway")
	settings = frappe.get_doc("SMS Settings")
	settings.update(
		{
			"sms_gateway_url": f"http://127.0.0.1:{server.server_port}/send",
			"message_parameter": "text",
			"receiver_parameter": "to",
		}
	)
	settings.save()
	work(0, 12)
	server.shutdown()
	assert notice(NAME).status == "Sent"
	assert len(calls) == 1 and "to=%2B49301234567" in calls[0] and "200.00" in calls[0]
	# It has arrived: the customer's next notice is planned as after any other.
	work(6)
	assert [(n.step, n.status) for n in notices(NAME)] == [(1, "Sent"), (2, "Sending")]


def test_letters_wait_for_their_batch(invoice, mailbox, assets):
	address = frappe.get_doc(
		{
			"doctype": "Address",
			"address_title": NAME,
			"address_type": "Billing",
			"address_line1": "1 Lantern Lane",
			"city": "Berlin",
			"country": "Germany",
			"links": [{"link_doctype": "Customer", "link_name": NAME}],
		}
	).insert()
	make_policy(steps=[{"days": 3, "channel": "Letter"}], customers=[NAME])
	work()
	assert notice(NAME).status == "Sending"
	assert print_letters.waiting(COMPANY) == [notice(NAME).name]
	rows = frappe.get_all("Ledger Notice", {"customer": NAME}, "*")
	page = print_letters.render(rows)
	assert "1 Lantern Lane" in page and invoice.name in page
	url = print_letters.print_batch([notice(NAME).name])
	assert frappe.get_doc("File", {"file_url": url}).get_content()[:4] == b"%PDF"
	assert (notice(NAME).status, notice(NAME).recipients) == ("Sent", address.name)
	with pytest.raises(frappe.ValidationError):
		print_letters.print_batch([notice(NAME).name])


def test_a_call_is_done_when_its_follow_up_is_closed(invoice, mailbox):
	make_policy(
		steps=[{"days": 3, "channel": "Call", "email_template": None}, {"days": 14, "wait_days": 5}],
		customers=[NAME],
	)
	work()
	row = notice(NAME)
	assert row.status == "Sending"
	call = frappe.get_doc("Follow Up", row.follow_up)
	assert call.source_name == row.name and "200.00" in call.subject and call.items
	work(5)
	assert len(notices(NAME)) == 1
	follow_ups.log(NAME, COMPANY, "Reached", follow_up=call.name, next_date=nowdate())
	work(5, 12)
	assert notice(NAME, step=1).status == "Sent"


def test_what_else_a_step_does(invoice, mailbox):
	manager = f.make_user("dunning.manager@example.com", ("Sales User",)).name
	frappe.db.set_value("Customer", NAME, "account_manager", manager)
	frappe.clear_document_cache("Customer", NAME)
	from tests.bench.accounts import refresh

	refresh()
	make_policy(
		steps=[
			{
				"days": 3,
				"cc_account_manager": 1,
				"cc": "books@lantern.example",
				"follow_up": 1,
				"escalate_to": "Credit Manager",
				"stage": "Dunning",
			}
		],
		customers=[NAME],
	)
	work()
	flush()
	row = notice(NAME)
	assert {manager, "books@lantern.example"} == set(row.cc.split(", "))
	about_it = [message for _to, message in mailbox.received if row.name in (message["Message-Id"] or "")]
	assert len(about_it) == 3
	(copy,) = [message for message in mailbox.to(manager) if row.name in (message["Message-Id"] or "")]
	assert copy["Reply-To"] == manager
	names = ("in", (row.name, row.follow_up))
	todos = frappe.get_all("ToDo", {"reference_name": names}, ["role", "allocated_to"])
	assert {(t.role, t.allocated_to) for t in todos} == {(None, manager), ("Credit Manager", None)}
	account = {"customer": NAME, "company": COMPANY}
	assert frappe.db.get_value("Client Account", account, "stage") == "Dunning"
	work(0, 12)
	assert frappe.db.get_value("Client Account", account, "dunning_level") == 1


def test_attachments_and_a_statement(invoice, mailbox, assets):
	make_policy(steps=[{"days": 3, "attach_invoices": 1, "attach_statement": 1}], customers=[NAME])
	work()
	row = notice(NAME)
	assert row.status == "Sending", row.reason_detail
	attached = json.loads(frappe.db.get_value("Email Queue", row.email_queue, "attachments"))
	assert [(a["doctype"], a["name"]) for a in attached] == [("Sales Invoice", invoice.name)]
	flush()
	assert frappe.db.get_value("Email Queue", row.email_queue, "error") is None
	(message,) = mailbox.to(ADDRESS)
	files = {part.get_filename(): part.get_content()[:4] for part in message.iter_attachments()}
	assert len(files) == 2 and set(files.values()) == {b"%PDF"}


def test_thanks_come_once_after_everything_was_paid(invoice, mailbox):
	make_policy(
		customers=[NAME], thank_you=1, thank_you_template="Client Ledger: Payment Acknowledgement (en)"
	)
	work()
	flush()
	work(0, 11)
	f.make_payment(NAME, 200, ago(0), against=[(invoice, 200)])
	for day in (1, 2, 3):
		work(day)
		flush()
	subjects = [message["Subject"] for message in mailbox.to(ADDRESS)]
	assert len(subjects) == 2 and "thank you" in subjects[1]
	assert "200.00" in html(mailbox.to(ADDRESS)[1])


# --- decisions ---


def test_approve_some_reject_others(invoice, mailbox):
	make_debtor("Sending Carl")
	f.make_invoice("Sending Carl", 70, ago(40), due_date=ago(10))
	make_policy(customers=[NAME, "Sending Carl"], mode="Approve")
	work()
	assert {n.status for n in (notice(NAME), notice("Sending Carl"))} == {"Planned"}
	work(0, 11)
	assert not frappe.get_all("Email Queue", {"reference_name": notice(NAME).name})
	outbox_decisions.approve([notice(NAME).name])
	outbox_decisions.reject([notice("Sending Carl").name], "they promised on the phone", at())
	work(0, 12)
	assert notice(NAME).status == "Sending"
	assert (notice("Sending Carl").status, notice("Sending Carl").reason) == ("Cancelled", "Rejected")
	work(5)
	assert len(notices("Sending Carl")) == 1
	work(7)
	assert [n.status for n in notices("Sending Carl")] == ["Cancelled", "Planned"]


def test_a_policy_edited_while_a_run_is_in_flight(invoice, mailbox):
	policy = make_policy(customers=[NAME], mode="Approve")
	work()
	outbox_decisions.approve([notice(NAME).name])
	policy.steps[0].days = 5
	policy.save()
	assert policy.version == 2
	work(0, 12)
	found = notices(NAME)
	assert [(n.policy_version, n.status, n.reason) for n in found] == [
		(1, "Skipped", "Superseded"),
		(2, "Planned", None),
	]
	policy.mode = "Off"
	policy.save()
	assert policy.version == 2


def test_write_now(invoice, mailbox):
	make_policy(customers=[NAME], mode="Approve")
	(row,) = decisions.send_now(NAME, COMPANY, at())
	assert row.status == "Sending"
	assert decisions.send_now(NAME, COMPANY, at(0, 11)) == [] or notice(NAME).status == "Sending"


def test_preview_and_off_send_nothing(invoice, mailbox):
	for mode in ("Preview", "Off"):
		make_policy(customers=[NAME], mode=mode)
		work()
		assert notices(NAME) == [] and not mailbox.received


def test_installing_sends_nothing():
	modes = frappe.get_all(
		"Dunning Policy", {"title": ("in", ("Gentle", "Standard", "Strict"))}, pluck="mode"
	)
	assert modes == ["Preview"] * 3
	for title in ("Gentle", "Standard", "Strict"):
		policy = frappe.get_doc("Dunning Policy", title)
		assert (str(policy.opens), str(policy.closes)) == ("8:00:00", "18:00:00")
		policy.save()
		assert policy.version == 1


def test_a_new_policy_does_not_flood(mailbox):
	name = make_debtor("Sending Old").name
	for due in (400, 200, 90, 30, 10):
		f.make_invoice(name, due, ago(due + 30), due_date=ago(due))
	make_policy(customers=[name], steps=[{"days": 3}, {"days": 10}, {"days": 20}])
	work()
	row = notice(name)
	assert (row.step, len(row.items)) == (1, 5)
	for day in range(1, 7):
		work(day)
		flush()
	assert len(mailbox.received) == 1
