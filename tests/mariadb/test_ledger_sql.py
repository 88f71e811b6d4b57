"""Every reading of the ledger gives the same on MariaDB as on SQLite, over the same sample company; and the
covering indexes are used as meant."""

from datetime import date, timedelta

import pytest

from client_ledger.core.account import AccountKey, positions
from client_ledger.core.settlement import average_days_late, average_days_to_pay
from client_ledger.ledger import queries
from client_ledger.ledger.histories import histories
from client_ledger.ledger.reader import Ledger, Scope
from client_ledger.preview import posting, schema, store
from client_ledger.sample.generator import generate

from .conftest import MariaDB

TODAY = date(2026, 6, 30)
DATES = [TODAY, TODAY - timedelta(days=100), TODAY - timedelta(days=400)]
_DATES = {"posting_date", "due_date", "transaction_date", "delivery_date"}
_TYPES = {"text": "varchar(140)", "real": "decimal(21,9)", "integer": "int"}


def mariadb_type(column: str, kind: str) -> str:
	"""Return the type ERPNext gives a column on MariaDB for the one the preview gives it on SQLite."""
	if column in _DATES:
		return "date"
	first, _space, rest = kind.partition(" ")
	return f"{_TYPES[first]} {rest}"


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory):
	connection = store.create(tmp_path_factory.mktemp("ledger") / "ledger.sqlite")
	posting.post_all(connection, generate(7, TODAY, 40), lambda count: None)
	store.make_indexes(connection)
	return connection


@pytest.fixture(scope="session")
def mariadb(connection, sqlite):
	"""The sample company's tables, copied row by row, with the indexes the app makes."""
	with connection.cursor() as cursor:
		for doctype, columns in schema.TABLES.items():
			fields = ", ".join(f"`{name}` {mariadb_type(name, kind)}" for name, kind in columns.items())
			cursor.execute(f"create table `tab{doctype}` ({fields}) engine=InnoDB")
			names = ", ".join(f"`{name}`" for name in columns)
			rows = sqlite.execute(f"select {names} from `tab{doctype}`").fetchall()
			marks = ", ".join(["%s"] * len(columns))
			rows = [
				tuple(
					None if value == "" and n in _DATES else value
					for n, value in zip(columns, row, strict=True)
				)
				for row in rows
			]
			if rows:
				cursor.executemany(f"insert into `tab{doctype}` ({names}) values ({marks})", rows)
		for name, (doctype, columns) in schema.INDEXES.items():
			cursor.execute(
				f"create index `{name}` on `tab{doctype}` ({', '.join(f'`{c}`' for c in columns)})"
			)
		cursor.execute("analyze table `tabPayment Ledger Entry`, `tabGL Entry`, `tabSales Invoice`")
	return MariaDB(connection)


@pytest.fixture(scope="session")
def both(sqlite, mariadb) -> tuple[Ledger, Ledger]:
	return store.ledger(sqlite), Ledger(mariadb)


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
	of_sqlite, of_mariadb = (read(ledger) for ledger in both)
	assert of_mariadb == of_sqlite
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
	ties = same(both, lambda ledger: ledger.tie(Scope(companies), as_of))
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
		assert same(both, lambda ledger, c=company: histories(ledger, Scope((c,)), DATES[1], TODAY))
		assert same(both, lambda ledger, c=company: ledger.monthly(Scope((c,)), TODAY))


@pytest.mark.parametrize("as_of", DATES)
def test_trade_rows(both, companies, customers, as_of):
	rows = same(both, lambda ledger: sorted(ledger.trade_rows(Scope(companies), as_of), key=lambda r: r[:3]))
	assert len(rows) > 20
	same(both, lambda ledger: sorted(ledger.trade_rows(Scope(companies, tuple(customers[:5])), as_of)))


@pytest.mark.parametrize("as_of", DATES)
def test_a_standing_is_what_is_open_the_balances_and_the_ties(both, companies, customers, as_of):
	for customer in customers:
		standing = same(both, lambda ledger, c=customer: ledger.standing(c, companies, as_of))
		ledger, scope = both[0], Scope(companies, (customer,))
		assert standing.items == ledger.open_items(scope, as_of)
		ties = ledger.tie(scope, as_of)
		assert {AccountKey(customer, company): tie for company, tie in standing.ties.items()} == ties
		for company in companies:
			for currency in (None, "EUR", "USD"):
				total, read = (
					standing.total(company, currency),
					ledger.totals(customer, (company,), as_of, None, currency),
				)
				assert (total.by_currency.keys(), total.base) == (read.by_currency.keys(), read.base)
				assert total == read


@pytest.mark.parametrize("as_of", DATES)
def test_averages_of_what_a_period_moved_are_those_of_the_whole_history(both, companies, customers, as_of):
	scope, since = Scope(companies, tuple(customers)), as_of - timedelta(days=200)
	moved = same(both, lambda ledger: sorted(ledger.trade_rows(scope, as_of, since)))
	settled = both[0].settlements(scope, as_of)
	assert average_days_late(moved, since, as_of) == average_days_late(settled, since, as_of)
	assert average_days_to_pay(moved, since, as_of) == average_days_to_pay(settled, since, as_of)
	assert average_days_late(moved, since, as_of)[1] > 20


def plan(mariadb, ledger: Ledger, companies, sql: str, **more) -> list[tuple]:
	"""Return (table, key, extra) of MariaDB's plan for *sql*."""
	accounts = [name for name, account in ledger.accounts.items() if account.company in companies]
	parameters = {
		"accounts": accounts,
		"as_of": TODAY,
		"advance_doctypes": ("Sales Order",),
		"companies": companies,
		"customers": (),
		**more,
	}
	return [(row[2], row[5], row[9] or "") for row in mariadb.rows(f"explain {sql}", parameters)]


def test_balances_of_all_customers_are_read_from_the_covering_index(both, mariadb, companies):
	rows = plan(mariadb, both[1], companies, queries.balances(False))
	assert any(
		t == "ple" and key == "cl_payment_ledger_against" and "Using index" in e for t, key, e in rows
	), rows


def test_a_customers_totals_are_read_from_a_covering_index(both, mariadb, companies, customers):
	rows = plan(mariadb, both[1], companies, queries.totals(False), customer=customers[0])
	assert all((key or "").startswith("cl_payment_ledger") and "Using index" in e for _t, key, e in rows), (
		rows
	)


def test_terms_by_day(both, sqlite):
	names = [row[0] for row in sqlite.execute("select name from `tabSales Invoice` order by 1")]
	terms = same(both, lambda ledger: ledger.terms_by_day(names))
	assert any(len(days) > 1 for days in terms.values())
