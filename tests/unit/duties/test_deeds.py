"""Who did both, on the same document or for the same customer."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.duties.conflicts import KeptApart
from client_ledger.core.duties.deeds import Deed, did_both

RULE = KeptApart("rule", "bill", "receive")
ACME, BETA = ("Customer", "Acme"), ("Customer", "Beta")


def deed(duty, name, user="ann", party=ACME, about=(), day=1, kind="submit", doctype="Invoice"):
	return Deed(user, duty, doctype, name, datetime(2026, 1, day), kind, frozenset(about), frozenset({party}))


def found(*deeds):
	return [(one.user, one.subject, one.same_document) for one in did_both(deeds, [RULE])]


def test_both_for_one_customer_is_found():
	assert found(deed("bill", "I1"), deed("receive", "P1", doctype="Payment")) == [("ann", ACME, False)]


def test_for_two_customers_is_not():
	assert found(deed("bill", "I1"), deed("receive", "P1", party=BETA, doctype="Payment")) == []


def test_two_people_are_two():
	assert found(deed("bill", "I1"), deed("receive", "P1", user="bob", doctype="Payment")) == []


def test_the_document_a_payment_is_for_says_more_than_its_customer():
	paid = deed("receive", "P1", about=[("Invoice", "I1")], doctype="Payment")
	assert found(deed("bill", "I1"), paid) == [("ann", ("Invoice", "I1"), True)]


def test_one_act_is_not_both():
	assert found(deed("bill", "J1"), deed("receive", "J1")) == []
	assert found(deed("bill", "J1", kind="create"), deed("receive", "J1")) == [
		("ann", ("Invoice", "J1"), True)
	]


def test_the_earliest_comes_first():
	one = next(
		did_both(
			[deed("bill", "I2", day=5), deed("bill", "I1", day=2), deed("receive", "P", doctype="Payment")],
			[RULE],
		)
	)
	assert [deed.name for deed in one.first] == ["I1", "I2"]


@given(
	st.lists(
		st.builds(
			deed,
			st.sampled_from(("bill", "receive")),
			st.sampled_from(("D1", "D2", "D3")),
			st.sampled_from(("ann", "bob")),
			st.sampled_from((ACME, BETA)),
			day=st.integers(1, 3),
		),
		max_size=8,
	)
)
def test_it_agrees_with_looking_at_every_pair(deeds):
	def pairs(user):
		return [
			(one, two)
			for one in deeds
			for two in deeds
			if one.user == two.user == user
			and (one.duty, two.duty) == ("bill", "receive")
			and one.act != two.act
			and (one.documents & two.documents or one.parties & two.parties)
		]

	users = {user for user, _subject, _same in found(*deeds)}
	assert {user for user in ("ann", "bob") if pairs(user)} == users
