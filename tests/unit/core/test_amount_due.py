"""The amount due: one figure for the letter, the worklist and the ledger, whatever is open and on account."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from client_ledger.core.account import AccountKey, position
from client_ledger.core.amount_due import amounts_due, credits_of, less, uncovered_items
from client_ledger.core.collections.worklist import WorklistFacts, to_chase
from client_ledger.core.dunning.plan import DueItemKey, DunningHistory, DunningReason, Reached, plan_party
from client_ledger.core.dunning.policy import Policy, Step
from client_ledger.core.entries import Voucher
from client_ledger.core.open_items import OpenItem
from client_ledger.core.outbox.message import Party

TODAY = date(2026, 3, 31)
USD, EUR = Party("Ada", "Testers", "USD"), Party("Ada", "Testers", "EUR")
RATE = {"USD": Decimal(1), "EUR": Decimal("1.1")}


def item(name: str, due: date, cents: int, currency: str = "USD") -> OpenItem:
	amount = Decimal(cents) / 100
	base = (amount * RATE[currency]).quantize(Decimal("0.01"))
	doctype = "Sales Invoice" if cents > 0 else "Payment Entry"
	return OpenItem(
		"Testers", "Ada", "Debtors", currency, Voucher(doctype, name), due - timedelta(30), due,
		amount, base, amount, base,
	)  # fmt: skip


@st.composite
def ledgers(draw) -> list[OpenItem]:
	"""Draw invoices that are due or not, payments and credit notes on account, in two currencies."""
	amounts = st.integers(-300_000, 300_000).filter(bool)
	days = st.integers(-120, 30)
	rows = draw(
		st.lists(st.tuples(amounts, days, st.sampled_from(["USD", "USD", "EUR"])), min_size=1, max_size=9)
	)
	return [item(f"V {i}", TODAY + timedelta(day), cents, cur) for i, (cents, day, cur) in enumerate(rows)]


def by_hand(items: list[OpenItem], currency: str) -> Decimal:
	"""The ledger's overdue less what is on account, in cents and by a loop."""
	owed = on_account = Decimal(0)
	for one in items:
		if one.currency == currency and one.outstanding < 0:
			on_account -= one.outstanding
		elif one.currency == currency and (TODAY - one.due_date).days > 0:
			owed += one.outstanding
	return max(owed - on_account, Decimal(0))


@given(ledgers(), st.integers(1, 20), st.data())
@settings(max_examples=300, deadline=None)
def test_letter_worklist_and_ledger_say_the_same(items, grace, data):
	"""Whatever has been reminded before, a letter asks for all that is overdue less all that is on account."""
	policy = Policy("Test", 1, (Step(1, grace), Step(2, grace + 14, 7)))
	reached = {
		DueItemKey(one.voucher, one.due_date): Reached(
			level, TODAY - timedelta(data.draw(st.integers(1, 30)))
		)
		for one in items
		if one.outstanding > 0 and (level := data.draw(st.integers(0, 2)))
	}
	found = amounts_due(items, items, TODAY)
	for party in {USD, EUR} & set(found):
		rows = [one for one in items if one.currency == party.currency]
		notice = plan_party(party, rows, policy, DunningHistory(reached), (), TODAY)
		assert found[party].net == by_hand(items, party.currency)
		if notice and notice.reason:
			assert notice.reason is DunningReason.COVERED and found[party].net == notice.total == 0
		elif notice:
			assert notice.total == by_hand(items, party.currency) > 0
			assert notice.items_total - sum(credit.amount for credit in notice.credits) <= notice.total
			assert len(notice.lines) + len(notice.listed) == sum(
				one.outstanding > 0 and one.due_date < TODAY for one in rows
			)
	at = position(items, TODAY)
	collectable = sum(amount.base_net for amount in found.values())
	facts = WorklistFacts(AccountKey("Ada", "Testers"), at.overdue, 1, collectable=collectable)
	assert to_chase(facts) == collectable
	if all(one.currency == "USD" for one in items):
		assert to_chase(facts) == max(at.overdue - at.unallocated, 0)


@given(ledgers(), st.integers(0, 500_000))
@settings(max_examples=200, deadline=None)
def test_credits_pay_the_oldest_first_and_never_more_than_there_is(items, more):
	for party, amount in amounts_due(items, items, TODAY, {USD: Decimal(more) / 100}).items():
		paid = sum(due.item.outstanding - due.left for due in amount.items)
		assert paid == min(amount.total, amount.credit)
		touched = [due for due in amount.items if due.left > 0]
		assert all(due.left == due.item.outstanding for due in touched[1:])
		assert [due.item.due_date for due in amount.items] == sorted(d.item.due_date for d in amount.items)
		assert amount.net == amount.base_net or party == EUR
		assert (amount.base_net == 0) == (amount.net == 0)


@given(ledgers())
@settings(max_examples=100, deadline=None)
def test_what_is_spoken_for_takes_nothing_of_the_credits(items):
	"""An item set apart lowers the overdue that is asked for, and leaves the credits to the others."""
	apart = [one for one in items if one.outstanding > 0][:1]
	free = [one for one in items if one not in apart]
	for party, amount in amounts_due(items, free, TODAY).items():
		withheld = sum(
			one.outstanding for one in apart if one.currency == party.currency and one.due_date < TODAY
		)
		assert amount.withheld == withheld
		assert amount.net == max(amount.overdue - withheld - amount.credit, 0)


def test_credits_used_up_by_something_else_first():
	credits = credits_of([item("PE 1", TODAY, -100), item("PE 2", TODAY, -300)], Decimal(2))
	assert [credit.amount for credit in less(credits, Decimal("2.5"))] == [Decimal("1.5"), Decimal(2)]
	assert less(credits, Decimal(6)) == []


def test_a_hold_is_for_what_credits_leave():
	day = TODAY - timedelta(10)
	items = [item("SI 1", day, 10000), item("SI 2", TODAY, 5000), item("PE", TODAY, -4000)]
	assert [(one.voucher.name, one.outstanding) for one in uncovered_items(items)] == [
		("SI 1", 60),
		("SI 2", 50),
	]


def test_a_credit_in_another_currency_pays_nothing():
	items = [item("SI 1", TODAY - timedelta(9), 100000), item("PE", TODAY, -90000, "EUR")]
	found = amounts_due(items, items, TODAY)
	assert (found[USD].net, found[EUR].net, found[EUR].credit) == (1000, 0, 900)
