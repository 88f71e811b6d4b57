"""Splitting what is open over an invoice's payment terms."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.terms import split_outstanding

JAN, FEB, MAR = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)
THREE = [Decimal(300), Decimal(300), Decimal(400)]
NONE_PAID = [Decimal(0)] * 3
DUE = [JAN, FEB, MAR]

cents = st.integers(0, 10**7).map(lambda n: Decimal(n) / 100)


def test_nothing_paid_leaves_every_term_open():
	assert split_outstanding(Decimal(1000), THREE, NONE_PAID, DUE) == (THREE, 0)


def test_a_payment_settles_the_oldest_term_first():
	parts = split_outstanding(Decimal(600), THREE, NONE_PAID, DUE)
	assert parts.open_amounts == [Decimal(0), Decimal(200), Decimal(400)]


def test_oldest_means_due_first_not_listed_first():
	parts = split_outstanding(Decimal(600), THREE, NONE_PAID, [MAR, FEB, JAN])
	assert parts.open_amounts == [Decimal(300), Decimal(300), Decimal(0)]


def test_a_payment_for_a_term_settles_that_term():
	parts = split_outstanding(Decimal(600), THREE, [Decimal(0), Decimal(0), Decimal(400)], DUE)
	assert parts.open_amounts == [Decimal(300), Decimal(300), Decimal(0)]


def test_a_credit_note_goes_to_the_term_a_payment_was_made_for_first():
	# ERPNext settles terms with express payments before the others, credit notes included.
	paid = [Decimal(0), Decimal(100), Decimal(0)]
	parts = split_outstanding(Decimal(750), THREE, paid, DUE, credited=Decimal(150))
	assert parts.open_amounts == [Decimal(300), Decimal(50), Decimal(400)]


def test_overpayment_is_a_credit():
	parts = split_outstanding(Decimal(-50), THREE, NONE_PAID, DUE)
	assert parts == ([Decimal(0)] * 3, Decimal(-50))


def test_payment_beside_a_part_paid_term_pays_what_is_left_of_it():
	# All terms but 100 of the first were paid by name; another 60 came without a name.
	paid = [Decimal(200), Decimal(300), Decimal(400)]
	parts = split_outstanding(Decimal(40), THREE, paid, DUE)
	assert parts.open_amounts == [Decimal(40), Decimal(0), Decimal(0)]
	assert parts.excess == 0


def test_a_term_paid_beyond_its_amount_reduces_the_others():
	paid = [Decimal(350), Decimal(0), Decimal(0)]
	parts = split_outstanding(Decimal(650), THREE, paid, DUE)
	assert parts.open_amounts == [Decimal(0), Decimal(250), Decimal(400)]


def test_a_refund_reopens_the_oldest_term():
	parts = split_outstanding(Decimal("1000.01"), THREE, NONE_PAID, DUE)
	assert parts.open_amounts == [Decimal("300.01"), Decimal(300), Decimal(400)]


def test_a_refund_of_terms_paid_by_name_is_due_with_the_last():
	parts = split_outstanding(Decimal(20), THREE, THREE, DUE)
	assert parts.open_amounts == [Decimal(0), Decimal(0), Decimal(20)]


@given(
	terms=st.lists(st.tuples(cents, cents, st.dates()), min_size=1, max_size=6),
	outstanding=st.integers(-(10**7), 10**7).map(lambda n: Decimal(n) / 100),
	credited=cents,
)
def test_the_parts_always_add_up_and_are_never_negative(terms, outstanding, credited):
	amounts, paid, due = (list(column) for column in zip(*terms, strict=True))
	parts = split_outstanding(outstanding, amounts, paid, due, credited)
	assert sum(parts.open_amounts) + parts.excess == outstanding
	assert all(part >= 0 for part in parts.open_amounts)
	assert parts.excess <= 0
	assert parts.excess == 0 or not any(parts.open_amounts)


@given(amounts=st.lists(cents, min_size=1, max_size=6), share=st.fractions(0, 1), data=st.data())
def test_without_named_payments_the_result_is_first_in_first_out(amounts, share, data):
	due = data.draw(st.lists(st.dates(), min_size=len(amounts), max_size=len(amounts), unique=True))
	total = sum(amounts)
	paid = (total * share.numerator / share.denominator).quantize(Decimal("0.01"))
	parts = split_outstanding(total - paid, amounts, [Decimal(0)] * len(amounts), due)
	left = paid
	for i in sorted(range(len(amounts)), key=lambda i: due[i]):
		used = min(left, amounts[i])
		left -= used
		assert parts.open_amounts[i] == amounts[i] - used
