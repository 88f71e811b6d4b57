"""The faults of ERPNext's Accounts Receivable by payment terms that the parity test allows for, each shown by itself.

In every case the report contradicts itself: its rows by term do not add up to what it shows for the same invoice
without terms. Ours do, and are what a slow reading of the documents gives.
"""

from datetime import timedelta

import frappe
import pytest
from frappe.utils import getdate, nowdate

from tests.bench import factories as f
from tests.bench.random_ledger import HOME
from tests.bench.receivable_report import View, by_voucher, faults_of, ours, their_row, theirs
from tests.bench.slow_oracle import Documents, open_rows

TODAY = getdate(nowdate())
START = TODAY - timedelta(days=120)
HALVES = [(30, 50), (90, 50)]


def day(number: int):
	"""Return the day *number* days after the start."""
	return START + timedelta(days=number)


@pytest.fixture
def home():
	return f.make_customer("Fault Home").name


@pytest.fixture
def euro():
	f.make_company(HOME)
	return f.make_customer("Fault Euro", "EUR", [HOME]).name


@pytest.fixture
def halves():
	return f.make_terms_template("Fault Halves", HALVES, allocate=True).name


def assert_fault(name: str, invoice, view: View) -> None:
	"""The report shows fault *name* on the invoice; ours adds up."""
	documents = Documents()
	readings = {
		"ours": by_voucher(ours(view)),
		"slow": by_voucher(open_rows(documents, *view)),
		"report": by_voucher([their_row(row) for row in theirs(view)]),
		"without terms": by_voucher([their_row(row) for row in theirs(view._replace(by_terms=False))]),
	}
	found = {
		who: next((dict(dates) for key, dates in rows.items() if key[3] == invoice.name), {})
		for who, rows in readings.items()
	}
	assert name in faults_of(documents, invoice.name, view)
	assert sum(found["report"].values()) != sum(found["without terms"].values()), found
	assert sum(found["ours"].values()) == sum(found["without terms"].values()), found
	assert found["ours"] == found["slow"], found


def assert_no_fault(invoice, view: View) -> None:
	"""The report is right on the invoice, and ours is the same."""
	report = by_voucher([their_row(row) for row in theirs(view)])
	assert faults_of(Documents(), invoice.name, view) == []
	assert by_voucher(ours(view)) == report


def test_later_payment(home, halves):
	invoice = f.make_invoice(home, 100, START, template=halves)
	f.pay(invoice, day(60))
	assert_fault("later payment", invoice, View(HOME, day(40), True, False))


def test_unlinked_advance(home):
	order = f.make_order(home, 100, START)
	payment = f.make_payment(home, 60, day(1), against=[(order, 60)])
	invoice = f.bill_order(order, day(2), allocate_advances_automatically=1)
	payment.reload()
	payment.cancel()
	assert_fault("unlinked advance", invoice, View(HOME, TODAY, True, False))


def test_rounded_schedule(home):
	invoice = f.make_invoice(home, 490.26, START, terms=[(30, 33.33), (60, 33.33), (90, 33.34)])
	assert sum(row.payment_amount for row in invoice.payment_schedule) != invoice.grand_total
	assert_fault("rounded schedule", invoice, View(HOME, TODAY, True, False))


def test_advance_in_account_currency(euro):
	order = f.make_order(euro, 100, START, rate=1.2)
	f.make_payment(euro, 60, day(1), against=[(order, 60)], rate=1.2)
	invoice = f.bill_order(order, day(2), allocate_advances_automatically=1)
	assert invoice.total_advance == 60
	assert_fault("advance in account currency", invoice, View(HOME, TODAY, True, False))


def test_invoice_in_another_currency(home):
	allow = "allow_multi_currency_invoices_against_single_party_account"
	frappe.db.set_single_value("Accounts Settings", allow, 1)
	invoice = f.make_invoice(home, 100, START, terms=HALVES, currency="EUR", rate=1.2)
	view = View(HOME, TODAY, True, False)
	# Mended in 15.102 and in 16: where the report is right, ours has to be the same.
	if faults_of(Documents(), invoice.name, view):
		assert_fault("invoice in another currency", invoice, view)
	else:
		assert_no_fault(invoice, view)


def test_discount_in_invoice_currency(euro):
	template = f.make_terms_template("Fault Discount", HALVES, allocate=True, discount=(2, 20)).name
	invoice = f.make_invoice(euro, 100, START, template=template, rate=1.2)
	payment = f.pay(invoice, day(5), source_exchange_rate=1.2)
	assert payment.deductions
	invoice.reload()
	f.make_payment(euro, -10, day(9), rate=1.2)
	assert invoice.payment_schedule[0].discounted_amount
	assert "discount in invoice currency" in faults_of(
		Documents(), invoice.name, View(HOME, TODAY, True, False)
	)


def test_a_term_paid_at_another_rate_is_right(euro, halves):
	invoice = f.make_invoice(euro, 100, START, template=halves, rate=1.2)
	f.make_payment(
		euro, 20, day(5), against=[(invoice, 20, invoice.payment_schedule[0].payment_term)], rate=1.5
	)
	assert_no_fault(invoice, View(HOME, TODAY, True, False))
