"""What the ledger reads from a store equals a slow and obvious computation from the documents themselves."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from client_ledger.core.dunning.past import past_items
from client_ledger.core.entries import SALES_INVOICE
from client_ledger.core.flows import monthly
from client_ledger.ledger.reader import Scope
from client_ledger.preview.figures import companies
from client_ledger.preview.store import ledger_file, posting
from client_ledger.sample.generator import generate
from tests.preview.conftest import TODAY

ZERO = Decimal(0)


def obvious_balances(documents, company, day):
	"""What is open per (customer, voucher), in account currency: walk all documents, allocate, leave out zeros."""
	open_amounts = defaultdict(Decimal)
	invoices = {i.name: i for i in documents.invoices if not i.cancelled and i.date <= day}

	def take(customer, voucher, own, amount):
		# Money for what is not in the books yet is the payer's own credit.
		target = voucher if voucher in invoices else own
		if target in invoices and invoices[target].pays_original:
			target = invoices[target].return_against
		open_amounts[customer, target] += amount

	for invoice in invoices.values():
		if invoice.company == company:
			take(invoice.customer, invoice.name, invoice.name, invoice.amount - invoice.paid_at_counter)
	for payment in documents.payments:
		if payment.company == company and payment.date <= day:
			sign = 1 if payment.is_refund else -1
			for allocation in payment.allocations:
				take(payment.customer, allocation.name, payment.name, sign * allocation.amount)
			open_amounts[payment.customer, payment.name] += sign * payment.unallocated
	for journal in documents.journals:
		if journal.company == company and journal.date <= day:
			take(journal.customer, journal.against, journal.name, journal.amount)
	return {key: amount for key, amount in open_amounts.items() if amount}


def read_balances(connection, company, day, by_terms):
	found = defaultdict(Decimal)
	for item in ledger_file.ledger(connection).open_items(Scope((company,)), day, by_terms):
		found[item.customer, item.voucher.name] += item.outstanding
	return {key: amount for key, amount in found.items() if amount}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10_000), days=st.integers(0, 500), by_terms=st.booleans())
def test_open_items_equal_the_obvious_sum(tmp_path_factory, seed, days, by_terms):
	documents = generate(seed, TODAY, 6)
	day = TODAY - timedelta(days=days)
	connection = ledger_file.create(tmp_path_factory.mktemp("random") / "database.sqlite")
	posting.post_all(connection, documents)
	try:
		for company in documents.companies:
			expected = obvious_balances(documents, company.name, day)
			assert read_balances(connection, company.name, day, by_terms) == expected
	finally:
		connection.close()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10_000), days=st.integers(0, 500))
def test_the_past_by_term_is_what_was_open_on_any_day(tmp_path_factory, seed, days):
	"""What the replay of dunning takes as open of each due date is what the open items of that day are."""
	documents = generate(seed, TODAY, 6)
	day = TODAY - timedelta(days=days)
	connection = ledger_file.create(tmp_path_factory.mktemp("random") / "database.sqlite")
	posting.post_all(connection, documents)
	ledger = ledger_file.ledger(connection)
	try:
		for company in documents.companies:
			scope, owed = Scope((company.name,)), defaultdict(Decimal)
			for item in ledger.open_items(scope, day):
				if item.outstanding > 0 and item.voucher.doctype == SALES_INVOICE:
					owed[item.customer, item.voucher, item.due_date] += item.outstanding
			entries = list(ledger.entries(scope, TODAY))
			names = {entry.against.name for entry in entries if entry.against.doctype == SALES_INVOICE}
			items = past_items(entries, ledger.invoices(names), ledger.accounts, ledger.terms_by_day(names))
			past = {(i.party.customer, *i.key): i.open_on(day)[0] for i in items if i.posted <= day}
			assert {key: amount for key, amount in past.items() if amount > 0} == owed
	finally:
		connection.close()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10_000), days=st.integers(0, 500))
def test_trade_rows_equal_the_settlements(tmp_path_factory, seed, days):
	"""What is summed up in the database is what the entries say one by one, in every currency, on any day."""
	documents = generate(seed, TODAY, 6)
	day = TODAY - timedelta(days=days)
	connection = ledger_file.create(tmp_path_factory.mktemp("random") / "database.sqlite")
	posting.post_all(connection, documents)
	try:
		ledger = ledger_file.ledger(connection)
		names = tuple(customer.name for customer in documents.customers)
		companies = tuple(company.name for company in documents.companies)
		scope = Scope(companies, names)
		slow = sorted(
			(
				*(s.key.customer, s.key.account, s.invoice.name, s.invoice.posting_date, s.invoice.due_date),
				*(s.invoice.amount, s.invoice.base_amount, s.settled_on, s.outstanding),
			)
			for s in ledger.settlements(scope, day)
		)
		assert sorted(map(tuple, ledger.trade_rows(scope, day)), key=lambda row: row[:3]) == slow
		assert len(ledger.trade_rows(Scope(companies), day)) == len(slow)
	finally:
		connection.close()


def test_the_obvious_computation_can_tell(sample, documents):
	company = documents.companies[0].name
	expected = obvious_balances(documents, company, TODAY)
	assert len(expected) > 10
	first = next(p for p in documents.payments if p.company == company and p.allocations)
	changed = replace(documents, payments=[p for p in documents.payments if p is not first])
	assert obvious_balances(changed, company, TODAY) != expected


def read_company(connection, company, currency, day=TODAY):
	reader = companies.CompanyReader(connection, ledger_file.ledger(connection), company, currency, day)
	return list(reader.accounts()), reader.totals()


def test_figures_of_a_company_are_those_of_its_accounts(sample):
	for company, currency in companies.list_companies(sample):
		accounts, totals = read_company(sample, company, currency)
		assert len(accounts) > 5
		for name in ("balance", "receivable", "overdue", "unallocated", "open_items"):
			total = sum(getattr(account.position, name) for account in accounts)
			assert total == getattr(totals.position, name)
		assert totals.position.ageing.total == totals.position.balance
		assert totals.position.oldest_overdue_days == max(a.position.oldest_overdue_days for a in accounts)
		assert totals.habits.settled == sum(account.habits.settled for account in accounts) > 0
		assert totals.unbilled.total == sum(account.unbilled.total for account in accounts) > 0
		for i, month in enumerate(totals.months):
			for name in ("billed", "received", "credited"):
				assert getattr(month, name) == sum(getattr(a.months[i], name) for a in accounts)


def test_ledger_of_an_account_ends_with_its_balance(sample):
	for company, currency in companies.list_companies(sample):
		for account in read_company(sample, company, currency)[0]:
			if account.lines:
				assert account.lines[-1].movement.base_balance == account.reconciliation.payment_ledger
			assert abs(account.position.balance - account.reconciliation.payment_ledger) <= Decimal("0.02")


def test_months_are_those_of_the_reader(sample):
	company, currency = companies.list_companies(sample)[0]
	ledger = ledger_file.ledger(sample)
	for account in read_company(sample, company, currency)[0]:
		assert account.months == ledger.monthly(Scope((company,), (account.master.customer,)), TODAY)
	assert len(monthly([], TODAY, 24)) == 24


def test_a_ledger_that_does_not_tie_is_named(sample_path, tmp_path):
	path = tmp_path / "broken.sqlite"
	path.write_bytes(sample_path.read_bytes())
	connection = ledger_file.open_store(path)
	row = connection.execute(
		"select rowid, party, voucher_no from `tabGL Entry` where party is not null and debit > 0 limit 1"
	).fetchone()
	connection.execute("update `tabGL Entry` set debit = debit + 1 where rowid = ?", (row[0],))
	count, untied = companies.compare_ledgers(connection, TODAY)
	assert count > 5
	assert [(key.customer, reconciliation.difference) for key, reconciliation in untied.items()] == [
		(row[1], Decimal(1))
	]
	company = next(iter(untied)).company
	currency = dict(companies.list_companies(connection))[company]
	accounts, totals = read_company(connection, company, currency)
	broken = next(a for a in accounts if a.master.customer == row[1])
	assert [d.voucher.name for d in broken.differences] == [row[2]]
	assert list(totals.untied) == [row[1]]
	connection.close()
