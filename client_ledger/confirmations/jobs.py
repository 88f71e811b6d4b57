"""The hourly work of confirmations: letters and reminders whose turn it is, files that no job has read."""

from datetime import datetime

import frappe
from frappe.utils import get_datetime, now_datetime

from client_ledger.confirmations import reminders, rounds, uploads
from client_ledger.confirmations.notice_kind import CONFIRMATION
from client_ledger.outbox import dispatch, send
from client_ledger.site.doctypes import CONFIRMATION_ROUND, LEDGER_NOTICE
from client_ledger.site.jobs import safely

RUNNING = ("Sending", "Open")


def tick() -> None:
	"""Queue the work of the hour, where there is any. Does nothing else."""
	if frappe.db.exists(CONFIRMATION_ROUND, {"status": ("in", RUNNING)}):
		dispatch.enqueue("client_ledger.confirmations.jobs.work", job_id="client_ledger_confirmations")


def work(now: datetime | str | None = None, in_process: bool = False) -> None:
	"""Write the reminders whose day has come, and send what is due. in_process: here instead of over the workers."""
	moment = get_datetime(now) if now else now_datetime()
	safely("Confirmations: reminders not written", lambda: reminders.remind_due(moment))
	safely("Confirmations: letters not taken up again", lambda: rounds.take_up_again(moment))
	safely("Confirmations: ledgers not read", uploads.enqueue_lost)
	of_kind = set(
		frappe.get_all(
			LEDGER_NOTICE,
			{"kind": CONFIRMATION, "status": ("in", ("Approved", "Deferred", "Failed"))},
			pluck="name",
			order_by="name",
		)
	)
	names = [name for name in send.due_names(moment) if name in of_kind]
	if in_process:
		dispatch.send_range(names, str(moment))
	else:
		dispatch.send_in_ranges(names, moment)
