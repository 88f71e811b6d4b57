"""What receipts do by themselves: proposed anew after one came or changed, every hour and every night; announced payments settled."""

from collections.abc import Sequence

import frappe
from frappe.model.document import Document
from frappe.utils.background_jobs import is_job_enqueued

from client_ledger.ledger.site import companies
from client_ledger.receipts import advice_status, policy, proposals
from client_ledger.receipts.gather import key_of
from client_ledger.receipts.statuses import BANK_TRANSACTION, PAYMENT_ENTRY, WAITING
from client_ledger.site.doctypes import RECEIPT_PROPOSAL, REMITTANCE_ADVICE
from client_ledger.site.jobs import log_if_queue_fails, safely

_MARKED = "client_ledger_receipts_of"
_TOKEN = "client_ledger_receipts_token"
SECONDS = 1500


def payment_changed(doc: Document) -> None:
	"""A customer's payment was submitted, allocated or cancelled: propose anew where that may matter."""
	if doc.payment_type == "Receive" and (doc.unallocated_amount or _is_known(doc)):
		_mark(doc.company)


def transaction_changed(doc: Document) -> None:
	"""A Bank Transaction came, was reconciled or went: propose anew where it is a deposit."""
	if doc.deposit:
		_mark(doc.company)


def customers_changed(customers: Sequence[str]) -> None:
	"""Money of *customers* may have come or gone: settle what they have announced."""
	if frappe.db.exists(REMITTANCE_ADVICE, {"customer": ("in", list(customers))}):
		advice_status.settle(customers)


def refresh_all() -> None:
	"""Propose anew in every company that has receipts without an invoice, and settle all announced payments."""
	for company in companies():
		if has_receipts(company):
			safely(f"Client Ledger, receipts: {company} failed", lambda name=company: _propose(name))
	safely("Client Ledger: announced payments failed", advice_status.settle)


def refresh_company(company: str) -> None:
	"""Propose anew in one company: the job that is queued after a receipt changed."""
	frappe.cache.set_value(f"{_TOKEN}|{company}", frappe.generate_hash(length=10), expires_in_sec=24 * 3600)
	_propose(company)
	advice_status.settle()


def _propose(company: str) -> None:
	proposals.refresh(company)
	policy.apply_sure(company)


def has_receipts(company: str) -> bool:
	"""Return whether a company has money without an invoice, or proposals for some that may be gone."""
	filters: tuple[tuple[str, dict], ...] = (
		(RECEIPT_PROPOSAL, {"status": ("in", WAITING)}),
		(BANK_TRANSACTION, {"docstatus": 1, "deposit": (">", 0), "unallocated_amount": (">", 0)}),
		(PAYMENT_ENTRY, {"docstatus": 1, "payment_type": "Receive", "unallocated_amount": (">", 0)}),
	)
	return any(frappe.db.exists(doctype, {**where, "company": company}) for doctype, where in filters)


def _is_known(doc: Document) -> bool:
	return bool(frappe.db.exists(RECEIPT_PROPOSAL, {"receipt_key": key_of(doc.doctype, doc.name)}))


def _mark(company: str) -> None:
	"""Queue a job for *company* once this transaction is committed."""
	marked = frappe.flags.get(_MARKED)
	if marked is None:
		marked = frappe.flags[_MARKED] = set()
		frappe.db.after_commit.add(_enqueue_marked)
		frappe.db.after_rollback.add(_forget)
	marked.add(company)


def _enqueue_marked() -> None:
	for company in sorted(frappe.flags.pop(_MARKED, None) or ()):
		enqueue(company)


def _forget() -> None:
	frappe.flags.pop(_MARKED, None)


def enqueue(company: str) -> None:
	"""Queue a job that proposes anew, unless one is waiting to start; what is lost is done within the hour."""
	with log_if_queue_fails("receipts not proposed"):
		token = frappe.cache.get_value(f"{_TOKEN}|{company}", expires=True) or 0
		job_id = f"client_ledger_receipts_{frappe.scrub(company)}_{token}"
		if not is_job_enqueued(job_id):
			frappe.enqueue(
				"client_ledger.receipts.jobs.refresh_company",
				queue="long",
				timeout=SECONDS,
				job_id=job_id,
				deduplicate=True,
				company=company,
			)
