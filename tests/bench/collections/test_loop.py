"""The loop: overdue, reminded, promised, broken, held, disputed, paid, credited, and nothing left to do.

Each arrow is asserted, at the clock of its own day.
"""

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from client_ledger import tasks
from client_ledger.accounts.refresh import refresh_stale_customers
from client_ledger.collections import disputes, follow_ups, worklist
from client_ledger.collections import jobs as nightly
from client_ledger.collections.promises.controller import take_promise
from client_ledger.credit.check.check import CreditHoldError
from client_ledger.credit.grades import assessments
from client_ledger.dunning import runs
from tests.bench import factories as f
from tests.bench.collections.setting import COMPANY, REASON, of, on, reconcile, row
from tests.bench.dunning.setting import make_debtor, make_policy, notices
from tests.bench.dunning.smtp import use
from tests.bench.held import submit

NAME = "Loop Customer"
# The story's last day, whatever the clock is set to.
TODAY = nowdate()


# Afterwards the customer pays in time, for so many days.
AFTERWARDS = 170


def ago(days: int) -> str:
	return add_days(TODAY, -AFTERWARDS - days)


DUE = ago(20)


@pytest.fixture
def story(scratch_site, kept_schema, mailbox):
	"""A site where broken promises hold and nothing else does, so that each arrow has one cause; with real commits."""
	use(mailbox)
	for name in frappe.get_all("Credit Rule", pluck="name"):
		frappe.db.set_value("Credit Rule", name, "action", "Hold" if name == "Broken Promise" else "Off")
	frappe.db.set_value("Credit Rule Action", {"action": ("!=", "Off")}, "action", "Off")
	frappe.db.set_single_value("Client Ledger Settings", "credit_checks", "Hold")
	frappe.db.commit()
	frappe.clear_cache()


def jobs() -> None:
	"""What the workers do after a voucher."""
	frappe.db.commit()
	assert not refresh_stale_customers(then=tasks.after_refresh)


def night() -> None:
	"""The steps of the night that concern collections."""
	jobs()
	nightly.settle_all_promises()
	assessments.assess_now(NAME, COMPANY)
	nightly.plan_follow_ups()


def reminders() -> list[str]:
	return [notice.status for notice in notices(NAME) if notice.kind != "Acknowledgement"]


def test_the_loop(story):
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
		promise = take_promise(
			NAME, COMPANY, [row(invoice)], [{"due_date": ago(8), "amount": 1000}], grace_days=2
		)
		call = follow_ups.log(NAME, COMPANY, "Promised", promise=promise.name)
		assert call.workflow_state == "Done" and of(NAME).promised == 1000
		assert worklist.of_customer(NAME, COMPANY)["off"] in ("Contacted Today", "Promise Open")
	with on(ago(12)):
		runs.work(f"{ago(12)} 10:00:00", in_process=True)
		assert len([state for state in reminders() if state in ("Sent", "Sending")]) == 1
		assert worklist.of_customer(NAME, COMPANY)["off"] == "Promise Open"

	# date passes unpaid -> promise broken, a follow-up, grade falls
	with on(ago(7)):
		assert not nightly.settle_promises([NAME])
	with on(ago(5)):
		night()
		promise.reload()
		assert promise.status == "Broken"
		after = of(NAME)
		assert after.broken_promises == 1 and after.credit_score < before.credit_score
		assert after.credit_grade > before.credit_grade
		made = frappe.get_doc("Follow Up", {"customer": NAME, "source": "Broken Promise"})
		assert made.source_name == promise.name and made.workflow_state == "Open"
		today = worklist.of_customer(NAME, COMPANY)
		assert {"Broken Promise", "Follow Up Due"} <= {reason["rule"] for reason in today["reasons"]}

	# a new order is held
	with on(ago(4)):
		order = f.make_order(NAME, 50, ago(4), submit=False)
		frappe.db.commit()
		with pytest.raises(CreditHoldError, match="Broken promises to pay"):
			submit(order, "Administrator")
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
		assert worklist.of_customer(NAME, COMPANY)["off"] == "All Overdue Items Disputed"
		submit(order, "Administrator")

	# the dispute ends by a credit note -> grade recovers, nothing is left to do
	with on(ago(1)):
		note = f.make_credit_note(invoice.name, 150, ago(1))
		dispute.reload()
		assert (dispute.status, dispute.credit_note) == ("Credited", note.name)
		# ERPNext keeps a credit note on account where the invoice was paid in part.
		reconcile(NAME)
	with on(ago(0)):
		night()
		account = of(NAME)
		assert account.overdue == 0 and account.disputed == 0
		assert worklist.of_customer(NAME, COMPANY)["off"] == "Nothing Overdue"
		left = {"customer": NAME, "workflow_state": ("not in", ("Done", "Cancelled"))}
		assert not frappe.db.count("Follow Up", left)
		runs.work(f"{ago(0)} 10:00:00", in_process=True)
		assert len([state for state in reminders() if state in ("Sent", "Sending")]) == 1
		assert getdate(account.last_payment_date) == getdate(ago(2))

	# it pays in time again -> the grade recovers
	for i in range(13):
		day = add_days(ago(0), 12 * i + 1)
		with on(day):
			f.pay(f.make_invoice(NAME, 900, day, due_date=add_days(day, 10)), add_days(day, 8))
	with on(TODAY):
		night()
		recovered = of(NAME)
		assert recovered.credit_score > after.credit_score
		assert recovered.credit_grade < after.credit_grade
		assert not frappe.db.count("Follow Up", left)
