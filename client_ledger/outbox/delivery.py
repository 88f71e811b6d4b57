"""What became of what was handed over: what the Email Queue says, closed tasks, bounces, and what is in doubt.

A worker that dies between the mail server's answer and the note of it leaves a mail that may have arrived. It is never
sent again automatically: it shows as in doubt, and a person says whether it arrived.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import frappe
from frappe.utils import getdate

from client_ledger.core.outbox.message import Channel
from client_ledger.ledger.database import chunks
from client_ledger.outbox import bounces, settings
from client_ledger.outbox.channels import manual
from client_ledger.outbox.delivery_outcome import ARRIVED, DeliveryOutcome
from client_ledger.outbox.keys import open_key
from client_ledger.outbox.kinds import kind_class, recipient_key
from client_ledger.outbox.notice_rows import NoticeRow, mark_failed, update
from client_ledger.outbox.notice_status import BOUNCED, IN_DOUBT, NOT_DELIVERED, NoticeStatus
from client_ledger.site.doctypes import FOLLOW_UP, LEDGER_NOTICE

CHUNK = 500
# What a Communication says of a mail that was accepted.
ACCEPTED = ("Sent", "Opened", "Read", "Clicked")


def update_delivery_status(now: datetime) -> dict[str, int]:
	"""Update the status of notices that were handed over; return how many arrived and how many failed. Commits."""
	counts = {"sent": 0, "failed": 0}
	names = frappe.get_all(
		LEDGER_NOTICE, {"status": NoticeStatus.SENDING.value}, pluck="name", order_by="name"
	)
	for part in chunks(names, CHUNK):
		for name, outcome in _outcomes(part, now):
			if outcome is ARRIVED:
				mark_sent(name, now)
				counts["sent"] += 1
			else:
				mark_failed(name, outcome.reason, outcome.detail, now)
				counts["failed"] += 1
		frappe.db.commit()  # nosemgrep: what became of this chunk
	for name, sending_on in bounces.delivered_mails(now).items():
		mark_sent(name, now, sending_on)
		counts["sent"] += 1
	counts["failed"] += _take_back_bounced(now)
	frappe.db.commit()  # nosemgrep: what mail servers reported
	return counts


def mark_sent(name: str, now: datetime, on: datetime | None = None) -> None:
	"""Mark a notice as arrived, and let its kind know. A remark of its kind stays as its reason.

	on: when it was handed over, of one that was taken as failed; why is over.
	"""
	fields = {
		"status": NoticeStatus.SENT.value,
		"sent_on": now,
		"open_key": None,
		"next_attempt": None,
	}
	if on:
		fields |= {"contact_on": getdate(on), "reason": None, "reason_detail": None}
	update(name, fields, now)
	row = frappe.db.get_value(LEDGER_NOTICE, name, "*", as_dict=True)
	kind_class(row.kind)(now).sent(row, row.contact_on or getdate(now))


def reopen(row: NoticeRow, now: datetime) -> None:
	"""Give a notice back its place as the one that is still to go out, unless another has taken it."""
	key = open_key(recipient_key(row))
	if not frappe.db.exists(LEDGER_NOTICE, {"open_key": key}):
		update(row.name, {"open_key": key}, now)


def _outcomes(names: Sequence[str], now: datetime) -> Iterable[tuple[str, DeliveryOutcome]]:
	"""Yield the notices of which it is known what became of them, with what."""
	rows = frappe.get_all(
		LEDGER_NOTICE,
		{"name": ("in", list(names)), "status": NoticeStatus.SENDING.value},
		["name", "channel", "email_queue", "communication", "todo", "follow_up", "sending_on"],
		order_by="name",
	)
	queued = _by_name("Email Queue", [row.email_queue for row in rows], ["status", "error", "modified"])
	todos = _by_name("ToDo", [row.todo for row in rows], ["status"])
	follow_ups = _by_name(FOLLOW_UP, [row.follow_up for row in rows], ["workflow_state"])
	doubtful = now - timedelta(minutes=settings.doubt_minutes())
	for row in rows:
		if row.channel == Channel.EMAIL.value:
			outcome = _of_mail(row, queued.get(row.email_queue), doubtful)
		elif row.channel == Channel.SMS.value:
			outcome = _doubt(row, doubtful)
		elif row.channel == Channel.LETTER.value:
			outcome = None
		else:
			outcome = manual.outcome(todos.get(row.todo), follow_ups.get(row.follow_up))
		if outcome:
			yield row.name, outcome


def _of_mail(row: frappe._dict, queued: frappe._dict | None, doubtful: datetime) -> DeliveryOutcome | None:
	"""Return what became of a mail, None while that is not known."""
	if queued is None:
		# Frappe clears its queue after a month; by then the Communication knows.
		status = frappe.db.get_value("Communication", row.communication, "delivery_status")
		return ARRIVED if status in ACCEPTED else _doubt(row, doubtful)
	if queued.status == "Sent":
		return ARRIVED
	if queued.status == "Error":
		return DeliveryOutcome(NOT_DELIVERED, _last_line(queued.error))
	if queued.status in ("Sending", "Partially Sent") and queued.modified < doubtful:
		if _customer_has_it(row.email_queue):
			return ARRIVED
		return DeliveryOutcome(IN_DOUBT) if queued.status == "Sending" else None
	return None


def _doubt(row: frappe._dict, doubtful: datetime) -> DeliveryOutcome | None:
	"""Return that it is in doubt whether a notice arrived, if it was handed over before *doubtful*."""
	return DeliveryOutcome(IN_DOUBT) if row.sending_on and row.sending_on < doubtful else None


def _customer_has_it(queue: str) -> bool:
	"""Return whether the mail went to its first recipient, the customer; copies may still be missing."""
	return frappe.db.get_value("Email Queue Recipient", {"parent": queue, "idx": 1}, "status") == "Sent"


def _take_back_bounced(now: datetime) -> int:
	"""Mark notices as failed whose mail came back: it has not reached anybody. Return how many."""
	found = bounces.returned_mails(now)
	for name, why in found.items():
		mark_failed(name, BOUNCED, why, now)
		row = frappe.db.get_value(LEDGER_NOTICE, name, "*", as_dict=True)
		reopen(row, now)
		kind_class(row.kind)(now).returned(row)
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
