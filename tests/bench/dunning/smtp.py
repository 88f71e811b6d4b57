"""A real mail server on loopback that keeps what it is given, and an Email Account of the site that sends to it."""

import asyncio
import email
import email.policy
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

import frappe
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

ACCOUNT = "Dunning Test Outgoing"
SENDER = "accounts@lantern.example"

# What may go wrong with a message, as real servers and networks have it.
LOST = "kept, and the connection ends before the answer"
GREYLISTED = "451 at RCPT"
UNKNOWN_RECIPIENT = "550 at RCPT"
REFUSED = "451 after the content"
CUT_BEFORE = "the connection ends at DATA"
CUT_WITHIN = "the connection ends within the content"
SLOW = "accepted after a while"
FAULTS = (LOST, GREYLISTED, UNKNOWN_RECIPIENT, REFUSED, CUT_BEFORE, CUT_WITHIN, SLOW)

# What ends Frappe's job where a third of its mails fail.
Brake = frappe.ValidationError


def no_fault(address: str) -> str | None:
	return None


@dataclass
class Mailbox:
	"""What has arrived: (recipients of the envelope, message). delay: seconds before a message is accepted.

	keep_before_delay: the message counts as arrived before the sender hears so, as when it is killed in between.
	fault: what goes wrong with the next message to an address.
	"""

	received: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
	port: int = 0
	delay: float = 0
	keep_before_delay: bool = False
	refuse: str | None = None
	fault: Callable[[str], str | None] = no_fault

	def reset(self) -> None:
		"""Forget everything; nothing goes wrong any more."""
		self.received.clear()
		self.delay, self.keep_before_delay, self.refuse, self.fault = 0, False, None, no_fault

	async def handle_RCPT(self, server, session, envelope, address, options) -> str:
		session.fault = self.fault(address)
		if session.fault in (GREYLISTED, UNKNOWN_RECIPIENT):
			return f"{session.fault[:3]} not now" if session.fault == GREYLISTED else "550 5.1.1 no such user"
		envelope.rcpt_tos.append(address)
		return "250 OK"

	async def handle_DATA(self, server, session, envelope) -> str:
		if self.refuse:
			return self.refuse
		if session.fault == REFUSED:
			return "451 4.3.0 try again later"
		if session.fault == SLOW:
			await asyncio.sleep(0.3)
		if self.delay and not self.keep_before_delay:
			await asyncio.sleep(self.delay)
		message = email.message_from_bytes(envelope.content, policy=email.policy.default)
		self.received.append((list(envelope.rcpt_tos), message))
		if session.fault == LOST:
			server.transport.abort()
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


class _Server(SMTP):
	"""Ends the connection in the middle of a message, where that is its fault."""

	async def smtp_DATA(self, arg: str) -> None:
		fault = getattr(self.session, "fault", None)
		if fault == CUT_WITHIN:
			await self.push("354 go ahead")
			await self._reader.read(100)
		if fault in (CUT_WITHIN, CUT_BEFORE):
			self.transport.abort()
			return
		await super().smtp_DATA(arg)


class _Controller(Controller):
	def factory(self) -> SMTP:
		return _Server(self.handler, hostname="mx.debtor.example", enable_SMTPUTF8=True)


@contextmanager
def mail_server() -> Iterator[Mailbox]:
	"""Run a mail server on loopback."""
	from tests.tools.overlay import free_port

	mailbox = Mailbox()
	mailbox.port = free_port()
	controller = _Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
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
	frappe.local.outgoing_email_account = {}


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
