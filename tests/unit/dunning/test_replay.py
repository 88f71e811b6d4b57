"""The replay's figures: how many, to whom, and how many in vain."""

from datetime import date
from decimal import Decimal

from client_ledger.core.dunning.policy import Policy
from client_ledger.core.dunning.replay import replay
from client_ledger.core.outbox.message import Party
from tests.unit.dunning import oracle
from tests.unit.dunning.cases import day, past, policy, step

BOB = Party("Bob", "Testers", "USD")


def bill(name: str, due: int, amount: int = 100, paid: int | None = None) -> oracle.Bill:
	changes = [(day(due - 30), amount)]
	if paid is not None:
		changes.append((day(paid), 0))
	return oracle.Bill(name, day(due - 30), day(due), changes)


def test_messages_to_those_who_paid_anyway_are_counted():
	items = [past(bill("SI 1", 0, paid=4)), past(bill("SI 2", 0, paid=30), BOB), past(bill("SI 3", 90), BOB)]
	found = replay(items, policy(3, 14), day(-30), day(100))
	assert [(m.party.customer, m.day, m.paid_anyway) for m in found.messages] == [
		("Ada", day(3), True),
		("Bob", day(3), False),
		("Bob", day(14), False),
		("Bob", day(93), False),
	]
	assert (found.customers, found.paid_anyway) == (2, 1)
	assert found.by_step() == {1: 3, 2: 1}
	assert found.messages[1].base_total == Decimal(100)


def test_months_without_a_message_are_there():
	found = replay([past(bill("SI 1", 0))], policy(3), date(2026, 1, 1), date(2026, 4, 30))
	assert found.by_month() == {
		date(2026, 1, 1): {},
		date(2026, 2, 1): {},
		date(2026, 3, 1): {1: 1},
		date(2026, 4, 1): {},
	}
	assert found.most_in_a_week == 1


def test_another_policy_per_customer_and_none_for_others():
	items = [past(bill("SI 1", 0)), past(bill("SI 2", 0), BOB)]
	found = replay(items, {"Bob": policy(5)}, day(-10), day(20))
	assert [(m.party, m.day) for m in found.messages] == [(BOB, day(5))]


def test_a_million_days_are_not_gone_through():
	found = replay([past(bill("SI 1", 0))], policy(3, 14, 600), date(2020, 1, 1), date(2060, 1, 1))
	assert len(found.messages) == 3


def test_a_courtesy_that_lapses_lets_another_items_go():
	"""Together they are under the minimum of the later courtesy; once that has lapsed, the earlier one goes alone."""
	steps = (step(1, -3), step(2, -1, wait=1, minimum=50), step(3, 2, wait=1))
	courteous = Policy("Courteous", 1, steps)
	bills = [oracle.Bill(f"SI {i}", day(0), day(due), [(day(0), 1)]) for i, due in enumerate((3, 0, 0))]
	found = replay([past(b) for b in bills], courteous, day(0), day(10))
	first = found.messages[0]
	assert (first.day, first.step.number, len(first.lines)) == (day(1), 1, 1)
	rules = oracle.Rules([(-3, 0, 0), (-1, 1, 50), (2, 1, 0)])
	expected = oracle.run(bills, rules, [day(n) for n in range(11)])
	assert [(m.day, m.step.number) for m in found.messages] == [(d, n) for d, n, _names in expected]


def test_what_was_paid_too_much_stays_and_covers_another_item():
	overpaid = past(oracle.Bill("SI 1", day(-60), day(-30), [(day(-60), 100), (day(-40), -150)]))
	assert (overpaid.settled_on, overpaid.gone_on) == (day(-40), None)
	owed = past(bill("SI 2", 0))
	assert not replay([overpaid, owed], policy(3), day(-30), day(60)).messages
	assert replay([owed], policy(3), day(-30), day(60)).messages


def test_what_is_gone_before_changes_nothing():
	gone = past(bill("SI 1", -30, paid=-20))
	assert gone.gone_on == day(-20)
	owed = past(bill("SI 2", 0))
	both = replay([gone, owed], policy(3, 14), day(-10), day(60))
	assert both.messages == replay([owed], policy(3, 14), day(-10), day(60)).messages and both.messages
