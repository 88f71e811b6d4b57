"""When invoices were really paid."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given

from client_ledger.core.settlement import average_days_late, average_days_to_pay, settlements

from .ledgers import DAY, entry, facts_of, ledgers


def settle(rows):
	return {s.invoice.name: s for s in settlements(rows, facts_of(rows).invoices)}


@pytest.mark.parametrize(
	("payments", "day"),
	[
		([(10, -100)], 10),
		([(10, -40), (50, -60)], 50),
		([(10, -40)], None),
		([(10, -150)], 10),
		([(10, -100), (20, 30)], None),
		([(10, -100), (20, 30), (45, -30)], 45),
		([(10, -150), (20, 50)], 10),
		([(-7, -100)], 0),
	],
)
def test_settled_on_the_day_nothing_was_open_any_more(payments, day):
	rows = [entry(0, "SI 1", "SI 1", 100)]
	rows += [entry(on, f"PE {i}", "SI 1", amount) for i, (on, amount) in enumerate(payments)]
	settled = settle(rows)["SI 1"]
	assert settled.settled_on == (None if day is None else DAY + timedelta(days=day))
	assert settled.days_late == (None if day is None else day - 30)


def test_averages_over_a_window():
	rows = [entry(0, "SI 1", "SI 1", 100), entry(0, "SI 2", "SI 2", 1), entry(0, "SI 3", "SI 3", 1)]
	rows += [entry(40, "PE 1", "SI 1", -100), entry(31, "PE 2", "SI 2", -1), entry(300, "PE 3", "SI 3", -1)]
	found = list(settle(rows).values())
	until = DAY + timedelta(days=100)
	assert average_days_late(found, DAY, until) == (Decimal("5.5"), 2)
	assert average_days_to_pay(found, DAY, until) == Decimal("35.5")
	assert average_days_late(found, until, until) == (None, 0)
	assert average_days_to_pay(found, until, until) is None


@given(ledgers())
def test_an_invoice_is_settled_exactly_when_nothing_is_open(ledger):
	entries = ledger[0]
	for settled in settlements(entries, facts_of(entries).invoices):
		left = sum(e.amount for e in entries if e.against == settled.key.voucher)
		assert (settled.settled_on is None) == (left > 0)
