"""Invoices and receipts as controls see them: till sales, opening debts, currencies, cancelled and amended ones, journal entries."""

from decimal import Decimal

import frappe
import pytest

from client_ledger.core.controls.company import ControlFacts
from tests.bench import factories as f
from tests.bench.controls import setting as s

pytestmark = pytest.mark.one_transaction
ONE, ABROAD = "Controlled One", "Controlled Abroad"


@pytest.fixture(scope="module", autouse=True)
def _company() -> None:
	s.make_company()
	f.make_customer(ONE)
	f.make_customer(ABROAD, "EUR", (s.COMPANY,))


def test_an_invoice_and_its_payment():
	invoice = s.entered(f.make_invoice(ONE, 500, s.day(40), company=s.COMPANY, po_no="PO-7"), s.day(39))
	payment = s.entered(f.pay(invoice, s.day(10), 200), s.day(9), s.CASHIER)
	read = s.facts()
	one, receipt = read.invoice[invoice.name], read.receipt[payment.name]
	assert (one.customer, one.date, one.amount, one.currency) == (ONE, s.day(40), Decimal(500), "USD")
	assert (one.created.date(), one.owner, one.reference) == (s.day(39), s.CLERK, "PO-7")
	assert (receipt.amount, receipt.owner) == (Decimal(200), s.CASHIER)
	assert [(part.invoice, part.customer, part.amount) for part in receipt.allocations] == [
		(invoice.name, ONE, Decimal(200))
	]
	assert read.left_of(one) == Decimal(300)


def test_what_is_open_is_read_whatever_its_age_with_what_it_was_paid():
	old = s.entered(f.make_invoice(ONE, 700, s.day(500), company=s.COMPANY), s.day(500))
	s.entered(f.pay(old, s.day(480), 300), s.day(480))
	settled = s.entered(f.make_invoice(ONE, 90, s.day(500), company=s.COMPANY), s.day(500))
	s.entered(f.pay(settled, s.day(490)), s.day(490))
	note = s.entered(f.make_credit_note(old.name, 150, s.day(470)), s.day(470))
	read = s.facts()
	assert read.left_of(read.invoice[old.name]) == Decimal(250)
	assert note.name in read.invoice
	assert settled.name not in read.invoice


def test_a_till_sale_is_settled_and_nobody_entered_its_payment():
	sale = f.make_pos_invoice(ONE, 80, s.day(5), company=s.COMPANY)
	read = s.facts()
	assert not read.is_open(read.invoice[sale.name])
	assert read.receipt[sale.name].owner == "" and read.receipt[sale.name].voucher.doctype == "Sales Invoice"


def test_amounts_are_in_the_currency_of_the_account():
	invoice = f.make_invoice(ABROAD, 100, s.day(20), company=s.COMPANY, currency="EUR", rate=1.1)
	one = s.facts().invoice[invoice.name]
	assert (one.amount, one.base_amount, one.currency) == (Decimal(100), Decimal(110), "EUR")


def test_opening_debts_are_not_late_but_where_they_come_long_after_the_business_began():
	f.make_invoice(ONE, 10, s.day(3), company=s.COMPANY)
	s.entered(f.make_invoice(ONE, 10, s.day(500), company=s.COMPANY), s.day(500))
	with_it = s.entered(f.make_opening_invoice(ONE, 640, s.day(600), company=s.COMPANY), s.day(490))
	long_after = f.make_opening_invoice(ONE, 64, s.day(200), company=s.COMPANY)
	read = s.facts()
	assert read.invoice[with_it.name].created is None and read.invoice[with_it.name].owner == ""
	assert read.invoice[long_after.name].created.date() == s.day(0)


def test_a_cancelled_invoice_says_who_cancelled_it_and_when():
	invoice = f.make_invoice(ONE, 33, s.day(90), company=s.COMPANY)
	frappe.set_user(s.HEAD)
	invoice.reload()
	invoice.cancel()
	frappe.set_user("Administrator")
	one = s.facts().invoice[invoice.name]
	assert (one.cancelled_by, one.cancelled_on.date()) == (s.HEAD, s.day(0))


def test_drafts_and_numbers_of_other_companies_are_given():
	draft = f.make_invoice(ONE, 12, s.day(1), company=s.COMPANY, submit=False)
	f.make_company()
	other = f.make_invoice(ONE, 12, s.day(1))
	read: ControlFacts = s.facts()
	assert {draft.name, other.name} <= read.drafts
