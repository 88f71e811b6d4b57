"""What differs between two statements: named by voucher, and always all of it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.statements.build import build_figures
from client_ledger.core.statements.difference import (
	Change,
	VoucherNow,
	differences,
	unexplained,
	vouchers_to_look_up,
)
from client_ledger.core.statements.parts import Coverage
from tests.unit.core.ledgers import DAY, entry, ledgers, voucher_of
from tests.unit.statements.books import AS_OF, asked, read

SINCE = DAY
OLD = entry(-40, "SI 0", "SI 0", "70")
LEDGER = [
	OLD,
	entry(1, "SI 1", "SI 1", "100.10"),
	entry(3, "SI 2", "SI 2", "80"),
	entry(4, "SI 3", "SI 3", "55", account="Euro - T", base="60.50"),
	entry(9, "PE 1", "SI 1", "-40.10"),
]


def figures(entries, coverage=Coverage.BOTH):
	return build_figures(asked(coverage, SINCE), [read("Ada", entries, SINCE)])


def changed(entries, coverage=Coverage.BOTH, now=None):
	"""Return what differs from LEDGER by voucher: what happened and what it adds to the balance."""
	before, after = figures(LEDGER, coverage), figures(entries, coverage)
	found = differences(before, after, now)
	assert unexplained(before, after, found) == ({}, 0)
	return {d.voucher.name if d.voucher else None: ([c.name for c in d.changes], d.amount) for d in found}


def without(name):
	return [e for e in LEDGER if e.voucher.name != name]


def test_nothing_differs():
	assert changed(LEDGER) == {}


def test_what_happened_to_a_voucher():
	assert changed([*LEDGER, entry(20, "SI 9", "SI 9", "12.34")]) == {"SI 9": (["ADDED"], Decimal("12.34"))}
	assert changed(without("SI 2")) == {"SI 2": (["GONE"], -80)}
	redated = [entry(6, "SI 2", "SI 2", "80") if e.voucher.name == "SI 2" else e for e in LEDGER]
	assert changed(redated) == {"SI 2": (["REDATED"], 0)}
	more = [entry(3, "SI 2", "SI 2", "81") if e.voucher.name == "SI 2" else e for e in LEDGER]
	assert changed(more) == {"SI 2": (["AMOUNT"], 1)}
	other = [entry(9, "PE 1", "SI 2", "-40.10") if e.voucher.name == "PE 1" else e for e in LEDGER]
	assert changed(other) == {name: (["ALLOCATION"], 0) for name in ("SI 1", "SI 2", "PE 1")}
	rate = [
		entry(4, "SI 3", "SI 3", "55", account="Euro - T", base="61") if e.voucher.name == "SI 3" else e
		for e in LEDGER
	]
	assert changed(rate) == {"SI 3": (["AMOUNT"], 0)}


def test_what_is_older_than_the_period_is_in_the_opening_balance():
	assert changed([e for e in LEDGER if e != OLD]) == {None: (["BEFORE"], -70), "SI 0": (["GONE"], 0)}
	moved = [entry(-5, "SI 2", "SI 2", "80") if e.voucher.name == "SI 2" else e for e in LEDGER]
	assert changed(moved) == {None: (["BEFORE"], 80), "SI 2": (["REDATED"], -80)}


def test_the_ledger_says_why():
	si2, amended = voucher_of("SI 2"), voucher_of("SI 2-1")
	assert changed(without("SI 2"), now={si2: VoucherNow(DAY, is_cancelled=True)}) == {
		"SI 2": (["CANCELLED"], -80)
	}
	new = [*LEDGER, entry(20, "SI 9", "SI 9", "5")]
	assert changed(new, now={voucher_of("SI 9"): VoucherNow(DAY, is_new=True)}) == {"SI 9": (["ENTERED"], 5)}
	now = {si2: VoucherNow(DAY, True, replaced_by=amended), amended: VoucherNow(DAY, is_new=True)}
	before, after = figures(LEDGER), figures([*without("SI 2"), entry(8, "SI 2-1", "SI 2-1", "90")])
	assert vouchers_to_look_up(before, after) == {si2, amended}
	(found,) = differences(before, after, now)
	assert (found.voucher, found.replaces, found.amount) == (amended, si2, 10)
	assert found.changes == (Change.REDATED, Change.AMOUNT)
	# Amended to a day after the statement's.
	now[amended] = VoucherNow(AS_OF + timedelta(days=1), is_new=True)
	assert changed(without("SI 2"), now=now) == {"SI 2": (["REDATED"], -80)}


def test_of_open_items_a_payment_shows_in_what_it_settles():
	paid = [*LEDGER, entry(20, "PE 2", "SI 2", "-30")]
	assert changed(paid, Coverage.OPEN_ITEMS) == {"SI 2": (["ALLOCATION"], -30)}
	settled = [*LEDGER, entry(20, "PE 2", "SI 2", "-80")]
	now = {voucher_of("SI 2"): VoucherNow(DAY)}
	assert changed(settled, Coverage.OPEN_ITEMS, now) == {"SI 2": (["ALLOCATION"], -80)}


def test_only_the_same_statement_is_compared():
	other = replace(figures(LEDGER), as_of=AS_OF + timedelta(days=1))
	with pytest.raises(ValueError, match="another as_of"):
		differences(figures(LEDGER), other)


@st.composite
def edits(draw):
	"""A ledger, and the same after some of its entries were removed, moved, changed, allocated otherwise, and others made."""
	entries = draw(ledgers())[0]
	later = []
	for e in entries:
		edit = draw(st.sampled_from(["keep", "keep", "remove", "redate", "amount", "allocate"]))
		if edit == "remove":
			continue
		if edit == "redate":
			e = e._replace(posting_date=e.posting_date + timedelta(days=draw(st.integers(-90, 90))))
		if edit == "amount":
			more = draw(st.decimals(-50, 50, places=2))
			e = e._replace(amount=e.amount + more, base_amount=e.base_amount + more)
		if edit == "allocate":
			e = e._replace(against=draw(st.sampled_from(entries)).voucher)
		later.append(e)
	for number in range(draw(st.integers(0, 2))):
		name = f"SI N{number}"
		later.append(entry(draw(st.integers(-60, 80)), name, name, draw(st.decimals(1, 99, places=2))))
	return entries, later


@given(edits(), st.sampled_from(Coverage), st.booleans())
def test_what_was_stated_and_the_differences_are_what_would_be_stated(edited, coverage, is_known):
	before, after = (figures(entries, coverage) for entries in edited)
	now = {}
	if is_known:
		looked_up = sorted(vouchers_to_look_up(before, after))
		for voucher, other in zip(looked_up, [*looked_up[1:], None], strict=False):
			now[voucher] = VoucherNow(DAY, is_cancelled=True, replaced_by=other)
	found = differences(before, after, now)
	assert unexplained(before, after, found) == ({}, 0)
	assert all(d.changes for d in found)
	if before.to_json() == after.to_json():
		assert not found
	if not found:
		assert (before.closing, before.opening) == (after.closing, after.opening)
