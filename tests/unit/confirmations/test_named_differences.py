"""What a customer says without a ledger, compared: the identity holds, whatever it names."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.confirmations.named_differences import NamedDifference, NamedKind, answered_sides
from client_ledger.core.reconciliation.differences import DifferenceKind
from client_ledger.core.reconciliation.lines import LedgerSide, MatchSettings
from client_ledger.core.reconciliation.reconcile import BalanceIdentity, reconcile
from tests.unit.reconciliation.lists import AS_OF, line

OURS = LedgerSide(
	(
		line("o1", 1, 100, "INV-0001", kind="INVOICE"),
		line("o2", 2, 250, "INV-0002", kind="INVOICE"),
		line("o3", 3, -100, "PAY-0003", kind="PAYMENT"),
	)
)


def compared(named: list[NamedDifference], balance: object | None) -> BalanceIdentity:
	stated = None if balance is None else Decimal(str(balance))
	sides = answered_sides(OURS, named, "EUR", AS_OF, stated)
	part = reconcile(sides.ours, sides.theirs, MatchSettings(AS_OF)).parts[0]
	assert not part.identity.unexplained
	assert part.identity.ours == 250
	if stated is not None:
		assert part.identity.theirs == stated
	return part.identity


def named(kind: NamedKind, number: str = "", amount: object = 0) -> NamedDifference:
	return NamedDifference(f"n|{number}|{kind.name}", kind, number, date(2026, 3, 3), Decimal(str(amount)))


def test_a_missing_invoice_is_ours_only():
	found = compared([named(NamedKind.NOT_IN_THEIR_BOOKS, "inv 2")], 0)
	assert found.by_kind[DifferenceKind.OURS_ONLY] == 250
	assert not found.by_kind[DifferenceKind.NOT_LISTED]


def test_another_amount_is_a_difference_of_amounts():
	found = compared([named(NamedKind.OTHER_AMOUNT, "INV-0002", 200)], 200)
	assert found.by_kind[DifferenceKind.AMOUNT] == 50


def test_a_payment_we_lack_lowers_the_balance():
	found = compared([named(NamedKind.NOT_IN_OURS, "4711", 70)], 180)
	assert found.by_kind[DifferenceKind.THEIRS_ONLY] == 70


def test_what_was_not_named_stays_visible():
	found = compared([named(NamedKind.NOT_IN_OURS, "4711", 70)], 150)
	assert found.by_kind[DifferenceKind.THEIRS_ONLY] == 70
	assert found.by_kind[DifferenceKind.NOT_LISTED] == 30


def test_only_a_balance():
	assert compared([], 200).by_kind[DifferenceKind.NOT_LISTED] == 50
	assert not any(compared([], 250).by_kind.values())


def test_an_unknown_number_is_said():
	sides = answered_sides(OURS, [named(NamedKind.NOT_IN_THEIR_BOOKS, "X-99")], "EUR", AS_OF, None)
	assert sides.unknown == ("X-99",)


@given(
	st.lists(
		st.tuples(
			st.sampled_from(NamedKind),
			st.sampled_from(["INV-0001", "2", "PAY-0003", "nothing", ""]),
			st.integers(-500, 500),
		),
		max_size=6,
	),
	st.none() | st.integers(-1000, 1000),
)
def test_the_identity_holds_always(rows, balance):
	found = [
		NamedDifference(str(place), kind, number, None, Decimal(amount))
		for place, (kind, number, amount) in enumerate(rows)
	]
	compared(found, balance)
