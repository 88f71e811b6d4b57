"""Payments that customers announce: what they pause, how they end, and what is refused."""

import frappe
import pytest
from frappe.utils import add_days, flt, getdate, nowdate

from client_ledger.collections import amounts_due
from client_ledger.core.dunning.plan import DunningReason
from client_ledger.receipts import advice_status, advices, applying
from tests.bench import factories as f
from tests.bench.collections.setting import on
from tests.bench.dunning.setting import make_debtor, make_policy
from tests.bench.dunning.test_sending import work
from tests.bench.receipts.setting import COMPANY, ago, deposit, outstanding, owing, proposed, use

pytestmark = pytest.mark.every_version


def announce(customer, amount, invoices=None, day=None, reference="", **more):
	name = advices.announce(
		customer, COMPANY, "USD", amount, day or nowdate(), reference, invoices or {}, **more
	)
	return frappe.get_doc("Remittance Advice", name)


def asked(customer):
	((_currency, due),) = amounts_due.of_customer(customer, COMPANY)
	return float(due.net), float(due.withheld)


def test_it_pauses_exactly_what_it_covers():
	first, second = owing("Announced Pause", 100, 60)
	assert asked("Announced Pause") == (160, 0)
	doc = announce("Announced Pause", 100, {first.name: None}, declared_by="Ms Lee, buyer")
	assert (doc.status, doc.declared_by, str(doc.pause_until)) == (
		"Announced",
		"Ms Lee, buyer",
		add_days(nowdate(), 5),
	)
	assert asked("Announced Pause") == (60, 100)
	claims = amounts_due.read_spoken_for(_items("Announced Pause"), getdate()).claims(
		_items("Announced Pause")
	)
	assert [(claim.voucher.name, claim.reason) for claim in claims] == [(first.name, DunningReason.ANNOUNCED)]
	assert outstanding(first, second) == [100, 60]


def test_part_of_an_invoice_and_none_named():
	first, second = owing("Announced Part", 100, 60)
	doc = announce("Announced Part", 130)
	assert [(row.sales_invoice, row.amount, row.is_assumed) for row in doc.invoices] == [
		(first.name, 100, 1),
		(second.name, 30, 1),
	]
	assert asked("Announced Part") == (30, 130)
	assert advices.of_customer("Announced Part", COMPANY)[0]["invoices"] == []


def test_withdrawn_reminders_go_on():
	(first,) = owing("Announced Withdrawn", 100)
	doc = announce("Announced Withdrawn", 100, {first.name: 100})
	advices.withdraw(doc.name, "cheque lost")
	assert asked("Announced Withdrawn") == (100, 0)
	with pytest.raises(frappe.ValidationError, match="cannot be withdrawn"):
		advices.withdraw(doc.name)


def test_a_reminder_waits_and_goes_out_when_the_money_does_not_come(mailbox):
	make_debtor("Announced Reminder")
	invoice = f.make_invoice("Announced Reminder", 200, ago(40), due_date=ago(10))
	make_policy(customers=["Announced Reminder"])
	doc = announce("Announced Reminder", 200, {invoice.name: None})
	work()
	assert not frappe.db.exists("Ledger Notice", {"customer": "Announced Reminder", "status": "Sending"})
	work(6)
	found = frappe.get_all("Ledger Notice", {"customer": "Announced Reminder"}, ["status", "reason"])
	assert "Sending" in [row.status for row in found], found
	assert doc.name


def test_not_received_is_raised_once_and_later_matched():
	(invoice,) = owing("Announced Missed", 100)
	user = f.make_user("announced-owner@example.com", ["Credit Controller"]).name
	use(receipts_responsible=user)
	doc = announce("Announced Missed", 100, {invoice.name: None}, reference="TT-55123")
	assert not advice_status.settle(["Announced Missed"])
	with on(add_days(nowdate(), 6)):
		assert advice_status.settle(["Announced Missed"]) == [doc.name]
		assert not advice_status.settle(["Announced Missed"])
	doc.reload()
	follow_up = frappe.get_doc("Follow Up", doc.follow_up)
	assert (doc.status, follow_up.responsible, follow_up.source) == (
		"Not Received",
		user,
		"Remittance Advice",
	)
	assert frappe.db.exists(
		"ToDo", {"reference_name": follow_up.name, "allocated_to": user, "status": "Open"}
	)
	assert frappe.db.exists("Notification Log", {"document_name": follow_up.name, "for_user": user})
	# Announced again it pauses nothing.
	again = announce("Announced Missed", 100, {invoice.name: None}, reference="TT-55124")
	assert getdate(again.pause_until) < getdate()
	assert asked("Announced Missed") == (100, 0)
	advices.withdraw(again.name)
	money = deposit(100, "incoming TT-55123", bank_party_name="Somebody Else Entirely")
	proposal = proposed(money)
	assert (proposal.found_by, proposal.customer, proposal.remittance_advice) == (
		"Remittance Advice",
		"Announced Missed",
		doc.name,
	)
	applying.apply(proposal.name)
	doc.reload()
	assert (doc.status, doc.received, doc.receipt) == ("Matched", 100, money.name)
	assert outstanding(invoice) == [0]
	assert frappe.db.get_value("Follow Up", follow_up.name, "workflow_state") == "Cancelled"


def test_money_at_the_bank_is_not_taken_off_twice():
	first, second = owing("Announced at Bank", 100, 60)
	doc = announce("Announced at Bank", 100, {first.name: None})
	money = deposit(100, first.name, party_type="Customer", party="Announced at Bank")
	proposed(money)
	advice_status.settle(["Announced at Bank"])
	doc.reload()
	assert (doc.status, doc.receipt) == ("Received", money.name)
	assert asked("Announced at Bank") == (60, 100)
	with on(add_days(nowdate(), 30)):
		advice_status.settle(["Announced at Bank"])
		assert frappe.db.get_value("Remittance Advice", doc.name, "status") == "Received"
	assert second.name


def test_a_payment_booked_and_allocated_matches():
	(invoice,) = owing("Announced Booked", 100)
	doc = announce("Announced Booked", 100)
	payment = f.make_payment("Announced Booked", 100)
	advice_status.settle(["Announced Booked"])
	assert doc.reload().status == "Received"
	assert asked("Announced Booked")[0] == 0
	proposal = proposed(payment)
	applying.apply(proposal.name)
	advice_status.settle(["Announced Booked"])
	doc.reload()
	assert (doc.status, doc.receipt, outstanding(invoice)) == ("Matched", payment.name, [0])


def test_a_cancelled_payment_is_waited_for_again():
	owing("Announced Cancelled", 100)
	doc = announce("Announced Cancelled", 100)
	payment = f.make_payment("Announced Cancelled", 100)
	advice_status.settle(["Announced Cancelled"])
	assert doc.reload().status == "Received"
	payment.reload().cancel()
	advice_status.settle(["Announced Cancelled"])
	doc.reload()
	assert (doc.status, doc.receipt, flt(doc.received)) == ("Announced", None, 0)


@pytest.mark.parametrize(
	("change", "said"),
	[
		({"amount": 0}, "greater than 0"),
		({"amount": -5}, ""),
		({"day": add_days(nowdate(), 60)}, "must be between"),
		({"day": add_days(nowdate(), -200)}, "must be between"),
		({"invoices": {"NO-SUCH": 5}}, ""),
		({"amount": 50}, "but only"),
	],
)
def test_what_cannot_be_is_refused(change, said):
	(invoice,) = owing("Announced Wrong", 100)
	given = {"amount": 100, "invoices": {invoice.name: None}, **change}
	with pytest.raises((frappe.ValidationError, frappe.LinkValidationError), match=said):
		announce("Announced Wrong", **given)


def test_another_customers_invoice_another_currency_and_twice_are_refused():
	(own,) = owing("Announced Own", 100)
	(foreign,) = owing("Announced Foreign", 100)
	with pytest.raises(frappe.ValidationError, match="is not an open item"):
		announce("Announced Own", 100, {foreign.name: None})
	with pytest.raises(frappe.ValidationError, match="is in USD"):
		advices.announce("Announced Own", COMPANY, "EUR", 100, nowdate(), "", {own.name: None})
	announce("Announced Own", 100, {own.name: None})
	with pytest.raises(frappe.ValidationError, match="announced already"):
		announce("Announced Own", 100, {own.name: None})
	with pytest.raises(frappe.ValidationError, match="not announced yet"):
		announce("Announced Own", 100, {own.name: None}, reference="another")


def test_what_was_announced_cannot_be_changed():
	(invoice,) = owing("Announced Fixed", 100)
	doc = announce("Announced Fixed", 100, {invoice.name: None})
	doc.amount = 90
	with pytest.raises(frappe.ValidationError, match="cannot be changed"):
		doc.save()


def _items(customer):
	from client_ledger.ledger.reader import Scope
	from client_ledger.ledger.site import site_ledger

	return site_ledger().open_items(Scope((COMPANY,), (customer,)), getdate())
