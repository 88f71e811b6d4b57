"""Mails that come back: a mail server's report, received as Frappe receives mail, takes back what never arrived."""

from collections.abc import Iterator
from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime

import frappe
import pytest
from frappe.email.receive import InboundMail
from frappe.utils import nowdate

from client_ledger.outbox import delivery
from client_ledger.outbox.bounces import reports_failure
from client_ledger.outbox.moments import aware
from tests.bench import factories as f
from tests.bench.collections.setting import on
from tests.bench.dunning.setting import ago, at, make_debtor, make_policy, notice, work
from tests.bench.dunning.smtp import ACCOUNT, SENDER, flush

NAME, OTHER = "Bounce Ada", "Bounce Bob"
POSTFIX = """This is the mail system at host mx.lantern.example.

I'm sorry to have to inform you that your message could not be delivered.

<{address}>: host mail.debtor.example[192.0.2.7] said: 550 5.1.1
    <{address}>: Recipient address rejected: User unknown (in reply to RCPT TO command)
"""
DELAYED = """THIS IS A WARNING ONLY. Your message could not be delivered for 4 hours.
It will be retried until it is 5 days old.

<{address}>: connect to mail.debtor.example: Connection timed out (4.4.1)
"""


@pytest.fixture(autouse=True)
def afternoon() -> Iterator[None]:
	"""Frappe takes no mail for later than the site's clock, so all this happens before it."""
	with on(nowdate(), 16):
		yield


@pytest.fixture
def sent(mailbox) -> dict[str, Message]:
	"""Two customers' messages, as they arrived at the mail server."""
	for name in (NAME, OTHER):
		make_debtor(name)
		f.make_invoice(name, 100, ago(40), due_date=ago(10))
	make_policy(customers=[NAME, OTHER])
	work()
	flush()
	delivery.update_delivery_status(at(0, 11))
	assert notice(NAME).status == notice(OTHER).status == "Sent"
	return {name: mailbox.to(address_of(name))[0] for name in (NAME, OTHER)}


def address_of(name: str) -> str:
	return f"{frappe.scrub(name)}@debtor.example"


def report(original: EmailMessage, text: str, subject: str = "Undelivered Mail Returned to Sender") -> None:
	"""Let the site receive what a mail server writes about a message (RFC 3464), at noon."""
	mail = MIMEMultipart("report", report_type="delivery-status")
	mail["From"], mail["To"] = "Mail Delivery System <MAILER-DAEMON@mx.lantern.example>", SENDER
	mail["Subject"], mail["Message-ID"] = subject, f"<{frappe.generate_hash(length=10)}@mx.lantern.example>"
	mail["Date"] = format_datetime(aware(at(0, 12)))
	mail.attach(MIMEText(text.format(address=original["To"])))
	status = MIMEBase("message", "delivery-status")
	fields = Message()
	fields["Final-Recipient"], fields["Action"] = f"rfc822; {original['To']}", "failed"
	status.attach(fields)
	mail.attach(status)
	mail.attach(MIMEMessage(original))
	account = frappe.get_doc("Email Account", ACCOUNT)
	InboundMail(mail.as_bytes(), account).process()


def test_a_report_that_an_address_is_unknown_takes_the_message_back(sent):
	report(sent[NAME], POSTFIX)
	assert delivery.update_delivery_status(at(0, 13))["failed"] == 1
	row = notice(NAME)
	assert (row.status, row.reason, row.attempts) == ("Failed", "Bounced", 1)
	assert "550 5.1.1" in row.reason_detail
	assert row.next_attempt and row.open_key
	assert notice(OTHER).status == "Sent"


def test_a_report_is_held_against_one_attempt_only(sent):
	report(sent[NAME], POSTFIX)
	delivery.update_delivery_status(at(0, 13))
	work(0, 15)
	assert notice(NAME).status == "Sending"
	flush()
	delivery.update_delivery_status(at(0, 16))
	assert notice(NAME).status == "Sent"


def test_a_report_that_it_is_late_takes_nothing_back(sent):
	report(sent[NAME], DELAYED, "Delayed Mail (still being retried)")
	assert delivery.update_delivery_status(at(0, 13))["failed"] == 0
	assert notice(NAME).status == "Sent"


DELIVERED = """Your message was successfully delivered to the destination listed below.

<{address}>: delivery via mx.debtor.example: 250 2.0.0 Ok: queued as 4A2F
"""


def test_a_report_that_it_was_delivered_takes_nothing_back_and_settles_a_doubt(sent):
	report(sent[NAME], DELIVERED, "Successful Mail Delivery Report")
	assert delivery.update_delivery_status(at(0, 13))["failed"] == 0
	assert notice(NAME).status == "Sent"
	for name in (NAME, OTHER):
		values = {"status": "Failed", "reason": "Delivery Unknown"}
		frappe.db.set_value("Ledger Notice", notice(name).name, values, update_modified=False)
	assert delivery.update_delivery_status(at(0, 14))["sent"] == 1
	assert (notice(NAME).status, notice(OTHER).status) == ("Sent", "Failed")
	assert str(notice(NAME).contact_on) == nowdate()


def test_whoever_else_writes_of_a_failure_takes_nothing_back(sent):
	frappe.get_doc(
		{
			"doctype": "Communication",
			"communication_type": "Communication",
			"communication_medium": "Email",
			"sent_or_received": "Received",
			"sender": address_of(NAME),
			"subject": "550 5.1.1 User unknown",
			"content": f"My colleague {address_of(OTHER)} got 550 5.1.1",
			"communication_date": at(0, 12),
		}
	).insert()
	assert delivery.update_delivery_status(at(0, 13))["failed"] == 0


@pytest.mark.parametrize(
	("subject", "text", "failed"),
	[
		("Delivery Status Notification (Failure)", "Address not found", True),
		(
			"Undeliverable: Reminder",
			"Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'",
			True,
		),
		("Mail delivery failed", "554-5.7.1 rejected", True),
		("Delivery Status Notification (Delay)", "Gmail will retry for 46 more hours", False),
		("Warning", "450 4.2.2 mailbox full, still being retried", False),
		("Successful Mail Delivery Report", "<a@b.example>: delivery via mx: 250 2.0.0 Ok: queued", False),
		(
			"Delivered: Reminder",
			"Your message has been delivered to the following recipients: a@b.example",
			False,
		),
		(
			"Relayed: Reminder",
			"Delivery to these recipients or groups is complete, but no delivery notification was sent",
			False,
		),
	],
)
def test_what_mail_servers_write(subject, text, failed):
	assert reports_failure(subject, text) == failed
