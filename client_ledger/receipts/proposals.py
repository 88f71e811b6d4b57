"""Receipt Proposals made and kept up to date: one for each receipt without an invoice, replaced when it is outdated.

receipts + open items + announced payments + payers -> core -> what is stored of each receipt -> written where it differs
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import flt

from client_ledger.collections import follow_ups
from client_ledger.core.money import as_money
from client_ledger.core.receipts.items import ProposedPayment, ReceiptPass
from client_ledger.core.receipts.propose import propose
from client_ledger.core.reconciliation.matches import Because
from client_ledger.receipts import gather, payers, reasons
from client_ledger.receipts.advices import fallback_responsible
from client_ledger.receipts.gather import Source
from client_ledger.receipts.items import OpenItems
from client_ledger.receipts.settings import receipt_settings
from client_ledger.receipts.statuses import (
	APPLIED,
	BANK_TRANSACTION,
	BY_HAND,
	CLOSED,
	DECLINED,
	PAYMENT_ENTRY,
	PROPOSED,
	WAITING,
	WITHOUT_INVOICE,
)
from client_ledger.site.doctypes import RECEIPT_PROPOSAL
from client_ledger.site.documents import by_action
from client_ledger.site.jobs import each_or_log
from client_ledger.site.reasons import stored_reason
from client_ledger.site.refresh_queue import mark_stale

CASH_DISCOUNT, BANK_FEE = "Cash Discount", "Bank Fee"


@dataclass(frozen=True, slots=True)
class Wanted:
	"""What is to be stored of a receipt: its values by field, its rows, and what tells it from another proposal."""

	source: Source
	values: Mapping[str, Any]
	rows: tuple[Mapping[str, Any], ...]
	fingerprint: str


def refresh(company: str) -> list[str]:
	"""Propose anew for every receipt of *company* without an invoice; return the proposals that changed. Commits."""
	advices = gather.waiting_advices(company)
	sources, items = gather.receipts(company, advices), OpenItems.of(company)
	free = [one for one in sources if not one.booked_as]
	made = propose(
		[one.receipt for one in free],
		items.payable(),
		gather.announced_payments(advices, items),
		payers.known(),
		receipt_settings(),
	)
	proposals = {one.receipt.id: one for one in made.proposals}
	wanted = [_wanted(company, one, proposals.get(one.key), items, advices) for one in sources]
	changed, _failed = each_or_log(
		wanted,
		lambda batch: [name for one in batch if (name := _write(one))],
		title="Client Ledger, receipts: not proposed",
		doctype=RECEIPT_PROPOSAL,
		size=50,
		name=lambda one: one.source.key,
	)
	closed = close_gone(company, {one.key for one in sources})
	return [name for batch in changed for name in batch] + closed


def _wanted(
	company: str,
	source: Source,
	proposal: ProposedPayment | None,
	items: OpenItems,
	advices: Sequence[frappe._dict],
) -> Wanted:
	receipt = source.receipt
	values: dict[str, Any] = {
		"company": company,
		"receipt_type": source.doctype,
		"receipt": source.name,
		"receipt_key": source.key,
		"receipt_date": receipt.date,
		"currency": receipt.currency,
		"amount": float(receipt.amount),
		"base_amount": _base(company, source, items),
		"payer_name": receipt.payer_name[:140],
		"payer_account": receipt.payer_account[:140],
		"text": receipt.text,
		"customer": proposal.customer if proposal else receipt.customer,
		"status": WITHOUT_INVOICE,
		"found_by": "",
		"confidence": "",
		**_reason_for_none(source),
		"withheld": 0.0,
		"withheld_as": "",
		"allocated": 0.0,
		"on_account": float(receipt.amount),
		"remittance_advice": None,
		"note": None,
	}
	rows: tuple[Mapping[str, Any], ...] = ()
	if proposal:
		values |= _of_proposal(proposal, items)
		rows = rows_of([(items.by_id[name], amount) for name, amount in proposal.allocations])
		values["remittance_advice"] = _advice_of(proposal, advices)
	return Wanted(source, values, rows, _fingerprint(values, rows))


def _of_proposal(proposal: ProposedPayment, items: OpenItems) -> dict[str, Any]:
	total = sum((amount for _name, amount in proposal.allocations), Decimal(0))
	return {
		"status": PROPOSED if proposal.allocations else WITHOUT_INVOICE,
		"found_by": proposal.found_by.value,
		"confidence": proposal.confidence.value,
		**stored_reason(proposal.reason, proposal.receipt.currency),
		"withheld": float(proposal.withheld),
		"withheld_as": _withheld_as(proposal),
		"allocated": float(total - proposal.withheld),
		"on_account": float(proposal.on_account),
	}


def rows_of(amounts: Sequence[tuple[Any, Decimal]]) -> tuple[dict[str, Any], ...]:
	"""Return the rows of a proposal for (open item, amount)."""
	return tuple(
		{
			"voucher_type": item.voucher.doctype,
			"voucher_no": item.voucher.name,
			"payment_term": item.term,
			"due_date": item.due_date,
			"outstanding": float(item.outstanding),
			"amount": float(amount),
			"currency": item.currency,
		}
		for item, amount in amounts
	)


def _reason_for_none(source: Source) -> dict[str, str]:
	if source.booked_as:
		return stored_reason(Because(reasons.BOOKED, (source.booked_as,)))
	return stored_reason(Because(reasons.NOTHING_FITS))


def _withheld_as(proposal: ProposedPayment) -> str:
	"""Return what is withheld as: a discount where items allow one at least as large, else a bank's fee."""
	if proposal.withheld <= 0:
		return ""
	is_fee = proposal.found_by is ReceiptPass.FEE or proposal.withheld <= _fee_limit(proposal)
	return CASH_DISCOUNT if proposal.found_by is ReceiptPass.DISCOUNT or not is_fee else BANK_FEE


def _fee_limit(proposal: ProposedPayment) -> Decimal:
	settings = receipt_settings()
	return min(settings.fee_share * proposal.receipt.amount, settings.fee_amount)


def _advice_of(proposal: ProposedPayment, advices: Sequence[frappe._dict]) -> str | None:
	"""Return the announced payment that a receipt is: the one it was found by, else the only one of its customer and amount."""
	if proposal.advice:
		return proposal.advice
	receipt = proposal.receipt
	same = [
		row.name
		for row in advices
		if row.customer == proposal.customer
		and (row.currency, as_money(flt(row.amount))) == (receipt.currency, receipt.amount)
		and row.receipt in (None, "", receipt.id.split("|", 1)[1])
		and abs((receipt.date - row.payment_date).days) <= receipt_settings().advice_days
	]
	return same[0] if len(same) == 1 else None


def _base(company: str, source: Source, items: OpenItems) -> float:
	"""Return a receipt in company currency: at its own rate, else at the one that items of its currency have."""
	amount = source.receipt.amount
	if source.rate:
		return flt(amount * source.rate, 2)
	if source.receipt.currency == frappe.get_cached_value("Company", company, "default_currency"):
		return float(amount)
	for item in items.by_id.values():
		if item.currency == source.receipt.currency:
			return flt(amount * item.base_outstanding / item.outstanding, 2)
	return 0.0


def _fingerprint(values: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
	fields = ("customer", "amount", "found_by", "confidence", "reason", "withheld", "remittance_advice")
	said = [[str(values[field] or "") for field in fields], [[str(v) for v in row.values()] for row in rows]]
	return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:40]


# --- writing ---


def _write(wanted: Wanted) -> str | None:
	"""Store what is wanted of a receipt where it differs; return the name of what changed."""
	stored = frappe.db.get_value(
		RECEIPT_PROPOSAL,
		{"receipt_key": wanted.source.key},
		["name", "status", "fingerprint", "declined_fingerprint", "found_by", "amount"],
		as_dict=True,
		for_update=True,
	)
	if stored and not _is_outdated(stored, wanted):
		return None
	# Somebody may have applied it since it was read.
	if as_money(flt(_unallocated(wanted.source))) != wanted.source.receipt.amount:
		return None
	doc = frappe.get_doc(RECEIPT_PROPOSAL, stored.name) if stored else frappe.new_doc(RECEIPT_PROPOSAL)
	doc.update(wanted.values)
	doc.set("items", [])
	for row in wanted.rows:
		doc.append("items", row)
	doc.fingerprint = wanted.fingerprint
	if stored and wanted.fingerprint == stored.declined_fingerprint and doc.status == PROPOSED:
		doc.status = DECLINED
	elif not stored or stored.status in (APPLIED, CLOSED):
		doc.update({"decided_by": None, "decided_on": None, "by_policy": 0, "note": None})
		doc.update({"payment_entry": None, "journal_entry": None})
	if not doc.responsible:
		owner = follow_ups.collector_of(doc.customer, doc.company) if doc.customer else None
		doc.responsible = owner or fallback_responsible()
	by_action(doc).save(ignore_permissions=True)
	# What is surely a customer's money lowers what it is asked for.
	mark_stale([doc.customer])
	return doc.name


def _is_outdated(stored: frappe._dict, wanted: Wanted) -> bool:
	if stored.status not in WAITING:
		return True
	if stored.found_by == BY_HAND and stored.status == PROPOSED:
		# A person knows better, while the receipt and what was chosen stay what they were.
		return flt(stored.amount, 6) != flt(wanted.values["amount"], 6) or not _still_open(stored.name)
	return stored.fingerprint != wanted.fingerprint


def _still_open(name: str) -> bool:
	doc = frappe.get_doc(RECEIPT_PROPOSAL, name)
	items = OpenItems.of(doc.company, (doc.customer,))
	left = {(row.voucher.name, row.term or ""): row.outstanding for row in items.by_id.values()}
	return all(
		left.get((row.voucher_no, row.payment_term or "")) == as_money(flt(row.outstanding))
		for row in doc.items
	)


def _unallocated(source: Source) -> float | None:
	filters = {"name": source.name, "docstatus": 1}
	return frappe.db.get_value(source.doctype, filters, "unallocated_amount", for_update=True)


def close_gone(company: str, keys: set[str]) -> list[str]:
	"""Close the proposals of receipts that are allocated or cancelled by now; return their names. Commits."""
	rows = frappe.get_all(
		RECEIPT_PROPOSAL,
		{"company": company, "status": ("in", WAITING)},
		["name", "receipt_key", "receipt_type", "receipt"],
		order_by="name",
	)
	gone = [row for row in rows if row.receipt_key not in keys]
	each_or_log(
		gone,
		lambda batch: [close(row) for row in batch],
		title="Client Ledger, receipts: not closed",
		doctype=RECEIPT_PROPOSAL,
		size=50,
		name=lambda row: row.name,
	)
	return [row.name for row in gone]


def close(row: frappe._dict) -> None:
	"""Close a proposal whose receipt is not without an invoice any more."""
	doc = frappe.get_doc(RECEIPT_PROPOSAL, row.name, for_update=True)
	if doc.status not in WAITING:
		return
	is_left = row.receipt_type in (PAYMENT_ENTRY, BANK_TRANSACTION) and (
		frappe.db.get_value(row.receipt_type, row.receipt, "docstatus") == 1
	)
	note = _("Allocated in ERPNext.") if is_left else _("The receipt was cancelled.")
	doc.update({"status": CLOSED, "note": note})
	by_action(doc).save(ignore_permissions=True)
