"""What a period or a statement has said; sales taken back; write-offs under an approval."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from client_ledger.core.controls.changes import period_end
from client_ledger.core.controls.credit_notes import last_period_end
from client_ledger.core.controls.facts import EditFact, StatementFact, WriteOffFact
from client_ledger.core.entries import Voucher
from client_ledger.core.outbox.calendar import WEEKEND, Hours
from tests.unit.controls.made import DAY, TODAY, facts, found, invoice, keys, note, receipt

D = Decimal
APRIL = date(2026, 4, 14)


def test_periods_end():
	assert period_end(date(2024, 2, 1)) == date(2024, 2, 29) and period_end(date(2025, 12, 31)) == date(
		2025, 12, 31
	)
	assert last_period_end(date(2026, 4, 1), 3) == date(2026, 3, 31)
	assert last_period_end(date(2026, 3, 31), 3) == date(2025, 12, 31)
	assert last_period_end(date(2026, 3, 31), 12) == date(2025, 12, 31)


def test_backdated_after_the_grace():
	on_time, late = datetime(2026, 5, 10, 9), datetime(2026, 5, 11, 9)
	assert not found("backdated", facts(invoices=[invoice("I", date=APRIL, created=on_time)]))
	(one,) = found("backdated", facts(invoices=[invoice("I", date=APRIL, created=late)]))
	assert one.reason.values == ("I", APRIL, date(2026, 5, 11), 11) and one.person == "ann"
	assert found(
		"backdated", facts(invoices=[invoice("I", date=APRIL, created=datetime(2026, 5, 1, 9))]), days=0
	)
	assert not found("backdated", facts(invoices=[invoice("I", date=APRIL, created=None)]))


def test_the_company_s_own_date_counts():
	late = datetime(2026, 5, 10, 20, tzinfo=ZoneInfo("UTC"))
	here = {"invoices": [invoice("I", date=APRIL, created=late)]}
	assert not found("backdated", facts(**here))
	assert found("backdated", facts(hours=Hours(ZoneInfo("Asia/Shanghai"), closed=WEEKEND), **here))


def test_cancelled_and_changed_after_the_month():
	gone = invoice("I", date=APRIL, cancelled_on=datetime(2026, 5, 30), cancelled_by="bob")
	(one,) = found("cancelled_late", facts(invoices=[gone]))
	assert one.person == "bob"
	paid = receipt("R", 10, 60, cancelled_on=datetime(2026, 6, 15))
	assert keys(found("cancelled_late", facts(receipts=[paid]))) == ["cancelled_late:R"]
	change = EditFact(gone.voucher, "A", APRIL, datetime(2026, 5, 30), "bob", ("grand_total", "remarks"))
	(one,) = found("edited_late", facts(edits=[change]))
	assert one.reason.values[-1] == "grand_total"
	harmless = EditFact(gone.voucher, "A", APRIL, datetime(2026, 5, 30), "bob", ("remarks",))
	assert not found("edited_late", facts(edits=[harmless]))


def test_a_credit_note_that_names_no_invoice_is_known_by_its_amount():
	sale = invoice("I", "731.15", date=date(2026, 3, 30))
	older = invoice("O", "731.15", date=date(2026, 1, 30))
	alone = invoice("C", "-731.15", date=date(2026, 4, 3), is_return=True)
	(one,) = found("credit_note_after_end", facts(invoices=[older, sale, alone]))
	assert {doc.name for doc in one.documents} == {"I", "C"}
	assert keys(found("credit_note_by_maker", facts(invoices=[sale, alone]))) == ["credit_note_by_maker:C"]
	other = invoice("C", "-731.16", date=date(2026, 4, 3), is_return=True)
	named = note("N", sale, "731.15", 60)
	assert not found("credit_note_after_end", facts(invoices=[sale, other]))
	assert keys(found("credit_note_by_maker", facts(invoices=[sale, alone, named]))) == [
		"credit_note_by_maker:N"
	]


def test_against_a_statement():
	statement = StatementFact("ST", "A", date(2026, 4, 30), datetime(2026, 5, 3, 9))
	late = invoice("I", date=APRIL, created=datetime(2026, 5, 4))
	gone = invoice("J", date=APRIL, cancelled_on=datetime(2026, 5, 4))
	assert keys(found("against_statement", facts(invoices=[late, gone], statements=[statement]))) == [
		"against_statement:cancelled:J", "against_statement:entered:I",
	]  # fmt: skip
	after = invoice("K", date=date(2026, 5, 1), created=datetime(2026, 5, 4))
	other = invoice("L", date=APRIL, created=datetime(2026, 5, 4), customer="B")
	never_stated = invoice(
		"M", date=APRIL, created=datetime(2026, 5, 2), cancelled_on=datetime(2026, 5, 2, 12)
	)
	assert not found(
		"against_statement", facts(invoices=[after, other, never_stated], statements=[statement])
	)


def test_what_was_entered_and_cancelled_after_the_statement_is_told_once():
	statement = StatementFact("ST", "A", date(2026, 4, 30), datetime(2026, 5, 3, 9))
	both = invoice("I", date=APRIL, created=datetime(2026, 5, 4), cancelled_on=datetime(2026, 5, 5))
	assert keys(found("against_statement", facts(invoices=[both], statements=[statement]))) == [
		"against_statement:entered:I"
	]


def test_credit_notes_after_a_quarter():
	bill = invoice("I", "500", date=date(2026, 3, 30))
	back = note("C", bill, 500, 0, date=date(2026, 4, 4), owner="eve")
	(one,) = found("credit_note_after_end", facts(invoices=[bill, back]))
	assert one.amount == 500 and one.customer == "A"
	assert not found(
		"credit_note_after_end", facts(invoices=[bill, note("C", bill, 100, 0, date=date(2026, 4, 4))])
	)
	assert not found(
		"credit_note_after_end", facts(invoices=[bill, note("C", bill, 500, 0, date=date(2026, 4, 20))])
	)
	early = invoice("I", "500", date=date(2026, 3, 10))
	assert not found(
		"credit_note_after_end", facts(invoices=[early, note("C", early, 500, 0, date=date(2026, 4, 4))])
	)


def test_credit_note_by_the_maker():
	bill = invoice("I", "500", 60)
	assert keys(found("credit_note_by_maker", facts(invoices=[bill, note("C", bill, 400, 50)]))) == [
		"credit_note_by_maker:C"
	]
	for other in (
		{"owner": "eve"},
		{"submitted_by": "eve"},
		{"owner": ""},
		{"cancelled_on": datetime(2026, 6, 1)},
	):
		assert not found("credit_note_by_maker", facts(invoices=[bill, note("C", bill, 400, 50, **other)]))
	assert not found("credit_note_by_maker", facts(invoices=[note("C", bill, 400, 50)]))


def write_off(name, amount, days_ago, customer="A", person="eve", **more):
	return WriteOffFact(
		Voucher("Journal Entry", name), customer, TODAY - days_ago * DAY, D(amount), None, person, **more
	)


def test_a_write_off_in_parts():
	parts = [write_off("W1", 300, 20), write_off("W2", 250, 15), write_off("W3", 20, 1)]
	(one,) = found("write_off_split", facts(write_offs=parts, threshold=D(500)))
	assert one.amount == 550 and len(one.documents) == 2 and one.key == "write_off_split:A:W1"
	assert not found("write_off_split", facts(write_offs=parts))
	assert found("write_off_split", facts(write_offs=parts), threshold=500)
	assert not found(
		"write_off_split",
		facts(write_offs=[parts[0], write_off("W2", 250, 15, approved_by="boss")], threshold=D(500)),
	)
	assert not found(
		"write_off_split",
		facts(write_offs=[parts[0], write_off("W2", 250, 15, customer="B")], threshold=D(500)),
	)
	assert not found("write_off_split", facts(write_offs=[write_off("W1", 700, 20)], threshold=D(500)))
	blind = found("write_off_split", facts(write_offs=parts, threshold=D(500)), threshold=1_000_000)
	assert len(blind) == 1, "a threshold above the company's own counts as that"


@pytest.mark.parametrize(("upper", "lower", "expected"), [(8, 0, 1), (5, 0, 0), (12, 9, 0), (0, 0, 0)])
def test_write_offs_that_crowd_below_the_approval(upper, lower, expected):
	rows = [write_off(f"U{n}", 480, 10 + n) for n in range(upper)] + [
		write_off(f"L{n}", 420, 10 + n) for n in range(lower)
	]
	assert len(found("write_off_just_under", facts(write_offs=rows, threshold=D(500)))) == expected


def test_an_old_event_is_out_of_view():
	old = invoice("I", date=date(2024, 4, 1), created=datetime(2024, 6, 1))
	assert not found("backdated", facts(invoices=[old]))
