"""A proposal applied: locked, checked again, allocated by ERPNext's own means, once.

lock proposal, receipt, invoices -> what has changed since is refused in words -> Payment Reconciliation or Payment Entry
-> proposal Applied, payer remembered, announced payment Matched, all in one transaction
"""

from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, fmt_money, get_fullname, now_datetime

from client_ledger.core.entries import SALES_INVOICE
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.open_items import OpenItem
from client_ledger.receipts import advice_status, bank_payment, gather, payers, reasons, reconciliation
from client_ledger.receipts.allocation import ReceiptAllocation
from client_ledger.receipts.items import OpenItems, by_voucher
from client_ledger.receipts.statuses import (
	APPLIED,
	BANK_TRANSACTION,
	DECLINED,
	PAYMENT_ENTRY,
	PROPOSED,
	WAITING,
)
from client_ledger.site.doctypes import RECEIPT_PROPOSAL
from client_ledger.site.documents import by_action
from client_ledger.site.messages import bold, filled
from client_ledger.site.refresh_queue import mark_stale


def apply(name: str, by_policy: bool = False) -> str:
	"""Allocate a receipt as proposed; return the Payment Entry that pays the invoices. All or nothing, within this transaction.

	The transaction should have read nothing before: what is read after the locks is then as it is now. It asks for no
	right on the proposal; ERPNext asks for its own. Raises frappe.ValidationError with what has changed.
	"""
	doc = _lock(name)
	if doc.status != PROPOSED:
		_throw_status(doc)
	_lock_receipt(doc)
	_lock_vouchers(doc)
	_check_customer(doc.customer)
	allocation = _allocation(doc)
	if doc.receipt_type == PAYMENT_ENTRY:
		payment, journal = reconciliation.reconcile(allocation), None
		if allocation.withheld > 0:
			journal = reconciliation.book_withheld(allocation)
	else:
		_check_not_booked(doc)
		payment, journal = bank_payment.pay(allocation), None
	_applied(doc, payment, journal, by_policy)
	return payment


def decline(name: str, why: str = "") -> None:
	"""Say that a proposal is wrong: the same is not proposed again. Raises frappe.ValidationError once it is applied."""
	doc = _lock(name)
	if doc.status != PROPOSED:
		_throw_status(doc)
	doc.update(
		{
			"status": DECLINED,
			"declined_fingerprint": doc.fingerprint,
			"decided_by": frappe.session.user,
			"decided_on": now_datetime(),
			"note": why or None,
		}
	)
	by_action(doc).save(ignore_permissions=True)


def _lock(name: str) -> Document:
	frappe.db.get_value(RECEIPT_PROPOSAL, name, "status", for_update=True)
	return frappe.get_doc(RECEIPT_PROPOSAL, name, for_update=True)


def _throw_status(doc: Document) -> None:
	if doc.status == APPLIED:
		frappe.throw(
			filled(
				_("{0} has been applied already: {1}."),
				bold(doc.name),
				bold(doc.payment_entry or doc.receipt),
			)
		)
	if doc.status in WAITING:
		frappe.throw(filled(_("Nothing is proposed in {0}. Choose its invoices first."), bold(doc.name)))
	frappe.throw(filled(_("{0} is closed: {1}"), bold(doc.name), doc.note or _(doc.status)))


def _lock_receipt(doc: Document) -> None:
	"""Lock the receipt, and refuse where it is not what the proposal was made for."""
	found = frappe.db.get_value(
		doc.receipt_type,
		doc.receipt,
		["docstatus", "unallocated_amount", "company"],
		as_dict=True,
		for_update=True,
	)
	if not found or found.docstatus != 1:
		frappe.throw(filled(_("{0} has been cancelled. Nothing was allocated."), bold(doc.receipt)))
	if as_money(flt(found.unallocated_amount)) != as_money(flt(doc.amount)):
		frappe.throw(
			filled(
				_("Of {0} {1} is unallocated by now, and not {2}. Propose again."),
				bold(doc.receipt),
				fmt_money(found.unallocated_amount, currency=doc.currency),
				fmt_money(doc.amount, currency=doc.currency),
			)
		)


def _lock_vouchers(doc: Document) -> None:
	"""Lock the invoices in the order every worker does."""
	for doctype, name in sorted({(row.voucher_type, row.voucher_no) for row in doc.items}):
		if frappe.db.get_value(doctype, name, "docstatus", for_update=True) != 1:
			frappe.throw(filled(_("{0} has been cancelled. Propose again."), bold(name)))


def _check_customer(customer: str) -> None:
	found = frappe.db.get_value("Customer", customer, ["is_frozen", "disabled"], as_dict=True)
	if not found:
		frappe.throw(filled(_("{0} does not exist any more. Propose again."), bold(customer)))
	if found.is_frozen or found.disabled:
		frappe.throw(
			filled(
				_("{0} is {1} in ERPNext. Change that in Customer, then apply again."),
				bold(customer),
				_("frozen") if found.is_frozen else _("disabled"),
			)
		)


def _allocation(doc: Document) -> ReceiptAllocation:
	"""Return what is to be allocated, as it is open now. Raises frappe.ValidationError where that has changed."""
	items = OpenItems.of(doc.company, (doc.customer,))
	amounts: list[tuple[OpenItem, Decimal]] = []
	for row in doc.items:
		terms = items.of_voucher(row.voucher_type, row.voucher_no)
		same = [item for item in terms if (item.term or "") == (row.payment_term or "")]
		same = [item for item in same if str(item.due_date) == str(row.due_date)] or same
		now = same[0].outstanding if same else ZERO
		if not same or now != as_money(flt(row.outstanding)):
			frappe.throw(
				filled(
					_("Of {0} {1} is open by now, and not {2}. Propose again."),
					bold(row.voucher_no),
					fmt_money(now, currency=doc.currency),
					fmt_money(row.outstanding, currency=doc.currency),
				)
			)
		amounts.append((same[0], as_money(flt(row.amount))))
	if not amounts:
		_throw_status(doc)
	_check_host(amounts, doc.currency)
	return ReceiptAllocation(
		doc.name,
		doc.company,
		doc.customer,
		doc.receipt,
		doc.currency,
		as_money(flt(doc.amount)),
		tuple(amounts),
		as_money(flt(doc.withheld)),
		doc.withheld_as or "",
	)


def _check_host(amounts: list[tuple[OpenItem, Decimal]], currency: str) -> None:
	"""Refuse where ERPNext has less open of an invoice than is allocated: its figure is what it checks by."""
	for (doctype, name), amount in by_voucher(amounts).items():
		if doctype != SALES_INVOICE:
			continue
		outstanding = as_money(flt(frappe.db.get_value(doctype, name, "outstanding_amount")))
		if abs(amount) > abs(outstanding):
			frappe.throw(
				filled(
					_("ERPNext has {1} open of {0}, less than {2}. Reconcile it there."),
					bold(name),
					fmt_money(outstanding, currency=currency),
					fmt_money(amount, currency=currency),
				)
			)
	if len({item.account for item, _amount in amounts}) > 1:
		frappe.throw(
			_("The invoices are in several receivable accounts. Choose invoices of one account at a time.")
		)


def _check_not_booked(doc: Document) -> None:
	"""Refuse where the payment of a bank transaction is booked already: it would be paid twice."""
	for source in gather.at_bank(doc.company, doc.receipt):
		if source.booked_as:
			frappe.throw(filled(_(reasons.BOOKED), bold(source.booked_as)))


def _applied(doc: Document, payment: str, journal: str | None, by_policy: bool) -> None:
	doc.update(
		{
			"status": APPLIED,
			"payment_entry": payment,
			"journal_entry": journal,
			"by_policy": int(by_policy),
			"decided_by": frappe.session.user,
			"decided_on": now_datetime(),
			"note": None,
		}
	)
	by_action(doc).save(ignore_permissions=True)
	said = (
		_("Allocated by policy: {0} ({1}). {2}").format(_(doc.found_by), _(doc.confidence), doc.reason)
		if by_policy
		else _("Allocated by {0}: {1} ({2}). {3}").format(
			get_fullname(), _(doc.found_by), _(doc.confidence), doc.reason
		)
	)
	frappe.get_doc(PAYMENT_ENTRY, payment).add_comment("Info", f"{doc.name}: {said}")
	doc.add_comment("Info", said)
	if doc.receipt_type == BANK_TRANSACTION and not by_policy:
		payers.remember(doc.customer, doc.payer_name, doc.payer_account, doc.name)
	advice_status.matched_by(doc)
	mark_stale([doc.customer])
