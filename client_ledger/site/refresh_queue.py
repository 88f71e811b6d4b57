"""The queue of customers whose accounts have to be refreshed from the ledger, as Refresh Marks.

A mark is a row of its own, written once per transaction right before its commit. It is exactly as durable as
the voucher that caused it, and as rows are only added, two vouchers never wait for each other.
"""

from collections.abc import Iterable

import frappe
from frappe.query_builder.functions import Min
from frappe.utils.background_jobs import is_job_enqueued

from client_ledger.site.doctypes import REFRESH_MARK
from client_ledger.site.jobs import log_if_queue_fails
from client_ledger.site.rows import bulk_insert

_WAITING = "client_ledger_customers_to_mark"
_TOKEN = "client_ledger_refresh_token"


def mark_stale(customers: Iterable[str]) -> None:
	"""Note that accounts of *customers* are behind; the marks are written when this transaction commits."""
	waiting = frappe.flags.get(_WAITING)
	if waiting is None:
		waiting = frappe.flags[_WAITING] = set()
		frappe.db.before_commit.add(write_marks)
		frappe.db.after_rollback.add(forget_marks)
	waiting.update(customer for customer in customers if customer)


def write_marks() -> None:
	"""Write the marks of this transaction and queue a refresh once it is committed."""
	customers = frappe.flags.pop(_WAITING, None)
	if not customers:
		return
	bulk_insert(REFRESH_MARK, [{"customer": name} for name in sorted(customers)])
	frappe.db.after_commit.add(enqueue_refresh)


def forget_marks() -> None:
	"""Drop the marks of a transaction that was rolled back."""
	frappe.flags.pop(_WAITING, None)


def stale_customers(limit: int, besides: Iterable[str] = ()) -> list[str]:
	"""Return up to *limit* marked customers, longest waiting first, without those in *besides*."""
	mark = frappe.qb.DocType(REFRESH_MARK)
	query = frappe.qb.from_(mark).select(mark.customer).groupby(mark.customer).limit(limit)
	besides = list(besides)
	if besides:
		query = query.where(mark.customer.notin(besides))
	return [row[0] for row in query.orderby(Min(mark.creation)).orderby(mark.customer).run()]


def marks_of(customers: list[str]) -> dict[str, list[str]]:
	"""Return the names of the marks of *customers*."""
	found: dict[str, list[str]] = {}
	for row in frappe.get_all(
		REFRESH_MARK, {"customer": ("in", customers)}, ["name", "customer"], order_by="name"
	):
		found.setdefault(row.customer, []).append(row.name)
	return found


def clear_marks(names: list[str]) -> None:
	"""Delete the marks of *names*, in the order every worker does."""
	for name in sorted(names):
		frappe.db.delete(REFRESH_MARK, {"name": name})


def enqueue_refresh() -> None:
	"""Queue one refresh, unless one is waiting to start.

	A job that runs already may have read its marks before ours, so it never counts as waiting: each job stores a
	new token when it starts, and the token is part of the id of the next job.
	"""
	# The voucher is committed and its mark with it: the hourly catch-up processes what is not queued.
	with log_if_queue_fails("refresh not queued"):
		job_id = f"client_ledger_refresh_{frappe.cache.get_value(_TOKEN, expires=True) or 0}"
		if not is_job_enqueued(job_id):
			frappe.enqueue("client_ledger.tasks.refresh_stale", timeout=900, job_id=job_id, deduplicate=True)


def new_refresh_token() -> None:
	"""Store a new token when a refresh starts, so that marks written from now on queue another job."""
	frappe.cache.set_value(_TOKEN, frappe.generate_hash(length=10), expires_in_sec=24 * 3600)
