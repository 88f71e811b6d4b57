"""The builders other tests stand on make what they say, as ERPNext understands it."""

import pytest
from frappe.utils import add_days, getdate, nowdate

from tests.bench import factories as f

DAY = getdate(add_days(nowdate(), -60))


@pytest.fixture
def company():
	return f.make_company().name


@pytest.fixture
def customer(company):
	return f.make_customer("Factory Customer").name


def test_an_invoice_with_terms_has_one_schedule_row_each(company, customer):
	invoice = f.make_invoice(customer, 300, DAY, terms=[(10, 50), (40, 50)])
	assert [row.payment_amount for row in invoice.payment_schedule] == [150, 150]
	assert invoice.due_date == getdate(add_days(DAY, 40)) and invoice.outstanding_amount == 300


def test_a_payment_settles_what_it_is_against_and_leaves_the_rest(company, customer):
	invoice = f.make_invoice(customer, 100, DAY)
	payment = f.make_payment(customer, 130, add_days(DAY, 5), against=[(invoice, 100)])
	invoice.reload()
	assert (invoice.outstanding_amount, payment.unallocated_amount) == (0, 30)


def test_a_write_off_is_deducted_from_what_is_received(company, customer):
	invoice = f.make_invoice(customer, 100, DAY)
	payment = f.make_payment(
		customer, 100, DAY, against=[(invoice, 100)], deductions=[(f.make_expense_account(company), 4)]
	)
	invoice.reload()
	assert (invoice.outstanding_amount, payment.received_amount) == (0, 96)


def test_a_refund_is_paid_out(company, customer):
	assert f.make_payment(customer, -20, DAY).payment_type == "Pay"


def test_foreign_customers_have_an_account_in_their_currency(company):
	customer = f.make_customer("Factory Euro", "EUR", [company]).name
	invoice = f.make_invoice(customer, 100, DAY, rate=1.2)
	f.make_payment(customer, 60, add_days(DAY, 9), against=[(invoice, 60)], rate=1.3)
	invoice.reload()
	assert (invoice.party_account_currency, invoice.base_grand_total) == ("EUR", 120)
	assert invoice.outstanding_amount == 40


@pytest.mark.parametrize(("for_self", "left"), [(False, 70), (True, 100)])
def test_a_credit_note_settles_its_invoice_or_stands_alone(company, customer, for_self, left):
	invoice = f.make_invoice(customer, 100, DAY)
	note = f.make_credit_note(invoice.name, 30, add_days(DAY, 3), for_self)
	invoice.reload()
	assert (note.grand_total, invoice.outstanding_amount) == (-30, left)


def test_the_other_documents_submit(company, customer):
	order = f.make_order(customer, 500, DAY)
	f.make_payment(customer, 100, DAY, against=[(order, 100)])
	assert f.bill_order(order, DAY).docstatus == 1
	assert f.make_delivery(customer, 80, DAY).docstatus == 1
	assert f.make_opening_invoice(customer, 70, DAY).is_opening == "Yes"
	assert f.make_pos_invoice(customer, 60, DAY, paid=40).outstanding_amount == 20
	journal = f.make_journal(
		[
			{"account": f.make_receivable(company), "debit": 40, "customer": customer},
			{"account": f.make_expense_account(company), "credit": 40},
		],
		DAY,
	)
	assert journal.docstatus == 1
	assert f.amend(f.make_invoice(customer, 9, DAY), remarks="amended").amended_from


def test_erpnext_proposes_payments_by_term(company, customer):
	template = f.make_terms_template("Half and Half", [(10, 50), (40, 50)], allocate=True)
	payment = f.pay(f.make_invoice(customer, 200, DAY, template=template.name), DAY)
	assert [row.allocated_amount for row in payment.references] == [100, 100]


def test_erpnext_proposes_payments_with_a_discount(company, customer):
	template = f.make_terms_template("Early Bird", [(30, 100)], discount=(2, 5))
	payment = f.pay(f.make_invoice(customer, 200, DAY, template=template.name), DAY)
	assert (payment.received_amount, payment.references[0].allocated_amount) == (196, 200)
