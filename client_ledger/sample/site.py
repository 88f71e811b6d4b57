"""Replays the sample's documents: each is made, submitted and committed as a user would have done it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document as SiteDocument
from frappe.utils import flt

from client_ledger.core.entries import SALES_INVOICE
from client_ledger.sample.documents import (
	DeliveryDocument,
	Document,
	DocumentLine,
	Documents,
	InvoiceDocument,
	JournalDocument,
	OrderDocument,
	PaymentDocument,
)
from client_ledger.sample.masters import BANK, INTEREST, WRITE_OFF, make_masters, price_list, receivable


@dataclass(slots=True)
class Replayed:
	"""What became of the documents: the name each has on the site, and those ERPNext rejected, with its reason."""

	names: dict[str, str] = field(default_factory=dict)
	refused: dict[str, str] = field(default_factory=dict)


def replay(documents: Documents, progress: Callable[[int], None] | None = None) -> Replayed:
	"""Fill the site with *documents*. progress: called with how many documents were dealt with.

	A document that ERPNext refuses is left out, with those that depend on it, and reported.
	Raises frappe.ValidationError when a company of the sample is on the site already.
	"""
	check_site(documents)
	# Masters first and committed, so that a rejected document takes none of them with it.
	make_masters(documents)
	frappe.db.commit()  # nosemgrep: a long fill keeps what it has made
	replayed = Replayed()
	for document in documents.in_order():
		_replay_one(documents, document, replayed)
		if progress:
			progress(1)
	return replayed


def check_site(documents: Documents) -> None:
	"""Throw on a site that has the sample already."""
	for company in documents.companies:
		if frappe.db.exists("Company", company.name):
			frappe.throw(
				_(
					"The sample company {0} already exists on this site. Use another site to create it again."
				).format(company.name)
			)


def _replay_one(documents: Documents, document: Document, replayed: Replayed) -> None:
	try:
		made = _MAKERS[type(document)](document, replayed.names)
		made.insert()
		made.submit()
		if isinstance(document, InvoiceDocument) and document.cancelled:
			made.cancel()
	except (frappe.ValidationError, KeyError) as error:
		frappe.db.rollback()
		replayed.refused[document.name] = str(error)
		return
	replayed.names[document.name] = made.name
	frappe.db.commit()  # nosemgrep: one document, one transaction, as from the desk


def _head(
	doctype: str,
	document: OrderDocument | DeliveryDocument | InvoiceDocument,
	day_field: str = "posting_date",
) -> SiteDocument:
	made = frappe.new_doc(doctype)
	made.update(
		{
			"company": document.company,
			"customer": document.customer,
			"currency": document.currency,
			"conversion_rate": float(document.rate),
			"selling_price_list": price_list(document.currency),
			"price_list_currency": document.currency,
			"plc_conversion_rate": float(document.rate),
			"ignore_pricing_rule": 1,
			"disable_rounded_total": 1,
			"set_posting_time": 1,
			day_field: document.date,
		}
	)
	return made


def _items(made: SiteDocument, lines: tuple[DocumentLine, ...], **links: str) -> None:
	for line in lines:
		rate = float(line.rate)
		made.append(
			"items",
			{"item_code": line.item, "qty": float(line.qty), "rate": rate, "price_list_rate": rate, **links},
		)


def _link_rows(made: SiteDocument, doctype: str, name: str, parent_field: str, row_field: str) -> None:
	"""Tie the items of *made* to those of an order or a delivery, line by line."""
	rows = frappe.get_all(f"{doctype} Item", {"parent": name}, pluck="name", order_by="idx")
	for item, row in zip(made.items, rows, strict=True):
		item.update({parent_field: name, row_field: row})


def make_order(order: OrderDocument, names: dict[str, str]) -> SiteDocument:
	"""Return a sales order, not yet inserted."""
	made = _head("Sales Order", order, "transaction_date")
	made.delivery_date = max(order.delivery_date, order.date)
	_items(made, order.lines, delivery_date=made.delivery_date)
	return made


def make_delivery(delivery: DeliveryDocument, names: dict[str, str]) -> SiteDocument:
	"""Return a delivery note, not yet inserted."""
	made = _head("Delivery Note", delivery)
	_items(made, delivery.lines)
	if delivery.order:
		_link_rows(made, "Sales Order", names[delivery.order], "against_sales_order", "so_detail")
	return made


def make_invoice(invoice: InvoiceDocument, names: dict[str, str]) -> SiteDocument:
	"""Return a sales invoice or credit note, not yet inserted."""
	made = _head(SALES_INVOICE, invoice)
	made.update(
		{
			"debit_to": receivable(invoice.company, invoice.account_currency or invoice.currency),
			"due_date": invoice.due_date,
			"ignore_default_payment_terms_template": 1,
			"is_opening": "Yes" if invoice.is_opening else "No",
		}
	)
	_items(made, invoice.lines)
	if invoice.is_opening:
		account = frappe.db.get_value("Account", {"company": invoice.company, "account_type": "Temporary"})
		for item in made.items:
			item.income_account = account
	if invoice.is_credit_note:
		made.update(
			{
				"is_return": 1,
				"return_against": names[invoice.return_against] if invoice.return_against else None,
				"update_outstanding_for_self": int(not invoice.pays_original),
			}
		)
		return made
	if invoice.order and not invoice.cancelled:
		_link_rows(made, "Sales Order", names[invoice.order], "sales_order", "so_detail")
	if invoice.delivery and not invoice.cancelled:
		_link_rows(made, "Delivery Note", names[invoice.delivery], "delivery_note", "dn_detail")
	if invoice.paid_at_counter:
		_take_cash(made, invoice)
	else:
		_schedule(made, invoice)
	return made


def _schedule(made: SiteDocument, invoice: InvoiceDocument) -> None:
	for term in invoice.terms:
		made.append(
			"payment_schedule",
			{
				"payment_term": term.name,
				"due_date": term.due_date,
				"invoice_portion": float(term.amount * 100 / invoice.amount),
				"payment_amount": float(term.amount),
			},
		)


def _take_cash(made: SiteDocument, invoice: InvoiceDocument) -> None:
	cash = frappe.get_cached_value("Company", invoice.company, "default_cash_account")
	made.is_pos = 1
	made.append(
		"payments",
		{"mode_of_payment": "Cash", "account": cash, "amount": float(invoice.paid_at_counter)},
	)


def make_payment(payment: PaymentDocument, names: dict[str, str]) -> SiteDocument:
	"""Return a payment entry, not yet inserted. What ERPNext will not allocate stays unallocated."""
	account = receivable(payment.company, payment.currency)
	bank = frappe.db.get_value("Account", {"account_name": BANK, "company": payment.company})
	made = frappe.new_doc("Payment Entry")
	ours, theirs = ("paid_to", "paid_from") if payment.is_refund else ("paid_from", "paid_to")
	rates = {"paid_from": "source_exchange_rate", "paid_to": "target_exchange_rate"}
	amounts = {"paid_from": "paid_amount", "paid_to": "received_amount"}
	company_currency = frappe.get_cached_value("Company", payment.company, "default_currency")
	made.update(
		{
			"payment_type": "Pay" if payment.is_refund else "Receive",
			"company": payment.company,
			"posting_date": payment.date,
			"party_type": "Customer",
			"party": payment.customer,
			"mode_of_payment": payment.mode or None,
			"reference_no": payment.name,
			"reference_date": payment.date,
			ours: account,
			theirs: bank,
			f"{ours}_account_currency": payment.currency,
			f"{theirs}_account_currency": company_currency,
			rates[ours]: float(payment.rate),
			rates[theirs]: 1,
			amounts[ours]: float(payment.amount),
			amounts[theirs]: float(payment.base_amount),
		}
	)
	for allocation in payment.allocations:
		doctype, name = allocation.doctype, names[allocation.name]
		amount = min(allocation.amount, _open_amount(doctype, name, allocation.term))
		if amount > 0:
			made.append(
				"references",
				{
					"reference_doctype": doctype,
					"reference_name": name,
					"allocated_amount": float(-amount if payment.is_refund else amount),
					"payment_term": allocation.term,
				},
			)
	return made


def _open_amount(doctype: str, name: str, term: str | None) -> Decimal:
	"""Return what ERPNext lets a payment take: its own rounding of terms may differ from ours by a cent."""
	if doctype != SALES_INVOICE:
		return Decimal("Infinity")
	outstanding = frappe.db.get_value(SALES_INVOICE, name, "outstanding_amount")
	if term:
		of_term = frappe.db.get_value(
			"Payment Schedule", {"parent": name, "payment_term": term}, "outstanding"
		)
		outstanding = min(flt(of_term), outstanding)
	return Decimal(str(flt(abs(outstanding), 2)))


def make_journal(journal: JournalDocument, names: dict[str, str]) -> SiteDocument:
	"""Return a journal entry, not yet inserted: the customer's line, and the write-off or interest opposite."""
	made = frappe.new_doc("Journal Entry")
	company_currency = frappe.get_cached_value("Company", journal.company, "default_currency")
	made.update(
		{
			"voucher_type": journal.kind,
			"company": journal.company,
			"posting_date": journal.date,
			"multi_currency": int(journal.currency != company_currency),
			"user_remark": journal.remark,
			"due_date": journal.due_date,
			"bill_no": journal.bill_no,
			"bill_date": journal.date if journal.bill_no else None,
		}
	)
	side, other = ("debit", "credit") if journal.amount > 0 else ("credit", "debit")
	rate = float(abs(journal.base_amount / journal.amount))
	made.append(
		"accounts",
		{
			"account": receivable(journal.company, journal.currency),
			"party_type": "Customer",
			"party": journal.customer,
			"exchange_rate": rate,
			f"{side}_in_account_currency": float(abs(journal.amount)),
			f"{side}": float(abs(journal.base_amount)),
			**(
				{"reference_type": SALES_INVOICE, "reference_name": names[journal.against]}
				if journal.against
				else {}
			),
		},
	)
	opposite = frappe.db.get_value(
		"Account",
		{"account_name": WRITE_OFF if journal.amount < 0 else INTEREST, "company": journal.company},
	)
	made.append(
		"accounts",
		{
			"account": opposite,
			"cost_center": frappe.get_cached_value("Company", journal.company, "cost_center"),
			"exchange_rate": 1,
			f"{other}_in_account_currency": float(abs(journal.base_amount)),
			f"{other}": float(abs(journal.base_amount)),
		},
	)
	return made


def count(documents: Documents) -> int:
	"""Return how many documents there are to replay."""
	return sum(1 for _document in documents.in_order())


_MAKERS: dict[type, Callable[[Document, dict[str, str]], SiteDocument]] = {
	OrderDocument: make_order,
	DeliveryDocument: make_delivery,
	InvoiceDocument: make_invoice,
	PaymentDocument: make_payment,
	JournalDocument: make_journal,
}
