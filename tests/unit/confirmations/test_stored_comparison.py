"""A comparison survives being stored as rows: the same matches, differences and figures."""

import pytest

from benchmarks.reconciliation_ledgers import USUAL, two_ledgers
from client_ledger.core.confirmations.stored import part_of, rows_of
from client_ledger.core.reconciliation.lines import LedgerSide, MatchSettings
from client_ledger.core.reconciliation.reconcile import reconcile
from tests.unit.reconciliation.lists import compared, line


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_generated_ledger_comes_back_as_it_was(seed):
	ledgers = two_ledgers(seed, USUAL)
	part = reconcile(
		LedgerSide(tuple(ledgers.ours)), LedgerSide(tuple(ledgers.theirs)), MatchSettings(ledgers.as_of)
	).parts[0]
	rows = rows_of(part)
	assert len({row["line_key"] for row in rows}) == len(rows)
	back = part_of(rows, "EUR", part.identity.theirs, part.identity.ours)
	assert back.identity == part.identity
	assert not back.identity.unexplained
	assert [m.difference for m in back.matches] == [m.difference for m in part.matches]
	assert [m.reason for m in back.matches if not m.difference] == [
		m.reason for m in part.matches if not m.difference
	]
	assert sorted((d.kind.value, d.amount, d.next_step.value) for d in back.differences) == sorted(
		(d.kind.value, d.amount, d.next_step.value) for d in part.differences
	)
	assert {l.id for m in back.matches for l in (*m.ours, *m.theirs)} == {
		l.id for m in part.matches for l in (*m.ours, *m.theirs)
	}


def test_differences_of_balances_have_rows_without_a_line():
	part = compared(
		[line("o", 1, 100, "INV-1")],
		[line("t", 1, 100, "INV-1")],
		sides=({"opening": {"EUR": 50}}, {"opening": {"EUR": 20}, "closing": {"EUR": 90}}),
	).parts[0]
	rows = rows_of(part)
	bare = [row for row in rows if not row["line_id"]]
	assert [(row["difference_kind"], row["difference"]) for row in bare] == [
		("Before the Lists", 30),
		("Not on the List", 30),
	]
	assert part_of(rows, "EUR", part.identity.theirs, part.identity.ours).identity == part.identity


def test_the_difference_of_a_match_stands_in_one_row():
	part = compared([line("o", 1, 120, "INV-1")], [line("t", 1, 100, "INV-1")]).parts[0]
	ours, theirs = rows_of(part)
	assert ours["difference"] == 20 and ours["difference_kind"] == "Amount Differs"
	assert not theirs["difference_kind"] and "is the same, the amount is not" in theirs["reason"]
