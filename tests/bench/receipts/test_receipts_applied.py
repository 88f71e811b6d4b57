"""Proposals applied: what ERPNext's invoices, its Payment Ledger and its General Ledger say afterwards."""

import frappe
import pytest
from frappe.utils import flt

from client_ledger.receipts import applying, choosing
from client_ledger.receipts.items import OpenItems
from tests.bench import factories as f
from tests.bench.receipts.setting import (
	COMPANY,
	applied,
	bank_account,
	deposit,
	gl_balance,
	ledger_open,
	outstanding,
	owing,
	proposed,
	rows,
	stored,
	use,
)

pytestmark = pytest.mark.every_version


def test_numbers_in_the_text_of_a_bank_transaction():
	first, second, other = owing("Receipt Numbers", 120.5, 80, 999)
	bank = gl_balance(frappe.get_cached_value("Company", COMPANY, "default_bank_account"))
	money = deposit(200.5, f"Invoices {first.name} and {second.name}", bank_party_name="R. Numbers Payments")
	doc = applied(money)
	assert (doc.status, doc.found_by, doc.confidence) == ("Applied", "Numbers in the Text", "Sure")
	assert outstanding(first, second, other) == [0, 0, 999]
	assert (ledger_open(first), ledger_open(second)) == (0, 0)
	money.reload()
	assert (money.status, flt(money.unallocated_amount)) == ("Reconciled", 0)
	payment = frappe.get_doc("Payment Entry", doc.payment_entry)
	assert (payment.docstatus, payment.party, payment.unallocated_amount) == (1, "Receipt Numbers", 0)
	assert str(payment.clearance_date) == str(money.date)
	assert gl_balance(frappe.get_cached_value("Company", COMPANY, "default_bank_account")) == flt(
		bank + 200.5, 2
	)
	assert frappe.db.exists(
		"Payer Name", {"customer": "Receipt Numbers", "payer_name": "R. Numbers Payments"}
	)


def test_a_payment_on_account_is_reconciled():
	first, second = owing("Receipt on Account", 300, 150)
	payment = f.make_payment("Receipt on Account", 300, reference_no="A 1")
	doc = applied(payment)
	assert (doc.status, doc.payment_entry) == ("Applied", payment.name)
	assert outstanding(first, second) == [0, 150]
	assert ledger_open(first) == 0
	payment.reload()
	assert flt(payment.unallocated_amount) == 0
	assert [(row.reference_name, row.allocated_amount) for row in payment.references] == [(first.name, 300)]


def test_part_of_a_named_invoice():
	(invoice,) = owing("Receipt in Part", 500)
	money = deposit(200, f"part payment {invoice.name}")
	doc = applied(money)
	assert (doc.found_by, rows(doc)) == ("Part of a Named Item", [(invoice.name, 200)])
	assert outstanding(invoice) == [300]


def test_more_than_the_invoice_stays_on_account():
	(invoice,) = owing("Receipt on Top", 100)
	payment = f.make_payment("Receipt on Top", 130, reference_no=invoice.name)
	doc = proposed(payment)
	choosing.choose(doc.name, doc.customer, [_row(invoice, 100)])
	doc.reload()
	assert (doc.found_by, flt(doc.on_account)) == ("Chosen by Hand", 30)
	applying.apply(doc.name)
	assert outstanding(invoice) == [0]
	payment.reload()
	assert flt(payment.unallocated_amount) == 30
	# The rest is without an invoice still.
	assert proposed(payment).status == "Without Invoice"


def test_cash_discount_is_deducted():
	template = f.make_terms_template("Receipt 2 Percent", [(30, 100)], discount=(2, 14))
	f.make_company()
	f.make_customer("Receipt Discount")
	invoice = f.make_invoice(
		"Receipt Discount", 1000, frappe.utils.add_days(None, -5), template=template.name
	)
	money = deposit(980, f"{invoice.name}")
	account = frappe.get_cached_value("Company", COMPANY, "default_discount_account")
	before = gl_balance(account)
	doc = applied(money)
	assert (doc.withheld, doc.withheld_as) == (20, "Cash Discount")
	assert outstanding(invoice) == [0]
	assert gl_balance(account) == flt(before + 20, 2)
	money.reload()
	assert flt(money.unallocated_amount) == 0


def test_a_fee_needs_its_account_and_is_then_deducted():
	(invoice,) = owing("Receipt Fee", 1000)
	money = deposit(995, f"{invoice.name}")
	doc = proposed(money)
	assert (doc.withheld, doc.withheld_as) == (5, "Bank Fee")
	with pytest.raises(frappe.ValidationError, match="Bank Fee Account"):
		applying.apply(doc.name)
	assert outstanding(invoice) == [1000]
	fees = f.make_expense_account(COMPANY, "Receipt Test Fees")
	use(receipt_accounts=[{"company": COMPANY, "fee_account": fees}])
	applying.apply(doc.name)
	assert (outstanding(invoice), gl_balance(fees)) == ([0], 5)


def test_what_is_withheld_of_a_payment_on_account_is_a_journal_entry():
	(invoice,) = owing("Receipt Fee on Account", 1000)
	fees = f.make_expense_account(COMPANY, "Receipt Test Fees 2")
	use(receipt_accounts=[{"company": COMPANY, "fee_account": fees}])
	payment = f.make_payment("Receipt Fee on Account", 990, reference_no=invoice.name)
	doc = applied(payment)
	assert outstanding(invoice) == [0]
	assert ledger_open(invoice) == 0
	assert gl_balance(fees) == 10
	assert frappe.db.get_value("Journal Entry", doc.journal_entry, "docstatus") == 1


@pytest.mark.parametrize("at_bank", [True, False])
def test_a_credit_note_is_taken_off(at_bank):
	name = f"Receipt Credit {at_bank}"
	(invoice,) = owing(name, 700)
	(other,) = owing(name, 55.5)
	note = f.make_credit_note(other.name, 55.5, for_self=True)
	assert outstanding(other, note) == [55.5, -55.5]
	text = f"{invoice.name} less {note.name}"
	money = deposit(644.5, text) if at_bank else f.make_payment(name, 644.5, reference_no=text)
	doc = proposed(money)
	choosing.choose(doc.name, name, [_row(invoice, 700), _row(note, -55.5)])
	applying.apply(doc.name)
	assert outstanding(invoice, note, other) == [0, 0, 55.5]


def test_another_currency_stays_in_its_own():
	f.make_company()
	customer = f.make_customer("Receipt in Euro", "EUR", [COMPANY])
	invoice = f.make_invoice(customer.name, 400, frappe.utils.add_days(None, -40), rate=1.2)
	same = owing("Receipt in Dollar", 400)[0]
	euro = f.make_account("Test Bank EUR", COMPANY, "Bank", "EUR", "Bank Accounts")
	money = deposit(400, f"{invoice.name} {same.name}", currency="EUR", bank=bank_account(COMPANY, euro))
	doc = applied(money)
	assert (doc.customer, doc.currency, rows(doc)) == (customer.name, "EUR", [(invoice.name, 400)])
	assert outstanding(invoice, same) == [0, 400]
	assert ledger_open(invoice) == 0
	assert gl_balance(invoice.debit_to, party=customer.name) == 0


def test_a_payment_on_account_in_another_currency():
	f.make_company()
	customer = f.make_customer("Receipt on Account in Euro", "EUR", [COMPANY])
	invoice = f.make_invoice(customer.name, 250, frappe.utils.add_days(None, -40), rate=1.2)
	payment = f.make_payment(customer.name, 250, rate=1.1, reference_no=invoice.name)
	applied(payment)
	assert outstanding(invoice) == [0]
	assert gl_balance(invoice.debit_to, party=customer.name) == 0


def test_terms_that_payments_are_allocated_by():
	template = f.make_terms_template("Receipt by Terms", [(10, 40), (40, 60)], allocate=True)
	f.make_company()
	f.make_customer("Receipt by Terms")
	day = frappe.utils.add_days(None, -20)
	first = f.make_invoice("Receipt by Terms", 100, day, template=template.name)
	second = f.make_invoice("Receipt by Terms", 200, day, template=template.name)
	applied(deposit(40, first.name))
	assert outstanding(first) == [60]
	applied(f.make_payment("Receipt by Terms", 200, reference_no=second.name))
	assert outstanding(second) == [0]
	terms = frappe.get_all("Payment Schedule", {"parent": first.name}, pluck="outstanding", order_by="idx")
	assert terms == [0, 60]


def test_applied_twice_pays_once():
	(invoice,) = owing("Receipt Twice", 60)
	money = deposit(60, invoice.name)
	doc = applied(money)
	with pytest.raises(frappe.ValidationError, match="applied already"):
		applying.apply(doc.name)
	assert outstanding(invoice) == [0]
	rows_ = frappe.get_all("Payment Entry Reference", {"reference_name": invoice.name, "docstatus": 1})
	assert len(rows_) == 1


def test_what_changed_since_is_refused_in_words():
	first, second = owing("Receipt Changed", 75, 76)
	money = deposit(75, first.name)
	doc = proposed(money)
	f.make_payment("Receipt Changed", 25, against=[(first, 25)])
	with pytest.raises(frappe.ValidationError, match="is open by now"):
		applying.apply(doc.name)
	payment = f.make_payment("Receipt Changed", 76, reference_no=second.name)
	doc = proposed(payment)
	payment.reload().cancel()
	with pytest.raises(frappe.ValidationError, match="has been cancelled"):
		applying.apply(doc.name)
	proposed(money)
	assert stored(payment).status == "Closed"


def test_a_frozen_customer_is_refused():
	(invoice,) = owing("Receipt Frozen", 75)
	doc = proposed(deposit(75, invoice.name))
	frappe.db.set_value("Customer", "Receipt Frozen", "is_frozen", 1)
	with pytest.raises(frappe.ValidationError, match="frozen"):
		applying.apply(doc.name)
	assert outstanding(invoice) == [75]


def test_money_that_is_booked_and_waits_for_the_bank_is_not_paid_twice():
	(invoice,) = owing("Receipt Booked", 88)
	payment = f.make_payment("Receipt Booked", 88, against=[(invoice, 88)])
	other = owing("Receipt Booked", 88)[0]
	money = deposit(88, other.name, party_type="Customer", party="Receipt Booked")
	doc = proposed(money)
	assert doc.status == "Without Invoice"
	assert payment.name in doc.reason
	assert outstanding(other) == [88]


def test_declined_is_not_proposed_again():
	(invoice,) = owing("Receipt Declined", 44)
	money = deposit(44, invoice.name)
	doc = proposed(money)
	applying.decline(doc.name, "another one")
	assert proposed(money).status == "Declined"
	owing("Receipt Declined", 45)
	assert proposed(money).status == "Declined"
	choosing.choose(doc.name, doc.customer, [_row(invoice, 44)])
	applying.apply(doc.name)
	assert outstanding(invoice) == [0]


def test_what_a_person_chose_stays_while_it_is_open():
	first, second = owing("Receipt Chosen", 90, 90)
	money = deposit(90, first.name)
	doc = proposed(money)
	choosing.choose(doc.name, doc.customer, [_row(second, 90)])
	assert rows(proposed(money)) == [(second.name, 90)]
	f.make_payment("Receipt Chosen", 45, against=[(second, 45)])
	assert rows(proposed(money)) == [(first.name, 90)]


@pytest.mark.parametrize(
	("change", "said"),
	[
		({"amount": 91}, "Enter an amount between"),
		({"amount": 0}, "Enter an amount between"),
		({"amount": -5}, "Enter an amount between"),
		({"voucher_no": "NO-SUCH"}, "is not an open item"),
		({"voucher_type": "Sales Order"}, "is not an open item"),
	],
)
def test_a_bad_choice_says_the_row(change, said):
	(invoice,) = owing("Receipt Bad Choice", 90)
	doc = proposed(deposit(90, invoice.name))
	with pytest.raises(frappe.ValidationError, match=said) as raised:
		choosing.choose(doc.name, doc.customer, [{**_row(invoice, 90), **change}])
	assert "Row 1" in str(raised.value)


def test_more_than_the_receipt_needs_a_word():
	(invoice,) = owing("Receipt Too Much", 90)
	doc = proposed(deposit(80, invoice.name))
	with pytest.raises(frappe.ValidationError, match="say what was withheld"):
		choosing.choose(doc.name, doc.customer, [_row(invoice, 90)])
	choosing.choose(doc.name, doc.customer, [_row(invoice, 90)], "Cash Discount")
	applying.apply(doc.name)
	assert outstanding(invoice) == [0]


def test_a_payer_once_confirmed_is_known():
	first, second = owing("Receipt Payer", 61, 62)
	applied(
		deposit(
			61, first.name, bank_party_name="Holding Nobody Knows", bank_party_iban="DE89370400440532013000"
		)
	)
	doc = proposed(deposit(62, "thank you", bank_party_name="HOLDING NOBODY KNOWS"))
	assert (doc.customer, rows(doc), doc.confidence) == ("Receipt Payer", [(second.name, 62)], "Sure")
	frappe.get_doc("Payer Name", {"customer": "Receipt Payer"}).delete()
	doc = proposed(deposit(62.01, "thanks", bank_party_name="HOLDING NOBODY KNOWS"))
	assert not doc.customer


def _row(invoice, amount):
	items = OpenItems.of(invoice.company, (invoice.customer,)).of_voucher("Sales Invoice", invoice.name)
	return {
		"voucher_type": "Sales Invoice",
		"voucher_no": invoice.name,
		"payment_term": items[0].term if items else None,
		"amount": amount,
	}
