"""E-mail: into the host's Email Queue, with a Communication on the customer's timeline, many at once.

The mail itself is made by Frappe (QueueBuilder), the rows are inserted together. Its Message-ID is made from the
notice and the attempt, so that what a mail server has can be told from what it has not.
"""

from typing import TYPE_CHECKING

import frappe
from frappe.email.doctype.email_queue.email_queue import QueueBuilder
from frappe.email.email_body import get_formatted_html
from frappe.utils import cint, get_url, scrub_urls, split_emails, validate_email_address

from client_ledger.core.entries import SALES_INVOICE
from client_ledger.outbox.channels.timeline import bulk_insert, child_rows, communication_row
from client_ledger.outbox.notice_status import ERROR, NO_ACCOUNT, NOT_DELIVERED, Undeliverable
from client_ledger.site.doctypes import LEDGER_NOTICE

if TYPE_CHECKING:
	from client_ledger.dunning.sending.decide import Job

MOST_INVOICES_ATTACHED = 20
_SUBJECT, _CONTENT = "cl-subject-of-the-letter", "cl-content-of-the-letter"


class Post:
	"""The mails of one batch."""

	def __init__(self):
		self.queue: list[dict] = []
		self.recipients: list[dict] = []
		self.communications: list[dict] = []
		self.accounts: dict[str | None, object] = {}
		self.frames = _frames()

	def add(self, job: "Job", dunning: str | None) -> dict:
		"""Make a notice's mail; return the fields of its row. Raises Undeliverable."""
		account = self._account(job)
		to, cc = job.customer.addressee.email, copies(job)
		builder = _Builder(
			recipients=[to],
			sender=account.default_sender,
			subject=job.letter.subject,
			message=job.letter.html,
			text_content=job.letter.text,
			reference_doctype=LEDGER_NOTICE,
			reference_name=job.row.name,
			cc=cc,
			reply_to=reply_to(job),
			attachments=attachments(job, dunning),
			message_id=f"{job.row.name}.{cint(job.row.attempts)}@{_host()}",
			expose_recipients="header",
			add_unsubscribe_link=0,
			communication=frappe.generate_hash(length=10),
		)
		builder._email_account, builder.frame = account, self._frame(account)
		values = _queue_values(builder)
		row = communication_row(
			job,
			"Email",
			to,
			job.letter.html,
			cc=", ".join(cc),
			sender=values["sender"],
			message_id=values["message_id"],
			email_account=values["email_account"],
			has_attachment=bool(builder._attachments),
		)
		row["name"] = builder.communication
		name = frappe.generate_hash(length=10)
		common = {key: row[key] for key in ("owner", "modified_by", "creation", "modified")}
		self.queue.append({"name": name, **common, "status": "Not Sent", "retry": 0, **values})
		people = [{"recipient": address, "status": "Not Sent"} for address in dict.fromkeys([to, *cc])]
		self.recipients += child_rows("Email Queue", name, "recipients", people)
		self.communications.append(row)
		return {"email_queue": name, "communication": row["name"], "recipients": to, "cc": ", ".join(cc)}

	def write(self) -> None:
		"""Insert the mails of the batch."""
		bulk_insert("Email Queue", self.queue)
		bulk_insert("Email Queue Recipient", self.recipients)
		bulk_insert("Communication", self.communications)

	def _frame(self, account: object) -> str:
		if account.name not in self.frames:
			self.frames[account.name] = get_formatted_html(_SUBJECT, _CONTENT, email_account=account)
		return self.frames[account.name]

	def _account(self, job: "Job") -> object:
		name = job.policy.email_account
		if name not in self.accounts:
			self.accounts[name] = _find_account(name)
		if not self.accounts[name]:
			raise Undeliverable(NO_ACCOUNT)
		return self.accounts[name]


class _Builder(QueueBuilder):
	"""Frappe's builder with the site's frame (brand, footer, styles) made once per batch, not once per mail.

	Making it means resolving its style sheet, which takes longer than everything else of a mail together. Letters
	bring what styles they need with them.
	"""

	frame: str = ""

	def get_unsubscribed_user_emails(self) -> list[str]:
		"""Who has unsubscribed was left out already."""
		return []

	def email_html_content(self) -> str:
		"""Return the letter in the site's frame."""
		subject = frappe.utils.escape_html(self.subject)
		return self.frame.replace(_SUBJECT, subject).replace(_CONTENT, scrub_urls(self._message))


def _frames() -> dict[str, str]:
	"""Return the frames made in this request or job, by account."""
	if "client_ledger_mail_frames" not in frappe.local.flags:
		frappe.local.flags.client_ledger_mail_frames = {}
	return frappe.local.flags.client_ledger_mail_frames


def _find_account(name: str | None) -> object | None:
	from frappe.email.doctype.email_account.email_account import EmailAccount

	filters = {"name": name} if name else {"default_outgoing": 1}
	# Not find_default_outgoing: where mail is muted it makes an account up.
	stored = EmailAccount.find_one_by_filters(enable_outgoing=1, **filters)
	if stored:
		# Frappe looks the account up again for each mail it makes; this one was just read.
		stored.is_exists_in_db = lambda: True
	return stored or (None if name else EmailAccount.find_from_config())


def _queue_values(builder: QueueBuilder) -> dict:
	values = builder.as_dict(include_recipients=False)
	if not values:
		raise Undeliverable(NOT_DELIVERED, f"{', '.join(builder.recipients)} is no e-mail address")
	if isinstance(values.get("unsubscribe_params"), dict):
		values["unsubscribe_params"] = frappe.as_json(values["unsubscribe_params"])
	return values


def copies(job: "Job") -> list[str]:
	"""Return who gets a copy: the account manager where the step says so, and whom it names."""
	found = split_emails(job.step.cc or "")
	manager = job.customer.account_manager
	if cint(job.step.cc_account_manager) and manager and validate_email_address(manager):
		found.append(manager)
	to = job.customer.addressee.email
	return [address for address in dict.fromkeys(found) if address != to]


def reply_to(job: "Job") -> str | None:
	"""Return who gets the answer: whom the policy names, else the account manager, else the sender."""
	if job.policy.reply_to:
		return job.policy.reply_to
	manager = job.customer.account_manager
	return manager if manager and validate_email_address(manager) else None


def attachments(job: "Job", dunning: str | None) -> list[dict]:
	"""Return what goes with the mail: the Dunning, the invoices (made when it is sent), a statement."""
	language = job.letter.language
	found = []
	if dunning:
		found.append(_print("Dunning", dunning, language))
	if cint(job.step.attach_invoices):
		names = {
			line.key.voucher.name: None
			for line in job.notice.lines
			if line.key.voucher.doctype == SALES_INVOICE
		}
		found += [_print(SALES_INVOICE, name, language) for name in list(names)[:MOST_INVOICES_ATTACHED]]
	if cint(job.step.attach_statement):
		found.append(statement(job))
	return found


def _print(doctype: str, name: str, language: str) -> dict:
	return {
		"print_format_attachment": 1,
		"doctype": doctype,
		"name": name,
		"lang": language,
		"print_letterhead": True,
	}


def statement(job: "Job") -> dict:
	"""Return the customer's open items as a PDF. Raises Undeliverable where the site makes none."""
	from client_ledger.collections.disputes import in_dispute
	from client_ledger.ledger.site import site_ledger
	from client_ledger.site.request import LedgerRequest
	from client_ledger.statements import printing
	from client_ledger.statements.statement import make_statement

	request = LedgerRequest(job.row.customer, job.row.company, job.day, job.row.currency)
	before = frappe.local.lang
	frappe.local.lang = job.letter.language
	try:
		found = make_statement(site_ledger(), request, None, True, in_dispute(request))
		return {
			"fname": found.file_name("pdf"),
			"fcontent": printing._make_pdf(printing.render(found, with_dialog=False)),
		}
	except frappe.ValidationError as error:
		raise Undeliverable(ERROR, str(error)) from error
	finally:
		frappe.local.lang = before


def _host() -> str:
	return get_url().split("//")[-1].split("/")[0].split(":")[0]
