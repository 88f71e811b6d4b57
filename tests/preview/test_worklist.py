"""Whom to call, in order, with reasons: the same in `client-ledger worklist`, on the page and in the workbook."""

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from client_ledger.core.collections.worklist import DEFAULT_RULES
from client_ledger.preview.cli import main
from client_ledger.preview.output.outputs import Outputs, write_outputs
from client_ledger.preview.store import ledger_file
from tests.preview.conftest import LATER as TODAY
from tests.preview.conftest import packed

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
		assert len(row["reasons"]) == len(set(row["reasons"]))
	assert any("Oldest item overdue by" in reason for row in rows for reason in row["reasons"])


def test_nothing_is_said_of_contacts_a_store_does_not_know(database):
	assert "contact" not in run(database, "--json").lower()


@pytest.fixture(scope="module")
def outputs(database, tmp_path_factory) -> Outputs:
	connection = ledger_file.open_store(database)
	found = write_outputs(connection, tmp_path_factory.mktemp("worklist"), TODAY)
	connection.close()
	return found


def test_the_page_has_the_same_list(database, outputs):
	rows = json.loads(run(database, "--json"))
	company = next(c for c in packed(outputs.page, "main")["companies"] if c["name"] == COMPANY)
	shown = company["calls"]["rows"]
	assert [company["accounts"][call[0]]["id"] for call in shown] == [row["customer"] for row in rows]
	assert [call[1:4] for call in shown] == [[r["points"], r["to_chase"], r["expected"]] for r in rows]
	assert [call[4][0] for call in shown] == [row["reasons"] for row in rows]
	assert all(call[4][1] != call[4][0] for call in shown)


def test_the_workbook_has_the_same_list(database, outputs):
	rows = json.loads(run(database, "--json"))
	table = list(openpyxl.load_workbook(outputs.workbook)["Worklist"].iter_rows(min_row=2, values_only=True))
	found = [dict(zip(table[0], values, strict=True)) for values in table[1:] if values[0] == COMPANY]
	assert [row["Customer"] for row in found] == [row["customer"] for row in rows]
	assert [row["Rank"] for row in found] == list(range(1, len(rows) + 1))
	assert [row["Collectable Overdue"] for row in found] == [row["to_chase"] for row in rows]
	assert [row["Reasons"].split("\n") for row in found] == [row["reasons"] for row in rows]


def test_the_table_speaks_chinese(database):
	assert "应催收" in run(database, "--lang", "zh")
