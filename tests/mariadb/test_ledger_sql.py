"""The ledger's SQL on MariaDB: the same as on SQLite, and the covering indexes are used as meant."""

import pytest

from client_ledger.ledger import queries
from client_ledger.ledger.reader import Ledger
from tests.sql import tables
from tests.sql.cases import *  # noqa: F403
from tests.sql.tables import TODAY

from .conftest import MariaDB


@pytest.fixture(scope="session")
def server(connection, sqlite) -> MariaDB:
	"""The sample company's tables, with the indexes the app makes."""
	with connection.cursor() as cursor:
		tables.copy(sqlite, cursor.execute, cursor.executemany, "datetime(6)")
		cursor.execute("analyze table `tabPayment Ledger Entry`, `tabGL Entry`, `tabSales Invoice`")
	return MariaDB(connection)


def plan(server, ledger: Ledger, companies, sql: str, **more) -> list[tuple]:
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
	return [(row[2], row[5], row[9] or "") for row in server.rows(f"explain {sql}", parameters)]


def test_balances_of_all_customers_are_read_from_the_covering_index(both, server, companies):
	rows = plan(server, both[1], companies, queries.balances(False))
	assert any(
		t == "ple" and key == "cl_payment_ledger_against" and "Using index" in e for t, key, e in rows
	), rows


def test_a_customers_totals_are_read_from_a_covering_index(both, server, companies, customers):
	rows = plan(server, both[1], companies, queries.totals(False), customer=customers[0])
	assert all((key or "").startswith("cl_payment_ledger") and "Using index" in e for _t, key, e in rows), (
		rows
	)
