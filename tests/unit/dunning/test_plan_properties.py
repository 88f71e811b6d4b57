"""What holds for every plan, whatever is open and whatever the policy: searched for by examples that break it."""

import copy
from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from client_ledger.core.dunning.plan import DunningHistory, Reached, plan
from client_ledger.core.dunning.replay import reach, replay
from client_ledger.core.outbox.calendar import Hours
from tests.unit.dunning import oracle
from tests.unit.dunning.cases import ADA, bills, day, drive, item, past, policies

SPAN = 150
DAYS = [day(n) for n in range(SPAN)]


def summary(sent):
	return [
		(today, notice.step.number, tuple(sorted(line.key.voucher.name for line in notice.lines)))
		for today, notice in sent
	]


@given(bills(), policies())
@settings(max_examples=150, deadline=None)
def test_the_plan_is_what_going_through_every_day_by_hand_gives(found, drawn):
	policy, rules = drawn
	assert summary(drive(found, policy, DAYS)) == oracle.run(copy.deepcopy(found), rules, DAYS)


@given(bills(), policies(limited=True), st.sets(st.integers(0, SPAN), max_size=40))
@settings(max_examples=150, deadline=None)
def test_the_replay_is_what_going_through_every_day_by_hand_gives(found, drawn, closed):
	policy, rules = drawn
	holidays = {day(n) for n in closed}
	rules.closed = holidays
	got = replay(
		[past(bill) for bill in found], policy, DAYS[0], DAYS[-1], Hours(holidays=frozenset(holidays))
	)
	messages = [
		(m.day, m.step.number, tuple(sorted(line.key.voucher.name for line in m.lines))) for m in got.messages
	]
	assert messages == oracle.run(copy.deepcopy(found), rules, DAYS)


@given(bills(), policies(), st.sets(st.integers(0, SPAN - 1)))
@settings(max_examples=100, deadline=None)
def test_whatever_days_are_left_out(found, drawn, left_out):
	"""At most one message a day, every level in turn, nothing about what is paid, nothing before its time."""
	policy, _rules = drawn
	sent = drive(found, policy, [d for d in DAYS if (d - DAYS[0]).days not in left_out])
	assert max(Counter(today for today, _n in sent).values(), default=0) <= 1
	by_name = {bill.name: bill for bill in found}
	levels = defaultdict(list)
	for today, notice in sent:
		assert len({line.key for line in notice.lines}) == len(notice.lines)
		assert notice.as_of <= today
		assert notice.base_total >= notice.step.minimum
		for line in notice.lines:
			bill = by_name[line.key.voucher.name]
			assert line.amount == bill.open(today) > 0
			assert line.due_since <= today
			assert (today - bill.due).days >= line.step.days
			if line.step.is_courtesy:
				assert today <= bill.due
				assert line.level == line.previous == 0
			else:
				levels[line.key].append((line.level, today, line.step))
	for reached in levels.values():
		assert [level for level, _day, _step in reached] == list(range(1, len(reached) + 1))
		for (_l, before, _s), (_level, after, step) in pairwise(reached):
			assert (after - before).days >= step.wait


@given(bills(), policies(courtesy=False), st.integers(0, 60), st.integers(1, 40))
@settings(max_examples=50, deadline=None)
def test_an_outage_loses_no_step(found, drawn, start, length):
	"""With time enough afterwards, every item has reached the level it would have without the outage."""
	policy, _rules = drawn
	never_paid = [oracle.Bill(b.name, b.posted, b.due, [(b.posted, 900)]) for b in found]
	span = [day(n) for n in range(600)]
	up = [d for d in span if not start <= (d - DAYS[0]).days < start + length]

	def levels(sent):
		return {line.key: line.level for _today, notice in sent for line in notice.lines}

	assert levels(drive(never_paid, policy, up)) == levels(drive(never_paid, policy, span))


@given(bills(), policies(), st.integers(0, SPAN))
@settings(max_examples=100, deadline=None)
def test_planning_twice_gives_the_same_key_and_after_sending_nothing(found, drawn, today):
	policy, _rules = drawn
	today = day(today)
	items = [
		item(b.name, (b.due - DAYS[0]).days, b.open(today), posted=(b.posted - DAYS[0]).days)
		for b in found
		if b.posted <= today
	]
	policies_of = {("Ada", "Testers"): policy}
	first = plan(items, policies_of, DunningHistory(), (), today)
	again = plan(list(reversed(items)), policies_of, DunningHistory(), (), today)
	assert [n.key for n in first] == [n.key for n in again]
	reached = {
		line.key: reach(Reached(), line, today)
		for notice in first
		if not notice.reason
		for line in notice.lines
	}
	sent = {ADA: today} if reached else {}
	after = plan(items, policies_of, DunningHistory(reached, sent), (), today)
	if reached:
		assert after == []
		for later in range(1, policy.gap):
			assert (
				plan(items, policies_of, DunningHistory(reached, sent), (), today + timedelta(days=later))
				== []
			)
