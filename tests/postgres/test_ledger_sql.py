"""The ledger's SQL on Postgres: the same as on SQLite."""

import pytest

from tests.sql import tables
from tests.sql.cases import *  # noqa: F403

from .conftest import Postgres, quoted


@pytest.fixture(scope="session")
def server(connection, sqlite) -> Postgres:
	"""The sample company's tables, with the indexes the app makes."""
	with connection.cursor() as cursor:
		tables.copy(
			sqlite,
			lambda sql: cursor.execute(quoted(sql)),
			lambda sql, rows: cursor.executemany(quoted(sql), rows),
			"timestamp",
		)
		cursor.execute("analyze")
	return Postgres(connection)
