"""What was delivered or ordered is invoiced, and in time."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from client_ledger.core.controls.billing import working_time
from client_ledger.core.controls.facts import OrderFact
from client_ledger.core.outbox.calendar import WEEKEND, Hours
from tests.unit.controls.made import DAY, TODAY, delivery, facts, found, invoice, keys, note

D = Decimal


def billing(name, document, created, amount="100.00", **more):
	return invoice(name, amount, created=created, date=created.date(), bills=((document, D(amount)),), **more)


def test_an_invoice_is_late_by_working_hours_only():
	sent = delivery("DN", days_ago=12, hour=15)  # a Friday
	monday = datetime(2026, 6, 8, 14)
	assert not found("late_billing", facts(deliveries=[sent], invoices=[billing("I", "DN", monday)]))
	tuesday = datetime(2026, 6, 9, 16)
	(one,) = found("late_billing", facts(deliveries=[sent], invoices=[billing("I", "DN", tuesday)]))
	assert one.reason.values[2:] == (49, 24) and one.key == "late_billing:DN"
	assert not found(
		"late_billing", facts(deliveries=[sent], invoices=[billing("I", "DN", tuesday)]), hours=49
	)


def test_the_first_invoice_counts_also_when_it_was_amended():
	sent = delivery("DN", days_ago=12)
	first = billing("I", "DN", datetime(2026, 6, 5, 11), cancelled_on=datetime(2026, 6, 11, 9))
	again = billing("I-1", "DN", datetime(2026, 6, 11, 9), amended_from="I")
	assert not found("late_billing", facts(deliveries=[sent], invoices=[first, again]))
	circle = [
		billing("X", "DN", datetime(2026, 6, 11), amended_from="Y"),
		billing("Y", "DN", datetime(2026, 6, 12), amended_from="X"),
	]
	assert len(found("late_billing", facts(deliveries=[sent], invoices=circle))) == 1


def test_an_invoice_before_the_delivery_and_one_without_a_time_are_not_late():
	sent = delivery("DN", days_ago=12)
	early = billing("I", "DN", datetime(2026, 6, 1, 11))
	unknown = invoice("I", bills=(("DN", D(100)),), created=None)
	for one in (early, unknown):
		assert not found("late_billing", facts(deliveries=[sent], invoices=[one]))


def test_working_time_over_a_change_of_clocks():
	berlin = ZoneInfo("Europe/Berlin")
	here = facts(hours=Hours(berlin, frozenset(), WEEKEND))
	friday, monday = datetime(2026, 3, 27, 12, tzinfo=berlin), datetime(2026, 3, 30, 12, tzinfo=berlin)
	assert working_time(here, friday, monday) == timedelta(days=1)


def test_a_moved_weekend_is_worked():
	here = facts(worked=frozenset({(TODAY - 11 * DAY)}))
	friday = datetime(2026, 6, 5, 12, tzinfo=here.hours.zone)
	assert working_time(here, friday, friday + 3 * DAY) == timedelta(days=2)


def test_delivered_and_never_billed():
	open_one, done, returned, sample, young = (
		delivery("D1"), delivery("D2"), delivery("D3"), delivery("D4", closed=True), delivery("D5", days_ago=3)
	)  # fmt: skip
	back = delivery("R3", "-100.00", return_against="D3")
	invoices = [
		invoice("I2", bills=(("D2", D(100)),)),
		invoice("I1", bills=(("D1", D(30)),)),
		invoice("X", bills=(("D1", D(70)),), cancelled_on=datetime(2026, 6, 1)),
	]
	given = facts(deliveries=[open_one, done, returned, sample, young, back], invoices=invoices)
	(one,) = found("delivered_not_billed", given)
	assert (
		one.key == "delivered_not_billed:D1"
		and one.amount == 70
		and one.reason.values[3:] == (D(70), D("100.00"))
	)
	assert not found("delivered_not_billed", given, share=80)


def test_a_credit_note_opens_the_delivery_again():
	bill = invoice("I", bills=(("D1", D(100)),))
	back = note("C", bill, 100, 20, bills=(("D1", D(-100)),))
	assert keys(found("delivered_not_billed", facts(deliveries=[delivery("D1")], invoices=[bill, back]))) == [
		"delivered_not_billed:D1"
	]


def test_an_order_that_is_delivered_waits_for_the_delivery():
	orders = [
		OrderFact("S1", "A", TODAY - 90 * DAY, D(100)),
		OrderFact("S2", "A", TODAY - 90 * DAY, D(100)),
		OrderFact("S3", "A", TODAY - 90 * DAY, D(100), closed=True),
	]
	given = facts(orders=orders, deliveries=[delivery("D2", orders=("S2",))])
	assert keys(found("ordered_not_billed", given)) == ["ordered_not_billed:S1"]
	assert not found(
		"ordered_not_billed",
		facts(orders=[OrderFact("S", "A", TODAY - 90 * DAY, D(100), delivery_date=TODAY + DAY)]),
	)
