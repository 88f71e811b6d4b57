"""How far runs are: their notices counted by status, and told to whoever watches."""

from collections.abc import Sequence

import frappe
from frappe.query_builder.functions import Count
from frappe.utils import now_datetime

from client_ledger.outbox.notice_status import NoticeStatus
from client_ledger.site.doctypes import DUNNING_RUN, LEDGER_NOTICE

NEW, PLANNING, PLANNED, SENDING, DONE, FAILED = ("New", "Planning", "Planned", "Sending", "Done", "Failed")


def progressed(notices: Sequence[str]) -> None:
	"""Count the runs of some notices, and notify whoever watches them. Commits."""
	rows = frappe.get_all(LEDGER_NOTICE, {"name": ("in", list(notices))}, pluck="run", order_by="name")
	for run in sorted({name for name in rows if name}):
		count(run)
		announce(run)


def count(run: str) -> None:
	"""Count a run's notices by status, and close it when none is left to send. Commits."""
	table = frappe.qb.DocType(LEDGER_NOTICE)
	rows = (
		frappe.qb.from_(table).select(table.status, Count("*")).where(table.run == run).groupby(table.status)
	).run()
	by_status = dict(rows)
	left = sum(by_status.get(status.value, 0) for status in (NoticeStatus.PLANNED, NoticeStatus.APPROVED))
	fields = {
		"sent": sum(by_status.get(status.value, 0) for status in (NoticeStatus.SENDING, NoticeStatus.SENT)),
		"deferred": by_status.get(NoticeStatus.DEFERRED.value, 0),
		"failed": by_status.get(NoticeStatus.FAILED.value, 0),
		"skipped": by_status.get(NoticeStatus.SKIPPED.value, 0),
	}
	if frappe.db.get_value(DUNNING_RUN, run, "status") in (PLANNED, SENDING, DONE):
		if left == 0:
			fields |= {"status": DONE, "finished_on": now_datetime()}
		elif by_status.get(NoticeStatus.APPROVED.value):
			fields["status"] = SENDING
		else:
			fields["status"] = PLANNED
	frappe.db.set_value(DUNNING_RUN, run, fields)
	frappe.db.commit()  # nosemgrep: figures of the run


def announce(run: str) -> None:
	"""Notify open forms of the run how far it is."""
	fields = ["status", "customers", "customers_done", "planned", "sent", "skipped", "deferred", "failed"]
	row = frappe.db.get_value(DUNNING_RUN, run, fields, as_dict=True)
	if row:
		frappe.publish_realtime("dunning_run", {"name": run, **row}, doctype=DUNNING_RUN, docname=run)
