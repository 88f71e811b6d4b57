"""A letter that somebody edits before it goes out: it goes out so, who did is on record, and never with amounts that have changed."""

import frappe
import pytest

from client_ledger.dunning import api
from client_ledger.outbox import api as outbox_api
from client_ledger.outbox import decisions
from client_ledger.outbox.edits import OUTDATED
from client_ledger.outbox.outgoing import TABLE_MARK
from tests.bench import factories as f
from tests.bench.dunning.setting import COMPANY, ago, make_debtor, make_policy, notice, work
from tests.bench.dunning.smtp import flush, html

NAME = "Edited Ada"
ADDRESS = "edited_ada@debtor.example"
HOSTILE = '<p onclick="steal()">Dear Ada,</p><script>steal()</script><p>please call me.</p>'


@pytest.fixture
def invoice():
	make_debtor(NAME, language="en")
	make_policy(customers=[NAME], mode="Approve")
	return f.make_invoice(NAME, 200, ago(40), due_date=ago(10))


def edited(letter: dict, **changes: str) -> dict:
	"""Return what the dialog sends of a letter, with a sentence in front of its text."""
	found = {"subject": "About your account", "message": f"<p>As agreed.</p>{letter['text']}", **changes}
	return {**found, "figures": letter["figures"]}


def plan_and_edit(**changes: str) -> str:
	work()
	name = notice(NAME).name
	outbox_api.edit_notice(name, **edited(outbox_api.notice_message(name), **changes))
	return name


def pay(invoice, amount: float) -> None:
	f.make_payment(NAME, amount, ago(0), against=[(invoice, amount)])


def test_what_was_edited_goes_out_with_the_table_of_the_ledger(invoice, mailbox):
	before = api.customer_message(NAME, COMPANY, f.CURRENCY)
	assert before["may_edit"] and TABLE_MARK in before["text"] and TABLE_MARK not in before["message"]
	letter = edited(before, message=f"{HOSTILE}<p>{TABLE_MARK}</p>")
	(row,) = api.customer_send_now(NAME, COMPANY, letters=[{"currency": f.CURRENCY, **letter}])
	assert row["status"] == "Sending", row
	flush()
	(message,) = mailbox.to(ADDRESS)
	text = html(message)
	assert message["subject"] == "About your account"
	assert "please call me." in text and "According to our books" not in text
	assert invoice.name in text and "200.00" in text and TABLE_MARK not in text
	assert "<script" not in text and "onclick" not in text
	stored = notice(NAME)
	assert (stored.edited_by, stored.subject) == ("Administrator", "About your account")
	comments = frappe.get_all(
		"Comment", {"reference_name": stored.name, "comment_type": "Info"}, ["content", "owner"]
	)
	assert comments == [{"content": "edited the letter", "owner": "Administrator"}]
	assert outbox_api.notice_message(stored.name)["edited_by"] == "Administrator"


def test_a_letter_edited_before_its_approval_goes_out_so(invoice, mailbox):
	name = plan_and_edit()
	found = outbox_api.notice_message(name)
	assert found["message"].startswith("<p>As agreed.</p>") and not found["outdated"]
	assert decisions.approve([name]) == [name]
	work(0, 11)
	flush()
	(message,) = mailbox.to(ADDRESS)
	assert "As agreed." in html(message) and invoice.name in html(message)


def test_amounts_that_change_before_it_is_sent_are_asked_about_again(invoice, mailbox):
	name = plan_and_edit()
	decisions.approve([name])
	pay(invoice, 50)
	work(0, 11)
	row = notice(NAME)
	assert (row.status, row.reason, row.approved_on, row.total) == ("Planned", OUTDATED, None, 150)
	assert decisions.approve([name]) == [] and not mailbox.received
	letter = outbox_api.notice_message(name)
	assert letter["outdated"] and "150.00" in letter["message"] and "As agreed." in letter["message"]
	outbox_api.edit_notice(name, **edited(letter, message=letter["text"]))
	assert decisions.approve([name]) == [name]
	work(0, 12)
	flush()
	(message,) = mailbox.to(ADDRESS)
	assert "150.00" in html(message)


def test_a_mail_that_waits_in_the_queue_is_withdrawn_when_its_amounts_change(invoice, mailbox):
	name = plan_and_edit()
	decisions.approve([name])
	work(0, 11)
	assert notice(NAME).status == "Sending"
	pay(invoice, 50)
	flush()
	row = notice(NAME)
	assert not mailbox.received
	assert (row.status, row.reason, row.email_queue, row.edited_by) == (
		"Planned",
		OUTDATED,
		None,
		"Administrator",
	)


def test_what_is_stale_empty_or_gone_is_refused_and_the_template_can_be_restored(invoice, mailbox):
	work()
	name = notice(NAME).name
	letter = outbox_api.notice_message(name)
	with pytest.raises(frappe.ValidationError, match="subject and a message"):
		outbox_api.edit_notice(name, **edited(letter, message="<p> </p>"))
	outbox_api.edit_notice(name, **edited(letter))
	outbox_api.restore_notice(name)
	assert notice(NAME).edited_by is None
	assert outbox_api.notice_message(name)["message"] == letter["message"]
	pay(invoice, 50)
	with pytest.raises(frappe.ValidationError, match="amounts of this letter have changed"):
		outbox_api.edit_notice(name, **edited(letter))
	with pytest.raises(frappe.ValidationError, match="amounts of this letter have changed"):
		api.customer_send_now(NAME, COMPANY, letters=[{"currency": f.CURRENCY, **edited(letter)}])
	assert notice(NAME).status == "Planned" and not mailbox.received
	decisions.reject([name], "not now")
	with pytest.raises(frappe.ValidationError, match="no longer be edited"):
		outbox_api.edit_notice(name, **edited(letter))


def test_an_edited_letter_keeps_its_dates_for_a_week_only(invoice, mailbox):
	name = plan_and_edit()
	decisions.approve([name])
	frappe.db.set_value("Ledger Notice", name, "edited_on", f"{ago(7)} 08:00:00")
	work(0, 11)
	assert notice(NAME).reason == OUTDATED
