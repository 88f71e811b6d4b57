"""Statements by schedule: each customer due gets one per period, told as of its closing day, and kept as it was told."""

import frappe
import pytest
from frappe.utils import add_days, flt

from client_ledger.core.statements.figures import StatementFigures
from client_ledger.outbox import delivery
from client_ledger.site.doctypes import CUSTOMER_STATEMENT, STATEMENT_RUN
from tests.bench import factories as f
from tests.bench.dunning.setting import at, make_debtor
from tests.bench.dunning.smtp import flush, html
from tests.bench.statements.setting import last_month, make_schedule, statement, work

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


def test_everybody_due_has_a_row_that_says_what_became_of_it(ledger, mailbox):
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
