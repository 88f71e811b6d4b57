"""Ledgers that customers upload: bounded in size, rows and time, kept as a private file, read by a job.

file -> is it one of ours to take? -> Confirmation Reply with its file -> job -> lines, or why not, on the reply

What is in a file is never run: formulas are read as what they last amounted to, and nothing is fetched.
"""

import hashlib
from datetime import timedelta
from functools import partial
from pathlib import PurePath
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import format_datetime, now_datetime

from client_ledger.confirmations import notify, replies
from client_ledger.confirmations.confirmation_rows import update
from client_ledger.confirmations.files import path_of, store_file
from client_ledger.confirmations.replies import Given, ReplySource, Taken
from client_ledger.files.ledger_file import LedgerFile, LedgerWishes, read_ledger
from client_ledger.files.read import MEGABYTE, Limits
from client_ledger.site.arguments import BadArgument
from client_ledger.site.doctypes import BALANCE_CONFIRMATION, CONFIRMATION_REPLY
from client_ledger.site.jobs import log_if_queue_fails
from client_ledger.site.language import spoken
from client_ledger.site.messages import filled

LIMITS = Limits(size=10 * MEGABYTE, unpacked=200 * MEGABYTE, rows=50_000, columns=200, seconds=120)
WAITING, READING, READ, FAILED = "Waiting", "Reading", "Read", "Failed"
QUEUE, TIMEOUT = "long", 600
LOST_AFTER = timedelta(minutes=30)
METHOD = "client_ledger.confirmations.uploads.read"


def take(confirmation: str, given: Given, source: ReplySource, name: str, content: bytes) -> Taken:
	"""Keep a customer's ledger, and have it read. name: of the file, as the customer has it.

	Raises BadArgument for what is empty, too large, or the same file again.
	"""
	replies.locked(confirmation)
	digest = hashlib.sha256(content).hexdigest()
	_check(confirmation, content, digest)
	taken = replies.take(
		confirmation,
		given,
		source,
		{
			"file_name": PurePath(name.replace("\\", "/")).name[:140] or "ledger",
			"file_size": len(content),
			"file_digest": digest,
			"processing": WAITING,
		},
	)
	url = store_file(CONFIRMATION_REPLY, taken.reply, "file", f"{taken.reply}{_suffix(content)}", content)
	frappe.db.set_value(CONFIRMATION_REPLY, taken.reply, "file", url, update_modified=False)
	_archive(taken.reply, content)
	frappe.db.after_commit.add(partial(enqueue, taken.reply))
	return taken


def refuse_size() -> None:
	"""Raise BadArgument for a file that is too large."""
	_refuse(filled(_("The file is larger than {0} MB. Upload a shorter period."), LIMITS.size // MEGABYTE))


def _archive(reply: str, content: bytes) -> None:
	"""Keep a reply with its file in the archive."""
	doc = frappe.get_doc(CONFIRMATION_REPLY, reply)
	replies.keep_reply(doc, [(doc.file_name, content)])


def take_file(confirmation: str, given: Given, source: ReplySource, name: str, url: str) -> Taken:
	"""Keep a customer's ledger that people have attached to a confirmation, and have it read. url: of its File."""
	path = path_of(BALANCE_CONFIRMATION, confirmation, url)
	if path.stat().st_size > LIMITS.size:
		refuse_size()
	return take(confirmation, given, source, name, path.read_bytes())


def _check(confirmation: str, content: bytes, digest: str) -> None:
	if not content:
		_refuse(_("The file is empty. Export it again and upload it."))
	if len(content) > LIMITS.size:
		refuse_size()
	same = frappe.db.get_value(
		CONFIRMATION_REPLY,
		{"confirmation": confirmation, "file_digest": digest},
		["replied_on", "processing", "error"],
		as_dict=True,
		order_by="replied_on desc",
		for_update=True,
	)
	if not same:
		return
	when = format_datetime(same.replied_on)
	if same.processing == FAILED:
		_refuse(
			filled(
				_(
					"This same file was uploaded on {0} and could not be read. Correct it and upload it again. {1}"
				),
				when,
				same.error or "",
			)
		)
	_refuse(filled(_("This same file was uploaded on {0} already. Nothing more is needed."), when))


def _refuse(text: str) -> None:
	frappe.throw(text, BadArgument, title=_("File Not Taken"))


def _suffix(content: bytes) -> str:
	return ".xlsx" if content.startswith(b"PK") else ".csv"


# --- the job ---


def enqueue(reply: str) -> None:
	"""Queue the reading of a reply's file; where the queue cannot be reached, the next hour does."""
	with log_if_queue_fails("customer's ledger not queued"):
		frappe.enqueue(
			METHOD,
			queue=QUEUE,
			timeout=TIMEOUT,
			job_id=f"client_ledger_upload_{reply}",
			deduplicate=True,
			reply=reply,
		)


def enqueue_lost() -> None:
	"""Queue again what a job left unread."""
	lost = {"processing": ("in", (WAITING, READING)), "modified": ("<", now_datetime() - LOST_AFTER)}
	for name in frappe.get_all(CONFIRMATION_REPLY, lost, pluck="name", order_by="name"):
		enqueue(name)


def read(reply: str) -> None:
	"""Read the file of a reply, and write on the reply what it holds or why it cannot be read. Commits.

	A file that is read stays read: a second job does nothing.
	"""
	row = frappe.db.get_value(
		CONFIRMATION_REPLY, reply, ["processing", "file"], as_dict=True, for_update=True
	)
	if not row or row.processing not in (WAITING, READING):
		frappe.db.commit()  # nosemgrep: another worker has read it
		return
	_set(reply, {"processing": READING})
	frappe.db.commit()  # nosemgrep: whoever watches sees it
	doc = frappe.get_doc(CONFIRMATION_REPLY, reply)
	with spoken(doc.language):
		found, problem = _tried(doc)
		if problem or not found:
			_failed(doc, str(problem))
		else:
			_read(doc, found)
	frappe.db.commit()  # nosemgrep: what became of the file


def _tried(doc: Document) -> tuple[LedgerFile | None, str]:
	try:
		found = ledger_of(doc)
		return found, _problem(found, doc.currency)
	except Exception as error:
		frappe.db.rollback()
		frappe.log_error(
			title="Customer's ledger not read", reference_doctype=CONFIRMATION_REPLY, reference_name=doc.name
		)
		return None, filled(
			_("The file could not be read ({0}). Save it as .xlsx or .csv again, and upload it."),
			type(error).__name__,
		)


def ledger_of(reply: Document) -> LedgerFile:
	"""Return a reply's file as read, bounded as uploads are. Problems are in the language spoken now."""
	name = reply.file_name or "ledger"
	path = path_of(CONFIRMATION_REPLY, reply.name, reply.file)
	return read_ledger(path, name, LedgerWishes(currency=reply.currency), _, LIMITS)


def _problem(found: LedgerFile, currency: str) -> str:
	"""Return why a file cannot be compared, "" where it can."""
	if found.problems:
		lines = [problem.describe(_) for problem in found.problems.found]
		if found.problems.more:
			lines.append(_("{0} more problems.").format(found.problems.more))
		return "\n".join(lines)
	others = sorted(found.side.currencies() - {currency})
	if others and currency not in found.side.currencies():
		return _(
			"{0}: the ledger is in {1}, but this confirmation is in {2}. Upload the ledger in {2}."
		).format(found.name, ", ".join(others), currency)
	return ""


def _read(reply: Document, found: LedgerFile) -> None:
	days = [line.date for line in found.lines]
	_set(
		reply.name,
		{
			"processing": READ,
			"error": None,
			"rows_read": len(found.lines),
			"from_date": min(days, default=None),
			"to_date": max(days, default=None),
			"read_on": now_datetime(),
			"read_note": "\n".join(_notes(found, reply.currency)) or None,
		},
	)
	if reply.state == replies.COUNTED:
		replies.comparable(reply.confirmation, reply.name)


def _notes(found: LedgerFile, currency: str) -> list[str]:
	"""Return what the reader of a file should know though it was read."""
	notes = []
	if not found.has_numbers:
		notes.append(
			_(
				"{0} has no column with numbers of documents: its lines are matched by texts, amounts and dates only. "
				"Add a column such as Invoice No."
			).format(found.name)
		)
	if others := sorted(found.side.currencies() - {currency}):
		notes.append(
			_("{0} has lines in {1} too; only those in {2} are compared.").format(
				found.name, ", ".join(others), currency
			)
		)
	return notes


def _failed(reply: Document, problem: str) -> None:
	_set(reply.name, {"processing": FAILED, "error": problem[:5000], "read_on": now_datetime()})
	if reply.state == replies.COUNTED:
		update(reply.confirmation, {"comparison_status": FAILED, "comparison_error": problem[:1000]})
	notify.unreadable(reply.confirmation)


def read_again(reply: str) -> None:
	"""Have a file read again that could not be read."""
	frappe.db.get_value(CONFIRMATION_REPLY, reply, "name", for_update=True)
	row = frappe.get_doc(CONFIRMATION_REPLY, reply)
	if row.processing != FAILED:
		frappe.throw(_("Only a file that could not be read can be read again."))
	_set(reply, {"processing": WAITING, "error": None})
	frappe.db.after_commit.add(partial(enqueue, reply))


def _set(reply: str, fields: dict[str, Any]) -> None:
	frappe.db.set_value(CONFIRMATION_REPLY, reply, fields)
