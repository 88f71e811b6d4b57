"""A real mail server on loopback that keeps what it is given, and an Email Account of the site that sends to it."""

import email
import email.policy
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

import frappe
from aiosmtpd.controller import Controller

ACCOUNT = "Dunning Test Outgoing"
SENDER = "accounts@lantern.example"


@dataclass
class Mailbox:
	"""What has arrived: (recipients of the envelope, message). delay: seconds before a message is accepted.

	keep_before_delay: the message counts as arrived before the sender hears so, as when it is killed in between.
	"""

	received: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
	port: int = 0
	delay: float = 0
	keep_before_delay: bool = False
	refuse: str | None = None

	async def handle_DATA(self, server, session, envelope) -> str:
		import asyncio

		if self.refuse:
			return self.refuse
		if self.delay and not self.keep_before_delay:
			await asyncio.sleep(self.delay)
		message = email.message_from_bytes(envelope.content, policy=email.policy.default)
		self.received.append((list(envelope.rcpt_tos), message))
		if self.delay and self.keep_before_delay:
			await asyncio.sleep(self.delay)
		return "250 OK"

	def to(self, address: str) -> list[EmailMessage]:
		"""Return the messages that arrived for an address."""
		return [message for recipients, message in self.received if address in recipients]

	def wait(self, number: int, seconds: float = 20) -> None:
		"""Wait until so many have arrived."""
		deadline = time.monotonic() + seconds
		while len(self.received) < number and time.monotonic() < deadline:
			time.sleep(0.05)
		assert len(self.received) >= number, f"{len(self.received)} of {number} messages arrived"


@contextmanager
def mail_server() -> Iterator[Mailbox]:
	"""Run a mail server on loopback."""
	from tests.tools.overlay import free_port

	mailbox = Mailbox()
	mailbox.port = free_port()
	controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port, enable_SMTPUTF8=True)
	controller.start()
	try:
		yield mailbox
	finally:
		controller.stop()


def use(mailbox: Mailbox) -> None:
	"""Make the mailbox the site's outgoing account."""
	if frappe.db.exists("Email Account", ACCOUNT):
		frappe.delete_doc("Email Account", ACCOUNT, force=True)
	account = frappe.new_doc("Email Account")
	account.update(
		{
			"email_account_name": ACCOUNT,
			"email_id": SENDER,
			"enable_outgoing": 1,
			"default_outgoing": 1,
			"smtp_server": "127.0.0.1",
			"smtp_port": mailbox.port,
			"use_tls": 0,
			"use_ssl_for_outgoing": 0,
			"no_smtp_authentication": 1,
			"enable_incoming": 0,
			"track_email_status": 0,
		}
	)
	account.flags.ignore_validate = True
	account.insert()


def flush() -> None:
	"""Send what is in the Email Queue, as the host's scheduler does, over the wire."""
	from frappe.email.queue import flush

	frappe.flags.mute_emails, frappe.flags.testing_email = False, True
	try:
		flush()
	finally:
		frappe.flags.mute_emails, frappe.flags.testing_email = True, False


def html(message: EmailMessage) -> str:
	"""Return the HTML part of a message."""
	return message.get_body(("html",)).get_content()


def text(message: EmailMessage) -> str:
	"""Return the plain part of a message."""
	return message.get_body(("plain",)).get_content()
