"""Disputes take exactly their amount off what is chased, and never the same money twice."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.collections.disputes import (
	Dispute,
	DisputeStatus,
	TermItemKey,
	disputed_amounts,
	disputed_part,
	overlaps,
	subtract_disputes,
)
from client_ledger.core.entries import Voucher
from client_ledger.core.open_items import OpenItem

INVOICE = Voucher("Sales Invoice", "SI-1")
WHOLE, FIRST, SECOND = TermItemKey(INVOICE), TermItemKey(INVOICE, "30 days"), TermItemKey(INVOICE, "60 days")


def item(outstanding: object, term: str | None = None, day: int = 1, voucher: Voucher = INVOICE) -> OpenItem:
	amount = Decimal(str(outstanding))
	due = date(2026, 1, day)
	return OpenItem(
		"C",
		"A",
		"Debtors",
		"EUR",
		voucher,
		date(2026, 1, 1),
		due,
		amount,
		amount * 2,
		amount,
		amount * 2,
		term,
	)


def dispute(name: str, status: DisputeStatus = DisputeStatus.OPEN, **amounts: object) -> Dispute:
	keys = {"whole": WHOLE, "first": FIRST, "second": SECOND}
	return Dispute(name, status, {keys[key]: Decimal(str(value)) for key, value in amounts.items()})


def test_only_running_disputes_count():
	found = disputed_amounts(
		[
			dispute("D1", whole=10),
			dispute("D2", DisputeStatus.REJECTED, whole=5),
			dispute("D3", DisputeStatus.IN_REVIEW, whole=7),
		]
	)
	assert found == {WHOLE: 17}


def test_just_the_disputed_amount_is_taken_off():
	left = subtract_disputes([item(100)], [dispute("D1", whole=30)])
	assert [(i.outstanding, i.base_outstanding) for i in left] == [(70, 140)]
	assert subtract_disputes([item(100)], [dispute("D1", whole=100)]) == []


def test_a_dispute_of_the_whole_invoice_is_taken_off_its_terms_by_due_date():
	terms = [item(50, "60 days", 20), item(50, "30 days", 10)]
	assert [(i.term, i.outstanding) for i in subtract_disputes(terms, [dispute("D1", whole=70)])] == [
		("60 days", 30)
	]
	assert [(i.term, i.outstanding) for i in subtract_disputes(terms, [dispute("D1", second=50)])] == [
		("30 days", 50)
	]


def test_an_item_is_disputed_by_itself_and_as_part_of_its_voucher():
	amounts = disputed_amounts([dispute("D1", whole=20), dispute("D2", first=30)])
	assert disputed_part(amounts, FIRST, Decimal(100)) == 50
	assert disputed_part(amounts, SECOND, Decimal(100)) == 20
	assert disputed_part(amounts, WHOLE, Decimal(100)) == 50
	assert disputed_part(amounts, FIRST, Decimal(45)) == 45, "no more than is open"
	assert disputed_part(amounts, FIRST, Decimal(-5)) == 0 == disputed_part({}, FIRST, Decimal(100))


def test_two_disputes_over_the_same_money_overlap():
	outstanding = {WHOLE: Decimal(100), FIRST: Decimal(50)}
	assert overlaps(dispute("D2", whole=50), [dispute("D1", whole=50)], outstanding) == []
	(found,) = overlaps(dispute("D2", whole=51), [dispute("D1", whole=50)], outstanding)
	assert (found.disputed, found.outstanding, found.disputes) == (101, 100, ("D1",))
	assert overlaps(dispute("D2", first=40), [dispute("D1", whole=20)], outstanding)
	assert not overlaps(
		dispute("D2", whole=51), [dispute("D1", DisputeStatus.CREDITED, whole=50)], outstanding
	)
	assert not overlaps(dispute("D1", whole=80), [dispute("D1", whole=50)], outstanding), (
		"its own former amount"
	)


amounts = st.integers(0, 60)


@given(
	st.lists(
		st.tuples(amounts.filter(bool), st.sampled_from(["30 days", "60 days"])),
		max_size=2,
		unique_by=lambda t: t[1],
	),
	amounts,
	amounts,
	amounts,
)
def test_what_is_left_and_what_is_taken_add_up(terms, whole, first, second):
	items = [item(amount, term, 10 if term == "30 days" else 20) for amount, term in terms]
	left = subtract_disputes(items, [dispute("D1", whole=whole, first=first, second=second)])
	owed, kept = sum(i.outstanding for i in items), sum(i.outstanding for i in left)
	by_term = {term: amount for amount, term in terms}
	taken_first = min(first, by_term.get("30 days", 0))
	taken_second = min(second, by_term.get("60 days", 0))
	# What is disputed of a term beyond what it has open is disputed in vain.
	assert kept == owed - min(
		owed, taken_first + taken_second + min(whole, owed - taken_first - taken_second)
	)
