"""Payments that customers announce: what they cover, how long reminders wait, what becomes of them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.receipts.announced import (
	AdviceFacts,
	AdviceStatus,
	cover,
	exceeds,
	is_covered,
	pause_end,
	status_of,
)
from client_ledger.core.receipts.items import AnnouncedPayment, IncomingReceipt, PayableItem, ReceiptPass
from client_ledger.core.receipts.propose import propose
from client_ledger.core.reconciliation.matches import Confidence

TODAY = date(2026, 6, 15)
CENTS = st.decimals(0, 10_000, places=2)


@given(CENTS, st.lists(CENTS, max_size=8))
def test_no_more_is_covered_than_is_paid_or_open(amount, opens):
	found = dict(cover(amount, enumerate(opens)))
	assert sum(found.values()) == min(amount, sum(opens))
	assert all(0 < part <= opens[place] for place, part in found.items())
	partly = [place for place, part in found.items() if part < opens[place]]
	assert partly in ([], [max(found, default=None)])


def test_reminders_wait_from_the_later_day_and_only_once():
	ahead = TODAY + timedelta(days=3)
	assert pause_end(ahead, TODAY, 5, False) == ahead + timedelta(days=5)
	assert pause_end(TODAY - timedelta(days=30), TODAY, 5, False) == TODAY + timedelta(days=5)
	assert pause_end(TODAY, TODAY, 5, True) < TODAY


@pytest.mark.parametrize(
	("facts", "status"),
	[
		(AdviceFacts(TODAY), AdviceStatus.ANNOUNCED),
		(AdviceFacts(TODAY - timedelta(days=1)), AdviceStatus.NOT_RECEIVED),
		(AdviceFacts(TODAY - timedelta(days=9), has_receipt=True), AdviceStatus.RECEIVED),
		(AdviceFacts(TODAY - timedelta(days=9), has_receipt=True, is_allocated=True), AdviceStatus.MATCHED),
		(AdviceFacts(TODAY, is_allocated=True), AdviceStatus.MATCHED),
	],
)
def test_status(facts, status):
	assert status_of(facts, TODAY) is status


def test_a_discount_of_five_percent_is_let_pass_and_no_more():
	assert not exceeds(Decimal(100), Decimal(95))
	assert exceeds(Decimal("100.01"), Decimal(95))


def test_covered_when_all_of_it_is_paid():
	paid, open_ = (Decimal(50), Decimal(80), Decimal(30)), (Decimal(10), Decimal(10), Decimal(10))
	assert is_covered([paid])
	assert not is_covered([paid, open_])
	assert not is_covered([])


def test_part_of_an_invoice_that_is_announced_is_no_discount():
	item = PayableItem("i", "C", "INV-7", TODAY, Decimal(1000), "USD")
	advice = AnnouncedPayment("a", "C", TODAY, Decimal(400), "USD", "TT-4711", (("i", Decimal(400)),))
	receipt = IncomingReceipt("r", TODAY, Decimal(400), "USD", "from TT-4711")
	(found,) = propose([receipt], [item], [advice]).proposals
	assert (found.found_by, found.confidence, found.advice) == (ReceiptPass.ADVICE, Confidence.SURE, "a")
	assert (found.allocations, found.withheld, found.on_account) == ((("i", Decimal(400)),), 0, 0)


def test_a_word_alone_is_no_reference():
	item = PayableItem("i", "C", "INV-7", TODAY, Decimal("400.01"), "USD")
	advice = AnnouncedPayment("a", "C", TODAY, Decimal(400), "USD", "PAYMENT", (("i", Decimal(400)),))
	receipt = IncomingReceipt("r", TODAY, Decimal(400), "USD", "payment of somebody")
	assert not propose([receipt], [item], [advice]).proposals
