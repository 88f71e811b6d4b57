"""What became of what was handed over: the Email Queue's word, closed follow-ups, bounces, and what is in doubt.

A worker that dies between the mail server's answer and the note of it leaves a mail that may have arrived. It is
never sent again by itself: it shows as in doubt, and a person says whether it arrived.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import frappe
from frappe.utils import cint, getdate

from client_ledger.dunning.planning import levels
from client_ledger.outbox import bounces
from client_ledger.outbox.notice_rows import mark_failed, update
from client_ledger.outbox.notice_status import BOUNCED, IN_DOUBT, NOT_DELIVERED, State
from client_ledger.site.doctypes import CANCELLED, DONE, DUNNING_SETTINGS, FOLLOW_UP, LEDGER_NOTICE

CHUNK = 500


def follow_up(now: datetime) -> dict[str, int]:
	"""Bring handed-over notices to what became of them; return how many arrived and how many failed. Commits."""
	counts = {"sent": 0, "failed": 0}
	names = frappe.get_all(LEDGER_NOTICE, {"state": State.SENDING.value}, pluck="name", order_by="name")
	for start in range(0, len(names), CHUNK):
		for name, state in _states(names[start : start + CHUNK], now):
			if state is None:
				arrived(name, now)
				counts["sent"] += 1
			else:
				mark_failed(name, *state, now)
				counts["failed"] += 1
		frappe.db.commit()  # nosemgrep: what became of this chunk
	counts["failed"] += _bounces(now)
	frappe.db.commit()  # nosemgrep: bounces
	return counts


def arrived(name: str, now: datetime, on: datetime | None = None) -> None:
	"""Note that a notice has reached the customer: its items have their level from here on."""
	fields = {
		"state": State.SENT.value,
		"sent_on": now,
		"open_key": None,
		"reason": None,
		"reason_detail": None,
		"next_attempt": None,
	}
	if on:
		fields["contact_on"] = getdate(on)
	update(name, fields, now)
	row = frappe.db.get_value(LEDGER_NOTICE, name, ["customer", "company", "level", "contact_on"])
	levels.raised(row[0], row[1], cint(row[2]), row[3] or getdate(now))


def _states(names: Sequence[str], now: datetime) -> Iterable[tuple[str, tuple[str, str] | None]]:
	"""Yield the notices something has become of: None if it arrived, else why it did not."""
	rows = frappe.get_all(
		LEDGER_NOTICE,
		{"name": ("in", list(names)), "state": State.SENDING.value},
		["name", "channel", "email_queue", "communication", "todo", "follow_up", "sending_on"],
		order_by="name",
	)
	queued = _by_name("Email Queue", [row.email_queue for row in rows], ["status", "error", "modified"])
	todos = _by_name("ToDo", [row.todo for row in rows], ["status"])
	follow_ups = _by_name(FOLLOW_UP, [row.follow_up for row in rows], ["workflow_state"])
	doubtful = now - timedelta(minutes=cint(frappe.db.get_single_value(DUNNING_SETTINGS, "doubt_minutes")))
	for row in rows:
		if row.channel == "E-mail":
			found = _mail(row, queued.get(row.email_queue), doubtful)
		elif row.channel == "SMS":
			found = (IN_DOUBT, "") if row.sending_on and row.sending_on < doubtful else False
		elif row.channel == "Letter":
			found = False
		else:
			found = _by_hand(todos.get(row.todo), follow_ups.get(row.follow_up))
		if found is not False:
			yield row.name, found


def _mail(
	row: frappe._dict, queued: frappe._dict | None, doubtful: datetime
) -> tuple[str, str] | bool | None:
	"""Return what became of a mail; False while nothing has."""
	if queued is None:
		# Frappe clears its queue after a month; by then the Communication knows.
		status = frappe.db.get_value("Communication", row.communication, "delivery_status")
		if status in ("Sent", "Opened", "Read", "Clicked"):
			return None
		return (IN_DOUBT, "") if row.sending_on and row.sending_on < doubtful else False
	if queued.status == "Sent":
		return None
	if queued.status == "Error":
		return NOT_DELIVERED, _last_line(queued.error)
	if queued.status in ("Sending", "Partially Sent") and queued.modified < doubtful:
		if _customer_has_it(row.email_queue):
			return None
		return (IN_DOUBT, "") if queued.status == "Sending" else False
	return False


def _customer_has_it(queue: str) -> bool:
	"""Return whether the mail went to its first recipient, the customer; copies may still be missing."""
	return frappe.db.get_value("Email Queue Recipient", {"parent": queue, "idx": 1}, "status") == "Sent"


def _by_hand(todo: frappe._dict | None, follow_up: frappe._dict | None) -> tuple[str, str] | bool | None:
	status = follow_up.workflow_state if follow_up else todo.status if todo else CANCELLED
	if status == CANCELLED:
		return NOT_DELIVERED, ""
	return None if status in (DONE, "Closed") else False


def _bounces(now: datetime) -> int:
	"""Take back what came back: it has not reached anybody."""
	found = bounces.returned(now)
	for name, why in found.items():
		row = frappe.get_doc(LEDGER_NOTICE, name)
		mark_failed(name, BOUNCED, why, now)
		reopen(row, now)
	return len(found)


def reopen(row: frappe._dict, now: datetime) -> None:
	"""Give a notice back its place as the one that is still to go out, unless another has it by now."""
	from client_ledger.core.dunning.plan import Party
	from client_ledger.outbox.notice_status import open_key

	key = open_key(Party(row.customer, row.company, row.currency))
	if not frappe.db.exists(LEDGER_NOTICE, {"open_key": key}):
		update(row.name, {"open_key": key}, now)


def _by_name(doctype: str, names: Iterable[str | None], fields: list[str]) -> dict[str, frappe._dict]:
	wanted = [name for name in names if name]
	if not wanted:
		return {}
	rows = frappe.get_all(doctype, {"name": ("in", wanted)}, ["name", *fields], order_by="name")
	return {row.name: row for row in rows}


def _last_line(text: str | None) -> str:
	lines = (text or "").strip().splitlines()
	return lines[-1] if lines else ""
