"""Money where it does not belong, and credit that is bent."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from client_ledger.core.controls.facts import (
	AllocationFact,
	MasterFact,
	OrderFact,
	PersonFact,
	ReleaseFact,
	TermsChangeFact,
	TermsKind,
	WriteOffFact,
)
from client_ledger.core.entries import Voucher
from client_ledger.core.reasons import reason_text
from tests.unit.controls.made import DAY, TODAY, facts, found, invoice, keys, note, receipt

D = Decimal


def crossing(name, payer, credited, days_ago, amount=100):
	"""Money of one customer that pays another's invoice."""
	day = TODAY - days_ago * DAY
	return receipt(
		name,
		amount,
		days_ago,
		customer=payer,
		allocations=(AllocationFact(f"I-{name}", credited, D(amount), day),),
	)


def test_money_of_one_pays_anothers_invoice():
	(one,) = found("allocated_elsewhere", facts(receipts=[crossing("R", "B", "A", 9)]))
	assert one.customer == "B" and [doc.name for doc in one.documents] == ["R", "I-R"] and one.amount == 100
	bank_says = receipt("R", 80, 9, customer="A", payer="C")
	(one,) = found("allocated_elsewhere", facts(receipts=[bank_says]))
	assert one.reason.values == ("R", D(80), "C", "A")


def test_those_who_belong_together_pay_for_each_other():
	group = [MasterFact("A", group="G"), MasterFact("B", group="G"), MasterFact("C")]
	assert not found("allocated_elsewhere", facts(receipts=[crossing("R", "B", "A", 9)], masters=group))
	assert found("allocated_elsewhere", facts(receipts=[crossing("R", "C", "A", 9)], masters=group))


def test_refunds_and_cancelled_receipts_are_left_out():
	cancelled = receipt("R", 80, 9, payer="C", cancelled_on=datetime(2026, 6, 10))
	for one in (cancelled, receipt("R", -80, 9, payer="C"), receipt("R", 0, 9, payer="C")):
		assert not found("allocated_elsewhere", facts(receipts=[one])) and not found(
			"unallocated_receipt", facts(receipts=[one])
		)


def test_lapping_is_a_chain():
	chain = [crossing("R1", "B", "A", 30), crossing("R2", "C", "B", 27), crossing("R3", "D", "C", 25)]
	(one,) = found("lapping", facts(receipts=chain))
	assert one.key == "lapping:R1" and one.person == "cash" and one.reason.values[4] == "D"
	assert one.reason.values[3] == "A ← B ← C ← D"
	longer = [*chain, crossing("R4", "E", "D", 20)]
	(again,) = found("lapping", facts(receipts=longer))
	assert again.key == one.key and again.reason.values[0] == 4


def test_no_lapping_without_a_chain_in_time_and_in_order():
	slow = [crossing("R1", "B", "A", 90), crossing("R2", "C", "B", 50), crossing("R3", "D", "C", 20)]
	backwards = [crossing("R1", "B", "A", 20), crossing("R2", "C", "B", 25), crossing("R3", "D", "C", 30)]
	unrelated = [crossing("R1", "B", "A", 30), crossing("R2", "D", "C", 27), crossing("R3", "F", "E", 25)]
	two = [crossing("R1", "B", "A", 30), crossing("R2", "C", "B", 27)]
	for rows in (slow, backwards, unrelated, two, []):
		assert not found("lapping", facts(receipts=rows))
	assert found("lapping", facts(receipts=two), links=2)


def test_receipts_on_account():
	bill = invoice("I", 60)
	lying = receipt("R", 100, 40, bill)
	(one,) = found("unallocated_receipt", facts(receipts=[lying]))
	assert one.amount == 40 and one.reason.values == (D(40), D(100), "R", 40, "EUR")
	for other in (
		receipt("R", 100, 10),
		receipt("R", 100, 40, for_order=True),
		receipt("R", 60, 40, bill),
		receipt("R", 60, 40, invoice("J", 70)),
	):
		assert not found("unallocated_receipt", facts(receipts=[other]))


def test_a_foreign_receipt_is_told_in_company_currency():
	(one,) = found(
		"unallocated_receipt", facts(receipts=[receipt("R", 100, 40, currency="USD", base_amount=D(92))])
	)
	assert one.amount == 92


def change(old, new, person="gerd", approved="", kind=TermsKind.LIMIT, hours=2, name="L", order_days_ago=20):
	at = datetime.combine(TODAY - order_days_ago * DAY, time(12)) - timedelta(hours=hours)
	return TermsChangeFact(name, "A", at, person, kind, old and D(old), new and D(new), approved)


ORDER = OrderFact("SO", "A", TODAY - 20 * DAY, D(3000), datetime.combine(TODAY - 20 * DAY, time(12)), "ines")


def test_a_limit_raised_for_the_order_that_needed_it():
	(one,) = found("terms_before_order", facts(orders=[ORDER], terms=[change(1000, 9000)]))
	assert one.severity.value == "Medium" and one.reason.values[-1] == 3000
	(own,) = found("terms_before_order", facts(orders=[ORDER], terms=[change(1000, 9000, person="ines")]))
	assert own.severity.value == "High"
	for harmless in (
		change(5000, 9000),
		change(1000, 9000, approved="boss"),
		change(9000, 1000),
		change(None, 9000),
		change(1000, 9000, hours=200),
	):
		assert not found("terms_before_order", facts(orders=[ORDER], terms=[harmless]))
	owed = facts(orders=[ORDER], terms=[change(5000, 9000)], invoices=[invoice("I", 4000)])
	assert found("terms_before_order", owed)
	paid = facts(
		orders=[ORDER],
		terms=[change(5000, 9000)],
		invoices=[invoice("I", 4000)],
		receipts=[receipt("R", 4000, 30)],
	)
	assert not found("terms_before_order", paid)


def test_no_approval_by_oneself_and_a_limit_put_back():
	assert found("terms_before_order", facts(orders=[ORDER], terms=[change(1000, 9000, approved="gerd")]))
	back = change(9000, 1000, hours=-50, name="M")
	(one,) = found(
		"terms_before_order", facts(orders=[ORDER], terms=[change(1000, 9000, approved="boss"), back])
	)
	assert "put back" in one.reason.message


def test_terms_made_longer_and_unlimited_limits():
	longer = change(30, 60, kind=TermsKind.DAYS)
	(one,) = found("terms_before_order", facts(orders=[ORDER], terms=[longer]))
	assert reason_text(one.reason, str).startswith("Payment terms were made longer, from 30 to 60 days")
	(one,) = found("terms_before_order", facts(orders=[ORDER], terms=[change(1000, None)]))
	assert "from 1,000.00 to unlimited" in reason_text(one.reason, str)


def release(name, days_ago, customer="A", person="jonas"):
	at = datetime.combine(TODAY - days_ago * DAY, time(9))
	return ReleaseFact(name, Voucher("Sales Order", f"S{name}"), customer, at, person, D(10))


def test_holds_released_again_and_again():
	rows = [release(f"H{n}", 80 - 10 * n) for n in range(5)]
	(one,) = found("released_again", facts(releases=rows))
	assert one.key == "released_again:A:jonas:H0" and one.amount == 50
	assert not found("released_again", facts(releases=rows), times=6)
	mixed = [release(f"H{n}", 80 - 10 * n, person=f"p{n % 3}") for n in range(5)]
	assert not found("released_again", facts(releases=mixed))
	robot = facts(releases=rows, people={"jonas": PersonFact("jonas", is_system=True)})
	assert not found("released_again", robot)


def test_sold_to_while_long_overdue():
	old, later = invoice("I", 1000, 200), invoice("J", 500, 10)
	(one,) = found("sold_while_overdue", facts(invoices=[old, later]))
	assert one.amount == 1000 and one.key == "sold_while_overdue:A:I"
	(part,) = found(
		"sold_while_overdue",
		facts(
			invoices=[old, later],
			receipts=[receipt("R", 400, 50, allocations=(AllocationFact("I", "A", D(400), TODAY),))],
		),
	)
	assert part.amount == 600
	settled = (
		{"receipts": [receipt("R", 1000, 50, old)]},
		{"invoices": [old, later, note("C", old, 1000, 60)]},
		{"write_offs": [WriteOffFact(Voucher("Journal Entry", "W"), "A", TODAY, D(1000), invoice="I")]},
	)
	for more in settled:
		assert not found("sold_while_overdue", facts(**{"invoices": [old, later], **more}))
	assert not found("sold_while_overdue", facts(invoices=[old, invoice("J", 500, 10, customer="B")]))
	assert not found("sold_while_overdue", facts(invoices=[old]))


def test_what_is_open_of_a_foreign_invoice():
	old = invoice("I", 1000, 200, currency="USD", base_amount=D(900))
	given = facts(
		invoices=[old, invoice("J", 500, 10)],
		receipts=[receipt("R", 500, 50, allocations=(AllocationFact("I", "A", D(500), TODAY),))],
	)
	assert found("sold_while_overdue", given)[0].amount == 450
	assert keys(found("sold_while_overdue", given)) == ["sold_while_overdue:A:I"]
