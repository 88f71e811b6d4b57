"""What journal entries move from account to account, and what they do not. Random trades: tests/unit/preview/test_moved_accounts.py."""

from datetime import timedelta
from decimal import Decimal

import pytest

from client_ledger.core.moves import find_moves, pools_of, received_on, unmoved
from client_ledger.core.settlement import settlements

from .ledgers import DAY, TWO, entry, facts_of, voucher_of

OTHER = "Other - T"
BILLS = [entry(0, "SI 1", "SI 1", 100), entry(0, "SI 2", "SI 2", 50)]
DAYS = {voucher_of("SI 1"): DAY + timedelta(10), voucher_of("SI 2"): DAY + timedelta(20)}
MOVE = [
	entry(5, "JE 1", "SI 1", -100),
	entry(5, "JE 1", "SI 2", -50),
	entry(5, "JE 1", "JE 1", 150, account=OTHER),
]


def against(rows, name):
	return sum(row.amount for row in rows if row.against.name == name)


def test_a_journal_carries_what_it_took_off_the_last_due_last_paid():
	(move,) = find_moves([*BILLS, *MOVE], DAYS)
	assert move.carried == ((voucher_of("SI 2"), Decimal(50)), (voucher_of("SI 1"), Decimal(100)))
	assert move.parts(Decimal(150))[0] == [(voucher_of("SI 2"), 50), (voucher_of("SI 1"), 100)]
	assert move.parts(Decimal(60)) == ([(voucher_of("SI 2"), 50), (voucher_of("SI 1"), 10)], 0)
	assert move.parts(Decimal(-7)) == ([], -7)
	assert move.parts(Decimal(170))[1] == 20


def test_what_is_paid_of_the_journal_is_paid_of_what_it_carried():
	rows = [*BILLS, *MOVE, entry(30, "PE 1", "JE 1", -120, account=OTHER)]
	found = unmoved(rows, find_moves(rows, DAYS), pools_of(TWO))
	assert (against(found, "SI 1"), against(found, "SI 2"), against(found, "JE 1")) == (0, 30, 0)
	settled = {s.invoice.name: s.settled_on for s in settlements(found, facts_of(BILLS).invoices)}
	assert settled == {"SI 1": DAY + timedelta(30), "SI 2": None}


@pytest.mark.parametrize(
	("rows", "booked"),
	[
		# a bill of exchange: a debt of its own
		(MOVE, {"JE 1"}),
		# in one account: a debt is renewed
		([row._replace(account=OTHER) for row in MOVE], ()),
		# it charges something besides
		([*MOVE, entry(5, "JE 1", "JE 1", 5, account=OTHER)], ()),
		# it says what for on both sides
		([entry(5, "JE 1", "SI 1", -100), entry(5, "JE 1", "SI 1", 100, account=OTHER)], ()),
		# against something that is not in the ledger
		([entry(5, "JE 1", "SO 1", -100), entry(5, "JE 1", "JE 1", 100, account=OTHER)], ()),
	],
)
def test_no_move(rows, booked):
	assert find_moves([*BILLS, *rows], DAYS, booked) == []


def test_a_move_of_a_move_comes_first_and_nothing_is_lost():
	again = [entry(9, "JE 2", "JE 1", -150, account=OTHER), entry(9, "JE 2", "JE 2", 150)]
	rows = [*BILLS, *MOVE, *again]
	moves = find_moves(rows, {**DAYS, voucher_of("JE 1"): DAY + timedelta(5)})
	assert [move.voucher.name for move in moves] == ["JE 2", "JE 1"]
	found = unmoved(rows, moves, pools_of(TWO))
	assert (against(found, "SI 1"), against(found, "SI 2")) == (100, 50)
	assert sum(row.amount for row in found) == sum(row.amount for row in rows)


def test_money_came_when_it_was_paid_not_when_it_was_passed_on():
	paid = [
		entry(1, "PE 1", "PE 1", -80, account=OTHER),
		entry(40, "PE 1", "PE 1", 80, account=OTHER),
		entry(40, "PE 1", "SI 1", -80),
	]
	taken = [entry(50, "JE 3", "PE 2", 20, account=OTHER), entry(50, "JE 3", "SI 1", -20)]
	found = received_on([*paid, *taken], {voucher_of("PE 2"): DAY + timedelta(3)})
	assert found == {
		("Ada", voucher_of("PE 1")): DAY + timedelta(1),
		("Ada", voucher_of("JE 3")): DAY + timedelta(3),
	}
