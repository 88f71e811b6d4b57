"""The loop: overdue, reminded, promised, broken, held, disputed, paid, credited, and nothing left to do.

The story begins three weeks ago and ends today; each arrow is asserted.
"""

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from client_ledger.accounts.refresh import refresh_stale_customers
from client_ledger.accounts.stale import write_marks
from client_ledger.collections import disputes, follow_ups, nightly, promises, worklist
from client_ledger.dunning import runs
from client_ledger.grading import assessments
from client_ledger.holds.check import CreditHoldError
from tests.bench import factories as f
from tests.bench.collections.setting import COMPANY, REASON, ago, of, on, row
from tests.bench.dunning.setting import make_debtor, make_policy, notices

NAME = "Loop Customer"
DUE = ago(20)


@pytest.fixture
def rules():
	"""Broken promises hold; nothing else does, so that each arrow has one cause."""
	for name in frappe.get_all("Credit Rule", pluck="name"):
		rule = frappe.get_doc("Credit Rule", name)
		rule.update({"action": "Hold" if name == "Broken Promise" else "Off", "grade_actions": []})
		rule.save()
	frappe.db.set_single_value("Client Ledger Settings", "credit_checks", "Hold")
	frappe.clear_cache()


def jobs() -> None:
	"""What the workers do after a voucher."""
	write_marks()
	assert not refresh_stale_customers(then=nightly.after_refresh)


def night() -> None:
	"""The steps of the night that concern collections."""
	jobs()
	nightly.judge_all()
	assessments.assess_now(NAME, COMPANY)
	nightly.plan_follow_ups()


def reminders() -> list[str]:
	return [notice.state for notice in notices(NAME) if notice.kind != "Thanks"]


def test_the_loop(rules, mailbox):
	with on(ago(230)):
		make_debtor(NAME)
	for i in range(6):
		day = ago(220 - 25 * i)
		with on(day):
			invoice = f.make_invoice(NAME, 900, day, due_date=add_days(day, 10))
			f.pay(invoice, add_days(day, 10 if i else 12))
	with on(ago(50)):
		invoice = f.make_invoice(NAME, 1000, ago(50), due_date=DUE)
	with on(ago(19)):
		night()
		before = of(NAME)
		assert before.credit_grade in ("A", "B", "C") and before.overdue == 1000

	# overdue -> reminder sent
	with on(ago(16)):
		make_policy("Loop Policy", steps=({"days": 3}, {"days": 6, "wait_days": 2}), customers=[NAME])
		runs.work(f"{ago(16)} 10:00:00", in_process=True)
		assert reminders() in (["Sending"], ["Sent"])
		night()
		assert worklist.of_customer(NAME, COMPANY)["off"] is None

	# call logged, promise taken -> reminders wait, nobody need call
	with on(ago(15)):
		promise = promises.take(
			NAME, COMPANY, [row(invoice)], [{"due_date": ago(8), "amount": 1000}], grace_days=2
		)
		call = follow_ups.log(NAME, COMPANY, "Promised", promise=promise.name)
		assert call.workflow_state == "Done" and of(NAME).promised == 1000
		assert worklist.of_customer(NAME, COMPANY)["off"] in ("Contacted today", "Promise running")
	with on(ago(12)):
		runs.work(f"{ago(12)} 10:00:00", in_process=True)
		assert len([state for state in reminders() if state in ("Sent", "Sending")]) == 1
		assert worklist.of_customer(NAME, COMPANY)["off"] == "Promise running"

	# date passes unpaid -> promise broken, a follow-up, grade falls
	with on(ago(7)):
		assert not nightly.decide([NAME])
	with on(ago(5)):
		night()
		promise.reload()
		assert promise.state == "Broken"
		after = of(NAME)
		assert after.broken_promises == 1 and after.credit_score < before.credit_score
		assert after.credit_grade > before.credit_grade
		made = frappe.get_doc("Follow Up", {"customer": NAME, "source": "Broken Promise"})
		assert made.source_name == promise.name and made.workflow_state == "Open"
		today = worklist.of_customer(NAME, COMPANY)
		assert {"Broken promise", "Follow-up due"} <= {reason["rule"] for reason in today["reasons"]}

	# a new order is held
	with on(ago(4)):
		order = f.make_order(NAME, 50, ago(4), submit=False)
		with pytest.raises(CreditHoldError, match="promises to pay were broken"):
			order.submit()
		order = frappe.get_doc("Sales Order", order.name)
		hold = frappe.get_doc("Credit Hold", {"reference_name": order.name, "status": "On Hold"})

	# part of it is disputed -> only the rest is chased
	with on(ago(3)):
		dispute = disputes.open_dispute(NAME, COMPANY, [row(invoice, 150)], REASON)
		follow_ups.log(NAME, COMPANY, "Disputed", follow_up=made.name, dispute=dispute.name)
		jobs()
		assert of(NAME).disputed == 150
		assert frappe.db.get_value("Credit Hold", hold.name, "status") == "On Hold"

	# the rest is paid -> the hold is released by itself
	with on(ago(2)):
		f.pay(invoice, ago(2), 850)
		jobs()
		assert frappe.db.get_value("Credit Hold", hold.name, "status") == "Cleared"
		assert worklist.of_customer(NAME, COMPANY)["off"] == "All that is overdue is in dispute"
		order = frappe.get_doc("Sales Order", order.name)
		order.submit()

	# the dispute ends by a credit note -> grade recovers, nothing is left to do
	with on(ago(1)):
		note = f.make_credit_note(invoice.name, 150, ago(1))
		dispute.reload()
		assert (dispute.state, dispute.credit_note) == ("Credited", note.name)
	with on(nowdate()):
		night()
		account = of(NAME)
		assert account.overdue == 0 and account.disputed == 0
		assert account.credit_score > after.credit_score and account.credit_grade < after.credit_grade
		assert worklist.of_customer(NAME, COMPANY)["off"] == "Nothing overdue"
		assert not frappe.db.count("Follow Up", {"customer": NAME, "workflow_state": ("not in", ("Done", "Cancelled"))})
		runs.work(f"{nowdate()} 10:00:00", in_process=True)
		assert len([state for state in reminders() if state in ("Sent", "Sending")]) == 1
		assert getdate(account.last_payment_date) == getdate(ago(2))
