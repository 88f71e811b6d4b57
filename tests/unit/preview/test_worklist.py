"""`client-ledger worklist`: whom to call, in order, with the reasons and the points they add up to."""

import json
from pathlib import Path

from click.testing import CliRunner

from client_ledger.core.collections.worklist import DEFAULT_RULES
from client_ledger.preview.cli import main
from tests.unit.preview.conftest import LATER as TODAY

COMPANY = "Lantern Instruments Europe"


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
