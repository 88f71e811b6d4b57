"""Each pass on lists made by hand, what people decide, and what is left."""

from datetime import timedelta
from decimal import Decimal

import pytest

from client_ledger.core.reconciliation.lines import Decisions, LedgerSide
from client_ledger.core.reconciliation.numbers import is_one_edit_apart, keys_of_number, keys_of_text
from client_ledger.core.reconciliation.signs import orientation
from client_ledger.core.reconciliation.subset_sum import find_subsets
from tests.unit.reconciliation.lists import AS_OF, DAY, compared, left, line, pairs


@pytest.mark.parametrize(
	("ours", "theirs", "found_by"),
	[
		("SINV-2026-00123", "sinv-2026-00123", "NUMBER"),
		("SINV-2026-00123", "ＳＩＮＶ－２０２６－００１２３", "NUMBER"),
		("SINV-2026-00123", "SINV 2026/00123", "NUMBER"),
		("SINV-2026-00123", "00123", "WRITTEN_OTHERWISE"),
		("SINV-2026-00123", "2026/123", "WRITTEN_OTHERWISE"),
		("SINV-2026-00123", "发票202600123号", "WRITTEN_OTHERWISE"),
		("RE 2026/00123", "Rg. 123", "WRITTEN_OTHERWISE"),
		("104512", "0000104512", "WRITTEN_OTHERWISE"),
		("SINV-2026-00123", "SINV-2026-00132", "TYPO"),
		("SINV-2026-00123", "SINV-2026-0123", "WRITTEN_OTHERWISE"),
		("SINV-2026-00123", "SINV-2026-001233", "TYPO"),
	],
)
def test_a_number_is_known_however_it_is_written(ours, theirs, found_by):
	found = compared([line("o", 0, "812.40", ours)], [line("t", 3, "812.40", theirs)])
	assert pairs(found) == {("o", "t"): found_by} and not found.differences


def test_their_own_reference_an_order_or_a_text_may_carry_the_number():
	ours = [
		line("o1", 0, 100, "SINV-1001", references=("PO-77812",)),
		line("o2", 1, 100, "SINV-1002"),
		line("o3", 2, 100, "SINV-1003"),
	]
	theirs = [
		line("t1", 4, 100, "51000033", references=("PO 77812",)),
		line("t3", 4, 100, "51000034", text="Goods 2026-03-04, your invoice SINV-1003, 100.00"),
		line("t2", 4, 100, "51000035", references=("1002",)),
	]
	assert set(pairs(compared(ours, theirs))) == {("o1", "t1"), ("o2", "t2"), ("o3", "t3")}


def test_the_same_number_with_another_amount_is_a_difference_and_goes_to_dispute():
	found = compared(
		[line("o", 0, "1000.00", "SINV-00123", kind="INVOICE")],
		[line("t", 2, "940.00", "SINV-00123", kind="INVOICE")],
	)
	(difference,) = found.differences
	assert pairs(found) == {("o", "t"): "OTHER_AMOUNT"}
	assert (difference.kind.name, difference.amount, difference.next_step.name) == (
		"AMOUNT",
		Decimal("60.00"),
		"OPEN_DISPUTE",
	)


def test_vouchers_that_both_count_from_one_are_not_the_same():
	"""Each side's own payment numbers meet by chance; their amounts say that it means nothing."""
	ours = [line(f"o{n}", n * 7, f"-{n * 311}.17", f"PAY-2026-{n:05d}") for n in range(1, 9)]
	theirs = [line(f"t{n}", n * 7, f"-{n * 523}.61", f"PV-2026-{n:05d}") for n in range(1, 9)]
	assert pairs(compared(ours, theirs)) == {}


def test_an_amount_that_both_have_once_is_enough_but_not_for_another_number_of_ours():
	known = [
		(line(f"o{n}", n, n + 500, f"SINV-{n:05d}"), line(f"t{n}", n, n + 500, f"SINV-{n:05d}"))
		for n in range(1, 6)
	]
	ours, theirs = [pair[0] for pair in known], [pair[1] for pair in known]
	ours += [line("o-a", 20, "-4711.30", "PAY-1"), line("o-b", 20, "333.41", "SINV-00044")]
	theirs += [line("t-a", 18, "-4711.30", "Z-9"), line("t-b", 21, "333.41", "SINV-00068")]
	found = pairs(compared(ours, theirs))
	assert found["o-a", "t-a"] == "AMOUNT" and ("o-b", "t-b") not in found


def test_amounts_that_come_again_are_paired_in_the_order_of_their_dates():
	ours = [line(f"o{n}", n * 7 + 1, -500) for n in range(12) if n != 6]
	theirs = [line(f"t{n}", n * 7, -500) for n in range(12)]
	found = compared(ours, theirs)
	assert set(pairs(found)) == {(f"o{n}", f"t{n}") for n in range(12) if n != 6}
	assert left(found) == {"t6": ("THEIRS_ONLY", "SEARCH_RECEIPTS")}


def test_several_of_one_side_make_up_one_of_the_other():
	ours = [
		line("p1", 0, "-120.10"),
		line("p2", 0, "-80.33"),
		line("p3", 0, "-45.07"),
		line("p4", 1, "-999.99"),
	]
	ours += [line("i1", 0, "700.00", "SINV-9001"), line("i2", 1, "300.50", "SINV-9002")]
	theirs = [line("t1", 1, "-245.50"), line("t2", 3, "1000.50", "SINV-9001")]
	found = pairs(compared(ours, theirs))
	assert found == {("p1+p2+p3", "t1"): "SUM", ("i1+i2", "t2"): "SUM"}


def test_net_and_tax_under_one_number_are_one_invoice():
	theirs = [line("t1", 1, "1000.00", "SINV-00123"), line("t2", 1, "190.00", "SINV-00123")]
	found = compared([line("o", 0, "1190.00", "SINV-00123")], theirs)
	assert pairs(found) == {("o", "t1+t2"): "SUM_BY_NUMBER"}


def test_a_search_that_is_given_up_says_so():
	amounts = [10**6 + 2 * n for n in range(24)]
	given_up = find_subsets(amounts, sum(amounts[:6]) + 1, steps=500)
	assert given_up.is_bounded and given_up.only is None and given_up.steps == 500
	assert find_subsets([5, 3, 2], 8).only == (0, 1)
	assert find_subsets([5, 3, 2, 6], 8).only is None, "two ways are none"
	ours = [line(f"o{n}", n % 4, f"-{1000 + n * 0.02:.2f}", f"PAY-{n}") for n in range(18)]
	theirs = [line("t", 3, "-5000.01", "PV-1")]
	part = compared(ours, theirs, most_steps=5).parts[0]
	assert [one.id for one in part.bounded] in (["t"], [])


def test_a_payment_less_a_fee():
	found = compared([line("o", 2, "-985.00", kind="PAYMENT")], [line("t", 0, "-1000.00", kind="PAYMENT")])
	(difference,) = found.differences
	assert pairs(found) == {("o", "t"): "FEE"} and difference.amount == Decimal("15.00")


def test_a_line_booked_twice_is_left_once_and_called_so():
	theirs = [line("t1", 1, 250, "SINV-7"), line("t2", 9, 250, "SINV-7")]
	found = compared([line("o", 0, 250, "SINV-7", kind="INVOICE")], theirs)
	assert pairs(found) == {("o", "t1"): "NUMBER"}
	(difference,) = found.differences
	assert "twice" in difference.reason.message and difference.amount == -250


def test_what_is_left_has_its_next_step():
	end = (AS_OF - DAY).days
	ours = [
		line("invoice", 3, "11.10", kind="INVOICE"),
		line("credit", 5, "-22.20", kind="CREDIT_NOTE"),
		line("receipt", 7, "-33.30", kind="PAYMENT"),
		line("fresh invoice", end - 1, "44.40", kind="INVOICE"),
	]
	theirs = [
		line("payment", 30, "-1155.50", kind="PAYMENT"),
		line("deduction", 31, "-66.60", kind="CREDIT_NOTE"),
		line("strange", 32, "77.70", kind="INVOICE"),
		line("on its way", end - 2, "-88.80", kind="PAYMENT"),
	]
	found = compared(ours, theirs)
	assert left(found) == {
		"invoice": ("OURS_ONLY", "SEND_AGAIN"),
		"credit": ("OURS_ONLY", "SEND_AGAIN"),
		"receipt": ("OURS_ONLY", "ASK_CUSTOMER"),
		"fresh invoice": ("IN_TRANSIT", "LOOK_AGAIN"),
		"payment": ("THEIRS_ONLY", "SEARCH_RECEIPTS"),
		"deduction": ("THEIRS_ONLY", "REQUEST_CREDIT_NOTE"),
		"strange": ("THEIRS_ONLY", "ASK_CUSTOMER"),
		"on its way": ("IN_TRANSIT", "LOOK_AGAIN"),
	}
	again = next(d.look_again for d in found.differences if d.line and d.line.id == "on its way")
	assert again == AS_OF + timedelta(days=10)


def test_currencies_never_mix_and_a_tolerance_agrees():
	found = compared([line("o", 0, 100, "A-1001")], [line("t", 0, 100, "A-1001", currency="USD")])
	assert pairs(found) == {} and [part.currency for part in found.parts] == ["EUR", "USD"]
	near = [line("o", 0, "100.00", "A-1001")], [line("t", 0, "99.98", "1001")]
	found = compared(*near, tolerance=Decimal("0.05"))
	(difference,) = found.differences
	assert pairs(found) == {("o", "t"): "WRITTEN_OTHERWISE"} and difference.next_step.name == "NONE"
	assert pairs(compared(*near)) == {("o", "t"): "OTHER_AMOUNT"}


def test_what_people_decide_wins_and_stays():
	ours = [
		line("o1", 0, 100, "SINV-0001"),
		line("o2", 0, 200, "SINV-0002"),
		line("o3", 0, "40.30", "SINV-0003"),
	]
	theirs = [line("t1", 0, 100, "SINV-0001"), line("t2", 0, 170, "X"), line("t3", 1, "40.30", "SINV-0003")]
	decided = Decisions(joined=[(["o2"], ["t2"]), (["o3"], [])], kept_apart=[("o1", "t1")])
	for _run in range(2):
		found = compared(ours, theirs, decided)
		assert pairs(found) == {("o2", "t2"): "JOINED"} and not found.ignored
		assert set(left(found)) == {"o1", "t1", "o3", "t3"}
	# The next list lacks a line: its decision is put aside and named, the others hold.
	found = compared(ours, theirs[:1], decided)
	assert found.ignored == ((("o2",), ("t2",)),) and pairs(found) == {}
	with pytest.raises(ValueError, match="twice"):
		compared([ours[0], ours[0]], theirs)


def test_lists_that_begin_on_different_days():
	ours = [line("old", -40, 300, "SINV-1"), line("o", 5, 100, "SINV-2")]
	theirs = [line("t", 6, 100, "SINV-2")]
	sides = {"opening": {"EUR": Decimal(50)}, "begins": DAY - timedelta(days=60)}, {
		"opening": {"EUR": Decimal(320)}, "begins": DAY,
	}  # fmt: skip
	found = compared(ours, theirs, sides=sides)
	identity = found.parts[0].identity
	assert (identity.theirs, identity.ours) == (420, 450)
	assert {kind.name: amount for kind, amount in identity.by_kind.items() if amount} == {"OPENING": 30}


def test_a_balance_that_is_not_the_sum_of_its_list_is_a_difference():
	sides = {}, {"closing": {"EUR": Decimal("99.00")}}
	found = compared([line("o", 0, 100, "SINV-2")], [line("t", 0, 100, "SINV-2")], sides=sides)
	(difference,) = found.differences
	assert (difference.kind.name, difference.amount) == ("NOT_LISTED", Decimal("1.00"))


def test_which_way_round_their_signs_are():
	ours = LedgerSide(
		(line("o1", 0, 100, "SINV-1001"), line("o2", 3, "-80.50"), line("o3", 4, "20.25", "SINV-1002"))
	)
	assert orientation(ours, ours.turned()).is_turned and not orientation(ours, ours).is_turned
	balances = LedgerSide((), {"EUR": Decimal(-39)})
	assert orientation(ours, balances).is_turned
	assert orientation(LedgerSide(()), LedgerSide(()), presumed=True).is_turned


def test_numbers_as_keys():
	assert keys_of_number("RE 2026/00123").digits >= {"202600123", "2026|123", "00123", "123"}
	assert "02" not in keys_of_number("C001-02").digits, "the end of a number is too short to be one"
	assert keys_of_text("vom 12.03.2026, 1.234,50 EUR").plain == frozenset()
	edits = [("12345", "12354"), ("12345", "1245"), ("12345", "123345"), ("12345", "12945")]
	assert all(is_one_edit_apart(*edit) for edit in edits)
	assert not is_one_edit_apart("12345", "12345") and not is_one_edit_apart("12345", "15342")
