"""Posts documents as ERPNext does: their own rows, and the entries of both ledgers (see booking).

An invoice is booked against itself, a payment against what it is allocated to, the rest against the payment. Where a foreign voucher is settled at another rate than its own,
an Exchange Gain Or Loss journal takes the difference in company currency, as ERPNext books it.
"""

import sqlite3
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from client_ledger.core.entries import JOURNAL_ENTRY, PAYMENT_ENTRY, SALES_INVOICE, Voucher
from client_ledger.core.money import ZERO, rounded
from client_ledger.preview.store.booking import Accounts, Booking
from client_ledger.preview.store.ledger_file import StoreWriter
from client_ledger.sample.documents import (
	CompanyMaster,
	CustomerMaster,
	DeliveryDocument,
	Document,
	Documents,
	InvoiceDocument,
	JournalDocument,
	OrderDocument,
	PaymentDocument,
)


class Poster:
	"""Writes documents into a store, inside the transaction its caller opened."""

	def __init__(self, writer: StoreWriter, companies: Iterable[CompanyMaster]):
		self.writer = writer
		self.companies = {company.name: company for company in companies}
		self.accounts = Accounts(writer)
		for company in self.companies.values():
			self._add_company(company)

	def post(self, document: Document) -> None:
		"""Book one document. Raises KeyError for a company that was not given."""
		_BOOKERS[type(document)](self, document)

	def _add_company(self, company: CompanyMaster) -> None:
		self.writer.add_master(
			"Company",
			{
				"name": company.name,
				"abbr": company.abbr,
				"default_currency": company.currency,
				"country": company.country,
			},
		)

	def add_customer(self, customer: CustomerMaster) -> None:
		"""Write a customer, and the masters it refers to, unless they are there."""
		self.writer.add_master(
			"Customer",
			{
				"name": customer.name,
				"customer_name": customer.customer_name,
				"customer_group": customer.group,
				"territory": customer.territory,
				"default_currency": customer.currency,
			},
		)
		masters = {
			"Customer Group": customer.group,
			"Territory": customer.territory,
			"Sales Person": customer.sales_person,
		}
		for doctype, name in masters.items():
			if name:
				self.writer.add_master(doctype, {"name": name})
		if customer.sales_person:
			self.writer.add(
				"Sales Team",
				{
					"parent": customer.name,
					"parenttype": "Customer",
					"idx": 1,
					"sales_person": customer.sales_person,
					"allocated_percentage": 100,
				},
			)

	# Documents

	def order(self, order: OrderDocument) -> None:
		"""Write a sales order; it books nothing."""
		self.writer.add(
			"Sales Order",
			{
				"name": order.name,
				"customer": order.customer,
				"company": order.company,
				"transaction_date": order.date,
				"delivery_date": order.delivery_date,
				"currency": order.currency,
				"grand_total": order.amount,
				"base_grand_total": rounded(order.amount * order.rate, 2),
				"per_billed": order.per_billed,
				"status": "Completed" if order.per_billed >= 100 else "To Deliver and Bill",
				"docstatus": 1,
			},
		)

	def delivery(self, delivery: DeliveryDocument) -> None:
		"""Write a delivery note; it books nothing on the customer's account."""
		base = rounded(delivery.amount * delivery.rate, 2)
		self.writer.add(
			"Delivery Note",
			{
				"name": delivery.name,
				"customer": delivery.customer,
				"company": delivery.company,
				"posting_date": delivery.date,
				"currency": delivery.currency,
				"base_net_total": base,
				"base_grand_total": base,
				"per_billed": 100 if delivery.billed else 0,
				"status": "Completed" if delivery.billed else "To Bill",
				"docstatus": 1,
			},
		)
		for i, line in enumerate(delivery.lines, start=1):
			self.writer.add(
				"Delivery Note Item",
				{
					"name": _detail(delivery.name, i),
					"parent": delivery.name,
					"item_code": line.item,
					"qty": line.qty,
					"rate": line.rate,
					"amount": rounded(line.amount * delivery.rate, 2),
					"against_sales_order": delivery.order,
				},
			)

	def invoice(self, invoice: InvoiceDocument) -> None:
		"""Write and book an invoice or a credit note."""
		company = self.companies[invoice.company]
		currency = invoice.account_currency or invoice.currency
		account = self.accounts.receivable(company, currency)
		self._invoice_rows(invoice, account, currency)
		voucher = Voucher(SALES_INVOICE, invoice.name)
		against = voucher
		if invoice.pays_original and invoice.return_against:
			against = Voucher(SALES_INVOICE, invoice.return_against)
		booking = Booking(self.accounts, company, account, currency, invoice.customer, voucher, invoice.date)
		booking.cancelled = invoice.cancelled
		amount = invoice.amount if currency == invoice.currency else invoice.base_amount
		booking.party(against, amount, invoice.base_amount, invoice.due_date)
		income = "Temporary Opening" if invoice.is_opening else "Sales"
		booking.other(f"{income} - {company.abbr}", -invoice.base_amount)
		if invoice.paid_at_counter:
			received = invoice.paid_at_counter
			base = rounded(received * invoice.rate, 2)
			booking.party(against, -received, -base, invoice.due_date)
			booking.other(f"Cash - {company.abbr}", base)

	def _invoice_rows(self, invoice: InvoiceDocument, account: str, currency: str) -> None:
		net = invoice.amount if invoice.net_amount is None else invoice.net_amount
		self.writer.add(
			"Sales Invoice",
			{
				"name": invoice.name,
				"customer": invoice.customer,
				"company": invoice.company,
				"posting_date": invoice.date,
				"due_date": invoice.due_date,
				"debit_to": account,
				"currency": invoice.currency,
				"party_account_currency": currency,
				"conversion_rate": invoice.rate,
				"is_return": invoice.is_credit_note,
				"return_against": invoice.return_against,
				"update_outstanding_for_self": invoice.is_credit_note and not invoice.pays_original,
				"is_pos": bool(invoice.paid_at_counter),
				"is_opening": "Yes" if invoice.is_opening else "No",
				"grand_total": invoice.amount,
				"base_grand_total": invoice.base_amount,
				"base_net_total": rounded(net * invoice.rate, 2),
				"docstatus": 2 if invoice.cancelled else 1,
				"remarks": invoice.dispute,
			},
		)
		for i, line in enumerate(invoice.lines, start=1):
			self.writer.add(
				"Sales Invoice Item",
				{
					"parent": invoice.name,
					"idx": i,
					"item_code": line.item,
					"qty": line.qty,
					"rate": line.rate,
					"amount": line.amount,
					"docstatus": 2 if invoice.cancelled else 1,
					"dn_detail": _detail(invoice.delivery, i) if invoice.delivery else None,
					"sales_order": invoice.order,
				},
			)
		base_left = invoice.base_amount
		for i, term in enumerate(invoice.terms, start=1):
			is_last = i == len(invoice.terms)
			base = base_left if is_last else rounded(term.amount * invoice.rate, 2)
			base_left -= base
			self.writer.add(
				"Payment Schedule",
				{
					"parent": invoice.name,
					"parenttype": SALES_INVOICE,
					"idx": i,
					"payment_term": term.name,
					"due_date": term.due_date,
					"payment_amount": term.amount,
					"base_payment_amount": base,
				},
			)

	def payment(self, payment: PaymentDocument) -> None:
		"""Write and book a payment received, or a refund."""
		company = self.companies[payment.company]
		account = self.accounts.receivable(company, payment.currency)
		self._payment_rows(payment)
		voucher = Voucher(PAYMENT_ENTRY, payment.name)
		booking = Booking(
			self.accounts, company, account, payment.currency, payment.customer, voucher, payment.date
		)
		sign = 1 if payment.is_refund else -1
		base_left = payment.base_amount
		amount_left = payment.amount
		for i, allocation in enumerate(payment.allocations, start=1):
			amount_left -= allocation.amount
			base = rounded(allocation.amount * payment.rate, 2) if amount_left else base_left
			base_left -= base
			against = Voucher(allocation.doctype, allocation.name)
			booking.party(against, sign * allocation.amount, sign * base)
			if allocation.base_amount is not None and allocation.base_amount != base:
				self._exchange_difference(payment, i, against, sign * (allocation.base_amount - base))
		if amount_left or base_left:
			booking.party(voucher, sign * amount_left, sign * base_left)
		booking.other(f"Bank - {company.abbr}", -sign * payment.base_amount)

	def _payment_rows(self, payment: PaymentDocument) -> None:
		self.writer.add(
			"Payment Entry",
			{
				"name": payment.name,
				"company": payment.company,
				"party_type": "Customer",
				"party": payment.customer,
				"posting_date": payment.date,
				"payment_type": "Pay" if payment.is_refund else "Receive",
				"paid_amount": payment.amount,
				"base_paid_amount": payment.base_amount,
				"unallocated_amount": payment.unallocated,
				"source_exchange_rate": payment.rate,
				"mode_of_payment": payment.mode,
				"docstatus": 1,
			},
		)
		for i, allocation in enumerate(payment.allocations, start=1):
			self.writer.add(
				"Payment Entry Reference",
				{
					"parent": payment.name,
					"idx": i,
					"reference_doctype": allocation.doctype,
					"reference_name": allocation.name,
					"allocated_amount": allocation.amount,
					"payment_term": allocation.term,
				},
			)

	def _exchange_difference(self, payment: PaymentDocument, i: int, against: Voucher, base: Decimal) -> None:
		company = self.companies[payment.company]
		name = f"{payment.name}-FX{i}"
		self._journal_row(name, payment.company, payment.date, "Exchange Gain Or Loss")
		account = self.accounts.receivable(company, payment.currency)
		voucher = Voucher(JOURNAL_ENTRY, name)
		booking = Booking(
			self.accounts, company, account, payment.currency, payment.customer, voucher, payment.date
		)
		booking.party(against, ZERO, base)
		booking.other(f"Exchange Gain/Loss - {company.abbr}", -base)

	def journal(self, journal: JournalDocument) -> None:
		"""Write and book a journal entry with one line on the customer's account."""
		company = self.companies[journal.company]
		account = self.accounts.receivable(company, journal.currency)
		self._journal_row(
			journal.name,
			journal.company,
			journal.date,
			journal.kind,
			due_date=journal.due_date,
			bill_no=journal.bill_no,
			user_remark=journal.remark,
		)
		voucher = Voucher(JOURNAL_ENTRY, journal.name)
		against = Voucher(SALES_INVOICE, journal.against) if journal.against else voucher
		booking = Booking(
			self.accounts, company, account, journal.currency, journal.customer, voucher, journal.date
		)
		booking.party(against, journal.amount, journal.base_amount, journal.due_date)
		other = "Write Off" if journal.kind == "Write Off Entry" else "Interest Income"
		booking.other(f"{other} - {company.abbr}", -journal.base_amount)

	def _journal_row(self, name: str, company: str, day: date, kind: str, **values: Any) -> None:
		self.writer.add(
			"Journal Entry",
			{
				"name": name,
				"company": company,
				"posting_date": day,
				"voucher_type": kind,
				"docstatus": 1,
				"due_date": values.get("due_date"),
				"bill_no": values.get("bill_no"),
				"user_remark": values.get("user_remark"),
			},
		)


_BOOKERS = {
	OrderDocument: Poster.order,
	DeliveryDocument: Poster.delivery,
	InvoiceDocument: Poster.invoice,
	PaymentDocument: Poster.payment,
	JournalDocument: Poster.journal,
}


def _detail(parent: str, i: int) -> str:
	"""Return the name of a delivery's line, which invoices point to."""
	return f"{parent}/{i}"


def pay_terms(connection: sqlite3.Connection) -> None:
	"""Set what payments named each term for, as ERPNext keeps it on the payment schedule."""
	connection.execute(
		"""
update `tabPayment Schedule` set paid_amount = coalesce((
	select sum(ref.allocated_amount) from `tabPayment Entry Reference` ref
	where ref.reference_name = `tabPayment Schedule`.parent and ref.reference_doctype = 'Sales Invoice'
		and ref.payment_term = `tabPayment Schedule`.payment_term
), 0)
where coalesce(payment_term, '') <> ''"""
	)
	connection.execute(
		"""
update `tabPayment Schedule` set base_paid_amount = round(paid_amount * (
	select si.conversion_rate from `tabSales Invoice` si where si.name = `tabPayment Schedule`.parent
), 2)
where paid_amount <> 0"""
	)


def post_all(
	connection: sqlite3.Connection, documents: Documents, progress: Callable[[int], None] | None = None
) -> None:
	"""Book all *documents* into an empty store, in one transaction. progress: called with how many more are done."""
	writer = StoreWriter(connection)
	connection.execute("begin immediate")
	poster = Poster(writer, documents.companies)
	for customer in documents.customers:
		poster.add_customer(customer)
	for i, document in enumerate(documents.in_order(), start=1):
		poster.post(document)
		if progress and i % 100 == 0:
			progress(100)
	if progress:
		progress(i % 100)
	writer.flush()
	pay_terms(connection)
	connection.execute("commit")
