"""Our open items and ageing against ERPNext's own Accounts Receivable, to the cent, on random ledgers.

For every company, three dates, with and without payment terms, ageing by due and by posting date, in company and
in account currency: row by row, and customer by customer and bucket by bucket. Closing balances against the
General Ledger. Everything of ours is also held against a slow reading of the same tables (slow_oracle).

Where ERPNext's report is wrong, the invoice must show one of the named faults of receivable_report.FAULTS (each
is shown by itself in test_report_faults), and our figure must be the slow reading's; and where the rows of one invoice do not even add up to what the
same report says without terms, ours must. Nothing else may differ, by any amount.

PARITY_SEEDS="1,2,3" chooses the seeds.
"""

import itertools
import os
from collections import Counter
from datetime import timedelta

import frappe
import pytest
from frappe.utils import getdate, nowdate

from client_ledger.collections.customer_statement import statement_facts
from client_ledger.core.settlement import average_days_late, average_days_to_pay
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.core.statements.parts import Coverage
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.statements.figures import figures_of_many, statement_figures
from tests.bench import slow_oracle
from tests.bench.random_ledger import ABROAD, HOME, RandomLedger
from tests.bench.receivable_report import (
	FAULTS,
	View,
	by_bucket,
	by_voucher,
	faults_of,
	ours,
	their_buckets,
	their_row,
	theirs,
	whole_cents,
)
from tests.bench.slow_oracle import Documents, Row, cents

pytestmark = [pytest.mark.one_transaction, pytest.mark.every_version]
SEEDS = [int(seed) for seed in os.environ.get("PARITY_SEEDS", "1,2").split(",")]
COMPANIES = (HOME, ABROAD)


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
		report = by_voucher([their_row(row) for row in theirs(view)])
		whole = by_voucher([their_row(row) for row in theirs(view._replace(by_terms=False))])
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
	faults = faults_of(documents, key[3], view)
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


def _without_faults(
	view: View, rows: list[Row], report: list[frappe._dict], documents: Documents
) -> tuple[list[Row], list[frappe._dict]]:
	"""Leave out the vouchers that a fault hits: the row by row test has compared those."""

	return (
		[row for row in rows if not faults_of(documents, row.name, view)],
		[row for row in report if not faults_of(documents, row.voucher_no, view)],
	)


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
		ties = ledger.reconcile(Scope((company,)), as_of)
		assert {key.customer for key in ties} == set(general)
		for key, tie in ties.items():
			where = f"{key.customer}, {company}, {as_of}"
			assert (
				whole_cents(tie.general_ledger) == whole_cents(tie.payment_ledger) == general[key.customer]
			), where
			assert (
				whole_cents(ledger.totals(key.customer, (company,), as_of).base) == general[key.customer]
			), where
			assert not ledger.differences(key.customer, (company,), as_of), where
			tally.counts["closing balances"] += 1


def test_a_customers_standing_is_its_balances_and_its_averages(ledgers, tally):
	"""What the Ledger tab reads in one pass is what the other readings say: items, balances, and days to pay."""
	ledger = site_ledger()
	for as_of in ledgers[0].dates:
		for customer in {name for seed in ledgers for name in seed.customers}:
			scope, since = Scope(COMPANIES, (customer,)), as_of - timedelta(days=180)
			balance = ledger.customer_balance(customer, COMPANIES, as_of)
			assert balance.items == ledger.open_items(scope, as_of)
			balances = {
				key.company: tie.payment_ledger for key, tie in ledger.reconcile(scope, as_of).items()
			}
			assert balance.balances == balances
			assert ledger.customer_balance(customer, COMPANIES, as_of, balance.unsettled) == balance
			for company in COMPANIES:
				assert balance.total(company) == ledger.totals(customer, (company,), as_of)
				page = ledger.page(customer, (company,), as_of, 10)
				first = ledger.page(
					*(customer, (company,), as_of, 10),
					items=[item for item in balance.items if item.company == company],
					closing=balance.total(company),
				)
				assert first == page
			moved, settled = ledger.trade_rows(scope, as_of, since), ledger.settlements(scope, as_of)
			assert average_days_late(moved, since, as_of) == average_days_late(settled, since, as_of)
			assert average_days_to_pay(moved, since, as_of) == average_days_to_pay(settled, since, as_of)
			tally.counts["customers' standings"] += 1


def test_what_was_unsettled_and_what_moved_since_is_enough_for_any_later_day(ledgers, tally):
	"""What a long ledger is opened by: nothing but vouchers unsettled on an earlier day, or moved after it."""
	ledger, dates = site_ledger(), sorted(ledgers[0].dates)
	for customer in {name for seed in ledgers for name in seed.customers}:
		whole = {as_of: ledger.customer_balance(customer, COMPANIES, as_of) for as_of in dates}
		for earlier, as_of in itertools.combinations_with_replacement(dates, 2):
			known = whole[earlier].unsettled | ledger.moved_after(customer, COMPANIES, earlier)
			assert ledger.customer_balance(customer, COMPANIES, as_of, known) == whole[as_of]
			tally.counts["standings by what was unsettled before"] += 1


def test_in_party_currency_of_one_customer(ledgers, documents, tally):
	"""The report asked for one customer at a time, as users do, shows the same as for all."""
	today = ledgers[0].dates[-1]
	for ledger in ledgers[:1]:
		for party in ledger.parties:
			view = View(party.company, today, False, True)
			rows = [row for row in ours(view) if row.customer == party.name]
			report = [their_row(row) for row in theirs(view, customer=party.name)]
			assert by_voucher(rows) == by_voucher(report)
			tally.counts["single customers"] += 1


def test_a_statement_is_the_same_by_itself_and_among_many(ledgers, tally):
	"""To the last byte of what is kept; and with all currencies its items make its balance."""
	parties = [party for ledger in ledgers for party in ledger.parties]
	names = sorted({party.name for party in parties if party.company == HOME})
	groups = [*([name] for name in names), names[:4]]
	days = ledgers[0].dates
	for coverage, from_date, currency in (
		(Coverage.BOTH, days[0], None),
		(Coverage.ACTIVITY, None, "EUR"),
		(Coverage.OPEN_ITEMS, None, None),
	):
		many = figures_of_many(HOME, groups, days[1], from_date, coverage, currency, statement_facts)
		for group, found in zip(groups, many, strict=True):
			alone = statement_figures(HOME, group, days[1], from_date, coverage, currency, statement_facts)
			assert found.to_json() == alone.to_json(), (group, coverage)
			assert StatementFigures.from_json(alone.to_json()) == alone
			moved = sum(line.base_debit - line.base_credit for line in alone.lines)
			tally.counts["statements"] += 1
			if coverage is Coverage.BOTH:
				assert alone.opening.base + moved == alone.closing.base
				balances = site_ledger().balances(Scope((HOME,), tuple(group)), days[1])
				assert cents(alone.closing.base) == cents(sum(b for b in balances.values()))
