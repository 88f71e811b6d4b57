"""Our open items and ageing against ERPNext's own Accounts Receivable, to the cent, on random ledgers.

For every company, three dates, with and without payment terms, ageing by due and by posting date, in company and
in account currency: row by row, and customer by customer and bucket by bucket. Closing balances against the
General Ledger. Everything of ours is also held against a slow reading of the same tables (slow_oracle).

Where ERPNext's report is wrong, the invoice must show one of the named faults of FAULTS, each a condition on its
data, and our figure must be the slow reading's; and where the rows of one invoice do not even add up to what the
same report says without terms, ours must. Nothing else may differ, by any amount.

PARITY_SEEDS="1,2,3" chooses the seeds.
"""

import itertools
import os
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import frappe
import pytest
from erpnext.accounts.report.accounts_receivable.accounts_receivable import execute
from frappe.utils import flt, getdate, nowdate

from client_ledger.core.ageing import DEFAULT_RANGES, bucket_of
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from tests.bench import slow_oracle
from tests.bench.random_ledger import ABROAD, HOME, RandomLedger
from tests.bench.slow_oracle import Documents, Row, cents

pytestmark = pytest.mark.one_transaction
SEEDS = [int(seed) for seed in os.environ.get("PARITY_SEEDS", "1,2,3").split(",")]
COMPANIES = (HOME, ABROAD)


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


@pytest.fixture(scope="module")
def ledgers(site) -> list[RandomLedger]:
	"""The random ledgers, all on the site at once."""
	today = getdate(nowdate())
	return [RandomLedger(seed, today).build() for seed in SEEDS]


@pytest.fixture(scope="module")
def documents(ledgers) -> Documents:
	return Documents()


@pytest.fixture(scope="module")
def views(ledgers) -> list[View]:
	return [View(*v) for v in itertools.product(COMPANIES, ledgers[0].dates, (False, True), (False, True))]


# the three readings


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
					_cents(amount),
				)
			)
	return rows


def theirs(view: View, basis: str = "Due Date") -> list[frappe._dict]:
	"""Return the rows of ERPNext's report."""
	filters = frappe._dict(
		company=view.company,
		report_date=view.as_of,
		ageing_based_on=basis,
		calculate_ageing_with="Report Date",
		range=", ".join(map(str, DEFAULT_RANGES)),
		based_on_payment_terms=int(view.by_terms),
		in_party_currency=int(view.in_party_currency),
		party_type="Customer",
	)
	return execute(filters)[1]


def _cents(amount: Decimal) -> int:
	return int((amount * 100).to_integral_value("ROUND_HALF_UP"))


def _their_row(row: frappe._dict) -> Row:
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


def _schedule_lacks_an_advance(d: Documents, invoice: frappe._dict, view: View) -> bool:
	total = cents(invoice.rounded_total or invoice.grand_total)
	scheduled = sum(cents(term.payment_amount) for term in d.terms[invoice.name])
	linked = -sum(
		cents(e.amount_in_account_currency)
		for e in d.entries
		if e.against_voucher_no == invoice.name
		and e.voucher_no in d.advances[invoice.name]
		and getdate(e.posting_date) <= view.as_of
	)
	return bool(invoice.total_advance) and total - scheduled != linked


def _advance_in_account_currency(d: Documents, invoice: frappe._dict, view: View) -> bool:
	foreign = d.currencies[invoice.debit_to] != d.base[invoice.company]
	return bool(invoice.total_advance) and foreign and not view.in_party_currency


def _invoice_in_another_currency(d: Documents, invoice: frappe._dict, view: View) -> bool:
	return invoice.currency != d.currencies[invoice.debit_to]


def _discount_in_invoice_currency(d: Documents, invoice: frappe._dict, view: View) -> bool:
	discounted = any(term.discounted_amount for term in d.terms[invoice.name])
	return discounted and invoice.currency != d.base[invoice.company] and not view.in_party_currency


def _paid_at_another_rate(d: Documents, invoice: frappe._dict, view: View) -> bool:
	foreign = d.currencies[invoice.debit_to] != d.base[invoice.company]
	return foreign and not view.in_party_currency and bool(d.term_payments[invoice.name])


def _term_overpaid(d: Documents, invoice: frappe._dict, view: View) -> bool:
	return any(
		cents(term.paid_amount + term.discounted_amount) > cents(term.payment_amount)
		for term in d.terms[invoice.name]
	)


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
	Fault(
		"paid at another rate",
		"terms count payments at the invoice's rate, the ledger at the payment's",
		_paid_at_another_rate,
	),
	Fault("term overpaid", "a term with more paid than billed is dropped, with its credit", _term_overpaid),
)


class Tally:
	"""What was compared, and which faults were met."""

	def __init__(self):
		self.faults: Counter[str] = Counter()
		self.counts: Counter[str] = Counter()
		self.customers: set[str] = set()


@pytest.fixture(scope="module")
def tally(tell, ledgers):
	tally = Tally()
	yield tally
	steps = Counter()
	for ledger in ledgers:
		steps.update(ledger.steps)
	tell(
		f"parity with Accounts Receivable: seeds {SEEDS}, {sum(steps.values())} steps of {len(steps)} kinds, "
		f"{len(tally.customers)} customers, {len(ledgers[0].dates)} dates, {len(COMPANIES)} companies; compared "
		+ ", ".join(f"{n} {what}" for what, n in sorted(tally.counts.items()))
	)
	for fault in FAULTS:
		tell(f"  ERPNext's fault, {fault.name}: {tally.faults[fault.name]} rows; {fault.why}")


def test_open_items_are_those_of_a_slow_reading(views, documents, tally):
	for view in views:
		slow = slow_oracle.open_rows(
			documents, view.company, view.as_of, view.by_terms, view.in_party_currency
		)
		assert by_voucher(ours(view)) == by_voucher(slow), str(view)
		tally.counts["rows with a slow reading"] += len(slow)


def test_open_items_are_those_of_accounts_receivable(views, documents, tally):
	for view in views:
		own = by_voucher(ours(view))
		report = by_voucher([_their_row(row) for row in theirs(view)])
		whole = by_voucher([_their_row(row) for row in theirs(view._replace(by_terms=False))])
		for key in own.keys() | report.keys():
			tally.counts["vouchers"] += 1
			tally.customers.add(key[0])
			if own.get(key) == report.get(key):
				continue
			_explain(view, key, own.get(key, {}), report.get(key, {}), whole.get(key, {}), documents, tally)


def _explain(view, key, own, report, whole, documents, tally) -> None:
	"""Fail unless the difference is a named fault of the report's, and ours adds up."""
	what = f"{view}, {key}: ours {dict(own)}, ERPNext {dict(report)}, without terms {dict(whole)}"
	assert view.by_terms, what
	invoice = documents.invoices.get(key[3])
	faults = [fault.name for fault in FAULTS if invoice and fault.hits(documents, invoice, view)]
	assert faults, what
	assert sum(own.values()) == sum(whole.values()), what
	tally.faults.update(faults)


def test_ageing_is_that_of_accounts_receivable(views, documents, tally):
	for view, by_due in itertools.product(views, (True, False)):
		report = theirs(view, "Due Date" if by_due else "Posting Date")
		rows = ours(view)
		if view.by_terms:
			rows, report = _without_faults(view, rows, report, documents)
		own, other = by_bucket(rows, view.as_of, by_due), their_buckets(report)
		assert own == other, f"{view}, by {'due' if by_due else 'posting'} date"
		tally.counts["customers' bucket lines"] += len(own)


def _without_faults(view: View, rows: list[Row], report: list[frappe._dict], documents: Documents):
	"""Leave out the vouchers that a fault hits: the row by row test has compared those."""

	def sound(name: str) -> bool:
		invoice = documents.invoices.get(name)
		return not (invoice and any(fault.hits(documents, invoice, view) for fault in FAULTS))

	return [row for row in rows if sound(row.name)], [row for row in report if sound(row.voucher_no)]


def test_closing_balances_are_the_general_ledgers(ledgers, documents, tally):
	ledger = site_ledger()
	entries = frappe.get_all(
		"GL Entry",
		{"is_cancelled": 0, "party_type": "Customer"},
		["party", "company", "account", "posting_date", "debit", "credit"],
	)
	receivable = {name for name in ledger.accounts}
	for company, as_of in itertools.product(COMPANIES, ledgers[0].dates):
		general = Counter()
		for e in entries:
			if e.company == company and e.account in receivable and getdate(e.posting_date) <= as_of:
				general[e.party] += cents(e.debit) - cents(e.credit)
		ties = ledger.tie(Scope((company,)), as_of)
		assert {key.customer for key in ties} == set(general)
		for key, tie in ties.items():
			where = f"{key.customer}, {company}, {as_of}"
			assert _cents(tie.general_ledger) == _cents(tie.payment_ledger) == general[key.customer], where
			assert _cents(ledger.totals(key.customer, (company,), as_of).base) == general[key.customer], where
			assert not ledger.differences(key.customer, (company,), as_of), where
			tally.counts["closing balances"] += 1


def test_in_party_currency_of_one_customer(ledgers, documents, tally):
	"""The report asked for one customer at a time, as users do, shows the same as for all."""
	today = ledgers[0].dates[-1]
	for ledger in ledgers[:1]:
		for party in ledger.parties:
			view = View(party.company, today, False, True)
			rows = [row for row in ours(view) if row.customer == party.name]
			filters = frappe._dict(
				company=party.company,
				report_date=today,
				ageing_based_on="Due Date",
				calculate_ageing_with="Report Date",
				range="30, 60, 90, 120",
				in_party_currency=1,
				party_type="Customer",
				party=[party.name],
			)
			report = [_their_row(row) for row in execute(filters)[1]]
			assert by_voucher(rows) == by_voucher(report)
			assert all(flt(row.cents) for row in rows)
			tally.counts["single customers"] += 1
