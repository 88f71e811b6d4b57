"""Every reading of the ledger gives the same on a database server as on SQLite, over the same sample company.

The tiers tests/mariadb and tests/postgres take these tests in; each brings the fixture `server`.
"""

import random
from datetime import date, datetime, time, timedelta

import pytest

from client_ledger.core.account import positions
from client_ledger.core.entries import SALES_INVOICE, Voucher
from client_ledger.core.settlement import average_days_late, average_days_to_pay
from client_ledger.ledger.period_ledgers import period_ledgers
from client_ledger.ledger.reader import CustomerBalance, Ledger, Scope, SearchTerm
from client_ledger.preview.store import ledger_file, posting
from client_ledger.sample.generator import generate
from tests.sql import moved
from tests.sql.tables import DATES, TODAY


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory):
	"""A sample company in the preview's file, and one whose documents move between receivable accounts."""
	connection = ledger_file.create(tmp_path_factory.mktemp("ledger") / "ledger.sqlite")
	posting.post_all(connection, generate(7, TODAY, 40), lambda count: None)
	moved.make_company(connection)
	for seed in range(6):
		moved.Trade(random.Random(seed), seed).written(connection)
	ledger_file.make_indexes(connection)
	return connection


@pytest.fixture(scope="session")
def both(sqlite, server) -> tuple[Ledger, Ledger]:
	"""The sample company's ledger on SQLite and on the server."""
	return ledger_file.ledger(sqlite), Ledger(server)


@pytest.fixture(scope="session")
def companies(both) -> tuple[str, ...]:
	return tuple(sorted({account.company for account in both[0].accounts.values()}))


@pytest.fixture(scope="session")
def customers(sqlite) -> list[str]:
	return [
		row[0] for row in sqlite.execute("select distinct party from `tabPayment Ledger Entry` order by 1")
	]


def same(both, read):
	"""Assert that *read* says the same of both ledgers, and something; return it."""
	of_sqlite, of_server = (read(ledger) for ledger in both)
	assert of_server == of_sqlite
	return of_sqlite


@pytest.mark.parametrize("as_of", DATES)
@pytest.mark.parametrize("by_terms", [True, False])
def test_open_items_and_positions(both, companies, customers, as_of, by_terms):
	items = same(both, lambda ledger: ledger.open_items(Scope(companies), as_of, by_terms))
	assert len(items) > 20
	few = Scope(companies, tuple(customers[:5]))
	same(both, lambda ledger: ledger.open_items(few, as_of, by_terms))
	same(both, lambda ledger: positions(ledger.open_items(Scope(companies), as_of, by_terms), as_of))


def test_pages_totals_and_histories(both, companies, customers):
	for customer in customers[:15]:
		page = same(both, lambda ledger, c=customer: ledger.page(c, companies, TODAY, 10))
		while page.next:
			cursor = page.next
			page = same(both, lambda ledger, c=customer, at=cursor: ledger.page(c, companies, TODAY, 10, at))
		same(both, lambda ledger, c=customer: ledger.totals(c, companies, TODAY))
		same(both, lambda ledger, c=customer: ledger.history(c, companies, DATES[1], TODAY))
		same(both, lambda ledger, c=customer: ledger.monthly(Scope(companies, (c,)), TODAY))
		same(both, lambda ledger, c=customer: ledger.orders(c, companies))
		same(both, lambda ledger, c=customer: ledger.differences(c, companies, TODAY))


@pytest.mark.parametrize("as_of", DATES)
def test_ties_activity_and_unbilled(both, companies, as_of):
	ties = same(both, lambda ledger: ledger.reconcile(Scope(companies), as_of))
	assert ties and all(not tie.difference for tie in ties.values())
	assert same(both, lambda ledger: ledger.activity(Scope(companies), DATES[-1], as_of))
	assert same(both, lambda ledger: ledger.unbilled(Scope(companies)))


def test_exposure_by_customer_and_by_document(both, companies, customers):
	balances = same(both, lambda ledger: ledger.balances(Scope(companies), date(9999, 12, 31)))
	for key, balance in balances.items():
		assert same(both, lambda ledger, k=key: (ledger.balance(k.customer, k.company),)) == (balance,)
	for scope in (Scope(companies), Scope(companies, tuple(customers[:9]))):
		orders = same(both, lambda ledger, s=scope: ledger.unbilled_orders(s))
		notes = same(both, lambda ledger, s=scope: ledger.unbilled_deliveries(s))
		unbilled = same(both, lambda ledger, s=scope: ledger.unbilled(s))
		assert sum(note.base_unbilled for note in notes) == sum(u.deliveries for u in unbilled.values())
		assert abs(sum(o.base_unbilled for o in orders) - sum(u.orders for u in unbilled.values())) < 1


def test_settlements_and_many_histories(both, companies, customers):
	scope = Scope(companies, tuple(customers))
	assert same(both, lambda ledger: sorted(ledger.settlements(scope, TODAY)))
	for company in companies:
		assert same(both, lambda ledger, c=company: period_ledgers(ledger, Scope((c,)), DATES[1], TODAY))
		assert same(both, lambda ledger, c=company: ledger.monthly(Scope((c,)), TODAY))


@pytest.mark.parametrize("as_of", DATES)
def test_trade_rows(both, companies, customers, as_of):
	rows = same(both, lambda ledger: sorted(ledger.trade_rows(Scope(companies), as_of), key=lambda r: r[:3]))
	assert len(rows) > 20
	same(both, lambda ledger: sorted(ledger.trade_rows(Scope(companies, tuple(customers[:5])), as_of)))


@pytest.mark.parametrize("as_of", DATES)
def test_a_standing_is_what_is_open_and_the_balances(both, companies, customers, as_of):
	for customer in customers:
		# Which vouchers are not settled is not compared: SQLite sums in binary, which leaves dust.
		same(both, lambda ledger, c=customer: _figures(ledger.customer_balance(c, companies, as_of)))
		balance = both[1].customer_balance(customer, companies, as_of)
		assert both[1].customer_balance(customer, companies, as_of, balance.unsettled) == balance
		ledger, scope = both[0], Scope(companies, (customer,))
		assert balance.items == ledger.open_items(scope, as_of)
		balances = {key.company: tie.payment_ledger for key, tie in ledger.reconcile(scope, as_of).items()}
		assert balance.balances == balances
		for company in companies:
			for currency in (None, "EUR", "USD"):
				total, read = (
					balance.total(company, currency),
					ledger.totals(customer, (company,), as_of, None, currency),
				)
				assert (total.by_currency.keys(), total.base) == (read.by_currency.keys(), read.base)
				assert total == read


def _figures(balance: CustomerBalance) -> tuple:
	return balance.items, balance.sums


def test_what_moved_later_or_changed_since(both, server, companies, customers):
	for customer in customers[:15]:
		later = same(both, lambda ledger, c=customer: ledger.moved_after(c, companies, DATES[1]))
		ledger = both[1]
		entries = ledger.entries(Scope(companies, (customer,)), TODAY)
		assert later == {entry.against for entry in entries if entry.posting_date > DATES[1]}
		# In the copy, entries were last modified on the day they are posted on.
		since = datetime.combine(DATES[1] + timedelta(days=1), time())
		invoices = {
			Voucher(SALES_INVOICE, name)
			for name, invoice in ledger.invoices_of(Scope(companies, (customer,)), TODAY).items()
			if invoice.posting_date > DATES[1]
		}
		assert ledger.changed_since(customer, since) >= later | invoices
		assert same(both, lambda ledger, c=customer: (ledger.is_long(c, 0), ledger.is_long(c, 10**6))) == (
			True,
			False,
		)


def test_finding_in_a_ledger(both, companies, customers):
	found = 0
	for customer in customers[:15]:
		page = same(both, lambda ledger, c=customer: ledger.page(c, companies, TODAY, 1000))
		lines = page.lines
		for term, holds in (
			(SearchTerm(lines[-1].movement.voucher.name.lower()), _names(lines[-1].movement.voucher.name)),
			(SearchTerm("-00"), _names("-00")),
			(SearchTerm("no such text", frozenset({lines[0].movement.voucher.name})), None),
			(
				SearchTerm("no such text", amount=float(lines[0].movement.debit or lines[0].movement.credit)),
				None,
			),
			(SearchTerm("100%"), _names("100%")),
		):
			got = same(
				both, lambda ledger, c=customer, s=term: ledger.search(c, companies, TODAY, s, 1000)
			).lines
			assert [line for line in lines if line in got] == got
			if holds:
				assert got == [line for line in lines if holds(line)]
			elif term.amount is not None or term.names:
				assert lines[0] in got
			found += len(got)
	assert found > 100


def _names(text: str):
	"""Return whether a line or something it settles has *text* in its name."""
	return lambda line: any(
		text.lower() in voucher.name.lower() for voucher in (line.movement.voucher, *line.movement.against)
	)


def test_pages_of_what_is_found_join(both, companies, customers):
	whole = same(both, lambda ledger: ledger.search(customers[0], companies, TODAY, SearchTerm("-0"), 1000))
	lines, after = [], None
	while True:
		page = same(
			both,
			lambda ledger, at=after: ledger.search(customers[0], companies, TODAY, SearchTerm("-0"), 3, at),
		)
		lines += page.lines
		after = page.next
		if not after:
			break
	assert lines == whole.lines
	assert len(lines) > 6


@pytest.mark.parametrize("as_of", DATES)
def test_averages_of_what_a_period_moved_are_those_of_the_whole_history(both, companies, customers, as_of):
	scope, since = Scope(companies, tuple(customers)), as_of - timedelta(days=200)
	moved = same(both, lambda ledger: sorted(ledger.trade_rows(scope, as_of, since)))
	settled = both[0].settlements(scope, as_of)
	assert average_days_late(moved, since, as_of) == average_days_late(settled, since, as_of)
	assert average_days_to_pay(moved, since, as_of) == average_days_to_pay(settled, since, as_of)
	assert average_days_late(moved, since, as_of)[1] > 20


def test_terms_by_day(both, sqlite):
	names = [row[0] for row in sqlite.execute("select name from `tabSales Invoice` order by 1")]
	terms = same(both, lambda ledger: ledger.terms_by_day(names))
	assert any(len(days) > 1 for days in terms.values())
