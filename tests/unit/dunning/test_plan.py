"""The plan by example: what is due, what is not asked for, what a missed day costs."""

from datetime import date
from decimal import Decimal

import pytest

from client_ledger.core.dunning.missed import missed_steps
from client_ledger.core.dunning.plan import Claim, DunningHistory, DunningReason, Reached, plan
from client_ledger.core.dunning.policy import PolicyChoice, Step, check_steps, choose
from client_ledger.core.outbox.message import Channel, Party
from tests.unit.dunning.cases import ADA, day, item, key, planned, policy, step, voucher

GENTLE = policy(-3, 3, 14, 30)


def names(notice) -> list[str]:
	return [line.key.voucher.name for line in notice.lines]


def test_one_notice_holds_everything_due_and_is_written_as_its_furthest_step():
	reached = {key("SI 1", -20): Reached(1, day(-10))}
	notice = planned([item("SI 1", -20), item("SI 2", -5), item("SI 3", 20)], GENTLE, reached=reached)
	assert names(notice) == ["SI 1", "SI 2"]
	assert [(line.previous, line.level) for line in notice.lines] == [(1, 2), (0, 1)]
	assert notice.step.number == 3
	assert notice.total == 200


def test_an_old_item_of_a_new_policy_begins_with_the_first_level():
	notice = planned([item("SI 1", -400), item("SI 2", -90)], GENTLE)
	assert [line.level for line in notice.lines] == [1, 1]
	assert notice.step.number == 2


def test_currencies_and_companies_get_notices_of_their_own():
	euro, other = Party("Ada", "Testers", "EUR"), Party("Ada", "Others", "USD")
	items = [item("SI 1", -5), item("SI 2", -5, party=euro), item("SI 3", -5, party=other)]
	found = plan(items, {("Ada", "Testers"): GENTLE, ("Ada", "Others"): GENTLE}, DunningHistory(), (), day(0))
	assert {notice.party for notice in found} == {ADA, euro, other}


def test_a_customer_without_a_policy_is_left_alone():
	assert plan([item("SI 1", -5)], {}, DunningHistory(), (), day(0)) == []


@pytest.mark.parametrize(
	("due", "today", "number"), [(3, 0, 1), (1, 0, 1), (0, 0, 1), (4, 0, None), (-1, 0, None), (-3, 0, 2)]
)
def test_a_courtesy_lapses_with_the_due_date(due, today, number):
	notice = planned([item("SI 1", due)], GENTLE, today)
	assert (notice.step.number if notice else None) == number


def test_a_step_of_no_days_is_due_on_the_due_date():
	assert planned([item("SI 1", 0)], policy(0)).step.number == 1
	assert planned([item("SI 1", 1)], policy(0)) is None


def test_an_invoice_written_after_its_due_date_is_due_from_the_day_it_was_written():
	assert planned([item("SI 1", -20, posted=-2)], GENTLE).as_of == day(-2)


def test_a_missed_day_is_made_up_as_of_its_date():
	assert planned([item("SI 1", -20)], GENTLE).as_of == day(-17)
	gone = {key("SI 1", -20): Reached(1, day(-17))}
	assert planned([item("SI 1", -20)], GENTLE, reached=gone, last_message={ADA: day(-17)}).as_of == day(-6)


def test_the_next_step_waits_from_the_last_that_really_arrived():
	reached = {key("SI 1", -60): Reached(1, day(-3))}
	assert planned([item("SI 1", -60)], GENTLE, reached=reached) is None
	assert planned([item("SI 1", -60)], GENTLE, today=4, reached=reached).step.number == 3


def test_the_gap_holds_for_the_customer_whatever_the_item():
	spaced = policy(0, 14, gap=5)
	assert planned([item("SI 1", 0)], spaced, last_message={ADA: day(-4)}) is None
	found = planned([item("SI 1", 0)], spaced, today=1, last_message={ADA: day(-4)})
	assert found.as_of == day(1)


def test_after_a_rejection_it_comes_back_on_the_day_named():
	assert planned([item("SI 1", -9)], GENTLE, not_before={ADA: day(1)}) is None
	assert planned([item("SI 1", -9)], GENTLE, today=1, not_before={ADA: day(1)}).as_of == day(1)


def test_receipts_pay_the_oldest_first_and_no_line_is_left_out():
	items = [item("SI 1", -30), item("SI 2", -20), item("SI 3", -10, amount=40), item("PE 1", -1, -140)]
	notice = planned(items, GENTLE)
	assert names(notice) == ["SI 1", "SI 2", "SI 3"] and not notice.withheld
	assert [int(line.to_pay) for line in notice.lines] == [0, 60, 40]
	assert (notice.items_total, notice.total, [int(credit.amount) for credit in notice.credits]) == (
		240,
		100,
		[140],
	)


def test_what_is_overdue_without_a_step_is_listed_and_counts():
	reached = {key("SI 1", -30): Reached(1, day(-1))}
	items = [item("SI 1", -30), item("SI 2", -10), item("SI 3", 5), item("PE 1", -1, -140)]
	notice = planned(items, GENTLE, reached=reached)
	assert names(notice) == ["SI 2"]
	assert [(other.key.voucher.name, other.level) for other in notice.listed] == [("SI 1", 1)]
	assert (notice.items_total, notice.total) == (200, 60)


def test_a_courtesy_asks_for_what_credits_leave_after_the_overdue():
	reached = {key("SI 1", -30): Reached(1, day(-1))}
	items = [item("SI 1", -30), item("SI 2", 3), item("PE 1", -1, -140)]
	notice = planned(items, policy(-3, 7, wait=20), reached=reached)
	assert (names(notice), notice.listed, notice.items_total, notice.total) == (["SI 2"], (), 100, 60)
	covered = [*items, item("PE 2", -1, -60)]
	assert planned(covered, policy(-3, 7, wait=20), reached=reached).reason is DunningReason.COVERED


def test_the_minimum_is_compared_with_what_credits_leave():
	small = policy(3, minimum=150)
	assert planned([item("SI 1", -30, 200), item("PE 1", -1, -50)], small).reason is None
	notice = planned([item("SI 1", -30, 200), item("PE 1", -1, -51)], small)
	assert notice.reason is DunningReason.UNDER_MINIMUM and notice.total == 149


def test_what_is_claimed_is_neither_listed_nor_paid_by_credits():
	claim = Claim("Ada", DunningReason.DISPUTED, day(-5), voucher=voucher("SI 1"))
	items = [item("SI 1", -30), item("SI 2", -10), item("PE 1", -1, -40)]
	notice = planned(items, GENTLE, claims=[claim])
	assert (names(notice), notice.listed, notice.total) == (["SI 2"], (), 60)


def test_receipts_that_cover_all_stop_the_notice():
	notice = planned([item("SI 1", -30), item("PE 1", -1, -100)], GENTLE)
	assert notice.reason is DunningReason.COVERED
	notice = planned([item("SI 1", -30), item("PE 1", -1, -60)], GENTLE, bank={ADA: Decimal(40)})
	assert notice.reason is DunningReason.BANK_RECEIPT
	assert planned([item("SI 1", -30), item("PE 1", -1, -60)], GENTLE, bank={ADA: Decimal(39)}).reason is None


def test_a_receipt_in_another_currency_covers_nothing():
	euro = Party("Ada", "Testers", "EUR")
	assert planned([item("SI 1", -30), item("PE 1", -1, -500, party=euro)], GENTLE).reason is None


def test_the_minimum_is_of_all_that_is_due_together():
	small = policy(3, minimum=150)
	assert planned([item("SI 1", -30)], small).reason is DunningReason.UNDER_MINIMUM
	assert planned([item("SI 1", -30), item("SI 2", -30)], small).reason is None


def test_a_dispute_takes_its_invoice_out_and_a_block_everything():
	items = [item("SI 1", -30), item("SI 2", -20)]
	dispute = Claim("Ada", DunningReason.DISPUTED, day(-5), None, None, voucher("SI 1"))
	notice = planned(items, GENTLE, claims=[dispute])
	assert names(notice) == ["SI 2"]
	block = Claim("Ada", DunningReason.BLOCKED, day(-5), day(3), "Testers")
	notice = planned(items, GENTLE, claims=[block])
	assert (notice.reason, notice.until) == (DunningReason.BLOCKED, day(4))
	assert planned(items, GENTLE, today=4, claims=[block]).reason is None
	elsewhere = block._replace(company="Others")
	assert planned(items, GENTLE, claims=[elsewhere]).reason is None


def test_a_promise_that_is_broken_lets_the_dunning_go_on():
	promise = Claim("Ada", DunningReason.PROMISED, day(-5), day(0), None, voucher("SI 1"))
	assert planned([item("SI 1", -30)], GENTLE, claims=[promise]).reason is DunningReason.PROMISED
	assert planned([item("SI 1", -30)], GENTLE, today=1, claims=[promise]).reason is None


def test_what_an_outage_costs_is_on_record():
	policies = {("Ada", "Testers"): GENTLE}
	history = DunningHistory(planned_through=day(-20))
	found = missed_steps([item("SI 1", -18), item("SI 2", -1)], policies, history, day(0))
	assert [(m.as_of, m.step.number) for m in found[ADA]] == [(day(-4), 1), (day(-4), 3)]
	assert planned([item("SI 1", -18)], GENTLE, planned_through=day(-20)).as_of == day(-15)
	yesterday = DunningHistory(planned_through=day(-1))
	assert missed_steps([item("SI 1", -18)], policies, yesterday, day(0)) == {}
	assert missed_steps([item("SI 1", -18)], policies, DunningHistory(), day(0)) == {}


def test_month_ends_and_leap_days():
	leap = date(2028, 2, 29)
	due = item("SI 1", (leap - day(0)).days)
	assert planned([due], policy(1), (date(2028, 3, 1) - day(0)).days).as_of == date(2028, 3, 1)
	assert planned([due], policy(365), (date(2029, 2, 28) - day(0)).days).as_of == date(2029, 2, 28)
	january = item("SI 2", (date(2027, 1, 31) - day(0)).days)
	assert planned([january], policy(30), (date(2027, 3, 1) - day(0)).days) is None
	assert planned([january], policy(30), (date(2027, 3, 2) - day(0)).days).as_of == date(2027, 3, 2)


@pytest.mark.parametrize(
	("steps", "faults"),
	[
		([], [(0, "none")]),
		([step(1, -3), step(2, 3), step(3, 10)], []),
		([step(1, 3), step(2, 3)], [(2, "order")]),
		([step(1, 3), step(2, 2)], [(2, "order")]),
		([step(1, 3), step(2, 9, wait=0)], [(2, "wait")]),
		([step(1, -3), step(2, 0, wait=0), step(3, 9, wait=1)], []),
		([step(1, 3, minimum=-1)], [(1, "negative")]),
		([step(1, 3, channel=Channel.HAND_OVER)], [(1, "hand_over")]),
		([step(1, -3, formal=True), step(2, 5)], [(1, "formal")]),
	],
)
def test_faults_of_steps_name_their_row(steps, faults):
	assert check_steps(steps) == faults


def test_a_level_follows_its_number_when_the_policy_changes():
	reached = {key("SI 1", -60): Reached(2, day(-30))}
	assert planned([item("SI 1", -60)], policy(5, 10, 15), reached=reached).step.number == 3
	assert planned([item("SI 1", -60)], policy(5, 10), reached=reached) is None


def test_steps_know_whether_they_are_levels():
	assert GENTLE.level_of(GENTLE.steps[0]) == 0
	assert GENTLE.level_of(GENTLE.steps[3]) == 3
	assert GENTLE.step_to(4) is None
	assert Step(1, -1).is_courtesy


def test_the_policy_closest_to_the_customer_is_chosen():
	everyone = PolicyChoice("Everyone")
	choices = [
		everyone,
		PolicyChoice("Shop", "Company", "Testers"),
		PolicyChoice("Retail", "Customer Group", "Retail"),
		PolicyChoice("All Groups", "Customer Group", "All"),
		PolicyChoice("Late", "Segment", "Late"),
		PolicyChoice("Weak", "Credit Grade", "E"),
		PolicyChoice("Ada's", "Customer", "Ada"),
		PolicyChoice("Ada's Own Here", "Customer", "Ada", "Testers"),
	]
	ada = {
		"Customer": ("Ada",),
		"Credit Grade": ("E",),
		"Segment": ("Late", "A"),
		"Customer Group": ("Retail", "All"),
	}
	found = []
	while (name := choose(choices, "Testers", ada)) is not None:
		found.append(name)
		choices = [choice for choice in choices if choice.policy != name]
	assert found == ["Ada's Own Here", "Ada's", "Weak", "Late", "Retail", "All Groups", "Shop", "Everyone"]
	assert choose([PolicyChoice("Elsewhere", None, None, "Others")], "Testers", ada) is None
