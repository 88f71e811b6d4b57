"""A step that holds: the customer's next documents wait in the queue until it is paid, lifted or was never received."""

import frappe
import pytest
from frappe.utils import nowdate

from client_ledger import tasks
from client_ledger.collections import disputes
from client_ledger.credit.check import decisions
from client_ledger.dunning import api, tab
from client_ledger.outbox import delivery
from client_ledger.site.doctypes import LEDGER_NOTICE
from tests.bench import factories as f
from tests.bench.collections.setting import REASON
from tests.bench.dunning import smtp
from tests.bench.dunning.setting import COMPANY, ago, at, make_debtor, make_policy, notice, work
from tests.bench.dunning.smtp import flush
from tests.bench.held import CONTROLLER, SELLER, _clean, draft, held, hold_of, office, submit  # noqa: F401

_number = iter(range(1, 100))


@pytest.fixture(autouse=True)
def only_this_rule(scratch_site):
	"""Nothing else holds, so that each hold has one cause."""
	frappe.set_user("Administrator")
	for name in frappe.get_all("Credit Rule", {"name": ("!=", "Dunning Step")}, pluck="name"):
		frappe.db.set_value("Credit Rule", name, "enabled", 0)
	frappe.db.commit()
	frappe.clear_cache()


def debtor(*amounts: float, hold: int = 1) -> tuple[str, list]:
	"""Return a customer whose first step went out and whether it holds, with its invoices."""
	name = make_debtor(f"Step Hold {next(_number)}", language="en").name
	invoices = [f.make_invoice(name, amount, ago(40), due_date=ago(10)) for amount in amounts]
	make_policy(
		f"Policy of {name}", [{"days": 3, "hold": hold, "step_name": "Final Notice"}], customers=[name]
	)
	frappe.db.commit()
	work()
	frappe.db.commit()
	return name, invoices


def queue(name: str) -> None:
	"""What the workers do after a voucher."""
	frappe.set_user("Administrator")
	decisions.reevaluate_all([name])


@pytest.fixture
def jobs(monkeypatch) -> list[dict]:
	"""The jobs that check held documents again, which are queued; no worker of a test takes them."""
	found: list[dict] = []

	def enqueue(method, *arguments, **options):
		if method == "client_ledger.tasks.dunning_holds_lifted":
			found.append(options)
			return None
		return queued(method, *arguments, **options)

	queued = frappe.enqueue
	monkeypatch.setattr(frappe, "enqueue", enqueue)
	return found


def do_jobs(jobs: list[dict], name: str) -> None:
	"""Do the one about *name* as a worker does. Mails of the tests before may have been withdrawn with it."""
	assert [job["customers"] for job in jobs].count([name]) == 1
	tasks.dunning_holds_lifted([name])


def test_orders_deliveries_and_invoices_wait_until_it_is_paid(mailbox):
	name, (first, second) = debtor(100, 60)
	assert notice(name).holds
	for make in (f.make_order, f.make_delivery, f.make_invoice):
		hold = held(draft(name, 50, make=make))
		(reason,) = hold.reasons
		assert reason.rule == "Dunning Step"
		assert "Final Notice" in reason.message and "160.00" in reason.message
	f.pay(first, nowdate())
	frappe.db.commit()
	order = draft(name, 20)
	assert "60.00" in held(order).reasons[0].message
	f.pay(second, nowdate())
	frappe.db.commit()
	queue(name)
	assert hold_of(order, "Cleared")
	assert submit(order).docstatus == 1


def test_a_step_without_the_effect_holds_nothing(mailbox):
	name, _invoices = debtor(100, hold=0)
	assert not notice(name).holds
	assert submit(draft(name, 50)).docstatus == 1


def test_money_on_account_that_covers_it_ends_it(mailbox):
	name, _invoices = debtor(100)
	order = draft(name, 5000)
	held(order)
	f.make_payment(name, 100)
	frappe.db.commit()
	queue(name)
	assert hold_of(order, "Cleared")


def test_what_is_in_dispute_holds_nothing(mailbox):
	name, (first, second) = debtor(100, 60)
	rows = [{"voucher_type": "Sales Invoice", "voucher_no": first.name, "amount": 100}]
	disputes.open_dispute(name, COMPANY, rows, REASON)
	frappe.db.commit()
	order = draft(name, 50)
	assert "60.00" in held(order).reasons[0].message
	f.pay(second, nowdate())
	frappe.db.commit()
	queue(name)
	assert hold_of(order, "Cleared")


def test_other_companies_and_customers_are_not_held(mailbox):
	name, _invoices = debtor(100)
	other = make_debtor(f"Step Hold {next(_number)}").name
	f.make_company("Second Test Company")
	frappe.db.commit()
	assert submit(draft(other, 50)).docstatus == 1
	assert submit(draft(name, 50, company="Second Test Company")).docstatus == 1


def test_a_controller_lifts_it_with_a_reason_and_a_seller_does_not(mailbox):
	name, _invoices = debtor(100)
	order = draft(name, 50)
	held(order)
	row = notice(name).name
	frappe.set_user(SELLER)
	with pytest.raises(frappe.PermissionError):
		api.lift_holds([row], "Please")
	frappe.set_user(CONTROLLER)
	with pytest.raises(frappe.ValidationError):
		api.lift_holds([row], " ")
	assert tab.customer_view(name, COMPANY, [COMPANY])["holds"][0]["notice"] == row
	assert api.lift_holds([row], "They pay tomorrow") == 1
	lifted = frappe.get_doc(LEDGER_NOTICE, row)
	assert (lifted.hold_lifted_by, lifted.hold_lift_reason) == (CONTROLLER, "They pay tomorrow")
	assert lifted.hold_lifted_on
	assert api.lift_holds([row], "Once more") == 0
	assert hold_of(order, "Cleared")
	assert submit(order).docstatus == 1
	frappe.set_user("Administrator")
	assert tab.customer_view(name, COMPANY, [COMPANY])["holds"] == []


def test_what_bounced_has_told_nobody_and_holds_nothing(mailbox, jobs):
	name, _invoices = debtor(100)
	flush()
	delivery.update_delivery_status(at())
	assert notice(name).status == "Sent"
	order = draft(name, 50)
	held(order)
	frappe.set_user("Administrator")
	frappe.db.set_value("Communication", notice(name).communication, "delivery_status", "Bounced")
	delivery.update_delivery_status(at())
	frappe.db.commit()
	assert notice(name).status == "Failed"
	do_jobs(jobs, name)
	assert hold_of(order, "Cleared")


@pytest.mark.parametrize(
	("fault", "attempts", "reason"),
	[(smtp.UNKNOWN_RECIPIENT, 4, "Delivery Failed"), (smtp.LOST, 1, "Delivery Unknown")],
)
def test_what_nobody_received_as_far_as_is_known_holds_nothing(mailbox, jobs, fault, attempts, reason):
	"""Not only with the next payment, or in the night: at once."""
	name, _invoices = debtor(100)
	order = draft(name, 50)
	held(order)
	frappe.set_user("Administrator")
	mailbox.fault = lambda address: fault
	for _attempt in range(attempts):
		assert notice(name).status == "Sending"
		flush()
	delivery.update_delivery_status(at())
	frappe.db.commit()
	assert (notice(name).status, notice(name).reason) == ("Failed", reason)
	do_jobs(jobs, name)
	assert hold_of(order, "Cleared")


def test_what_is_withdrawn_before_it_is_sent_holds_nothing(mailbox, jobs):
	name, _invoices = debtor(100)
	order = draft(name, 50)
	held(order)
	frappe.set_user("Administrator")
	block = {"doctype": "Dunning Block", "customer": name, "from_date": ago(1), "reason": "Goodwill"}
	frappe.get_doc(block).insert()
	frappe.db.commit()
	flush()
	assert notice(name).taken_back and not mailbox.received
	do_jobs(jobs, name)
	assert hold_of(order, "Cleared")


def test_a_reminder_before_the_due_date_cannot_hold(mailbox):
	with pytest.raises(frappe.ValidationError, match="Row 1"):
		make_policy("Holds Too Soon", [{"days": -3, "hold": 1, "wait_days": 0}, {"days": 3}])


def test_where_checks_only_warn_the_policy_says_that_it_holds_nothing(mailbox):
	frappe.db.set_single_value("Client Ledger Settings", "credit_checks", "Warn")
	frappe.clear_cache()
	frappe.clear_messages()
	try:
		make_policy("Holds Nothing", [{"days": 3, "hold": 1}], mode="Off")
		assert any("Row 1 has no effect" in str(message) for message in frappe.get_message_log())
	finally:
		frappe.db.set_single_value("Client Ledger Settings", "credit_checks", "Hold")
		frappe.db.commit()
		frappe.clear_cache()
