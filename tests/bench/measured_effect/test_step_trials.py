"""Trials of steps in planning: who gets a step when, on record before anything is sent, and what still rules."""

import frappe
import pytest
from frappe.utils import add_days, nowdate

from client_ledger.dunning.planning.notice_writer import plan_customers
from client_ledger.measured_effect import actions, api, measuring
from client_ledger.site.doctypes import STEP_TRIAL, TRIAL_ASSIGNMENT
from client_ledger.site.documents import NotByHand
from tests.bench import factories as f
from tests.bench.dunning.setting import (
	COMPANY,
	ago,
	make_debtor,
	make_policy,
	notice,
	notices,
	work,
)
from tests.bench.dunning.smtp import flush
from tests.bench.measured_effect.setting import POLICY, arms, days_of, name_in, new_trial, started


@pytest.fixture
def policy(mailbox):
	make_debtor("Somebody")
	return make_policy(POLICY, customers=["Somebody"])


def in_policy(policy, *customers: str) -> None:
	policy.reload()
	for customer in customers:
		policy.append("scopes", {"applies_to": "Customer", "customer": customer})
	policy.save()


def two(policy, trial) -> tuple[str, str]:
	"""Return two customers, the first in the varied group, each with an invoice due today."""
	names = name_in(trial.name, True), name_in(trial.name, False)
	for name in names:
		make_debtor(name)
		f.make_invoice(name, 100, ago(30), due_date=ago(0))
	in_policy(policy, *names)
	return names


def test_a_step_comes_later_for_the_varied_group_and_the_notice_says_so(policy):
	trial = started(since=ago(5))
	varied, usual = two(policy, trial)
	for day in range(8):
		work(day)
		flush()
	assert days_of(notices(varied)) == [(1, ago(-6), "Varied")]
	assert days_of(notices(usual)) == [(1, ago(-3), "As Ever")]
	assert {one.trial for name in (varied, usual) for one in notices(name)} == {trial.name}
	assert arms(trial.name) == {varied: "Varied", usual: "As Ever"}
	assert (
		frappe.get_all(TRIAL_ASSIGNMENT, {"trial": trial.name}, pluck="assigned_on")
		== [frappe.utils.getdate()] * 2
	)


def test_a_step_comes_earlier_but_never_before_something_is_overdue(policy):
	trial = started(since=ago(5), days=-2)
	varied, usual = two(policy, trial)
	for day in range(5):
		work(day)
		flush()
	assert days_of(notices(varied)) == [(1, ago(-1), "Varied")]
	assert days_of(notices(usual)) == [(1, ago(-3), "As Ever")]


def test_another_channel_and_who_has_no_address_for_it(policy):
	trial = started(since=ago(5), days=0, channel="Call")
	varied, usual = two(policy, trial)
	work(3)
	assert (notice(varied).channel, notice(usual).channel) == ("Call", "Email")
	assert frappe.get_doc("Follow Up", notice(varied).follow_up).channel == "Call"
	assert notice(varied).status == "Sending"


def test_without_an_address_for_the_other_channel_the_usual_one_is_used(policy, mailbox):
	trial = started(since=ago(5), days=0, channel="Letter")
	varied, _usual = two(policy, trial)
	work(3)
	flush()
	assert len(mailbox.to(f"{frappe.scrub(varied)}@debtor.example")) == 1
	assert notice(varied).channel == "Email"


def test_wait_and_gap_still_hold(policy):
	"""The second step a week after the first, however early the trial would have it."""
	trial = started(since=ago(60), step=2, days=-6)
	varied, _usual = two(policy, trial)
	for day in range(3, 16):
		work(day)
		flush()
	# Usually 14 days after the due date, at least 7 after the first, which came on the 3rd.
	assert days_of(notices(varied)) == [(1, ago(-3), None), (2, ago(-10), "Varied")]


def test_a_block_and_a_payment_still_hold(policy):
	trial = started(since=ago(5))
	varied, usual = two(policy, trial)
	invoice = frappe.get_doc("Sales Invoice", {"customer": varied})
	f.make_payment(varied, 100, ago(0), against=[(invoice, 100)])
	frappe.get_doc(
		{
			"doctype": "Dunning Block",
			"customer": usual,
			"reason": "Goodwill",
			"from_date": ago(1),
			"until": ago(-30),
		}
	).insert()
	for day in range(8):
		work(day)
	assert not notices(varied)
	assert [one.reason for one in notices(usual)] == ["Dunning Blocked"]


def test_assigned_once_whatever_happens(policy):
	trial = started(since=ago(5))
	varied, usual = two(policy, trial)
	plan_customers(COMPANY, [varied, usual], frappe.utils.getdate())
	before = arms(trial.name)
	rows = frappe.get_all(TRIAL_ASSIGNMENT, {"trial": trial.name}, pluck="name", order_by="name")
	for day in range(3):
		plan_customers(COMPANY, [varied, usual], frappe.utils.getdate(add_days(nowdate(), day)))
	assert arms(trial.name) == before
	assert frappe.get_all(TRIAL_ASSIGNMENT, {"trial": trial.name}, pluck="name", order_by="name") == rows
	# Renamed to a name that the hash would put in the other group.
	other = name_in(trial.name, False, stem="Renamed")
	frappe.rename_doc("Customer", varied, other, force=True)
	for day in range(8):
		work(day)
	assert arms(trial.name) == {other: "Varied", usual: "As Ever"}
	assert days_of(notices(other)) == [(1, ago(-6), "Varied")]


def test_of_merged_customers_the_surviving_one_stays_in_its_group(policy):
	trial = started(since=ago(5))
	varied, usual = two(policy, trial)
	work()
	frappe.rename_doc("Customer", varied, usual, merge=True, force=True)
	assert arms(trial.name) == {usual: "As Ever"}
	assert frappe.db.get_value(TRIAL_ASSIGNMENT, {"customer": usual}, "merged").startswith(
		f"{varied}: Varied"
	)
	for day in range(8):
		work(day)
	assert days_of(notices(usual)) == [(1, ago(-3), "As Ever")]


def test_a_trial_that_ends_leaves_notices_as_they_were_moved(policy):
	trial = started(since=ago(5))
	varied, usual = two(policy, trial)
	f.make_invoice(varied, 50, ago(30), due_date=ago(-4))
	for day in range(4):
		work(day)
		flush()
	api.end_trial(trial.name, "Enough.")
	# As if it had been ended on the third day.
	frappe.db.set_value(STEP_TRIAL, trial.name, "until", ago(-3))
	for day in range(4, 14):
		work(day)
		flush()
	# What came due within the trial comes as it was moved, what came due later as ever.
	assert days_of(notices(varied)) == [(1, ago(-6), "Varied"), (1, ago(-7), None)]
	assert days_of(notices(usual)) == [(1, ago(-3), "As Ever")]
	# Nobody joins it any more.
	late = name_in(trial.name, True, stem="Late")
	make_debtor(late)
	f.make_invoice(late, 100, ago(30), due_date=ago(-10))
	in_policy(policy, late)
	work(13)
	assert late not in arms(trial.name)


def test_a_notice_planned_early_is_not_taken_back_when_the_trial_ends(policy):
	trial = started(since=ago(5), days=-2)
	varied, _usual = two(policy, trial)
	policy.reload()
	policy.mode = "Approve"
	policy.save()
	work(1)
	assert notice(varied).status == "Planned"
	api.end_trial(trial.name, "Enough.")
	frappe.db.set_value(STEP_TRIAL, trial.name, "until", ago(-1))
	work(2)
	assert (notice(varied).status, notice(varied).trial_arm) == ("Planned", "Varied")


# --- what is refused ---


@pytest.mark.parametrize(
	("step", "fields"),
	[
		({"formal": 1}, {}),
		({"hold": 1}, {}),
		({"stage": "Legal"}, {}),
		({"channel": "Referral", "escalate_to": "Credit Manager"}, {}),
	],
)
def test_a_legal_step_is_refused(policy, step, fields):
	make_policy(POLICY, customers=["Somebody"], steps=[{"days": 3}, {"days": 14, "wait_days": 7, **step}])
	with pytest.raises(frappe.ValidationError, match="is a legal step"):
		new_trial(step=2, **fields).insert()


def test_a_step_that_becomes_legal_ends_its_trial_and_is_varied_no_more(policy):
	trial = started(since=ago(5))
	varied, _usual = two(policy, trial)
	work()
	policy.reload()
	policy.steps[0].formal = 1
	policy.save()
	trial.reload()
	assert (trial.status, trial.end_reason) == ("Ended", actions.STEP_CHANGED)
	work(3)
	assert days_of(notices(varied))[-1] == (1, ago(-3), None)


@pytest.mark.parametrize(
	("fields", "said"),
	[
		({"share": 4}, "must be between 5 % and 50 %, not 4 %"),
		({"share": 60}, "must be between 5 % and 50 %"),
		({"days": 0}, "the same way"),
		({"days": 0, "channel": "Email"}, "the same way"),
		({"days": 20}, "by 14 days at most, not by 20"),
		({"step": 9}, "has no step 9. Choose one from 1 to 2."),
		({"days": 11}, "would pass the step next to it"),
		({"days": -3}, "before they are"),
		({"until": nowdate()}, "before it starts"),
		({"reason": " "}, "Enter a reason"),
	],
)
def test_what_cannot_be_tried_out_is_refused_in_words(policy, fields, said):
	with pytest.raises(frappe.ValidationError, match=said):
		new_trial(**fields).insert()


def test_a_reminder_before_the_due_date_stays_before_it(policy):
	make_policy(POLICY, customers=["Somebody"], steps=[{"days": -3}, {"days": 14}])
	with pytest.raises(frappe.ValidationError, match="would never be sent"):
		new_trial(days=3).insert()


def test_a_second_trial_of_the_step_is_refused(policy):
	one, other = new_trial().insert(), new_trial(title="Other", days=5).insert()
	actions.start(one.name)
	with pytest.raises(frappe.ValidationError, match=f"varied by {one.name} already from"):
		actions.start(other.name)
	with pytest.raises(frappe.ValidationError, match=f"varied by {one.name} already from"):
		new_trial(title="Third").insert()
	# Another step may be tried out at the same time.
	actions.start(new_trial(step=2).insert().name)


def test_a_trial_begins_after_today_and_is_changed_only_by_ending_it(policy):
	trial = new_trial(since=nowdate()).insert()
	assert trial.status == "Off"
	with pytest.raises(frappe.ValidationError, match="notices are planned already"):
		api.start_trial(trial.name)
	trial.since = add_days(nowdate(), 1)
	trial.save()
	api.start_trial(trial.name)
	trial.reload()
	assert (trial.status, trial.started_by, trial.step_name) == ("Running", "Administrator", "Step 1")
	trial.share = 20
	with pytest.raises(frappe.ValidationError, match="end it, and make another one"):
		trial.save()
	trial.reload()
	trial.status = "Off"
	with pytest.raises(NotByHand):
		trial.save()
	with pytest.raises(frappe.PermissionError, match="stays on record"):
		frappe.delete_doc(STEP_TRIAL, trial.name)
	with pytest.raises(frappe.ValidationError, match="begun already"):
		api.start_trial(trial.name)
	with pytest.raises(frappe.ValidationError, match="reason for ending"):
		api.end_trial(trial.name, " ")
	api.end_trial(trial.name, "Enough.")
	with pytest.raises(frappe.ValidationError, match="not running"):
		api.end_trial(trial.name, "Again.")


def test_an_assignment_is_not_made_by_hand(policy):
	trial = started()
	row = {"doctype": TRIAL_ASSIGNMENT, "trial": trial.name, "customer": "Somebody", "arm": "Varied"}
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc(row).insert()


def test_its_last_day_ends_it(policy):
	trial = started(since=ago(5), until=add_days(nowdate(), 2))
	frappe.db.set_value(STEP_TRIAL, trial.name, "until", ago(1))
	measuring.nightly(frappe.utils.getdate())
	trial.reload()
	assert (trial.status, trial.end_reason) == ("Ended", actions.LAST_DAY_OVER)
	assert (trial.verdict, str(trial.measured_on)) == ("Not Enough Yet", nowdate())
