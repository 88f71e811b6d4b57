"""`client-ledger worklist`: whom to call, in order, with the reasons and the points they add up to."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from client_ledger.core.collections.worklist import DEFAULT_RULES
from client_ledger.preview import posting, store
from client_ledger.preview.cli import main
from client_ledger.sample.generator import generate

TODAY = date(2026, 11, 20)
COMPANY = "Lantern Instruments Europe"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
	path = tmp_path_factory.mktemp("worklist") / "sample.sqlite"
	connection = store.create(path)
	posting.post_all(connection, generate(3, TODAY, 40))
	store.make_indexes(connection)
	connection.close()
	return path


def run(database: Path, *arguments: str) -> str:
	options = ["worklist", "--db", str(database), "--company", COMPANY, "--as-of", str(TODAY)]
	result = CliRunner().invoke(main, [*options, *arguments])
	assert result.exit_code == 0, result.output
	return result.output


def test_rows_come_in_order_with_their_reasons(database):
	rows = json.loads(run(database, "--json"))
	assert len(rows) == 3
	points = [row["points"] for row in rows]
	assert points == sorted(points, reverse=True)
	known = {points for _measure, _minimum, points in DEFAULT_RULES.values()}
	for row in rows:
		assert row["reasons"] and row["points"] >= min(known) and row["to_chase"] >= 0
	assert any("Oldest item overdue by" in reason for row in rows for reason in row["reasons"])


def test_the_table_speaks_chinese(database):
	assert "应催收" in run(database, "--lang", "zh")
