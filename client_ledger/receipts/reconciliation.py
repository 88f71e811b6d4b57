"""A receipt on account allocated through ERPNext's Payment Reconciliation; what is withheld, through a Journal Entry."""

import frappe
from frappe import _
from frappe.utils import flt, getdate

from client_ledger.core.entries import SALES_INVOICE
from client_ledger.receipts.allocation import ReceiptAllocation
from client_ledger.receipts.items import by_voucher
from client_ledger.receipts.statuses import PAYMENT_ENTRY
from client_ledger.site.messages import bold, filled

RECONCILIATION = "Payment Reconciliation"


def reconcile(allocation: ReceiptAllocation) -> str:
	"""Allocate a payment on account, and credit notes, to their invoices; return the payment. ERPNext refuses in its own words."""
	paid, _withheld = allocation.split()
	invoices = by_voucher((item, amount) for item, amount in paid if amount > 0)
	notes = by_voucher((item, amount) for item, amount in paid if amount < 0)
	tool = _tool(allocation)
	tool.get_unreconciled_entries()
	payments = [row.as_dict() for row in tool.payments if (row.reference_type, row.reference_name) in notes]
	payments += [
		row.as_dict()
		for row in tool.payments
		if (row.reference_type, row.reference_name) == (PAYMENT_ENTRY, allocation.receipt)
	]
	wanted = []
	for row in tool.invoices:
		amount = invoices.pop((row.invoice_type, row.invoice_number), None)
		if amount is not None:
			wanted.append({**row.as_dict(), "outstanding_amount": float(amount)})
	if invoices or len(payments) != len(notes) + 1:
		missing = [name for _doctype, name in invoices] or [allocation.receipt]
		frappe.throw(
			filled(
				_(
					"ERPNext's Payment Reconciliation does not offer {0} in the account {1}. Allocate it there."
				),
				bold(", ".join(missing)),
				allocation.account,
			)
		)
	tool.allocate_entries({"payments": payments, "invoices": wanted})
	said = len(frappe.local.message_log)
	tool.reconcile()
	# ERPNext tells of its success; what was done is told once, for all of them.
	del frappe.local.message_log[said:]
	return allocation.receipt


def _tool(allocation: ReceiptAllocation) -> "frappe.model.document.Document":
	payment = frappe.db.get_value(
		PAYMENT_ENTRY,
		allocation.receipt,
		["paid_from", "book_advance_payments_in_separate_party_account"],
		as_dict=True,
	)
	is_apart = bool(payment.book_advance_payments_in_separate_party_account)
	if not is_apart and payment.paid_from != allocation.account:
		frappe.throw(
			filled(
				_("{0} is in the account {1}, its invoices are in {2}. Move it there first."),
				bold(allocation.receipt),
				payment.paid_from,
				allocation.account,
			)
		)
	tool = frappe.get_doc(RECONCILIATION)
	tool.update(
		{
			"company": allocation.company,
			"party_type": "Customer",
			"party": allocation.customer,
			"receivable_payable_account": allocation.account,
			"default_advance_account": payment.paid_from if is_apart else None,
			"invoice_limit": 0,
			"payment_limit": 0,
		}
	)
	return tool


def book_withheld(allocation: ReceiptAllocation) -> str:
	"""Book what is withheld of a payment on account as a Journal Entry against its invoices; return its name."""
	_paid, withheld = allocation.split()
	account, company = allocation.withheld_account(), allocation.company
	base = frappe.get_cached_value("Company", company, "default_currency")
	cost_center = frappe.get_cached_value("Company", company, "cost_center")
	journal = frappe.new_doc("Journal Entry")
	journal.update(
		{
			"company": company,
			"voucher_type": "Journal Entry",
			"posting_date": getdate(),
			"multi_currency": int(allocation.currency != base),
			"user_remark": _("{0}: {1} withheld of {2}").format(
				allocation.proposal, _(allocation.withheld_as), allocation.receipt
			),
		}
	)
	total, places = 0.0, frappe.get_precision("Journal Entry Account", "debit")
	for item, amount in withheld:
		rate = _rate(item.voucher.doctype, item.voucher.name) if allocation.currency != base else 1.0
		total += flt(float(amount) * rate, places)
		journal.append(
			"accounts",
			{
				"account": item.account,
				"party_type": "Customer",
				"party": allocation.customer,
				"account_currency": allocation.currency,
				"exchange_rate": rate,
				"credit_in_account_currency": float(amount),
				"reference_type": item.voucher.doctype,
				"reference_name": item.voucher.name,
				"cost_center": cost_center,
			},
		)
	journal.append(
		"accounts",
		{
			"account": account,
			"exchange_rate": 1,
			"debit_in_account_currency": total,
			"cost_center": cost_center,
		},
	)
	journal.insert()
	return journal.submit().name


def _rate(doctype: str, name: str) -> float:
	if doctype == SALES_INVOICE:
		return flt(frappe.db.get_value(doctype, name, "conversion_rate"))
	rows = {"parent": name, "party_type": "Customer"}
	return flt(frappe.db.get_value("Journal Entry Account", rows, "exchange_rate")) or 1.0
