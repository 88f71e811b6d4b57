"""E-mail: into Frappe's Email Queue, with a Communication on the customer's timeline, many at once.

The mail itself is made by Frappe (QueueBuilder), the rows are inserted together. Its Message-ID is made from the notice
and the attempt, so that the log of a mail server can be searched for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import frappe
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.email.doctype.email_queue.email_queue import QueueBuilder
from frappe.email.email_body import EMail, get_formatted_html
from frappe.utils import cint, get_url, scrub_urls

from client_ledger.outbox.channels.timeline import communication_row, insert_communications
from client_ledger.outbox.notice_status import NO_ACCOUNT, NOT_DELIVERED, Undeliverable
from client_ledger.outbox.outgoing import Outgoing
from client_ledger.site.doctypes import LEDGER_NOTICE
from client_ledger.site.rows import bulk_insert, child_rows, known_fields

QUEUE, RECIPIENT = "Email Queue", "Email Queue Recipient"
_SUBJECT, _CONTENT = "cl-subject-of-the-letter", "cl-content-of-the-letter"


@dataclass(frozen=True, slots=True)
class Mail:
	"""One mail as rows to insert. fields: of its notice's row."""

	queue: dict
	recipients: list[dict]
	communication: dict
	fields: dict[str, Any]


class Post:
	"""The mails of one batch."""

	def __init__(self):
		self.mails: list[Mail] = []
		self.accounts: dict[str | None, EmailAccount | None] = {}
		self.frames = _frames()

	def make(self, outgoing: Outgoing, attachments: Sequence[dict]) -> Mail:
		"""Return a notice's mail; it goes out only once it is kept. Raises Undeliverable."""
		account = self._account(outgoing.email_account)
		to, cc, row = outgoing.recipient, list(outgoing.cc), outgoing.row
		builder = _Builder(
			recipients=[to],
			sender=account.default_sender,
			subject=outgoing.letter.subject,
			message=outgoing.letter.html,
			text_content=outgoing.letter.text,
			reference_doctype=LEDGER_NOTICE,
			reference_name=row.name,
			cc=cc,
			reply_to=outgoing.reply_to or _default_reply_to(account, outgoing.reply_to_default),
			attachments=list(attachments),
			message_id=f"{row.name}.{cint(row.attempts) + cint(row.taken_back)}@{_site_name()}",
			expose_recipients="header",
			add_unsubscribe_link=0,
			communication=frappe.generate_hash(length=10),
		)
		builder._email_account, builder.frame = account, self._frame(account)
		builder.must_reply_to = bool(outgoing.reply_to)
		values = _queue_values(builder)
		communication = communication_row(
			outgoing,
			"Email",
			to,
			outgoing.letter.html,
			cc=", ".join(cc),
			sender=values["sender"],
			message_id=values["message_id"],
			email_account=values["email_account"],
			has_attachment=bool(builder._attachments),
		)
		communication["name"] = builder.communication
		name = frappe.generate_hash(length=10)
		moment = {"creation": outgoing.now, "modified": outgoing.now}
		people = [{"recipient": address, "status": "Not Sent"} for address in dict.fromkeys([to, *cc])]
		return Mail(
			{"name": name, **moment, "status": "Not Sent", "retry": 0, **values},
			child_rows(QUEUE, name, "recipients", people),
			communication,
			{
				"email_queue": name,
				"communication": communication["name"],
				"recipients": to,
				"cc": ", ".join(cc),
			},
		)

	def keep(self, mail: Mail) -> None:
		"""Have a mail go out with the batch."""
		self.mails.append(mail)

	def write(self) -> None:
		"""Insert the mails of the batch."""
		bulk_insert(QUEUE, known_fields(QUEUE, [mail.queue for mail in self.mails]))
		people = [row for mail in self.mails for row in mail.recipients]
		bulk_insert(RECIPIENT, known_fields(RECIPIENT, people))
		insert_communications([mail.communication for mail in self.mails])

	def _frame(self, account: EmailAccount) -> str:
		if account.name not in self.frames:
			self.frames[account.name] = get_formatted_html(_SUBJECT, _CONTENT, email_account=account)
		return self.frames[account.name]

	def _account(self, name: str | None) -> EmailAccount:
		if name not in self.accounts:
			self.accounts[name] = _find_account(name)
		if not self.accounts[name]:
			raise Undeliverable(NO_ACCOUNT)
		return self.accounts[name]


def has_outgoing_account() -> bool:
	"""Return whether the site has a default account that sends."""
	return _find_account(None) is not None


def sending_app() -> str | None:
	"""Return the app that sends the site's mails in a way of its own (`override_email_send`), None where Frappe sends them."""
	paths = frappe.get_hooks("override_email_send")
	return paths[0].split(".")[0] if paths else None


class _Builder(QueueBuilder):
	"""Frappe's builder with the site's frame (brand, footer, styles) made once per batch, not once per mail.

	Making it means resolving its style sheet, which takes longer than everything else of a mail together. Letters
	bring what styles they need with them.
	"""

	frame: str = ""
	must_reply_to: bool = False

	def prepare_email_content(self) -> EMail:
		"""Return the mail. Who must get the answer is not replaced by the addresses of the Email Account."""
		mail = super().prepare_email_content()
		if self.must_reply_to:
			mail.email_account = _Replies(mail.email_account)
		return mail

	def get_unsubscribed_user_emails(self) -> list[str]:
		"""Who has unsubscribed was left out already."""
		return []

	def email_html_content(self) -> str:
		"""Return the letter in the site's frame."""
		subject = frappe.utils.escape_html(self.subject)
		return self.frame.replace(_SUBJECT, subject).replace(_CONTENT, scrub_urls(self._message))


class _Replies:
	"""An Email Account that has no answers of its own."""

	add_reply_to_header, reply_to_addresses = 1, ()

	def __init__(self, account: EmailAccount):
		self._account = account

	def __getattr__(self, name: str) -> Any:
		return getattr(self._account, name)


def _default_reply_to(account: EmailAccount, address: str | None) -> str | None:
	"""Return *address* unless the account says who gets its answers, or that nobody is named (version 16)."""
	own = account.get("reply_to_addresses") or not cint(account.get("add_reply_to_header", 1))
	return None if own else address


def _frames() -> dict[str, str]:
	"""Return the frames made in this request or job, by account."""
	if "client_ledger_mail_frames" not in frappe.local.flags:
		frappe.local.flags.client_ledger_mail_frames = {}
	return frappe.local.flags.client_ledger_mail_frames


def _find_account(name: str | None) -> EmailAccount | None:
	filters = {"name": name} if name else {"default_outgoing": 1}
	# Not find_default_outgoing: where mail is muted it makes up an account.
	stored = EmailAccount.find_one_by_filters(enable_outgoing=1, **filters)
	if stored:
		# Frappe looks the account up again for each mail it makes; this one has just been read.
		stored.is_exists_in_db = lambda: True
	return stored or (None if name else EmailAccount.find_from_config())


def _queue_values(builder: QueueBuilder) -> dict:
	values = builder.as_dict(include_recipients=False)
	if not values:
		raise Undeliverable(NOT_DELIVERED, f"{', '.join(builder.recipients)} is no e-mail address")
	if isinstance(values.get("unsubscribe_params"), dict):
		values["unsubscribe_params"] = frappe.as_json(values["unsubscribe_params"])
	return values


def _site_name() -> str:
	return get_url().split("//")[-1].split("/")[0].split(":")[0]
