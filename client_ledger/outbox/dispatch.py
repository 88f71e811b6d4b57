"""Handing what is due to the workers: in ranges of messages, each job for itself; what a job leaves, the next hour takes."""

from collections.abc import Sequence
from datetime import datetime

import frappe
from frappe.utils import get_datetime

from client_ledger.outbox import send, settings
from client_ledger.outbox.keys import digest
from client_ledger.outbox.kinds import NoticeKind, kind_class
from client_ledger.site.doctypes import LEDGER_NOTICE
from client_ledger.site.jobs import log_if_queue_fails

QUEUE, TIMEOUT = "long", 3600
# Whoever watches hears of it after so many messages.
PART = 100


def enqueue(method: str, job_id: str, **arguments: object) -> None:
	"""Queue a job once; where the queue cannot be reached, the next hour does."""
	with log_if_queue_fails("messages not queued"):
		frappe.enqueue(method, queue=QUEUE, timeout=TIMEOUT, job_id=job_id, deduplicate=True, **arguments)


def send_in_ranges(names: Sequence[str], moment: datetime) -> int:
	"""Queue jobs that send *names*, in ranges; return how many notices that is."""
	size = settings.messages_per_job()
	for start_at in range(0, len(names), size):
		part = names[start_at : start_at + size]
		job = digest("|".join(part))[:16]
		enqueue(
			"client_ledger.outbox.dispatch.send_range",
			f"client_ledger_send_{job}",
			names=part,
			moment=str(moment),
		)
	return len(names)


def send_range(names: Sequence[str], moment: str) -> None:
	"""Send some notices, and let their kinds know after each part."""
	for start_at in range(0, len(names), PART):
		part = names[start_at : start_at + PART]
		send.send(part, get_datetime(moment))
		for kind, of_kind in _by_kind(part).items():
			kind.progressed(of_kind)


def _by_kind(names: Sequence[str]) -> dict[type[NoticeKind], list[str]]:
	rows = frappe.get_all(LEDGER_NOTICE, {"name": ("in", list(names))}, ["name", "kind"], order_by="name")
	found: dict[type[NoticeKind], list[str]] = {}
	for row in rows:
		try:
			found.setdefault(kind_class(row.kind), []).append(row.name)
		except LookupError:
			# Sending has marked it as failed.
			continue
	return found
