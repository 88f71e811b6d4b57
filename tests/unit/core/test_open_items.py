"""Open items: what belongs to which voucher, and that nothing is lost on the way."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings

from client_ledger.core.open_items import resolve
from client_ledger.core.terms import Term

from .ledgers import DAY, TWO, entry, facts_of, ledgers, receivable_report, voucher_of


def open_amounts(entries, notes=None, **kwargs):
	items = resolve(facts_of(entries, notes, **kwargs))
	return {item.voucher.name: item.outstanding for item in items}


def test_an_invoice_less_its_payment_is_open():
	assert open_amounts([entry(0, "SI 1", "SI 1", 100), entry(5, "PE 1", "SI 1", -40)]) == {"SI 1": 60}


def test_a_settled_invoice_is_gone():
	assert open_amounts([entry(0, "SI 1", "SI 1", 100), entry(5, "PE 1", "SI 1", -100)]) == {}


def test_an_unallocated_payment_is_a_credit_of_its_own():
	[item] = resolve(facts_of([entry(3, "PE 1", "PE 1", -70)]))
	assert (item.outstanding, item.is_credit, item.due_date) == (-70, True, DAY + timedelta(days=3))


def test_a_payment_for_an_order_counts_for_the_payment():
	assert open_amounts([entry(0, "PE 1", "SO 1", -70), entry(0, "PE 1", "PE 1", -5)]) == {"PE 1": -75}


def test_payments_for_one_order_that_cancel_out_stay_open_each():
	rows = [entry(0, "PE 1", "SO 1", -70), entry(4, "JE 1", "SO 1", 70)]
	assert open_amounts(rows) == {"PE 1": -70, "JE 1": 70}


def test_a_payment_dated_before_its_invoice_counts_for_itself_until_then():
	assert open_amounts([entry(-9, "PE 1", "SI 1", -70)]) == {"PE 1": -70}


def test_a_refund_of_a_credit_note_reopens_the_invoice_the_note_settled():
	rows = [
		entry(0, "SI 1", "SI 1", 100),
		entry(1, "PE 1", "SI 1", -100),
		entry(2, "SI 2", "SI 1", -30),
		entry(3, "PE 2", "SI 2", 30),
	]
	assert open_amounts(rows, {"SI 2": "SI 1"}) == {}
	assert open_amounts(rows[:3], {"SI 2": "SI 1"}) == {"SI 1": -30}


def test_a_credit_note_of_its_own_stays_a_credit():
	rows = [entry(0, "SI 1", "SI 1", 100), entry(2, "SI 2", "SI 2", -30)]
	assert open_amounts(rows) == {"SI 1": 100, "SI 2": -30}


def test_each_payment_term_is_an_item_with_its_own_due_date():
	terms = {"SI 1": [Term(DAY, "half", Decimal(50), Decimal(50)), Term(DAY + timedelta(30), None, 50, 50)]}
	rows = [entry(0, "SI 1", "SI 1", 100), entry(1, "PE 1", "SI 1", -60)]
	[item] = resolve(facts_of(rows, terms=terms))
	assert (item.due_date, item.outstanding, item.amount) == (DAY + timedelta(30), 40, 50)
	[whole] = resolve(facts_of(rows, terms=terms), by_terms=False)
	assert (whole.outstanding, whole.amount, whole.term) == (40, 100, None)


def test_an_overpaid_invoice_with_terms_is_one_credit():
	terms = {"SI 1": [Term(DAY, "half", Decimal(50), Decimal(50)), Term(DAY, None, Decimal(50), Decimal(50))]}
	rows = [entry(0, "SI 1", "SI 1", 100), entry(1, "PE 1", "SI 1", -130)]
	assert [item.outstanding for item in resolve(facts_of(rows, terms=terms))] == [-30]


def test_what_is_paid_from_another_account_of_the_company_is_paid():
	facts = facts_of(
		[entry(0, "SI 1", "SI 1", 100), entry(1, "PE 1", "SI 1", -100, account="Other - T")], accounts=TWO
	)
	assert resolve(facts) == []


def test_accounts_of_two_currencies_do_not_settle_each_other():
	rows = [entry(0, "SI 1", "SI 1", 100), entry(1, "PE 1", "SI 1", -90, account="Euro - T", base=-100)]
	assert {
		(i.account, i.voucher.name, i.due_date, i.outstanding) for i in resolve(facts_of(rows, accounts=TWO))
	} == {
		("Debtors - T", "SI 1", DAY + timedelta(30), 100),
		("Euro - T", "SI 1", DAY + timedelta(30), -90),
	}


def test_an_invoice_moved_to_an_account_in_another_currency_keeps_its_terms():
	terms = {
		"SI 1": [
			Term(DAY, "a", Decimal(40), Decimal(40)),
			Term(DAY + timedelta(30), "b", Decimal(60), Decimal(60)),
		]
	}
	rows = [
		entry(0, "SI 1", "SI 1", 100),
		entry(1, "JE 1", "SI 1", -100),
		entry(1, "JE 1", "SI 1", 50, account="Euro - T", base=100),
		entry(2, "PE 1", "SI 1", -25, account="Euro - T", base=-50),
	]
	[item] = resolve(facts_of(rows, terms=terms, accounts=TWO))
	assert (item.account, item.due_date) == ("Euro - T", DAY + timedelta(30))
	assert (item.outstanding, item.base_outstanding) == (25, 50)


def test_a_difference_in_company_currency_only_is_no_open_item_unless_a_revaluation():
	rows = [entry(0, "JE 1", "JE 1", 0, base=12)]
	assert resolve(facts_of(rows)) == []
	facts = facts_of(rows)
	facts.revaluations = frozenset(["JE 1"])
	assert [item.base_outstanding for item in resolve(facts)] == [12]


def test_less_than_a_cent_is_nothing():
	assert open_amounts([entry(0, "SI 1", "SI 1", "100.004"), entry(5, "PE 1", "SI 1", -100)]) == {}


@settings(max_examples=300)
@given(ledgers())
def test_open_items_equal_a_slow_reading_of_the_entries(ledger):
	entries, notes = ledger
	assert {i.voucher: i.outstanding for i in resolve(facts_of(entries, notes))} == receivable_report(
		entries, notes
	)


@given(ledgers())
def test_open_items_add_up_to_the_ledger(ledger):
	entries, notes = ledger
	items = resolve(facts_of(entries, notes))
	assert sum(item.outstanding for item in items) == sum(e.amount for e in entries)


@given(ledgers())
def test_the_order_of_entries_does_not_matter(ledger):
	entries, notes = ledger
	assert resolve(facts_of(entries, notes)) == resolve(facts_of(entries[::-1], notes))


def test_a_voucher_seen_only_through_others_keeps_its_first_date():
	[item] = resolve(facts_of([entry(4, "PE 1", "SO 1", -10), entry(2, "PE 1", "SO 2", -10)]))
	assert (item.posting_date, item.voucher) == (DAY + timedelta(days=2), voucher_of("PE 1"))
