"""Policies, items and customers for the tests of dunning, and a driver that plans and sends day by day."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from client_ledger.core.dunning.plan import DueItemKey, DunningHistory, Notice, Reached, plan
from client_ledger.core.dunning.policy import Policy, Step
from client_ledger.core.dunning.replay import PastItem, reach
from client_ledger.core.entries import SALES_INVOICE, Voucher
from client_ledger.core.open_items import OpenItem
from client_ledger.core.outbox.calendar import Hours
from client_ledger.core.outbox.message import Channel, Party
from client_ledger.core.outbox.verdict import Budget
from tests.unit.dunning import oracle

DAY = date(2026, 3, 2)
ADA = Party("Ada", "Testers", "USD")


def day(number: int) -> date:
	return DAY + timedelta(days=number)


def step(number: int, days: int, wait: int = 7, minimum: int = 0, **fields) -> Step:
	return Step(number, days, wait if number > 1 else fields.pop("first_wait", 0), Decimal(minimum), **fields)


def policy(*days: int, wait: int = 7, gap: int = 1, minimum: int = 0, **fields) -> Policy:
	"""Return a policy with one step per number of days."""
	steps = tuple(step(i, n, wait, minimum) for i, n in enumerate(days, 1))
	return Policy("Test", 1, steps, gap=gap, **fields)


def voucher(name: str) -> Voucher:
	return Voucher(SALES_INVOICE, name)


def item(name: str, due: int, amount: int = 100, party: Party = ADA, posted: int | None = None) -> OpenItem:
	"""Return an open item due on a day by number; a negative amount is a receipt not set against anything."""
	posting = day(due - 30 if posted is None else posted)
	money = Decimal(amount)
	return OpenItem(
		party.company, party.customer, "Debtors", party.currency, voucher(name), posting, day(due),
		money, money, money, money,
	)  # fmt: skip


def key(name: str, due: int) -> DueItemKey:
	return DueItemKey(voucher(name), day(due))


def planned(
	items: Iterable[OpenItem],
	policy: Policy,
	today: int = 0,
	reached: dict[DueItemKey, Reached] | None = None,
	claims=(),
	bank=None,
	**history,
) -> Notice | None:
	"""Return the notice to Ada on a day by number."""
	facts = DunningHistory(reached or {}, **history)
	found = plan(items, {("Ada", "Testers"): policy}, facts, claims, day(today), bank)
	assert len(found) <= 1
	return found[0] if found else None


def past(bill: oracle.Bill, party: Party = ADA) -> PastItem:
	changes = tuple((since, Decimal(amount), Decimal(amount)) for since, amount in bill.open_from)
	return PastItem(party, DueItemKey(voucher(bill.name), bill.due), bill.posted, changes)


def drive(bills: Sequence[oracle.Bill], policy: Policy, days: Iterable[date]) -> list[Notice]:
	"""Plan on each of *days* and take every notice that may go as sent; return those, with `sent_on` by day."""
	reached: dict[DueItemKey, Reached] = {}
	last: dict[Party, date] = {}
	sent = []
	for today in days:
		items = [
			OpenItem(
				"Testers", "Ada", "Debtors", "USD", voucher(bill.name), bill.posted, bill.due,
				Decimal(bill.open(today)), Decimal(bill.open(today)),
				Decimal(bill.open(today)), Decimal(bill.open(today)),
			)
			for bill in bills
			if bill.posted <= today
		]  # fmt: skip
		found = plan(items, {("Ada", "Testers"): policy}, DunningHistory(reached, last), (), today)
		for notice in found:
			if not notice.reason:
				sent.append((today, notice))
				last[notice.party] = today
				for line in notice.lines:
					reached[line.key] = reach(reached.get(line.key, Reached()), line, today)
	return sent


@st.composite
def policies(draw, courtesy: bool = True, limited: bool = False) -> tuple[Policy, oracle.Rules]:
	"""Draw a policy, and the same for the oracle."""
	levels = sorted(draw(st.sets(st.integers(0, 60), min_size=1, max_size=4)))
	before = sorted(draw(st.sets(st.integers(-10, -1), max_size=2))) if courtesy else []
	rows = []
	for i, days in enumerate([*before, *levels]):
		wait = draw(st.integers(1, 20)) if i else 0
		rows.append((days, wait, draw(st.sampled_from([0, 0, 50, 500]))))
	gap = draw(st.integers(1, 9))
	budget = draw(st.none() | st.tuples(st.integers(1, 3), st.integers(1, 30))) if limited else None
	steps = tuple(
		Step(number, days, wait, Decimal(minimum), Channel.EMAIL)
		for number, (days, wait, minimum) in enumerate(rows, 1)
	)
	found = Policy("Drawn", 1, steps, gap=gap, budget=Budget(*budget) if budget else Budget())
	return found, oracle.Rules(rows, gap, budget)


@st.composite
def bills(draw, most: int = 5) -> list[oracle.Bill]:
	"""Draw invoices of one customer: partly paid, paid before or after the due date, or never."""
	found = []
	for i in range(draw(st.integers(1, most))):
		posted = draw(st.integers(0, 60))
		due = posted + draw(st.integers(0, 45))
		amount = draw(st.integers(1, 400))
		changes = [(day(posted), amount)]
		at = posted
		for _ in range(draw(st.integers(0, 2))):
			at += draw(st.integers(0, 60))
			amount = draw(st.integers(0, amount))
			changes.append((day(at), amount))
		found.append(oracle.Bill(f"SI {i}", day(posted), day(due), changes))
	return found


HOURS = Hours()
