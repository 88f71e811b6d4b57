"""What a customer was told is answered to the cent later, and what has changed since is explained by its vouchers."""

import frappe
import pytest
from frappe.utils import add_days, flt

from client_ledger.outbox import print_letters
from client_ledger.site.doctypes import CUSTOMER_STATEMENT
from client_ledger.statement_runs import api
from tests.bench import factories as f
from tests.bench.accounts import refused
from tests.bench.dunning.setting import COMPANY, make_debtor
from tests.bench.dunning.smtp import flush
from tests.bench.statements.setting import last_month, make_schedule, statement, statements, work

FROM, AS_OF = last_month()
NAME = "Kept Ada"


@pytest.fixture
def told(mailbox):
	"""A statement that was sent, and the invoices it named."""
	make_debtor(NAME, language="en")
	invoices = [f.make_invoice(NAME, amount, add_days(FROM, 2)) for amount in (100, 200, 300)]
	make_schedule(customers=(NAME,))
	work()
	flush()
	return invoices


def test_what_changed_since_is_explained_voucher_by_voucher(told):
	cancelled, redated, paid = told
	cancelled.reload()
	cancelled.cancel()
	f.amend(redated, set_posting_time=1, posting_date=add_days(AS_OF, 3), due_date=add_days(AS_OF, 30))
	late = f.make_invoice(NAME, 55.5, add_days(FROM, 9))
	payment = f.make_payment(NAME, 30, add_days(FROM, 10), against=[(paid, 30)])
	row = statement(NAME)
	assert (flt(row.closing), row.status) == (600, "Sent")
	found = api.stated_difference(row.name)
	changes = {change["name"]: change for change in found["changes"] if change["amount"]}
	assert {name: change["changes"] for name, change in changes.items()} == {
		cancelled.name: ["Cancelled Since"],
		redated.name: ["Redated"],
		late.name: ["Entered Since"],
		payment.name: ["Entered Since"],
	}
	(total,) = found["totals"]
	assert (total["before"], total["now"]) == (600, 325.5)
	assert flt(total["before"] + sum(change["amount"] for change in changes.values()), 2) == total["now"]
	assert "600.00" in api.stated_page(row.name)["html"]


def test_figures_changed_by_hand_are_not_told_as_kept(told):
	row = statement(NAME)
	figures = row.figures.replace("600.00", "500.00")
	frappe.db.set_value(CUSTOMER_STATEMENT, row.name, "figures", figures)
	with refused(match="no longer match their hash"):
		api.stated_page(row.name)


def test_a_mail_that_would_tell_otherwise_is_withdrawn_and_told_anew(mailbox):
	make_debtor(NAME, language="en")
	f.make_invoice(NAME, 100, add_days(FROM, 2))
	make_schedule(customers=(NAME,))
	work()
	f.make_invoice(NAME, 11, add_days(FROM, 3))
	flush()
	assert not mailbox.received
	row = statement(NAME)
	assert (row.status, row.figures) == ("Waiting", None)
	work()
	flush()
	assert len(mailbox.received) == 1
	assert (statement(NAME).status, flt(statement(NAME).closing)) == ("Sent", 111)


# --- letters ---


def test_who_has_no_mail_gets_a_letter(mailbox, assets):
	make_debtor(NAME, None, language="en")
	address = frappe.get_doc(
		{
			"doctype": "Address",
			"address_title": NAME,
			"address_type": "Billing",
			"address_line1": "1 Quay",
			"city": "Hull",
			"country": "Germany",
			"links": [{"link_doctype": "Customer", "link_name": NAME}],
		}
	).insert()
	f.make_invoice(NAME, 100, add_days(FROM, 2))
	make_schedule(customers=(NAME,))
	work()
	row = statement(NAME)
	assert (row.status, row.channel, row.recipients) == ("Sending", "Letter", address.name)
	print_letters.print_batch([row.notice])
	assert statement(NAME).status == "Printed"


def test_who_gets_an_address_later_gets_the_statement_of_then(mailbox):
	make_debtor(NAME, None)
	f.make_invoice(NAME, 100, add_days(FROM, 2))
	make_schedule(customers=(NAME,))
	work()
	work()
	assert statement(NAME).status == "No Address"
	make_debtor(NAME)
	work()
	flush()
	assert (statement(NAME).status, statement(NAME).as_of, len(mailbox.received)) == ("Sent", AS_OF, 1)


# --- approval ---


def test_a_run_waits_for_approval_and_is_sent(mailbox):
	make_debtor(NAME)
	f.make_invoice(NAME, 100, add_days(FROM, 2))
	schedule = make_schedule(customers=(NAME,), mode="Approve")
	run = api.start_run(schedule.name)
	work()
	assert statement(NAME).status == "Planned" and not mailbox.received
	page = api.run_statements(run)
	assert page["counts"] == {"Planned": 1} and page["rows"][0]["closing"] == 100
	assert api.approve_run(run) == 1
	work()
	assert statement(NAME).status == "Sending"
	assert api.start_run(schedule.name) == run and len(statements(NAME)) == 1


def test_who_has_unsubscribed_gets_none_with_a_run_that_a_person_started(mailbox):
	make_debtor(NAME)
	f.make_invoice(NAME, 100, add_days(FROM, 2))
	contact = frappe.db.get_value("Dynamic Link", {"link_name": NAME, "parenttype": "Contact"}, "parent")
	frappe.db.set_value("Contact", contact, "unsubscribed", 1)
	api.start_run(make_schedule(customers=(NAME,)).name)
	work()
	assert (statement(NAME).status, mailbox.received) == ("Not Sent", [])
	api.send_statement(NAME, COMPANY)
	flush()
	assert len(mailbox.received) == 1


def test_what_is_rejected_says_so(mailbox):
	from client_ledger.outbox.api import reject_notices

	make_debtor(NAME)
	f.make_invoice(NAME, 100, add_days(FROM, 2))
	make_schedule(customers=(NAME,), mode="Approve")
	work()
	assert reject_notices([statement(NAME).notice], "not this month") == 1
	assert (statement(NAME).status, statement(NAME).reason) == ("Not Sent", "Rejected")


# --- bad input ---


@pytest.mark.parametrize(
	("fields", "says"),
	[
		({"closing": "Day of Month", "day": 32}, "between 1 and 31"),
		({"frequency": "Yearly", "last_month": 13}, "between 1 and 12"),
		({"scopes": [{"applies_to": "Customer"}]}, "select a Customer"),
		({"cc": "nobody"}, "not a valid email"),
		({"time_zone": "Mars/Olympus"}, "not a known time zone"),
		({"opens": "10:00:00", "closes": "09:00:00"}, "must be later"),
	],
)
def test_a_schedule_that_cannot_be_followed_is_refused(fields, says):
	make_debtor(NAME)
	with refused(match=says):
		make_schedule(customers=(NAME,), **fields)


def test_hours_that_nobody_entered_are_none():
	make_debtor(NAME)
	schedule = make_schedule(customers=(NAME,))
	assert (schedule.opens, schedule.closes) == (None, None)


def test_schedules_that_overlap_are_refused():
	make_debtor(NAME)
	make_schedule("First", (NAME,))
	with refused(match="already sends statements"):
		make_schedule("Second", (NAME,), coverage="Activity")
	make_schedule("Quarterly", (NAME,), frequency="Quarterly")
	make_schedule("Fifteenth", (NAME,), closing="Day of Month", day=15)
	make_schedule("Switched Off", (NAME,), mode="Off")


def test_a_period_that_has_not_ended_is_refused():
	make_debtor(NAME)
	schedule = make_schedule(customers=(NAME,))
	for as_of, says in ((add_days(AS_OF, 1), "No period"), ("2199-12-31", "not ended yet")):
		run = frappe.new_doc("Statement Run")
		run.update({"schedule": schedule.name, "as_of": as_of})
		with refused(match=says):
			run.insert()


def test_a_merged_customer_gets_one_statement_for_both(mailbox):
	for name in (NAME, "Kept Old"):
		make_debtor(name, language="en")
		f.make_invoice(name, 100, add_days(FROM, 2))
	make_schedule(customers=(NAME, "Kept Old"), mode="Approve")
	work()
	frappe.rename_doc("Customer", "Kept Old", NAME, merge=True, force=True)
	api.approve_run(statements(NAME)[0].run)
	work()
	flush()
	assert len(mailbox.received) == 1
	assert sorted((row.status, row.reason) for row in statements(NAME)) == [
		("Not Sent", "Superseded"),
		("Sent", None),
	]
	assert flt(statement(NAME, status="Sent").closing) == 200


def test_a_customer_that_is_renamed_disabled_and_taken_up_again_in_mid_run(mailbox):
	make_debtor(NAME, language="en")
	f.make_invoice(NAME, 100, add_days(FROM, 2))
	schedule = make_schedule(mode="Approve")
	run = api.start_run(schedule.name)
	frappe.rename_doc("Customer", NAME, "Kept Renamed", force=True)
	# Planned once more, the customer has its statement already.
	api.plan_run(run)
	row = statement("Kept Renamed")
	frappe.db.set_value("Customer", "Kept Renamed", "disabled", 1)
	api.approve_run(run)
	work()
	assert (statement("Kept Renamed").status, statement("Kept Renamed").reason) == (
		"Not Sent",
		"Customer Disabled",
	)
	frappe.db.set_value("Customer", "Kept Renamed", "disabled", 0)
	work()
	flush()
	assert len(mailbox.received) == 1 and statement("Kept Renamed").status == "Sent"
	assert statement("Kept Renamed").name == row.name
