"""Gaps and repeats in numbering; the same business twice."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from client_ledger.core.controls.series import read_numbers
from tests.unit.controls.made import DAY, TODAY, delivery, facts, found, invoice, keys, note, receipt

D = Decimal


@pytest.mark.parametrize(
	("text", "series", "counter"),
	[
		("SINV-2026-00012", ("SINV-2026-", ""), 12),
		("0012/2026", ("", "/2026"), 12),
		("R-7/26", ("R-", "/26"), 7),
		("ＩＮＶ－００９", ("INV-", ""), 9),
		("202606", ("", ""), 202606),
		("XS-202606-0031", ("XS-202606-", ""), 31),
	],
)
def test_the_counter_of_a_number(text, series, counter):
	found_number = read_numbers([(text, [date(2026, 6, 3)])])[text]
	assert (found_number.series, found_number.counter) == (series, counter)


def test_what_has_no_counter():
	assert not read_numbers((text, [TODAY]) for text in ("ABC", "", "9" * 30))


@pytest.mark.parametrize(
	"written",
	[
		"INV-{n:05}-2526",
		"{n}/2025-26",
		"{n:04}/FY26",
		"KD7-{y}-{n:04}",
		"07-{y}-{n:04}",
		"{y}/{m:02}/{n}",
		"INV{n:04}/{y}",
		"B2B-{n:03}-X1",
		"S{y2:02}{m:02}-{n:03}",
	],
)
def test_one_missing_number_of_a_series_however_it_is_written(written):
	"""Restarted each month or year, with fiscal year, branch or suffix: nine invoices a month, one of them is missing."""
	rows, counters = [], {}
	for month in range(12):
		day = date(2025 + (month + 6) // 12, (month + 6) % 12 + 1, 10)
		period = (day.year, day.month) if "{m" in written else day.year if "{y" in written else 0
		for _one in range(9):
			n = counters[period] = counters.get(period, 0) + 1
			name = written.format(n=n, y=day.year, y2=day.year % 100, m=day.month)
			rows.append(invoice(name, 100 + len(rows), date=day))
	missing = rows.pop(3)
	assert keys(found("number_gap", facts(invoices=rows))) == [f"number_gap:{missing.name}"]


def test_few_numbers_of_each_month_are_no_series_of_months():
	rows = [
		invoice(f"X-{2025 + (m + 6) // 12}{(m + 6) % 12 + 1:02}-{n}", date=date(2025 + (m + 6) // 12, (m + 6) % 12 + 1, 5))
		for m in range(12)
		for n in range(1, 3 + (m % 2))
	]  # fmt: skip
	assert not found("number_gap", facts(invoices=rows))


def test_amended_documents_with_numbers_of_their_own():
	rows = numbered(range(1, 9))
	rows[2] = invoice("S-003", cancelled_on=datetime(2026, 6, 1))
	rows += [invoice("S-009", amended_from="S-003"), invoice("S-010", amended_from="S-009")]
	rows += [invoice("S-010-1", amended_from="S-010", cancelled_on=datetime(2026, 6, 1))]
	rows[-2] = invoice("S-010", amended_from="S-009", cancelled_on=datetime(2026, 6, 1))
	rows += [invoice("S-010-2", amended_from="S-010-1")]
	assert not found("number_gap", facts(invoices=rows)) and not found("number_repeat", facts(invoices=rows))


def numbered(numbers, **more):
	return [invoice(f"S-{n:03d}", days_ago=30, **more) for n in numbers]


def test_gaps_of_a_series():
	rows = found("number_gap", facts(invoices=numbered([*range(1, 20), *range(21, 40), *range(43, 60)])))
	assert keys(rows) == ["number_gap:S-020", "number_gap:S-040"]
	assert rows[1].reason.values[:3] == ("S-040", "S-042", 3)


def test_a_gap_half_filled_keeps_its_key():
	before = facts(invoices=numbered([*range(1, 20), *range(23, 40)]))
	after = facts(invoices=numbered([*range(1, 20), 21, *range(23, 40)]))
	assert keys(found("number_gap", before)) == ["number_gap:S-020"]
	assert keys(found("number_gap", after)) == ["number_gap:S-020", "number_gap:S-022"]


def test_cancelled_and_amended_documents_fill_their_numbers():
	rows = numbered([1, 2, 4, 5, 6, 7])
	rows += [invoice("S-003", cancelled_on=datetime(2026, 6, 1)), invoice("S-003-1", amended_from="S-003")]
	assert not found("number_gap", facts(invoices=rows)) and not found("number_repeat", facts(invoices=rows))


def test_drafts_hold_their_numbers():
	rows = numbered([*range(1, 20), *range(22, 40)])
	assert keys(found("number_gap", facts(invoices=rows, drafts=frozenset({"S-020"})))) == [
		"number_gap:S-021"
	]
	assert not found("number_gap", facts(invoices=rows, drafts=frozenset({"S-020", "S-021"})))
	only_drafts = facts(invoices=numbered([3]), drafts=frozenset(f"S-{n:03d}" for n in (4, 5, 6, 8, 9)))
	assert keys(found("number_gap", only_drafts)) == ["number_gap:S-007"]


def test_a_new_block_and_random_names_are_no_gap():
	blocks = numbered([*range(1, 30), *range(500, 530)])
	random_names = [invoice(f"{n * 7919 % 100003:06d}") for n in range(200)]
	for rows in (blocks, random_names, numbered(range(1, 200, 3)), numbered([1, 4])):
		assert not found("number_gap", facts(invoices=rows))


def test_one_number_twice_however_it_is_written():
	rows = [
		invoice("a", number="INV-0042"),
		invoice("b", number="ｉｎｖ ００４２", customer="B", days_ago=10),
	]
	(one,) = found("number_repeat", facts(invoices=rows))
	assert one.reason.values[1] == 2 and one.customer == ""
	assert not found(
		"number_repeat", facts(invoices=[rows[0], invoice("c", number="INV-0042", days_ago=340)])
	)
	assert found("number_repeat", facts(invoices=[rows[0], invoice("z", number="INV 42")]))
	apart = [
		invoice("1-11"),
		invoice("11-1"),
		invoice("1-110"),
		rows[0],
		note("d", rows[0], 40, 5, number="INV-0042"),
	]
	assert not found("number_repeat", facts(invoices=apart))


def others(count=200, customer="Z"):
	return [
		invoice(f"O{n}", f"{100 + n * 7}.{n % 100:02d}", 1 + n % 300, customer=f"{customer}{n % 9}")
		for n in range(count)
	]


def test_a_rare_amount_twice():
	twice = [invoice("I1", "731.15", 20), invoice("I2", "731.15", 17)]
	assert keys(found("duplicate_invoice", facts(invoices=[*others(), *twice]))) == [
		"duplicate_invoice:I1:I2"
	]
	assert not found("duplicate_invoice", facts(invoices=[*others(), *twice]), days=2)
	assert not found(
		"duplicate_invoice",
		facts(invoices=[*others(), twice[0], invoice("I2", "731.15", 17, currency="USD")]),
	)


def test_what_was_cancelled_or_credited_is_mended():
	first, second = invoice("I1", "731.15", 20), invoice("I2", "731.15", 17)
	assert not found("duplicate_invoice", facts(invoices=[first, second, note("C", second, "731.15", 10)]))
	assert not found(
		"duplicate_invoice",
		facts(invoices=[first, invoice("I2", "731.15", 17, cancelled_on=datetime(2026, 6, 3))]),
	)


def test_set_prices_subscriptions_and_different_orders_are_no_doubles():
	prices = [invoice(f"P{n}", "59.00", n % 200, customer=f"C{n % 5}") for n in range(300)]
	assert not found("duplicate_invoice", facts(invoices=prices))
	apart = [invoice("I1", "731.15", 20, reference="PO1"), invoice("I2", "731.15", 17, reference="PO2")]
	assert not found("duplicate_invoice", facts(invoices=apart))
	delivered = [
		invoice("I1", "731.15", 20, bills=(("D1", D(1)),)),
		invoice("I2", "731.15", 17, bills=(("D2", D(1)),)),
	]
	assert not found("duplicate_invoice", facts(invoices=delivered))


def test_equal_parts_of_one_order_are_no_doubles_until_they_are_more_than_it():
	halves = [invoice(f"H{n}", "365.50", 20 - n, bills=(("D1", D("365.50")),)) for n in range(2)]
	worth = [delivery("D1", 731)]
	assert not found("duplicate_invoice", facts(invoices=halves, deliveries=worth))
	halves.append(invoice("H2", "365.50", 18, bills=(("D1", D("365.50")),)))
	assert keys(found("duplicate_invoice", facts(invoices=halves, deliveries=worth)))


def test_what_every_receipt_names_is_no_reference():
	weekly = [receipt(f"W{n}", "250.00", 7 * n, reference="TT") for n in range(20)]
	assert not found("duplicate_receipt", facts(receipts=weekly))
	twice = [receipt(f"R{n}", "731.15", 9 - n, customer="B", reference="TT") for n in range(2)]
	assert keys(found("duplicate_receipt", facts(receipts=[*weekly, *twice]))) == ["duplicate_receipt:R0:R1"]


def test_a_subscription_billed_twice_stands_out_of_its_rhythm():
	monthly = [invoice(f"S{n}", "99.00", 30 * n + 1) for n in range(10)]
	assert not found("duplicate_invoice", facts(invoices=monthly))
	rows = found("duplicate_invoice", facts(invoices=[*monthly, invoice("T", "99.00", 59)]))
	assert keys(rows) == ["duplicate_invoice:S2:T"] and rows[0].reason.values[4] == 30


def test_a_delivery_billed_twice_is_sure_whatever_its_price():
	prices = [invoice(f"P{n}", "59.00", n % 200, customer="A") for n in range(300)]
	twice = [invoice(f"T{n}", "59.00", 20, bills=(("D1", D(59)),)) for n in range(2)]
	(one,) = found("duplicate_invoice", facts(invoices=[*prices, *twice], deliveries=[delivery("D1", 59)]))
	assert one.severity.value == "High" and "D1" in one.reason.values
	halves = facts(invoices=[*prices, *twice], deliveries=[delivery("D1", 118)])
	assert not found("duplicate_invoice", halves)


def test_one_reference_of_the_customer_s_own_tells_unless_many_have_it():
	prices = [invoice(f"P{n}", "59.00", n % 200, customer="A") for n in range(300)]
	twice = [invoice(f"T{n}", "59.00", 20 - n, reference="PO-7") for n in range(2)]
	(one,) = found("duplicate_invoice", facts(invoices=[*prices, *twice]))
	assert one.reason.values[-1] == "PO-7" and one.severity.value == "High"
	blanket = [invoice(f"B{n}", f"{n}.17", 3 * n + 1, reference="PO-7") for n in range(9)]
	assert not found("duplicate_invoice", facts(invoices=[*prices, *twice, *blanket]))


def test_two_deliveries_of_one_order_are_no_double():
	parts = [
		invoice(f"I{n}", "59.13", 20, bills=(("SO", D("59.13")), (f"DN{n}", D("59.13")))) for n in range(2)
	]
	assert not found("duplicate_invoice", facts(invoices=parts))
	same = [invoice(f"I{n}", "59.13", 20, bills=(("SO", D("59.13")), ("DN", D("59.13")))) for n in range(2)]
	assert len(found("duplicate_invoice", facts(invoices=same))) == 1


def test_a_receipt_booked_twice():
	bill = invoice("I", "50.00")
	same = [receipt("R1", "50.00", 9, bill, reference="X1"), receipt("R2", "50.00", 8, reference="X1")]
	assert keys(found("duplicate_receipt", facts(receipts=same))) == ["duplicate_receipt:R1:R2"]
	assert not found(
		"duplicate_receipt", facts(receipts=[same[0], receipt("R2", "50.00", 8, reference="X2")])
	)
	other = [receipt("R1", "50.00", 9, bill), receipt("R2", "50.00", 8, invoice("J", "50.00"))]
	assert not found("duplicate_receipt", facts(receipts=other))
	refunds = [receipt("R1", "-50.00", 9, reference="X1"), receipt("R2", "-50.00", 8, reference="X1")]
	assert not found("duplicate_receipt", facts(receipts=refunds))


def test_two_customers_share_an_amount():
	assert not found(
		"duplicate_invoice",
		facts(invoices=[invoice("I1", "5.10"), invoice("I2", "5.10", customer="B", date=TODAY - 40 * DAY)]),
	)
