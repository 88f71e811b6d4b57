"""The past of an invoice in terms: each due date its own item, split as the open items of every day are."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.dunning.past import past_items
from client_ledger.core.dunning.replay import replay
from client_ledger.core.entries import BalanceKey, Entry, ReceivableAccount, Voucher
from client_ledger.core.open_items import Balance, Invoice, LedgerFacts, resolve
from client_ledger.core.terms import Term
from tests.unit.dunning.cases import day, policy

ACCOUNTS = {"Debtors": ReceivableAccount("Debtors", "Testers", "USD", "USD")}
BILL = Voucher("Sales Invoice", "SI 1")


def entry(on: int, amount: int, voucher: Voucher = BILL) -> Entry:
	money = Decimal(amount)
	return Entry(day(on), "Ada", "Debtors", voucher, BILL, money, money)


def invoice(amount: int, due: int) -> dict[str, Invoice]:
	money = Decimal(amount)
	return {"SI 1": Invoice("SI 1", day(0), day(due), "Ada", "Debtors", money, money)}


def term(due: int, amount: int, paid: int = 0) -> Term:
	money, done = Decimal(amount), Decimal(paid)
	return Term(day(due), f"In {due}", money, money, done, done)


def payment(on: int, amount: int, name: str = "PE 1") -> Entry:
	return entry(on, -amount, Voucher("Payment Entry", name))


def test_each_due_date_is_an_item_of_its_own_and_money_pays_the_oldest():
	terms = {"SI 1": [(date.min, [term(10, 60), term(40, 40)])]}
	items = past_items([entry(0, 100), payment(12, 70)], invoice(100, 40), ACCOUNTS, terms)
	assert [(i.key.due_date, [(d, int(a)) for d, a, _base in i.changes]) for i in items] == [
		(day(10), [(day(0), 60), (day(12), 0)]),
		(day(40), [(day(0), 40), (day(12), 30)]),
	]


def test_a_payment_that_names_a_term_pays_that_one():
	terms = {
		"SI 1": [(date.min, [term(10, 60), term(40, 40)]), (day(5), [term(10, 60), term(40, 40, paid=40)])]
	}
	first, second = past_items([entry(0, 100), payment(5, 40)], invoice(100, 40), ACCOUNTS, terms)
	assert first.settled_on is None
	assert second.settled_on == day(5)


def test_the_replay_reminds_of_each_term_when_it_is_due():
	terms = {"SI 1": [(date.min, [term(10, 60), term(40, 40)])]}
	items = past_items([entry(0, 100), payment(20, 60)], invoice(100, 40), ACCOUNTS, terms)
	found = replay(items, policy(3), day(0), day(90))
	assert [(m.day, int(m.base_total)) for m in found.messages] == [(day(13), 60), (day(43), 40)]
	whole = past_items([entry(0, 100), payment(20, 60)], invoice(100, 40), ACCOUNTS)
	assert [m.day for m in replay(whole, policy(3), day(0), day(90)).messages] == [day(43)]


@given(
	parts=st.lists(st.tuples(st.integers(1, 60), st.integers(1, 100)), min_size=2, max_size=4),
	payments=st.lists(st.tuples(st.integers(0, 90), st.integers(1, 150), st.booleans()), max_size=4),
)
def test_on_every_day_it_is_what_the_open_items_of_that_day_are(parts, payments):
	"""Some of what is paid names the first term, or is a credit note."""
	total = sum(amount for _due, amount in parts)
	entries = [entry(0, total)]
	for number, (on, amount, is_note) in enumerate(payments):
		voucher = (
			Voucher("Sales Invoice", f"CN {number}") if is_note else Voucher("Payment Entry", f"PE {number}")
		)
		entries.append(entry(on, -amount, voucher))
	named = [(on, min(amount, parts[0][1])) for on, amount, is_note in payments if not is_note][:1]

	def terms_on(number: int) -> list[Term]:
		paid = sum(amount for on, amount in named if on <= number)
		return [term(*part, paid=paid if place == 0 else 0) for place, part in enumerate(parts)]

	by_day = [(date.min, terms_on(-1)), *((day(on), terms_on(on)) for on, _amount in named)]
	bill = invoice(total, max(due for due, _amount in parts))
	items = past_items(entries, bill, ACCOUNTS, {"SI 1": by_day})
	key = BalanceKey("Ada", "Debtors", BILL)
	for number in range(0, 91, 3):
		until = [e for e in entries if e.posting_date <= day(number)]
		amount = sum(e.amount for e in until)
		facts = LedgerFacts(
			ACCOUNTS,
			[Balance(key, amount, amount)],
			bill,
			entries={key: until} if terms_on(number)[0].paid else {},
			terms={"SI 1": terms_on(number)},
		)
		owed: dict[date, Decimal] = {}
		for item in resolve(facts):
			if item.outstanding > 0:
				owed[item.due_date] = owed.get(item.due_date, Decimal(0)) + item.outstanding
		past = {item.key.due_date: item.open_on(day(number))[0] for item in items}
		assert {due: amount for due, amount in past.items() if amount} == owed
