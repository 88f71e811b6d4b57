"""Statements by schedule: each customer due gets one per period, told as of its closing day, and kept as it was told."""

import frappe
import pytest
from frappe.utils import add_days, add_months, flt, getdate

from client_ledger.core.statements.figures import StatementFigures
from client_ledger.outbox import delivery
from client_ledger.site.doctypes import CUSTOMER_STATEMENT, STATEMENT_RUN
from client_ledger.statement_runs import runs, waiting
from tests.bench import factories as f
from tests.bench.dunning.setting import COMPANY, at, make_debtor
from tests.bench.dunning.smtp import flush, html
from tests.bench.statements.setting import last_month, make_schedule, statement, statements, work

FROM, AS_OF = last_month()
NAME = "Stated Ada"
ADDRESS = "stated_ada@debtor.example"


@pytest.fixture
def ledger():
	"""An invoice before the period, a payment within, an invoice within and one after it."""
	make_debtor(NAME, language="en")
	first = f.make_invoice(NAME, 1000, add_days(FROM, -40), due_date=add_days(FROM, -10))
	f.make_payment(NAME, 400, add_days(FROM, 3), against=[(first, 400)])
	f.make_invoice(NAME, 250.55, add_days(FROM, 5), due_date=add_days(AS_OF, 5))
	f.make_invoice(NAME, 70, add_days(AS_OF, 1))


def test_a_month_is_told_once_as_of_its_last_day(ledger, mailbox):
	make_schedule(customers=(NAME,))
	work()
	work()
	flush()
	delivery.update_delivery_status(at())
	row = statement(NAME)
	assert (row.status, row.from_date, row.as_of) == ("Sent", FROM, AS_OF)
	assert (flt(row.opening), flt(row.debit), flt(row.credit), flt(row.closing)) == (
		1000,
		250.55,
		400,
		850.55,
	)
	assert flt(row.overdue) == 600
	(mail,) = mailbox.to(ADDRESS)
	assert "850.55" in html(mail) and "1,000.00" in html(mail) and "70.00" not in html(mail)
	assert StatementFigures.from_json(row.figures).content_hash() == row.content_hash
	run = frappe.get_doc(STATEMENT_RUN, row.run)
	assert (run.status, run.planned, run.sent) == ("Done", 1, 1)


def test_everybody_due_has_a_row_that_says_what_became_of_it(ledger, mailbox, monkeypatch):
	told = []
	monkeypatch.setattr(runs, "notify", lambda users, doctype, name, text: told.append((name, text())))
	for name, email in (("Stated No Mail", None), ("Stated Disabled", "auto"), ("Stated Zero", "auto")):
		make_debtor(name, email)
		invoice = f.make_invoice(name, 10, add_days(FROM, 1))
		if name == "Stated Zero":
			f.make_payment(name, 10, add_days(FROM, 2), against=[(invoice, 10)])
	make_debtor("Stated Small")
	f.make_invoice("Stated Small", 3, add_days(FROM, 1))
	make_schedule(
		customers=(NAME, "Stated No Mail", "Stated Disabled", "Stated Zero", "Stated Small"),
		minimum_balance=5,
	)
	frappe.db.set_value("Customer", "Stated Disabled", "disabled", 1)
	work()
	found = dict(frappe.get_all(CUSTOMER_STATEMENT, fields=["customer", "status"], as_list=True))
	assert found == {NAME: "Sending", "Stated No Mail": "No Address", "Stated Disabled": "Not Sent"}
	run = frappe.get_doc(STATEMENT_RUN, statement(NAME).run)
	assert (run.planned, run.zero, run.under_minimum, run.no_address, run.stopped) == (3, 1, 1, 1, 1)
	work()
	assert told == [(run.name, "A run has ended with statements that were not sent: {0}.")]
	# What waits for a person stands on the home page, apart from reminders; so does a run that could not be planned.
	frappe.db.set_value(STATEMENT_RUN, run.name, {"status": "New", "error": "OSError: disk"})
	found = waiting.statements([COMPANY])
	assert [(row["reason"], row["total"]) for row in found["rows"]] == [
		("Runs Not Planned", 1),
		("No Address", 1),
	]
	assert (found["total"], found["amounts"]) == (2, [{"currency": "USD", "amount": 10}])


def test_each_customer_is_told_in_its_language_and_currencies(mailbox):
	"""Frappe fills a new document's links named language and currency with the site's own: a schedule must not have them."""
	make_debtor(NAME, language="zh")
	f.make_invoice(NAME, 100, add_days(FROM, 2))
	make_debtor("Stated Euro", currency="EUR", companies=(COMPANY,), language="en")
	f.make_invoice("Stated Euro", 50, add_days(FROM, 2), currency="EUR", rate=1.1)
	schedule = make_schedule(customers=(NAME, "Stated Euro"))
	assert (schedule.letter_language, schedule.only_currency) == (None, None)
	work()
	flush()
	(chinese,), (euro,) = mailbox.to(ADDRESS), mailbox.to("stated_euro@debtor.example")
	assert "对账单" in html(chinese) and "Dear" not in html(chinese)
	assert "Dear" in html(euro)
	assert sorted(frappe.get_all(CUSTOMER_STATEMENT, pluck="currency")) == ["EUR", "USD"]


def test_a_parent_and_its_subsidiaries_get_one_statement(mailbox):
	head, branches = "Stated Group", ("Stated Branch One", "Stated Branch Two")
	for number, name in enumerate((head, *branches), 1):
		make_debtor(name, language="en")
		f.make_invoice(name, 100 * number, add_days(FROM, number))
	for name in branches:
		frappe.db.set_value("Customer", name, "cl_credit_parent", head)
	make_schedule(customers=(head,), consolidate=1, coverage="Both")
	work()
	flush()
	row = statement(head)
	assert (row.status, flt(row.closing)) == ("Sent", 600)
	assert frappe.db.count(CUSTOMER_STATEMENT) == 1 and len(mailbox.received) == 1
	told = StatementFigures.from_json(row.figures)
	assert [name for name, _title in told.customers] == [head, *branches]
	assert sorted((line.customer, line.debit) for line in told.lines) == [
		(branches[0], 200),
		(branches[1], 300),
		(head, 100),
	]


@pytest.mark.parametrize("frequency", ["Quarterly", "Yearly"])
def test_longer_periods_end_in_their_month(mailbox, frequency):
	make_debtor(NAME)
	f.make_invoice(NAME, 10, add_days(FROM, -20))
	f.make_invoice(NAME, 20, add_days(FROM, 2))
	make_schedule(
		customers=(NAME,),
		frequency=frequency,
		last_month=AS_OF.month,
		closing="Last Working Day",
		skip_weekends=1,
	)
	work()
	row = statement(NAME)
	months = {"Quarterly": 3, "Yearly": 12}[frequency]
	assert row.as_of.weekday() < 5 and 0 <= (AS_OF - row.as_of).days < 3
	assert (add_months(AS_OF, -months) - row.from_date).days in range(-1, 3)
	assert (flt(row.opening), flt(row.closing)) == (0, 30)


def test_a_month_that_was_told_is_not_told_again_when_the_schedule_changes(mailbox):
	"""Another closing day or holiday list, a schedule that was off for a while: what was told or left out stays so."""
	make_debtor(NAME)
	f.make_invoice(NAME, 10, add_days(FROM, -70))
	schedule = make_schedule(customers=(NAME,), starts_on=add_days(FROM, -60))
	work()
	told = len(statements(NAME))
	assert told == 3
	holidays = frappe.new_doc("Holiday List")
	days = {"holiday_list_name": "Stated Holidays", "from_date": add_days(FROM, -100), "to_date": AS_OF}
	holidays.update(days)
	holidays.append("holidays", {"holiday_date": AS_OF, "description": "A feast"})
	holidays.insert()
	# As the form saves it, and as somebody changes what lies behind it.
	schedule.reload()
	schedule.update({"closing": "Last Working Day", "holiday_list": holidays.name, "skip_weekends": 1})
	schedule.save()
	assert schedule.starts_on == getdate() and "not made up" in frappe.message_log[-1]["message"]
	frappe.db.set_value(schedule.doctype, schedule.name, "starts_on", add_days(FROM, -60))
	frappe.clear_document_cache(schedule.doctype, schedule.name)
	work()
	assert len(statements(NAME)) == told
	frappe.db.set_value(schedule.doctype, schedule.name, {"mode": "Off", "frequency": "Yearly"})
	schedule.reload()
	schedule.update({"mode": "Automatic", "frequency": "Monthly"})
	schedule.save()
	assert schedule.starts_on == getdate()
	# Whoever wants the past says from when on.
	schedule.starts_on = add_days(FROM, -60)
	schedule.save()
	assert schedule.starts_on == getdate(add_days(FROM, -60))
