"""The identity on any two ledgers, and the matches on ledgers whose truth is known, beside a slow and obvious matcher."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.reconciliation import compare
from benchmarks.reconciliation_ledgers import HARD, MIXES, two_ledgers
from benchmarks.reconciliation_other_style import other_ledgers
from client_ledger.core.reconciliation.lines import BookedLine, Decisions, LedgerSide, LineKind, MatchSettings
from client_ledger.core.reconciliation.reconcile import reconcile
from tests.unit.reconciliation.lists import AS_OF, DAY

AMOUNTS = st.one_of(
	st.sampled_from(["100", "-100", "500", "0", "-500"]), st.decimals(-9999, 9999, places=2)
).map(Decimal)
NUMBERS = st.sampled_from(
	["", "1", "12", "SINV-1", "SINV-2", "SINV-12", "RE 2026/00012", "№１２", "=1+1", "A", "2026"]
)
LINES = st.lists(
	st.tuples(
		st.integers(-40, 100), AMOUNTS, st.sampled_from(["EUR", "USD"]), NUMBERS, NUMBERS, st.sampled_from([None, *LineKind])
	),
	max_size=14,
)  # fmt: skip
BALANCES = st.dictionaries(st.sampled_from(["EUR", "USD", "GBP"]), AMOUNTS, max_size=2)
PICKS = st.lists(
	st.tuples(st.lists(st.integers(0, 13), max_size=3), st.lists(st.integers(0, 13), max_size=3)), max_size=3
)


def side(who, rows, opening, closing, begins):
	lines = [
		BookedLine(f"{who}{n}", DAY + timedelta(days=day), amount, currency, number, (other,), number, kind)
		for n, (day, amount, currency, number, other, kind) in enumerate(rows)
	]
	return LedgerSide(tuple(lines), opening, closing, DAY if begins else None)


@settings(max_examples=150, deadline=None)
@given(
	LINES,
	LINES,
	BALANCES,
	BALANCES,
	BALANCES,
	st.booleans(),
	PICKS,
	PICKS,
	st.sampled_from(["0", "0.05", "5"]),
)
def test_their_balance_and_the_differences_are_our_balance(
	mine, yours, opening, their_opening, closing, begins, joined, apart, tolerance
):
	ours, theirs = side("o", mine, opening, {}, False), side("t", yours, their_opening, closing, begins)
	decisions = Decisions(
		[([f"o{n}" for n in left], [f"t{n}" for n in right]) for left, right in joined],
		[(f"o{left[0]}", f"t{right[0]}") for left, right in apart if left and right],
	)
	found = reconcile(ours, theirs, MatchSettings(AS_OF, Decimal(tolerance)), decisions)
	for part in found.parts:
		identity = part.identity
		assert identity.unexplained == 0
		assert identity.ours == ours.balance(part.currency) and identity.theirs == theirs.balance(
			part.currency
		)
		used = [line for match in part.matches for line in (*match.ours, *match.theirs)]
		assert all(line.currency == part.currency for line in used)
		assert max(Counter(line.id for line in used).values(), default=1) == 1
		alone = {one.line.id for one in part.differences if one.line}
		assert alone | {line.id for line in used} == {
			line.id for one in (ours, theirs) for line in one.lines if line.currency == part.currency
		}
		for match in part.matches:
			kept = {(o.id, t.id) for o in match.ours for t in match.theirs} & set(decisions.kept_apart)
			assert not kept or match.found_by.name == "JOINED"
	assert reconcile(ours, theirs, MatchSettings(AS_OF, Decimal(tolerance)), decisions) == found


@pytest.mark.parametrize("mix", MIXES, ids=lambda mix: mix.name)
def test_all_that_an_obvious_matcher_finds_is_found_the_same(mix):
	ledgers = two_ledgers(3, mix)
	numbers = {
		who: Counter((line.number.upper(), line.amount) for line in lines)
		for who, lines in (("ours", ledgers.ours), ("theirs", ledgers.theirs))
	}
	found = {
		(m.ours[0].id, m.theirs[0].id) for m in compare(ledgers).matches if len(m.ours) == len(m.theirs) == 1
	}
	obvious = {
		(ours.id, theirs.id)
		for ours in ledgers.ours
		for theirs in ledgers.theirs
		if (key := (ours.number.upper(), ours.amount)) == (theirs.number.upper(), theirs.amount)
		and numbers["ours"][key] == numbers["theirs"][key] == 1
	}
	assert len(obvious) > 50 and obvious <= found


@pytest.mark.parametrize(
	("made", "right", "true"),
	[(two_ledgers(5, HARD), 0.99, 0.95), *((other_ledgers(5, name), 0.99, 0.96) for name in ("german", "rent", "retail"))],
)  # fmt: skip
def test_the_truth_is_found(made, right, true):
	matches = [([o.id for o in m.ours], [t.id for t in m.theirs]) for m in compare(made).matches]
	counts = made.score(matches)
	assert counts[1] >= right * counts[0] and counts[1] >= true * counts[2], counts
