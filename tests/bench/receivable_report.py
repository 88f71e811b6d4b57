"""ERPNext's Accounts Receivable beside our open items: both as the same rows, and the report's known faults by name."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple

import frappe
from erpnext.accounts.report.accounts_receivable.accounts_receivable import execute
from frappe.utils import getdate

from client_ledger.core.ageing import DEFAULT_RANGES, bucket_of
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from tests.bench.slow_oracle import Documents, Row, cents

# ERPNext accepts a schedule that is this many cents off its invoice.
ROUNDING = 10


class View(NamedTuple):
	"""One way to look at the open items."""

	company: str
	as_of: date
	by_terms: bool
	in_party_currency: bool

	def __str__(self) -> str:
		terms = "by terms" if self.by_terms else "by voucher"
		currency = "account currency" if self.in_party_currency else "company currency"
		return f"{self.company} on {self.as_of}, {terms}, {currency}"


def ours(view: View) -> list[Row]:
	"""Return the app's open items. What is open in company currency alone is none in account currency."""
	items = site_ledger().open_items(Scope((view.company,)), view.as_of, view.by_terms)
	rows = []
	for item in items:
		amount = item.outstanding if view.in_party_currency else item.base_outstanding
		if amount:
			rows.append(
				Row(
					item.customer,
					item.account,
					*item.voucher,
					item.due_date,
					item.posting_date,
					whole_cents(amount),
				)
			)
	return rows


def theirs(view: View, basis: str = "Due Date", customer: str | None = None) -> list[frappe._dict]:
	"""Return the rows of ERPNext's report, of all customers or of one."""
	filters = frappe._dict(
		company=view.company,
		report_date=view.as_of,
		ageing_based_on=basis,
		calculate_ageing_with="Report Date",
		range=", ".join(map(str, DEFAULT_RANGES)),
		based_on_payment_terms=int(view.by_terms),
		in_party_currency=int(view.in_party_currency),
		party_type="Customer",
		party=[customer] if customer else None,
	)
	return execute(filters)[1]


def whole_cents(amount: Decimal) -> int:
	return int((amount * 100).to_integral_value("ROUND_HALF_UP"))


def their_row(row: frappe._dict) -> Row:
	due = getdate(row.due_date or row.posting_date)
	posted = getdate(row.posting_date)
	return Row(
		row.party, row.party_account, row.voucher_type, row.voucher_no, due, posted, cents(row.outstanding)
	)


def by_voucher(rows: list[Row]) -> dict[tuple, Counter]:
	"""Return (customer, account, doctype, name) -> (due date, posting date) -> cents."""
	found = defaultdict(Counter)
	for row in rows:
		found[row[:4]][row[4:6]] += row.cents
	return {key: Counter({day: c for day, c in dates.items() if c}) for key, dates in found.items()}


def by_bucket(rows: list[Row], as_of: date, by_due: bool) -> dict[str, list[int]]:
	"""Return per customer cents not due, then per bucket."""
	found = defaultdict(lambda: [0] * (len(DEFAULT_RANGES) + 2))
	for row in rows:
		bucket = bucket_of(row.due_date if by_due else row.posting_date, as_of)
		found[row.customer][0 if bucket is None else bucket + 1] += row.cents
	return {customer: sums for customer, sums in found.items() if any(sums)}


def their_buckets(rows: list[frappe._dict]) -> dict[str, list[int]]:
	"""Return the same of the report's own columns."""
	found = defaultdict(lambda: [0] * (len(DEFAULT_RANGES) + 2))
	for row in rows:
		buckets = [cents(row[f"range{i}"]) for i in range(1, len(DEFAULT_RANGES) + 2)]
		for i, part in enumerate([cents(row.outstanding) - sum(buckets), *buckets]):
			found[row.party][i] += part
	return {customer: sums for customer, sums in found.items() if any(sums)}


# where the report is wrong


class Fault(NamedTuple):
	"""A fault of ERPNext's report by terms, and how an invoice that it hits is told."""

	name: str
	why: str
	hits: Callable[[Documents, frappe._dict, View], bool]


def _later_term_payment(d: Documents, invoice: frappe._dict, view: View) -> bool:
	return any(p.posting_date > view.as_of for p in d.term_payments[invoice.name])


def _gap(d: Documents, invoice: frappe._dict, view: View) -> int:
	"""Return what of the invoice neither its schedule nor the advances linked to it on that day cover, in cents."""
	in_account = invoice.currency == d.currencies[invoice.debit_to]
	linked = -sum(
		cents(e.amount_in_account_currency if in_account else e.amount)
		for e in d.entries
		if e.against_voucher_no == invoice.name
		and e.voucher_no in d.advances[invoice.name]
		and getdate(e.posting_date) <= view.as_of
	)
	if in_account:
		total = cents(invoice.rounded_total or invoice.grand_total)
		return total - linked - sum(cents(term.payment_amount) for term in d.terms[invoice.name])
	total = cents(invoice.base_rounded_total or invoice.base_grand_total)
	return total - linked - sum(cents(term.base_payment_amount) for term in d.terms[invoice.name])


def _schedule_lacks_an_advance(d: Documents, invoice: frappe._dict, view: View) -> bool:
	return abs(_gap(d, invoice, view)) > ROUNDING


def _schedule_does_not_add_up(d: Documents, invoice: frappe._dict, view: View) -> bool:
	base_total = cents(invoice.base_rounded_total or invoice.base_grand_total)
	base_gap = base_total - sum(cents(term.base_payment_amount) for term in d.terms[invoice.name])
	return 0 < abs(_gap(d, invoice, view)) <= ROUNDING or 0 < abs(base_gap) <= ROUNDING


def _advance_in_account_currency(d: Documents, invoice: frappe._dict, view: View) -> bool:
	foreign = d.currencies[invoice.debit_to] != d.base[invoice.company]
	return bool(invoice.total_advance) and foreign and not view.in_party_currency


def _invoice_in_another_currency(d: Documents, invoice: frappe._dict, view: View) -> bool:
	# Some releases read such terms in company currency, as they should be: the report itself shows whether this one does.
	return invoice.currency != d.currencies[invoice.debit_to] and invoice.name in _contradicted(d, view)


@cache
def _contradicted(d: Documents, view: View) -> frozenset[str]:
	"""Return the vouchers whose rows by terms do not add up to what the report shows for them without terms."""
	by_terms, whole = (
		{
			key: sum(dates.values())
			for key, dates in by_voucher([their_row(row) for row in theirs(of_view)]).items()
		}
		for of_view in (view, view._replace(by_terms=False))
	)
	keys = by_terms.keys() | whole.keys()
	return frozenset(key[3] for key in keys if by_terms.get(key, 0) != whole.get(key, 0))


def _discount_in_invoice_currency(d: Documents, invoice: frappe._dict, view: View) -> bool:
	discounted = any(term.discounted_amount for term in d.terms[invoice.name])
	return discounted and invoice.currency != d.base[invoice.company] and not view.in_party_currency


FAULTS = (
	Fault(
		"later payment",
		"what was paid for a term after the date counts as paid before it",
		_later_term_payment,
	),
	Fault(
		"unlinked advance",
		"the schedule leaves out an advance that is not (or no longer) linked: its part is lost",
		_schedule_lacks_an_advance,
	),
	Fault(
		"rounded schedule",
		"the terms' amounts, each rounded, do not add up to the invoice: cents are lost or made up",
		_schedule_does_not_add_up,
	),
	Fault(
		"advance in account currency",
		"the advance, in account currency, is subtracted from amounts in company currency",
		_advance_in_account_currency,
	),
	Fault(
		"invoice in another currency",
		"terms in invoice currency are read as company currency, where the account is in that",
		_invoice_in_another_currency,
	),
	Fault(
		"discount in invoice currency",
		"the discount, in invoice currency, is subtracted from amounts in company currency",
		_discount_in_invoice_currency,
	),
)


def faults_of(documents: Documents, name: str, view: View) -> list[str]:
	"""Return the names of the faults that hit the invoice *name* in this view; by voucher there are none."""
	invoice = documents.invoices.get(name)
	if not (invoice and view.by_terms and documents.terms[name]):
		return []
	return [fault.name for fault in FAULTS if fault.hits(documents, invoice, view)]
