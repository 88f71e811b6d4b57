"""Open items the slow and obvious way: one pass over all entries of a site, one loop over each invoice's terms.

It shares nothing with the app but the rules it is written after (docs on open items): plain dictionaries, amounts
in whole cents, ERPNext's tables read row by row.
"""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

import frappe
from frappe.utils import flt, getdate


class Row(NamedTuple):
	"""One open item: what it belongs to, when it is due and was posted, and cents open."""

	customer: str
	account: str
	doctype: str
	name: str
	due_date: date
	posting_date: date
	cents: int


class Documents:
	"""All that the rules need of a site, read once."""

	def __init__(self):
		self.entries = frappe.get_all(
			"Payment Ledger Entry",
			{"delinked": 0, "party_type": "Customer", "account_type": "Receivable"},
			["*"],
			order_by="posting_date, creation",
		)
		self.invoices = _by_name("Sales Invoice", {"docstatus": 1})
		self.journals = _by_name("Journal Entry", {"docstatus": 1})
		self.orders = set(frappe.get_hooks("advance_payment_doctypes") or []) | set(
			frappe.get_hooks("advance_payment_receivable_doctypes") or []
		)
		self.terms = defaultdict(list)
		for row in frappe.get_all(
			"Payment Schedule", {"parenttype": "Sales Invoice"}, ["*"], order_by="due_date, idx"
		):
			self.terms[row.parent].append(row)
		self.term_payments = defaultdict(list)
		payments = _by_name("Payment Entry", {"docstatus": 1})
		for row in frappe.get_all(
			"Payment Entry Reference",
			{"docstatus": 1, "reference_doctype": "Sales Invoice", "payment_term": ("is", "set")},
			["*"],
		):
			row.posting_date = getdate(payments[row.parent].posting_date)
			self.term_payments[row.reference_name].append(row)
		self.advances = defaultdict(set)
		for row in frappe.get_all("Sales Invoice Advance", {"docstatus": 1}, ["parent", "reference_name"]):
			self.advances[row.parent].add(row.reference_name)
		self.currencies = dict(frappe.get_all("Account", fields=["name", "account_currency"], as_list=True))
		self.company_of = dict(frappe.get_all("Account", fields=["name", "company"], as_list=True))
		self.base = dict(frappe.get_all("Company", fields=["name", "default_currency"], as_list=True))


def _by_name(doctype: str, filters: dict) -> dict:
	return {row.name: row for row in frappe.get_all(doctype, filters, ["*"])}


def cents(amount: float | None) -> int:
	"""Return *amount* in whole cents."""
	return round(flt(amount, 2) * 100)


def vouchers(documents: Documents, company: str, as_of: date) -> dict[tuple, list]:
	"""Return (account, doctype, name, customer) -> its entries, an entry counting for the voucher it is against,
	for the invoice that a credit note settles, or for its own while that one is not in the ledger."""
	entries = [e for e in documents.entries if e.company == company and getdate(e.posting_date) <= as_of]
	present = {(e.account, e.voucher_type, e.voucher_no, e.party) for e in entries}
	found = defaultdict(list)
	for e in entries:
		against = e.against_voucher_no
		note = documents.invoices.get(against) if e.against_voucher_type == "Sales Invoice" else None
		if (
			note
			and note.is_return
			and not note.update_outstanding_for_self
			and getdate(note.posting_date) <= as_of
		):
			against = note.return_against or against
		key = (e.account, e.against_voucher_type, against, e.party)
		if key not in present:
			key = (e.account, e.voucher_type, e.voucher_no, e.party)
		found[key].append(e)
	return found


def open_rows(
	documents: Documents, company: str, as_of: date, by_terms: bool, in_party_currency: bool
) -> list[Row]:
	"""Return the open items of *company* on *as_of*."""
	rows = []
	for key, entries in vouchers(documents, company, as_of).items():
		account, doctype, name, customer = key
		amount = cents(sum(e.amount_in_account_currency for e in entries))
		base_amount = cents(sum(e.amount for e in entries))
		journal = documents.journals.get(name)
		revaluation = journal and journal.voucher_type in (
			"Exchange Rate Revaluation",
			"Exchange Gain Or Loss",
		)
		if not base_amount or not (amount or revaluation):
			continue
		open_cents = amount if in_party_currency else base_amount
		if not open_cents:
			continue
		first = min(
			getdate(e.posting_date)
			for e in documents.entries
			if (e.account, e.voucher_no, e.party) == (account, name, customer)
		)
		due = first
		invoice = documents.invoices.get(name) if doctype == "Sales Invoice" else None
		if invoice:
			due = getdate(invoice.due_date) if invoice.due_date else first
		elif journal and journal.bill_no and journal.due_date:
			due = getdate(journal.due_date)
		parts = [(due, open_cents)]
		if invoice and by_terms and not invoice.is_return and len(documents.terms[name]) > 1:
			parts = _in_terms(documents, invoice, entries, as_of, open_cents, in_party_currency, due)
		rows += [Row(customer, account, doctype, name, day, first, part) for day, part in parts if part]
	return rows


def _in_terms(
	documents: Documents,
	invoice: frappe._dict,
	entries: list,
	as_of: date,
	open_cents: int,
	in_party_currency: bool,
	due: date,
) -> list[tuple[date, int]]:
	"""Return (due date, cents) of each term: amounts named for a term pay that term, others pay the terms without
	by due date, credit notes pay what is left by due date; a rest belongs to the last term."""
	terms = documents.terms[invoice.name]
	amounts, named = [], []
	in_invoice_currency = in_party_currency and invoice.currency == documents.currencies[invoice.debit_to]
	for term in terms:
		amounts.append(cents(term.payment_amount if in_invoice_currency else term.base_payment_amount))
		named.append(_named(documents, invoice, term, as_of, in_invoice_currency))
	field = "amount_in_account_currency" if in_party_currency else "amount"
	notes = -cents(
		sum(
			e[field]
			for e in entries
			if e.voucher_type == "Sales Invoice" and e.voucher_no != invoice.name and e.amount < 0
		)
	)
	others = sum(amounts) - open_cents - notes - sum(named)
	left = [amount - paid for amount, paid in zip(amounts, named, strict=True)]
	for purse in ("others", "notes"):
		money = others if purse == "others" else notes
		if purse == "notes" and money == 0:
			continue
		order = sorted(range(len(terms)), key=lambda i: (-named[i], terms[i].due_date, terms[i].idx))
		for i in order:
			if purse == "others" and named[i]:
				continue
			used = min(money, left[i])
			left[i] -= used
			money -= used
	left = [max(part, 0) for part in left]
	gap = open_cents - sum(left)
	by_due = sorted(range(len(terms)), key=lambda i: (terms[i].due_date, terms[i].idx))
	if gap > 0:
		left[by_due[-1]] += gap
		gap = 0
	for i in by_due:
		used = min(-gap, left[i])
		left[i] -= used
		gap += used
	return [(getdate(t.due_date), part) for t, part in zip(terms, left, strict=True)] + [(due, gap)]


def _named(
	documents: Documents, invoice: frappe._dict, term: frappe._dict, as_of: date, in_invoice_currency: bool
) -> int:
	"""Return what payments up to *as_of* named this term for, in cents."""
	total = sum(
		p.allocated_amount
		for p in documents.term_payments[invoice.name]
		if p.payment_term == term.payment_term and p.posting_date <= as_of
	)
	account_in_base = documents.currencies[invoice.debit_to] == documents.base[invoice.company]
	if account_in_base or in_invoice_currency:
		return cents(total)
	return cents(total * invoice.conversion_rate)
