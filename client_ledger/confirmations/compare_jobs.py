"""Comparing in the background: after a reply that can be compared line by line has come in, once, and again where a worker died."""

from datetime import timedelta
from functools import partial
from html import unescape

import frappe
from frappe import _
from frappe.utils import now_datetime, strip_html_tags

from client_ledger.confirmations import comparison
from client_ledger.site.doctypes import BALANCE_CONFIRMATION
from client_ledger.site.jobs import LOCKS, log_if_queue_fails

METHOD = "client_ledger.confirmations.compare_jobs.run"
QUEUE, TIMEOUT = "long", 900
SAVEPOINT = "compare"
WAITING, RUNNING, FAILED = "Waiting", "Running", "Failed"
LOST_AFTER = timedelta(minutes=30)


def queue(confirmation: str, reply: str) -> None:
	"""Have a reply compared after this transaction; where the queue cannot be reached, the next hour does it."""
	fields = {"comparison_status": WAITING, "comparison_error": None, "compared_reply": reply}
	frappe.db.set_value(BALANCE_CONFIRMATION, confirmation, fields)
	frappe.db.after_commit.add(partial(_enqueue, confirmation))


def _enqueue(confirmation: str) -> None:
	with log_if_queue_fails(f"{confirmation} not compared yet"):
		frappe.enqueue(
			METHOD,
			queue=QUEUE,
			timeout=TIMEOUT,
			job_id=f"client_ledger_compare_{confirmation}",
			deduplicate=True,
			confirmation=confirmation,
		)


def queue_lost() -> None:
	"""Queue again what waits for a comparison since long: its job is lost."""
	filters = {
		"comparison_status": ("in", (WAITING, RUNNING)),
		"compared_reply": ("is", "set"),
		"modified": ("<", now_datetime() - LOST_AFTER),
	}
	for name in frappe.get_all(BALANCE_CONFIRMATION, filters, pluck="name", order_by="name"):
		_enqueue(name)


def run(confirmation: str) -> None:
	"""Compare a confirmation with the reply it waits for; what keeps it from being compared is said on it. Commits."""
	frappe.db.savepoint(SAVEPOINT)
	try:
		comparison.compare(confirmation)
	except LOCKS:
		# Somebody works on it: the next hour does it.
		frappe.db.rollback()
		return
	except Exception as error:
		frappe.db.rollback(save_point=SAVEPOINT)
		if not isinstance(error, frappe.ValidationError):
			frappe.log_error(
				title="Ledgers not compared",
				reference_doctype=BALANCE_CONFIRMATION,
				reference_name=confirmation,
			)
		frappe.clear_messages()
		fields = {"comparison_status": FAILED, "comparison_error": _words(error)}
		frappe.db.set_value(BALANCE_CONFIRMATION, confirmation, fields)
	frappe.db.commit()  # nosemgrep: what came of it


def _words(error: Exception) -> str:
	if isinstance(error, frappe.ValidationError):
		return unescape(strip_html_tags(str(error)))[:1000]
	return _("The ledgers could not be compared; the reason is in the Error Log.")
