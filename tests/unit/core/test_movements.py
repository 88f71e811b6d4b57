"""The ledger as lines with a running balance, and their status."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import given

from client_ledger.core.entries import ReceivableAccount
from client_ledger.core.movements import Opening, describe, ledger_order, movements
from client_ledger.core.open_items import resolve
from client_ledger.core.status import ItemStatus

from .ledgers import ACCOUNTS, DAY, entry, facts_of, ledgers, voucher_of

NOTHING = Opening({}, Decimal(0))


def lines(entries, notes=None, as_of=DAY):
	facts = facts_of(entries, notes)
	items = resolve(facts)
	found = movements(sorted(entries, key=ledger_order), ACCOUNTS, NOTHING)
	return {
		m.voucher.name: describe(
			m,
			[i for i in items if i.voucher == m.voucher],
			facts.invoices.get(m.voucher.name),
			None,
			as_of,
		)
		for m in found
	}


def test_a_payment_for_two_invoices_is_one_line():
	rows = [
		entry(0, "SI 1", "SI 1", 100),
		entry(1, "SI 2", "SI 2", 50),
		entry(2, "PE 1", "SI 1", -100),
		entry(2, "PE 1", "SI 2", -20),
		entry(2, "PE 1", "PE 1", -5),
	]
	found = movements(rows, ACCOUNTS, Opening({"USD": Decimal(7)}, Decimal(7)))
	assert [(m.voucher.name, m.debit, m.credit, m.balance) for m in found] == [
		("SI 1", 100, 0, 107),
		("SI 2", 50, 0, 157),
		("PE 1", 0, 125, 32),
	]
	assert found[2].against == (voucher_of("SI 1"), voucher_of("SI 2"))


def test_an_invoice_paid_at_the_counter_shows_both_sides():
	[line] = movements([entry(0, "SI 1", "SI 1", 100), entry(0, "SI 1", "SI 1", -100)], ACCOUNTS, NOTHING)
	assert (line.debit, line.credit, line.balance) == (100, 100, 0)


def test_currencies_run_apart():
	accounts = {**ACCOUNTS, "Euros - T": ReceivableAccount("Euros - T", "Testers", "EUR", "USD")}
	rows = [
		entry(0, "SI 1", "SI 1", 100),
		entry(1, "SI 2", "SI 2", 10, account="Euros - T", base=12),
		entry(2, "SI 3", "SI 3", 5),
	]
	found = movements(rows, accounts, NOTHING)
	assert [(m.currency, m.balance, m.base_balance) for m in found] == [
		("USD", 100, 100),
		("EUR", 10, 112),
		("USD", 105, 117),
	]


def test_on_one_day_invoices_come_before_payments_before_journals():
	rows = [entry(0, "JE 1", "JE 1", -1), entry(0, "PE 1", "PE 1", -1), entry(0, "SI 1", "SI 1", 9)]
	assert [e.voucher.name for e in sorted(rows, key=ledger_order)] == ["SI 1", "PE 1", "JE 1"]


def test_statuses():
	rows = [
		entry(-100, "SI 1", "SI 1", 100),
		entry(-100, "SI 2", "SI 2", 100),
		entry(-10, "SI 3", "SI 3", 100),
		entry(-10, "SI 4", "SI 4", 100),
		entry(-5, "PE 1", "SI 1", -100),
		entry(-5, "PE 1", "SI 4", -10),
		entry(-5, "PE 2", "PE 2", -1),
	]
	found = lines(rows)
	assert {name: line.status for name, line in found.items()} == {
		"SI 1": ItemStatus.PAID,
		"SI 2": ItemStatus.OVERDUE,
		"SI 3": ItemStatus.NOT_DUE,
		"SI 4": ItemStatus.PART_PAID,
		"PE 1": ItemStatus.SETTLED,
		"PE 2": ItemStatus.CREDIT,
	}
	assert (found["SI 2"].days_late, found["SI 3"].days_late) == (70, -20)


@given(ledgers())
def test_the_last_running_balance_is_the_sum_of_everything(ledger):
	entries = sorted(ledger[0], key=ledger_order)
	found = movements(entries, ACCOUNTS, NOTHING)
	assert found[-1].balance == sum(e.amount for e in entries)
	assert found[-1].base_balance == sum(m.base_debit - m.base_credit for m in found)


def test_due_date_of_a_part_paid_invoice_with_terms_is_the_oldest_open_one():
	from client_ledger.core.terms import Term

	terms = {
		"SI 1": [
			Term(DAY - timedelta(20), None, Decimal(50), Decimal(50)),
			Term(DAY - timedelta(5), None, Decimal(50), Decimal(50)),
		]
	}
	rows = [entry(-40, "SI 1", "SI 1", 100), entry(-30, "PE 1", "SI 1", -60)]
	items = resolve(facts_of(rows, terms=terms))
	found = movements(rows, ACCOUNTS, NOTHING)[0]
	line = describe(found, items, facts_of(rows).invoices["SI 1"], None, DAY)
	assert (line.due_date, line.days_late, line.status) == (DAY - timedelta(5), 5, ItemStatus.OVERDUE)
