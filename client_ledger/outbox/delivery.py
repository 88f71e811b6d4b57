"""What became of what was handed over: what the Email Queue says, closed tasks, bounces, and what is in doubt.

Mails are noted when they are sent (mail_delivery); here is what that left open. A worker that dies once a mail may have
reached the mail server leaves it in doubt: it is never sent again automatically, and a person says whether it arrived.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import frappe

from client_ledger.archive import notices
from client_ledger.core.outbox.message import Channel
from client_ledger.ledger.database import chunks
from client_ledger.outbox import bounces, settings
from client_ledger.outbox.channels import manual
from client_ledger.outbox.delivery_outcome import DeliveryOutcome, arrived
from client_ledger.outbox.keys import day_key, open_key
from client_ledger.outbox.kinds import kind_class, recipient_key
from client_ledger.outbox.notice_rows import NoticeRow, lock, mark_failed, update
from client_ledger.outbox.notice_status import BOUNCED, IN_DOUBT, NOT_DELIVERED, NoticeStatus
from client_ledger.site.doctypes import FOLLOW_UP, LEDGER_NOTICE

CHUNK = 500
# What a Communication says of a mail that was accepted.
ACCEPTED = ("Sent", "Opened", "Read", "Clicked")
# What tells the customer something in writing.
WRITTEN = (Channel.EMAIL.value, Channel.LETTER.value, Channel.SMS.value)


def update_delivery_status(now: datetime) -> dict[str, int]:
	"""Update the status of notices that were handed over; return how many arrived and how many failed. Commits."""
	counts = {"sent": 0, "failed": 0}
	names = frappe.get_all(
		LEDGER_NOTICE, {"status": NoticeStatus.SENDING.value}, pluck="name", order_by="name"
	)
	for part in chunks(names, CHUNK):
		frappe.db.commit()  # nosemgrep: the locks below begin a transaction with a fresh view
		for name, outcome in _outcomes(lock(part, (NoticeStatus.SENDING,)), now):
			if outcome.on:
				mark_sent(name, now, outcome.on)
				counts["sent"] += 1
			else:
				mark_not_arrived(name, outcome.reason, outcome.detail, now)
				counts["failed"] += 1
		frappe.db.commit()  # nosemgrep: what became of this chunk
	for name, left_on in bounces.delivered_mails(now).items():
		mark_sent(name, now, left_on)
		counts["sent"] += 1
	counts["failed"] += _take_back_bounced(now)
	frappe.db.commit()  # nosemgrep: what mail servers reported
	return counts


def mark_sent(
	name: str, now: datetime, arrived_on: datetime, files: Sequence[tuple[str, bytes]] = ()
) -> None:
	"""Mark a notice as arrived, keep it in the archive, and let its kind know. A remark of its kind stays as its reason.

	Intervals and limits of contacts count from the day it arrived, however long it had waited. files: (name, content) of
	what was handed over, for the archive.
	"""
	row = frappe.db.get_value(LEDGER_NOTICE, name, "*", as_dict=True)
	kind = kind_class(row.kind)(now)
	# Not before it was handed over, where clocks were put back.
	arrived_on = max(arrived_on, row.sending_on or arrived_on)
	day = kind.day(row, arrived_on)
	key = day_key(recipient_key(row), day)
	fields = {
		"status": NoticeStatus.SENT.value,
		"sent_on": arrived_on,
		"contact_on": day,
		"day_key": None if _is_taken(key, name) else key,
		"open_key": None,
		"next_attempt": None,
	}
	if row.status == NoticeStatus.FAILED.value:
		fields |= {"reason": None, "reason_detail": None}
	update(name, fields, now)
	if row.communication:
		frappe.db.set_value(
			"Communication", row.communication, "communication_date", arrived_on, update_modified=False
		)
	sent = frappe._dict(row, **fields)
	if kind.archived_as and row.channel in WRITTEN:
		notices.keep_sent(sent, arrived_on, files, kind.archived_as)
	kind.sent(sent, day)


def mark_not_arrived(name: str, reason: str, detail: str, now: datetime) -> NoticeRow:
	"""Mark a notice that was handed over as failed, and let its kind know; return its row."""
	mark_failed(name, reason, detail, now)
	row = frappe.db.get_value(LEDGER_NOTICE, name, "*", as_dict=True)
	kind_class(row.kind)(now).returned(row)
	return row


def _is_taken(key: str, name: str) -> bool:
	"""Return whether another notice than *name* reached the same recipient on the same day."""
	return bool(frappe.db.exists(LEDGER_NOTICE, {"day_key": key, "name": ("!=", name)}))


def reopen(row: NoticeRow, now: datetime) -> None:
	"""Give a notice back its place as the one that is still to go out, unless another has taken it."""
	key = open_key(recipient_key(row))
	if not frappe.db.exists(LEDGER_NOTICE, {"open_key": key}):
		update(row.name, {"open_key": key}, now)


def _outcomes(rows: Sequence[NoticeRow], now: datetime) -> Iterable[tuple[str, DeliveryOutcome]]:
	"""Yield the notices of which it is known what became of them, with what. rows: locked."""
	queued = _by_name("Email Queue", [row.email_queue for row in rows], ["status", "error", "modified"])
	customers = _customers_of([row.email_queue for row in rows])
	todos = _by_name("ToDo", [row.todo for row in rows], ["status", "modified"])
	follow_ups = _by_name(FOLLOW_UP, [row.follow_up for row in rows], ["workflow_state", "modified"])
	doubtful = now - timedelta(minutes=settings.doubt_minutes())
	for row in rows:
		if row.channel == Channel.EMAIL.value:
			outcome = _of_mail(row, queued.get(row.email_queue), customers.get(row.email_queue), doubtful)
		elif row.channel == Channel.SMS.value:
			outcome = _doubt(row, doubtful)
		elif row.channel == Channel.LETTER.value:
			outcome = None
		else:
			outcome = manual.outcome(todos.get(row.todo), follow_ups.get(row.follow_up))
		if outcome:
			yield row.name, outcome


def _of_mail(
	row: NoticeRow, queued: frappe._dict | None, customer: frappe._dict | None, doubtful: datetime
) -> DeliveryOutcome | None:
	"""Return what became of a mail, None while that is not known. customer: its first recipient in the queue."""
	if customer and customer.status == "Sent":
		# Copies may still be missing.
		return arrived(customer.modified)
	if queued is None:
		# Frappe clears its queue after a month; by then the Communication knows.
		status = frappe.db.get_value("Communication", row.communication, "delivery_status")
		return arrived(row.data_on or row.sending_on) if status in ACCEPTED else _doubt(row, doubtful)
	if queued.status == "Sent":
		return arrived(queued.modified)
	if queued.status == "Error" and not row.data_on:
		return DeliveryOutcome(NOT_DELIVERED, _last_line(queued.error))
	# Before its content was sent it has not arrived: Frappe puts it back into its queue.
	return DeliveryOutcome(IN_DOUBT) if row.data_on and row.data_on < doubtful else None


def _doubt(row: frappe._dict, doubtful: datetime) -> DeliveryOutcome | None:
	"""Return that it is in doubt whether a notice arrived, if it was handed over before *doubtful*."""
	return DeliveryOutcome(IN_DOUBT) if row.sending_on and row.sending_on < doubtful else None


def _customers_of(queues: Iterable[str | None]) -> dict[str, frappe._dict]:
	"""Return the first recipient, the customer, of each mail of the queue."""
	wanted = [name for name in queues if name]
	if not wanted:
		return {}
	rows = frappe.get_all(
		"Email Queue Recipient",
		{"parent": ("in", wanted), "idx": 1},
		["parent", "status", "modified"],
		order_by="parent",
	)
	return {row.parent: row for row in rows}


def _take_back_bounced(now: datetime) -> int:
	"""Mark notices as failed whose mail came back: it has not reached anybody. Return how many."""
	found = bounces.returned_mails(now)
	for name, why in found.items():
		row = mark_not_arrived(name, BOUNCED, why, now)
		notices.keep_returned(row, why)
		reopen(row, now)
	return len(found)


def _by_name(doctype: str, names: Iterable[str | None], fields: list[str]) -> dict[str, frappe._dict]:
	wanted = [name for name in names if name]
	if not wanted:
		return {}
	rows = frappe.get_all(doctype, {"name": ("in", wanted)}, ["name", *fields], order_by="name")
	return {row.name: row for row in rows}


def _last_line(text: str | None) -> str:
	lines = (text or "").strip().splitlines()
	return lines[-1] if lines else ""
