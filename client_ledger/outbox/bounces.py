"""Mails that came back: what a mail server reports, by Frappe's delivery status or by a mail to an incoming account.

Frappe treats the report of a mail server as a mail like any other. Here it is recognised by its sender, by the address that
it names, and by a code or words that say the failure is permanent. A report that a mail is only late is not a bounce, and one
that it was delivered (an Email Account of version 16 may ask for these) settles what was in doubt.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import frappe
from frappe.utils import get_datetime, strip_html_tags
from pypika.queries import QueryBuilder

from client_ledger.outbox.notice_status import IN_DOUBT, NoticeStatus
from client_ledger.site.doctypes import LEDGER_NOTICE

# A bounce that comes later than this is a matter of another address, not of this message.
BOUNCE_DAYS = 10
# Not "Error": that is Frappe's word for its queue, of which the copies of a mail are part too.
UNDELIVERED = ("Bounced", "Soft-Bounced", "Hard-Bounced", "Rejected", "Spam")
DAEMONS = ("mailer-daemon", "postmaster", "mail-daemon")
_PERMANENT = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b|\b55\d[ -]")
_LATE = re.compile(r"\b4\.\d{1,3}\.\d{1,3}\b|still being retried|delay", re.IGNORECASE)
# A status of success (RFC 3463), or the words of Postfix, Exim and Exchange for it.
_DELIVERED = re.compile(
	r"\b2\.\d{1,3}\.\d{1,3}\b|successful(ly)? (mail )?deliver|has been delivered|delivery [^.]{0,60}is complete",
	re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def returned_mails(now: datetime) -> dict[str, str]:
	"""Return the notices whose mail has come back since it went out, each with why."""
	rows = _sent(now)
	found = {row.name: row.delivery_status for row in rows if row.delivery_status in UNDELIVERED}
	by_address: dict[str, list[frappe._dict]] = {}
	for row in rows:
		by_address.setdefault((row.recipients or "").strip().lower(), []).append(row)
	for report in _reports(now) if rows else ():
		if not reports_failure(report.subject or "", report.text):
			continue
		for row in _of_report(report, by_address):
			found.setdefault(row.name, reason_in(report.text))
	return found


def delivered_mails(now: datetime) -> dict[str, datetime]:
	"""Return the notices in doubt of which a mail server has reported that they were delivered, and when each left."""
	by_address: dict[str, list[frappe._dict]] = {}
	for row in _doubtful(now):
		by_address.setdefault((row.recipients or "").strip().lower(), []).append(row)
	found: dict[str, datetime] = {}
	for report in _reports(now) if by_address else ():
		if reports_delivery(report.subject or "", report.text):
			found.update((row.name, row.data_on or row.sending_on) for row in _of_report(report, by_address))
	return found


def reports_failure(subject: str, text: str) -> bool:
	"""Return whether what a mail server wrote says that a mail will never arrive."""
	if _PERMANENT.search(text):
		return True
	said = f"{subject}\n{text}"
	return not (_LATE.search(said) or _DELIVERED.search(said))


def reports_delivery(subject: str, text: str) -> bool:
	"""Return whether what a mail server wrote says that a mail was delivered."""
	said = f"{subject}\n{text}"
	return bool(_DELIVERED.search(said)) and not (_PERMANENT.search(text) or _LATE.search(said))


def reason_in(text: str) -> str:
	"""Return the line that says why a mail came back, empty where none does."""
	lines = (" ".join(line.split()) for line in text.splitlines())
	return next((line[:300] for line in lines if _PERMANENT.search(line)), "")


def _sent(now: datetime) -> list[frappe._dict]:
	"""Return the mails that are taken as arrived and may still come back."""
	notice = frappe.qb.DocType(LEDGER_NOTICE)
	query = _mails().where(notice.status == NoticeStatus.SENT.value)
	return query.where(notice.sent_on >= now - timedelta(days=BOUNCE_DAYS)).run(as_dict=True)


def _doubtful(now: datetime) -> list[frappe._dict]:
	"""Return the mails of which nobody knows whether they arrived."""
	notice = frappe.qb.DocType(LEDGER_NOTICE)
	query = _mails().where((notice.status == NoticeStatus.FAILED.value) & (notice.reason == IN_DOUBT))
	return query.where(notice.sending_on >= now - timedelta(days=BOUNCE_DAYS)).run(as_dict=True)


def _mails() -> QueryBuilder:
	notice, communication = frappe.qb.DocType(LEDGER_NOTICE), frappe.qb.DocType("Communication")
	return (
		frappe.qb.from_(notice)
		.join(communication)
		.on(communication.name == notice.communication)
		.select(
			notice.name,
			notice.recipients,
			notice.sending_on,
			notice.data_on,
			notice.subject,
			notice.communication,
			communication.delivery_status,
		)
		.where(notice.channel == "Email")
		.orderby(notice.sending_on, notice.name)
	)


def _reports(now: datetime) -> Iterable[frappe._dict]:
	"""Yield what mail servers wrote to the site's accounts: text, when, and which mail it answers if that is known."""
	table = frappe.qb.DocType("Communication")
	daemon = table.sender.like(f"{DAEMONS[0]}@%")
	for name in DAEMONS[1:]:
		daemon |= table.sender.like(f"{name}@%")
	rows = (
		frappe.qb.from_(table)
		.select(table.subject, table.content, table.text_content, table.communication_date, table.in_reply_to)
		.where((table.sent_or_received == "Received") & daemon)
		.where(table.communication_date >= now - timedelta(days=BOUNCE_DAYS))
	).run(as_dict=True)
	for row in rows:
		row.text = f"{row.text_content or ''}\n{strip_html_tags(row.content or '')}"
		yield row


def _of_report(report: frappe._dict, by_address: Mapping[str, list]) -> Iterable[frappe._dict]:
	"""Yield the notices a report is about: the one it answers, else the last to each address that it names."""
	written = get_datetime(report.communication_date)
	for address in dict.fromkeys(found.lower() for found in _ADDRESS.findall(report.text)):
		before = [row for row in by_address.get(address, ()) if row.sending_on and row.sending_on <= written]
		answered = [row for row in before if row.communication == report.in_reply_to]
		named = [row for row in before if row.subject and row.subject in report.text]
		yield from (answered or named or before)[-1:]
