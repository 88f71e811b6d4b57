"""Chaining: a job gives the entries that were kept their numbers and hashes, in order, under a lock per company.

Whoever keeps something never waits for this lock, and never holds a row that this job waits for.
"""

from functools import partial
from typing import NamedTuple

import frappe
from frappe.utils.background_jobs import is_job_enqueued

from client_ledger.core.archive.entry import START, chained
from client_ledger.site.doctypes import ARCHIVE_CHAIN, LEDGER_ARCHIVE
from client_ledger.site.jobs import again_after_a_lock, log_if_queue_fails, safely
from client_ledger.site.rows import bulk_insert

BATCH = 500
_TOKEN = "client_ledger_archive_chain"
_FLAG = "client_ledger_archive_to_chain"


class ChainHead(NamedTuple):
	"""The end of a company's chain. name: of its Archive Chain."""

	name: str
	sequence: int
	entry_hash: str


def chain_after_commit() -> None:
	"""Have what was kept in this transaction chained once it is committed."""
	frappe.flags[_FLAG] = True
	frappe.db.after_commit.add(_enqueue)


def _enqueue() -> None:
	# However much was kept in the transaction, one job does it.
	if not frappe.flags.pop(_FLAG, None):
		return
	with log_if_queue_fails("archive not chained yet"):
		job_id = f"{_TOKEN}_{frappe.cache.get_value(_TOKEN, expires=True) or 0}"
		if not is_job_enqueued(job_id):
			frappe.enqueue(
				"client_ledger.archive.chain.chain_pending", queue="short", job_id=job_id, deduplicate=True
			)


def chain_pending() -> None:
	"""Chain what waits, of every company. Commits. A company whose chain fails is logged and stops no other."""
	# What is kept from now on queues another job: this one may have read past it.
	frappe.cache.set_value(_TOKEN, frappe.generate_hash(length=10), expires_in_sec=24 * 3600)
	for company in waiting_companies():
		safely(f"Archive of {company}: not chained"[:140], partial(chain_company, company))


def waiting_companies() -> list[str]:
	"""Return the companies with entries that are not chained."""
	return frappe.get_all(LEDGER_ARCHIVE, {"sequence": 0}, pluck="company", distinct=True, order_by="company")


def chain_company(company: str) -> int:
	"""Chain what waits of a company; return how many entries. Commits."""
	done = 0
	while number := again_after_a_lock(partial(_chain_batch, company)):
		done += number
	return done


def _chain_batch(company: str) -> int:
	frappe.db.commit()  # nosemgrep: the lock begins a transaction with a fresh view
	head = lock_head(company)
	waiting = frappe.get_all(
		LEDGER_ARCHIVE,
		{"company": company, "sequence": 0},
		["name", "content_hash"],
		order_by="creation, name",
		limit=BATCH,
	)
	links = chained(head.entry_hash, head.sequence, (row.content_hash for row in waiting))
	for row, (sequence, previous, _content, own) in zip(waiting, links, strict=True):
		frappe.db.set_value(
			LEDGER_ARCHIVE,
			row.name,
			{
				"sequence": sequence,
				"previous_hash": previous,
				"entry_hash": own,
				"chain_key": f"{head.name} {sequence}",
			},
			update_modified=False,
		)
		head = head._replace(sequence=sequence, entry_hash=own)
	if waiting:
		frappe.db.set_value(
			ARCHIVE_CHAIN, head.name, {"sequence": head.sequence, "entry_hash": head.entry_hash}
		)
	frappe.db.commit()  # nosemgrep: this batch is chained
	return len(waiting)


def lock_head(company: str) -> ChainHead:
	"""Return the end of a company's chain, locked until the transaction ends; the first time, the chain is made."""
	fields = ["name", "sequence", "entry_hash"]
	found = frappe.db.get_value(ARCHIVE_CHAIN, {"company": company}, fields, as_dict=True, for_update=True)
	if not found:
		row = {"company": company, "sequence": 0, "entry_hash": START, "status": "Not Verified"}
		bulk_insert(ARCHIVE_CHAIN, [row], ignore_duplicates=True)
		found = frappe.db.get_value(
			ARCHIVE_CHAIN, {"company": company}, fields, as_dict=True, for_update=True
		)
	last = last_entry(company)
	if last and last.sequence > found.sequence:
		# Somebody has set the note of the head back; numbers that are taken stay taken, and the check tells of it.
		return ChainHead(found.name, last.sequence, last.entry_hash)
	return ChainHead(found.name, found.sequence, found.entry_hash or START)


def last_entry(company: str) -> frappe._dict | None:
	"""Return number and hash of the last entry that is chained, None without any."""
	rows = frappe.get_all(
		LEDGER_ARCHIVE,
		{"company": company, "sequence": (">", 0)},
		["sequence", "entry_hash"],
		order_by="sequence desc",
		limit=1,
	)
	return rows[0] if rows else None
