"""What becomes of announced payments: their money found, allocated, or missed and followed up."""

from collections.abc import Sequence
from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, flt, fmt_money, formatdate, getdate

from client_ledger.collections import announced, follow_ups
from client_ledger.core.entries import SALES_INVOICE
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.receipts.announced import AdviceFacts, AdviceStatus, is_covered, status_of
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.receipts.advices import open_statuses
from client_ledger.receipts.settings import receipt_settings
from client_ledger.receipts.statuses import PAYMENT_ENTRY, PROPOSED, WITHOUT_INVOICE
from client_ledger.site.doctypes import RECEIPT_PROPOSAL, REMITTANCE_ADVICE
from client_ledger.site.documents import by_action
from client_ledger.site.jobs import each_or_log
from client_ledger.site.refresh_queue import mark_stale

MATCHED, NOT_RECEIVED = AdviceStatus.MATCHED.value, AdviceStatus.NOT_RECEIVED.value
# What was matched is looked at again for so many days.
REVISED_FOR = 90
_HOPEFUL = (PROPOSED, WITHOUT_INVOICE)


def settle(customers: Sequence[str] | None = None, today: date | None = None) -> list[str]:
	"""Bring announced payments to where they stand; return those that changed. Commits.

	customers: None for all that are waited for. For those named, what was matched lately is looked at again: its payment may
	have been cancelled.
	"""
	today = today or getdate()
	rows = announced.stored(customers, open_statuses())
	if customers is not None:
		since = getdate(add_days(today, -REVISED_FOR))
		rows += [row for row in announced.stored(customers, (MATCHED,)) if getdate(row.announced_on) >= since]
	if not rows:
		return []
	names = sorted({row.customer for row in rows})
	owed = _open_now(names, sorted({row.company for row in rows}), today)
	taken = {row.receipt for row in rows if row.receipt}
	changed, _failed = each_or_log(
		rows,
		lambda batch: [row.name for row in batch if _settle(row, owed, taken, today)],
		title="Client Ledger: announced payment not settled",
		doctype=REMITTANCE_ADVICE,
		size=20,
		name=lambda row: row.name,
	)
	return [name for batch in changed for name in batch]


def _open_now(
	customers: Sequence[str], companies: Sequence[str], today: date
) -> dict[tuple[str, str], float]:
	"""Return what of invoices is open now, in the currency of their account, by company and invoice."""
	found: dict = {}
	for item in site_ledger().open_items(Scope(tuple(companies), tuple(customers)), today):
		if item.voucher.doctype == SALES_INVOICE and not item.is_credit:
			key = item.company, item.voucher.name
			found[key] = found.get(key, ZERO) + item.outstanding
	return found


def _settle(row: frappe._dict, owed: dict, taken: set[str], today: date) -> bool:
	receipt = _standing_receipt(row) or _found_receipt(row, taken)
	paid = is_covered(
		(
			as_money(flt(line.amount)),
			as_money(flt(line.outstanding)),
			owed.get((row.company, line.sales_invoice), ZERO),
		)
		for line in row.lines
		if not line.is_assumed
	)
	facts = AdviceFacts(
		getdate(row.pause_until or row.payment_date),
		bool(receipt),
		paid or bool(receipt and receipt.is_allocated),
	)
	status = status_of(facts, today).value
	values = {
		"receipt_type": receipt.doctype if receipt else None,
		"receipt": receipt.name if receipt else None,
	}
	if receipt:
		taken.add(receipt.name)
	if row.status == status and (row.receipt or None) == values["receipt"]:
		return False
	doc = frappe.get_doc(REMITTANCE_ADVICE, row.name, for_update=True)
	if doc.status != row.status:
		# Withdrawn, or settled by another worker.
		return False
	values["received"] = float(receipt.amount) if receipt else (doc.amount if paid else 0)
	doc.update({**values, "status": status, "matched_on": today if status == MATCHED else None})
	if status == NOT_RECEIVED and not doc.follow_up:
		doc.follow_up = _follow_up(doc)
	elif status != NOT_RECEIVED and doc.follow_up:
		follow_ups.withdraw(doc.follow_up, _("The announced payment has arrived."))
	by_action(doc).save(ignore_permissions=True)
	mark_stale([doc.customer])
	return True


def _standing_receipt(row: frappe._dict) -> frappe._dict | None:
	"""Return the receipt that an announced payment was found in, unless it was cancelled."""
	if not row.receipt:
		return None
	amount = "paid_amount" if row.receipt_type == PAYMENT_ENTRY else "deposit"
	found = frappe.db.get_value(
		row.receipt_type,
		{"name": row.receipt, "docstatus": 1},
		["name", "unallocated_amount", amount],
		as_dict=True,
	)
	if not found or not _is_still_its(row, found):
		return None
	return _as_receipt(row.receipt_type, found, amount)


def _is_still_its(row: frappe._dict, found: frappe._dict) -> bool:
	"""Return whether a bank transaction is proposed for this announced payment still, or allocated by now."""
	if row.receipt_type == PAYMENT_ENTRY or flt(found.unallocated_amount, 6) <= 0:
		return True
	filters = {"receipt_type": row.receipt_type, "receipt": row.receipt, "remittance_advice": row.name}
	return bool(frappe.db.exists(RECEIPT_PROPOSAL, {**filters, "status": ("in", _HOPEFUL)}))


def _found_receipt(row: frappe._dict, taken: set[str]) -> frappe._dict | None:
	"""Return the receipt of an announced payment: the one proposed for it, else a payment of its amount that is no other's."""
	proposed = frappe.db.get_value(
		RECEIPT_PROPOSAL,
		{"remittance_advice": row.name, "status": ("in", _HOPEFUL)},
		["receipt_type", "receipt"],
		as_dict=True,
	)
	if proposed and proposed.receipt not in taken:
		return _standing_receipt(frappe._dict(proposed, name=row.name))
	days = receipt_settings().advice_days
	payment = frappe.qb.DocType(PAYMENT_ENTRY)
	query = (
		frappe.qb.from_(payment)
		.select(payment.name, payment.unallocated_amount, payment.paid_amount, payment.creation)
		.where((payment.docstatus == 1) & (payment.payment_type == "Receive"))
		.where((payment.party_type == "Customer") & (payment.party == row.customer))
		.where((payment.company == row.company) & (payment.paid_from_account_currency == row.currency))
		.where(
			(payment.paid_amount > flt(row.amount) - 0.004) & (payment.paid_amount < flt(row.amount) + 0.004)
		)
		.where(payment.posting_date >= add_days(row.payment_date, -days))
		.where(payment.posting_date <= add_days(row.payment_date, days))
		.orderby(payment.creation)
		.orderby(payment.name)
	)
	payments = [one for one in query.run(as_dict=True) if one.name not in taken]
	# What was booked and allocated before is what the customer had paid then.
	new = [one for one in payments if flt(one.unallocated_amount, 6) > 0 or one.creation >= row.creation]
	return _as_receipt(PAYMENT_ENTRY, new[0], "paid_amount") if new else None


def _as_receipt(doctype: str, found: frappe._dict, amount: str) -> frappe._dict:
	return frappe._dict(
		doctype=doctype,
		name=found.name,
		amount=flt(found[amount]),
		is_allocated=flt(found.unallocated_amount, 6) <= 0,
	)


def _follow_up(doc: Document) -> str:
	return follow_ups.plan(
		doc.customer,
		doc.company,
		subject=_("Announced payment did not come: {0} of {1}").format(
			fmt_money(doc.amount, currency=doc.currency), formatdate(doc.payment_date)
		),
		responsible=doc.responsible,
		priority="High",
		source="Remittance Advice",
		source_document=(REMITTANCE_ADVICE, doc.name),
		source_key=f"advice|{doc.name}",
	)


def matched_by(proposal: Document) -> None:
	"""Say of the announced payment that a receipt was applied for that its money is allocated."""
	if not proposal.remittance_advice:
		return
	doc = frappe.get_doc(REMITTANCE_ADVICE, proposal.remittance_advice, for_update=True)
	if doc.status not in open_statuses():
		return
	doc.update(
		{
			"status": MATCHED,
			"matched_on": getdate(),
			"received": proposal.amount,
			"receipt_type": proposal.receipt_type,
			"receipt": proposal.receipt,
		}
	)
	if doc.follow_up:
		follow_ups.withdraw(doc.follow_up, _("The announced payment has arrived."))
	by_action(doc).save(ignore_permissions=True)
