"""Receipts find customer and invoices: each pass by hand, names of payers, references, and the truth of invented bank lines."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest

from benchmarks.bank_lines import BANK_MIXES, bank_lines
from benchmarks.bank_lines_other_style import BANK_STYLES
from benchmarks.receipts import is_right
from client_ledger.core.receipts.items import AnnouncedPayment, IncomingReceipt, PayableItem, PayerIdentity
from client_ledger.core.receipts.mentions import creditor_reference, is_creditor_reference
from client_ledger.core.receipts.payers import name_keys
from client_ledger.core.receipts.propose import propose

DAY = date(2026, 5, 4)
ADA, BOB = "Ada Handels GmbH & Co. KG", "上海宏远贸易有限公司"
PAYERS = (
	PayerIdentity("ada", ADA),
	PayerIdentity("bob", BOB),
	PayerIdentity("bob", "Hong Yuan Treasury", is_confirmed=True),
	PayerIdentity("ada", account="DE89 3704 0044", is_confirmed=True),
)


def item(name, number, amount, days=-20, customer="ada", **more):
	day = DAY + timedelta(days=days)
	return PayableItem(name, customer, number, day, Decimal(amount), "EUR", day + timedelta(days=14), **more)


ITEMS = (
	item("a1", "SINV-2026-00101", "1200.00", discount=Decimal("24.00"), discount_until=DAY),
	item("a2", "SINV-2026-00102", "310.55"),
	item("a3", "SINV-2026-00103", "89.40"),
	item("a4", "SINV-2026-00104", "-50.00"),
	item("b1", "SINV-2026-00201", "777.77", customer="bob"),
	item("b2", "SINV-2026-00202", "500.00", customer="bob"),
	item("b3", "SINV-2026-00203", "500.00", customer="bob"),
)


def proposed(amount, text="", payer="", items=ITEMS, advices=(), **more):
	"""Return customer, items, pass and whether it is sure of one receipt; None without proposal."""
	receipt = IncomingReceipt("r", DAY, Decimal(amount), more.pop("currency", "EUR"), text, payer, **more)
	found = propose([receipt], items, advices, PAYERS)
	if not found.proposals:
		assert found.open == (receipt,)
		return None
	(one,) = found.proposals
	assert sum(amount for _name, amount in one.allocations) + one.on_account == receipt.amount + one.withheld
	return (
		one.customer,
		"+".join(sorted(name for name, _amount in one.allocations)),
		one.found_by.name,
		one.is_sure,
	)


@pytest.mark.parametrize(
	("given", "expected"),
	[
		(("310.55", f"Inv {creditor_reference('SINV-2026-00102')}"), ("ada", "a2", "STRUCTURED", True)),
		(
			("310.55", f"RF{creditor_reference('SINV-2026-00102')[2:4]} SINV 2026 0010 2 thanks"),
			("ada", "a2", "STRUCTURED", True),
		),
		(("310.55", "Zahlung sinv/2026/00102 vom 12.04.2026"), ("ada", "a2", "NUMBERS", True)),
		(("399.95", "SINV-2026-00102, 00103"), ("ada", "a2+a3", "NUMBERS", True)),
		(
			("399.95", "ＳＩＮＶ２０２６００１０２、ＳＩＮＶ２０２６００１０３"),
			("ada", "a2+a3", "NUMBERS", True),
		),
		(("1150.00", "SINV-2026-00101 less SINV-2026-00104"), ("ada", "a1+a4", "NUMBERS", True)),
		(("1176.00", "SINV-2026-00101 abzgl. Skonto"), ("ada", "a1", "NUMBERS_LESS", True)),
		(("306.05", "SINV-2026-00102"), ("ada", "a2", "NUMBERS_LESS", True)),
		(("100.00", "SINV-2026-00102 part"), ("ada", "a2", "PART", False)),
		(("310.55", "102", "ADA HANDELS"), ("ada", "a2", "NUMBERS", True)),
		(("310.55", "thank you", "ADA HANDELS GMBH"), ("ada", "a2", "ONE_AMOUNT", True)),
		(("777.77", "thank you"), ("bob", "b1", "ONE_AMOUNT", False)),
		(("500.00", "货款", BOB), ("bob", "b2", "ONE_AMOUNT", False)),
		(("500.00", "thank you"), None),
		(("1777.77", "货款", "HONG YUAN TREASURY"), ("bob", "b1+b2+b3", "ALL_OPEN", True)),
		(("1176.00", "thank you", ADA), ("ada", "a1", "DISCOUNT", True)),
		(("1289.40", "thank you", ADA), ("ada", "a1+a3", "SUM", True)),
		(("260.55", "thank you", ADA), ("ada", "a2+a4", "SUM", True)),
		(("1192.50", "thank you", ADA), ("ada", "a1", "FEE", False)),
		(("4321.00", "thank you", ADA), ("ada", "", "PAYER", False)),
		(("4321.00", "thank you", "Nobody"), None),
	],
)
def test_each_pass(given, expected):
	assert proposed(*given) == expected


def test_the_account_names_the_payer_and_currencies_never_mix():
	assert proposed("89.40", payer_account="DE8937040044") == ("ada", "a3", "ONE_AMOUNT", True)
	assert proposed("89.40", "SINV-2026-00103", currency="USD") is None
	assert proposed("89.40", customer="ada")[:2] == ("ada", "a3")
	# What a confirmed payer pays is its own, whatever the text says.
	assert proposed("777.77", "SINV-2026-00201", payer_account="DE8937040044")[:2] == ("ada", "")


def test_an_advice_tells_what_is_paid():
	advice = AnnouncedPayment(
		"v", "ada", DAY - timedelta(days=2), Decimal("399.95"), "EUR", "AV 77001",
		(("a2", Decimal("310.55")), ("a3", Decimal("89.40"))),
	)  # fmt: skip
	assert proposed("399.95", "AV77001", "Nobody", advices=[advice]) == ("ada", "a2+a3", "ADVICE", True)
	assert proposed("399.95", "", ADA, advices=[advice]) == ("ada", "a2+a3", "ADVICE", True)
	assert proposed("399.95", "", BOB, advices=[advice]) == ("bob", "", "PAYER", False)


def test_an_item_is_proposed_once_and_the_sure_come_first():
	receipts = [
		IncomingReceipt("early", DAY - timedelta(days=3), Decimal("89.40"), "EUR", "thank you"),
		IncomingReceipt("named", DAY, Decimal("89.40"), "EUR", "SINV-2026-00103"),
	]
	found = propose(receipts, ITEMS, (), PAYERS)
	assert [(one.receipt.id, one.is_sure) for one in found.proposals] == [("named", True)]
	assert [one.id for one in found.open] == ["early"]
	with pytest.raises(ValueError, match="twice"):
		propose(receipts, [*ITEMS, ITEMS[0]])


def test_structured_references_and_names():
	assert creditor_reference("539007547034") == "RF18539007547034" and is_creditor_reference(
		"RF18 5390 0754 7034"
	)
	assert not is_creditor_reference("RF19539007547034") and not is_creditor_reference("DE18539007547034")
	for number in ("", "—", "X" * 22):
		with pytest.raises(ValueError):
			creditor_reference(number)
	assert name_keys("Müller & Söhne GmbH") >= {"MULLERSOHNE", "MUELLERSOEHNE"}
	assert name_keys("上海宏远贸易有限公司") == {"上海宏远贸易"} == name_keys("上海宏远贸易")


@pytest.mark.parametrize("name", [*(mix.name for mix in BANK_MIXES), *BANK_STYLES])
def test_the_truth_is_found(name):
	mixes = {mix.name: mix for mix in BANK_MIXES}
	lines = bank_lines(11, mixes[name]) if name in mixes else BANK_STYLES[name](11)
	counts: Counter = Counter()
	for made in propose(lines.receipts, lines.items, lines.advices, lines.payers).proposals:
		right = is_right(lines, made)
		counts["sure"] += made.is_sure
		counts["sure right"] += made.is_sure and right
		counts["found"] += right and bool(made.allocations)
	payable = sum(bool(items) for _customer, items in lines.truth.values())
	assert counts["sure right"] >= 0.99 * counts["sure"] and counts["found"] >= 0.9 * payable, counts
