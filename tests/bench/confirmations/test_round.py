"""A round from its planning to its end: who is asked, what the letter says, what the answers make of it."""

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from client_ledger.confirmations import api, jobs, rounds
from client_ledger.site.doctypes import BALANCE_CONFIRMATION, LEDGER_NOTICE
from tests.bench import factories as f
from tests.bench.accounts import refused
from tests.bench.collections.setting import overdue
from tests.bench.confirmations.setting import (
	AS_OF,
	answer,
	asked,
	confirmation,
	figures,
	make_round,
	notifications,
	replies_of,
	send,
	token_of,
)
from tests.bench.dunning.setting import COMPANY, at
from tests.bench.dunning.smtp import flush

pytestmark = pytest.mark.every_version


def body(mail) -> str:
	part = mail.get_body(("html",)) or mail.get_body(("plain",))
	return part.get_content()


def test_a_round_is_planned_sent_and_confirmed(mailbox):
	doc = asked("Confirm One", 500, 300)
	assert (doc.status, doc.sending_status, doc.our_balance) == ("Awaiting Reply", "Sent", 800)
	(mail,) = mailbox.to("confirm_one@debtor.example")
	assert mail["Subject"].startswith("Balance confirmation as of")
	assert token_of(doc) in body(mail) and "800.00" in body(mail)
	assert "This is not a request for payment." in body(mail)
	said = answer(doc)
	assert not said["refused"] and said["standing"]["answered"]
	doc.reload()
	assert (doc.status, doc.stated_balance, doc.difference) == ("Confirmed", 800, 0)
	assert (doc.replied_by, doc.replied_position) == ("Li Wei", "Accountant")
	round_ = frappe.get_doc("Confirmation Round", doc.round)
	assert (round_.planned, round_.sent, round_.confirmed, round_.confirmed_amount) == (1, 1, 1, 800)
	assert round_.confirmed_share == pytest.approx(800 / round_.receivables * 100, abs=0.01)
	(reply,) = replies_of(doc)
	assert (reply.answer, reply.origin, reply.state, reply.owner) == ("Confirmed", "Link", "Counted", "Guest")
	kinds = frappe.get_all(
		"Ledger Archive",
		{"customer": "Confirm One", "kind": ("not like", "Invoice%")},
		pluck="kind",
		order_by="creation",
	)
	assert kinds == ["Balance Confirmation", "Reply"]
	kept = frappe.get_all("Guest Link Event", {"link": doc.link}, ["event", "declared_name"])
	assert [(one.event, one.declared_name) for one in kept] == [("Answered", "Li Wei")]


def test_all_with_a_balance_or_open_items_are_asked_once(mailbox):
	overdue("Asked Owes", 500)
	overdue("Asked Small", 5)
	zero = overdue("Asked Zero", 100)[0]
	f.make_payment("Asked Zero", 100, add_days(nowdate(), -8))
	overdue("Asked Disabled", 50)
	frappe.db.set_value("Customer", "Asked Disabled", "disabled", 1)
	f.make_customer("Asked Nothing")
	round_ = make_round(minimum_balance=10)
	found = dict(
		frappe.get_all(
			BALANCE_CONFIRMATION, {"round": round_.name}, ["customer", "our_balance"], as_list=True
		)
	)
	assert found["Asked Owes"] == 500 and found["Asked Zero"] == 0, zero.name
	assert not {"Asked Small", "Asked Disabled", "Asked Nothing"} & set(found)
	assert round_.left_out >= 1 and round_.receivables >= 555
	before = frappe.db.count(BALANCE_CONFIRMATION)
	assert rounds.plan(round_.name) == 0 and frappe.db.count(BALANCE_CONFIRMATION) == before
	overdue("Asked Later", 70)
	assert rounds.plan(round_.name) == 1


def test_a_sample_that_is_given_asks_those_alone_whatever_they_owe():
	overdue("Sample One", 500)
	overdue("Sample Other", 500)
	f.make_customer("Sample Nothing")
	round_ = make_round(["Sample One", "Sample Nothing"])
	rows = frappe.get_all(
		BALANCE_CONFIRMATION,
		{"round": round_.name},
		["customer", "our_balance", "currency"],
		order_by="customer",
	)
	assert [(row.customer, row.our_balance) for row in rows] == [("Sample Nothing", 0), ("Sample One", 500)]
	with refused(match="more than once"):
		make_round(["Sample One", "Sample One"])


def test_days_that_cannot_be_are_refused():
	for fields, text in (
		({"as_of": nowdate()}, "has not ended"),
		({"reply_by": add_days(AS_OF, -1)}, "must be later"),
	):
		with refused(match=text):
			make_round(**fields)
	with refused(match="at least one customer"):
		make_round(sample="Selected Customers")


def test_the_letter_tells_the_balance_of_its_day_and_goes_out_once(mailbox):
	overdue("Letter Day", 500)
	round_ = make_round(["Letter Day"])
	f.make_invoice("Letter Day", 40, add_days(AS_OF, -1))
	f.make_invoice("Letter Day", 9, add_days(AS_OF, 1))
	send(round_)
	send(round_)
	assert len(mailbox.to("letter_day@debtor.example")) == 1
	doc = confirmation("Letter Day")
	# Planned with 500; an invoice of before the day was entered until the letter left.
	assert (doc.our_balance, doc.base_balance) == (540, 540)
	assert len(figures(doc)["open_items"]) == 2


def test_a_blank_form_tells_no_balance_and_the_answer_is_compared(mailbox):
	doc = asked("Blank One", 512, form="Tell Us Your Balance")
	(mail,) = mailbox.to("blank_one@debtor.example")
	assert "512" not in body(mail) and "according to your own records" in body(mail)
	said = answer(doc, "Other Balance", balance=512)
	assert not said["refused"]
	doc.reload()
	assert (doc.status, doc.stated_balance, doc.difference) == ("Confirmed", 512, 0)


def test_another_balance_is_a_difference_and_the_responsible_are_told(mailbox):
	overdue("Differ One", 500)
	user = f.make_user("confirm.responsible@example.com", ("Credit Controller", "Sales User"))
	round_ = make_round(["Differ One"])
	send(round_)
	doc = confirmation("Differ One")
	doc.db_set("responsible", user.name)
	answer(doc, "Other Balance", balance=450.5, remark="One invoice is missing")
	doc.reload()
	assert (doc.status, doc.stated_balance, doc.difference) == ("Differences", 450.5, 49.5)
	assert any("has answered" in subject for subject in notifications(doc))
	assert frappe.get_doc("Confirmation Round", round_.name).differing == 1


def test_differences_are_kept_line_by_line(mailbox):
	doc = asked("Lines One", 500)
	lines = [
		{
			"kind": "Not in Our Books",
			"number": "INV-7",
			"date": str(AS_OF),
			"amount": 100,
			"remark": "unknown",
		},
		{"kind": "Other Amount", "number": "INV-8", "amount": -20},
	]
	answer(doc, "Differences", lines=lines)
	(reply,) = replies_of(doc)
	assert [(line.kind, line.number, line.amount) for line in reply.lines] == [
		("Not in Our Books", "INV-7", 100),
		("Other Amount", "INV-8", -20),
	]
	assert doc.reload().status == "Differences"


def test_who_has_not_answered_is_reminded_and_who_has_is_not(mailbox):
	for name in ("Remind One", "Remind Two"):
		overdue(name, 100)
	round_ = make_round(["Remind One", "Remind Two"], first_reminder=7, remind_every=3, most_reminders=2)
	send(round_)
	answer(confirmation("Remind Two"))
	for day in range(1, 30):
		jobs.work(at(day), in_process=True)
		flush()
	mails = [mail["Subject"] for mail in mailbox.to("remind_one@debtor.example")]
	assert len(mails) == 3 and all(subject.startswith("Reminder:") for subject in mails[1:])
	assert len(mailbox.to("remind_two@debtor.example")) == 1
	doc = confirmation("Remind One")
	assert doc.reminders == 2 and token_of(doc) in body(mailbox.to("remind_one@debtor.example")[2])


def test_a_reminder_can_be_asked_for(mailbox):
	doc = asked("Remind Now", first_reminder=0)
	assert api.remind([doc.name]) == 1 and api.remind([doc.name]) == 0
	jobs.work(at(1), in_process=True)
	flush()
	assert len(mailbox.to("remind_now@debtor.example")) == 2
	answer(doc)
	assert api.remind([doc.name]) == 0


def test_the_end_of_a_round(mailbox):
	silent = asked("End Silent", form="Reply Only If You Disagree")
	for day in range(1, 30):
		jobs.work(at(day), in_process=True)
	flush()
	assert len(mailbox.to("end_silent@debtor.example")) == 1, "no reply is an answer: nobody is reminded"
	assert rounds.close(silent.round) == {"No Objection": 1}
	mute = asked("End Mute")
	assert rounds.close(mute.round) == {"No Reply": 1}
	assert mute.reload().status == "No Reply" and silent.reload().status == "No Objection"
	round_ = frappe.get_doc("Confirmation Round", silent.round)
	assert (round_.status, round_.confirmed, round_.confirmed_amount) == ("Closed", 1, 500)
	with refused(match="closed already"):
		rounds.close(silent.round)
	with refused(match="closed"):
		rounds.plan(silent.round)


def test_a_letter_that_waits_when_its_round_is_closed_does_not_go_out(mailbox):
	overdue("End Waiting", 100)
	round_ = make_round(["End Waiting"])
	rounds.close(round_.name)
	(notice,) = frappe.get_all(LEDGER_NOTICE, {"customer": "End Waiting"}, ["status", "reason"])
	assert (notice.status, notice.reason) == ("Skipped", "Superseded")
	jobs.work(at(), in_process=True)
	flush()
	assert not mailbox.to("end_waiting@debtor.example")


def test_without_an_address_the_letter_is_for_the_printer_or_waits(mailbox):
	overdue("Mute One", 100)
	frappe.db.delete("Dynamic Link", {"link_name": "Mute One", "parenttype": "Contact"})
	round_ = make_round(["Mute One"])
	send(round_)
	assert confirmation("Mute One").sending_status == "No Address"
	frappe.get_doc(
		{
			"doctype": "Address",
			"address_title": "Mute One",
			"address_type": "Billing",
			"address_line1": "Street 1",
			"city": "Town",
			"country": "Germany",
			"links": [{"link_doctype": "Customer", "link_name": "Mute One"}],
		}
	).insert()
	assert rounds.send_round(round_.name) == 1
	jobs.work(at(1), in_process=True)
	doc = confirmation("Mute One")
	assert (doc.channel, doc.sending_status, doc.status) == ("Letter", "Sending", "Awaiting Reply")
	text = frappe.db.get_value(LEDGER_NOTICE, doc.notice, "message")
	assert "Reply Slip" in text and "The information is correct." in text


def test_a_later_day_to_reply_by_holds_for_what_is_out(mailbox):
	doc = asked("Later Day")
	round_ = frappe.get_doc("Confirmation Round", doc.round)
	round_.reply_by = add_days(nowdate(), 40)
	round_.save()
	doc.reload()
	assert doc.reply_by == getdate(round_.reply_by)
	assert frappe.db.get_value("Guest Link", doc.link, "expires_on") == getdate(add_days(nowdate(), 70))
	round_.form = "Tell Us Your Balance"
	with refused(match="cannot be changed"):
		round_.save()


def test_a_balance_in_another_currency_is_asked_about_in_it(mailbox):
	f.make_customer("Other Money", default_currency="EUR")
	account = f.make_receivable(COMPANY, "EUR")
	f.make_invoice(
		"Other Money", 30, add_days(AS_OF, -3), currency="EUR", debit_to=account, conversion_rate=2
	)
	round_ = make_round(["Other Money"])
	doc = confirmation("Other Money", round=round_.name)
	assert (doc.currency, doc.our_balance, doc.base_balance) == ("EUR", 30, 60)
	send(round_)
	answer(doc)
	assert frappe.get_doc("Confirmation Round", round_.name).confirmed_amount == 60
